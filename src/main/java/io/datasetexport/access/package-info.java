/** Who may do what: the one place that every endpoint and every read goes through. */
@NullMarked
package io.datasetexport.access;

import org.jspecify.annotations.NullMarked;
