/**
 * The files of the items as they were uploaded, under {@code items/}.
 *
 * <p>Without the dataset's folders, as the platform's download has them; two files of one name are told apart by {@code  (1)},
 * {@code  (2)} before the extension, decided when an item is stored (spec D13). With {@code flatten: none} they keep the tree. A file
 * that is with the customer, or was never uploaded, is left out and listed; {@code _export/media.ndjson} then says of each external one
 * where the item itself says that it is.
 */
@NullMarked
package io.datasetexport.format.items;

import org.jspecify.annotations.NullMarked;
