package io.datasetexport.format;

import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Item;
import io.datasetexport.model.Storage;
import org.jspecify.annotations.Nullable;

/**
 * What decides whether an item has a place in a format.
 *
 * @param image whether picture formats apply
 * @param video whether it has frames instead
 * @param size of the stored picture; null when unknown
 * @param filename absolute path in the dataset
 * @param storage where the item's file is
 */
public record ItemFacts(boolean image, boolean video, @Nullable ImageSize size, String filename, Storage storage) {

    public static ItemFacts of(Item item) {
        return new ItemFacts(item.isImage(), item.isVideo(), item.size(), item.filename(), item.storage());
    }

    /** Why a format of pictures leaves the whole item out; null when it does not. */
    public @Nullable Reason noPicture() {
        if (!image) {
            return Reason.NOT_IMAGE;
        }
        return size == null ? Reason.NO_SIZE : null;
    }

    /** Why the item's file can't be sent; null when it can. */
    public @Nullable Reason noFile() {
        return switch (storage) {
            case Storage.Own _ -> null;
            case Storage.External _ -> Reason.EXTERNAL_FILE;
            case Storage.None _ -> Reason.MISSING_FILE;
        };
    }
}
