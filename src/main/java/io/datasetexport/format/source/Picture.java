package io.datasetexport.format.source;

import io.datasetexport.model.Item;

/** Facts about an item's picture that only its metadata holds. */
public final class Picture {

    private Picture() {}

    /** Whether the picture is displayed with its sides swapped: its EXIF orientation is 5 to 8. */
    public static boolean sidesSwapped(Item item) {
        int orientation = PlatformJson.intMember(item.metadata(), 0, "system", "exif", "Orientation");
        return orientation >= 5 && orientation <= 8;
    }

    /** Colour channels of the stored file; 3 where nobody knows. */
    public static int channels(Item item) {
        return PlatformJson.intMember(item.metadata(), 3, "system", "channels");
    }
}
