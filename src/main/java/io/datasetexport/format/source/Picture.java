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

    /** How many frames a video has; -1 where nobody knows. */
    public static int frames(Item item) {
        for (String counted : new String[] {"nb_frames", "nb_frames_estimation"}) {
            int frames = PlatformJson.intMember(item.metadata(), -1, "system", counted);
            if (frames > 0) {
                return frames;
            }
        }
        int read = PlatformJson.intMember(item.metadata(), -1, "system", "ffmpeg", "nb_read_frames");
        String text = PlatformJson.textMember(item.metadata(), "system", "ffmpeg", "nb_read_frames");
        return text != null && text.matches("[1-9]\\d{0,8}") ? Integer.parseInt(text) : read > 0 ? read : -1;
    }

    /** Colour channels of the stored file; 3 where nobody knows. */
    public static int channels(Item item) {
        return PlatformJson.intMember(item.metadata(), 3, "system", "channels");
    }
}
