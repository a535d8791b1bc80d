/** The porch: {@code main}, and nothing else. Every package below is one room with one job. */
@NullMarked
package io.datasetexport;

import org.jspecify.annotations.NullMarked;
