package io.datasetexport.format;

import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Item;
import org.jspecify.annotations.Nullable;

/**
 * What decides whether an item has a place in a format.
 *
 * @param image whether picture formats apply
 * @param video whether it has frames instead
 * @param size of the stored picture; null when unknown
 * @param filename absolute path in the dataset
 */
public record ItemFacts(boolean image, boolean video, @Nullable ImageSize size, String filename) {

    public static ItemFacts of(Item item) {
        return new ItemFacts(item.isImage(), item.isVideo(), item.size(), item.filename());
    }

    /** Why a format of pictures leaves the whole item out; null when it does not. */
    public @Nullable Reason noPicture() {
        if (!image) {
            return Reason.NOT_IMAGE;
        }
        return size == null ? Reason.NO_SIZE : null;
    }
}
