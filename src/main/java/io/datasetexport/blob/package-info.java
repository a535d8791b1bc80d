/** Keeps files whole: bytes under keys of our own, in a folder or a bucket; knows nothing of items. */
@NullMarked
package io.datasetexport.blob;

import org.jspecify.annotations.NullMarked;
