/** Looking into a dataset: answers to queries, page by page, as JSON. Touches {@code read}, {@code selection}, the Dataloop writer and {@code spool}. */
@NullMarked
package io.datasetexport.browse;

import org.jspecify.annotations.NullMarked;
