/** Dataloop JSON: one file an item, everything that is known of it. */
@NullMarked
package io.datasetexport.format.dataloop;

import org.jspecify.annotations.NullMarked;
