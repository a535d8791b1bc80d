/** Which items and annotations: the platform's query language, read from JSON and turned into conditions. Touches {@code json} and {@code problem}. */
@NullMarked
package io.datasetexport.selection;

import org.jspecify.annotations.NullMarked;
