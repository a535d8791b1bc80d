/** Keeps files whole: bytes under keys of our own, in a folder; knows nothing of items. */
@NullMarked
package io.datasetexport.blob;

import org.jspecify.annotations.NullMarked;
