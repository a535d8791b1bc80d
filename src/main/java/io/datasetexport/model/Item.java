package io.datasetexport.model;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One item of a dataset, usually an image; its annotations travel beside it.
 *
 * @param key the database's own key
 * @param id unique in the dataset
 * @param filename absolute path in the dataset, starts with {@code /}
 * @param dir directory of {@code filename}, {@code /} for the root
 * @param name display name, usually the last segment of {@code filename}
 * @param annotated the JSON literal {@code true}, {@code false} or {@code "discarded"}
 * @param createdAt UTC in ISO-8601 with milliseconds, as {@code updatedAt}
 * @param metadata a JSON object, UTF-8
 * @param extra a JSON object with the members that have no column, UTF-8; its members win over columns of the same name
 * @param width in pixels of the stored file, before its EXIF rotation; null when missing or not positive
 * @param height in pixels, as {@code width}
 * @param mimetype {@code metadata.system.mimetype}
 */
public record Item(
        long key,
        String id,
        String filename,
        String dir,
        String name,
        String type,
        boolean hidden,
        @Nullable String annotated,
        @Nullable Integer annotationsCount,
        @Nullable String creator,
        @Nullable String createdAt,
        @Nullable String updatedBy,
        @Nullable String updatedAt,
        @Nullable String description,
        byte[] metadata,
        byte @Nullable [] extra,
        @Nullable Integer width,
        @Nullable Integer height,
        @Nullable String mimetype,
        EntryNames names,
        Storage storage) {

    private static final byte[] NOTHING = {'{', '}'};
    private static final Set<String> IMAGE_EXTENSIONS =
            Set.of("jpeg", "jpg", "png", "webp", "tiff", "tif", "bmp", "jfif", "gif");

    private static final Set<String> VIDEO_EXTENSIONS = Set.of("mp4", "mkv", "webm", "avi");

    /** An item of which only the names are known. */
    public static Item named(long key, String id, String filename, EntryNames names) {
        return new Item(
                key, id, filename, "", "", "file", false, null, null, null, null, null, null, null, NOTHING, null, null, null, null, names,
                new Storage.None());
    }

    /** The last segment of {@link #filename}. */
    public String baseName() {
        return filename.substring(filename.lastIndexOf('/') + 1);
    }

    /** The size of the stored picture; null when it is unknown. */
    public @Nullable ImageSize size() {
        return width == null || height == null ? null : new ImageSize(width, height);
    }

    /** Whether it is a video: the media type says so, or, without one, the extension of the file. */
    public boolean isVideo() {
        return isVideo(mimetype, filename);
    }

    /** As {@link #isVideo()}; of a filename only the last characters count, as many as an extension has. */
    public static boolean isVideo(@Nullable String mimetype, String filename) {
        return mimetype != null ? mimetype.startsWith("video/") : VIDEO_EXTENSIONS.contains(extension(filename));
    }

    /** Whether picture formats apply: the media type says so, or, without one, the extension of the file. */
    public boolean isImage() {
        return isImage(mimetype, filename);
    }

    /** As {@link #isImage()}; of a filename only the last characters count, as many as an extension has. */
    public static boolean isImage(@Nullable String mimetype, String filename) {
        return mimetype != null ? mimetype.startsWith("image/") : IMAGE_EXTENSIONS.contains(extension(filename));
    }

    private static String extension(String filename) {
        String file = filename.substring(filename.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return file.substring(file.lastIndexOf('.') + 1);
    }
}
