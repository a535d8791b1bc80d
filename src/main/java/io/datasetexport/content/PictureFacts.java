package io.datasetexport.content;

import com.drew.imaging.FileType;
import com.drew.imaging.FileTypeDetector;
import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.riff.RiffReader;
import com.drew.imaging.tiff.TiffMetadataReader;
import com.drew.lang.ByteArrayReader;
import com.drew.lang.SequentialByteArrayReader;
import com.drew.metadata.Directory;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import com.drew.metadata.jpeg.JpegDirectory;
import com.drew.metadata.jpeg.JpegReader;
import com.drew.metadata.webp.WebpDirectory;
import com.drew.metadata.webp.WebpRiffHandler;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the first bytes of a file tell of the picture in it; nothing is decoded or inflated. Each is null when they don't tell it.
 *
 * @param mediaType of a kind of picture
 * @param width in stored pixels, before the EXIF rotation
 * @param height in stored pixels
 * @param channels samples of a pixel; 3 for a palette
 * @param orientation of EXIF, 1 to 8
 */
public record PictureFacts(
        @Nullable String mediaType, @Nullable Integer width, @Nullable Integer height, @Nullable Integer channels, @Nullable Integer orientation) {

    /** So many bytes are looked at: a JPEG may carry a colour profile and a preview before its size. */
    static final int HEAD = 1 << 20;

    private static final Logger log = LoggerFactory.getLogger(PictureFacts.class);
    private static final PictureFacts NONE = new PictureFacts(null, null, null, null, null);

    /** Reads a file's first {@value #HEAD} bytes, or all of a smaller one. Never fails: what is broken tells nothing. */
    static PictureFacts of(byte[] head) {
        try {
            return switch (FileTypeDetector.detectFileType(new BufferedInputStream(new ByteArrayInputStream(head)))) {
                case Jpeg -> jpeg(head);
                case Png -> png(ByteBuffer.wrap(head));
                case Gif -> gif(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN));
                case Bmp -> bmp(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN));
                case WebP -> webp(head);
                case Tiff -> tiff(head);
                case FileType _ -> NONE;
            };
        } catch (IOException | ImageProcessingException | RuntimeException e) {
            // A file may be anything, and its reader is not ours.
            log.debug("No picture could be read from the head of a file", e);
            return NONE;
        }
    }

    /** Size and EXIF only: other segments may hold XML and packed data. */
    private static PictureFacts jpeg(byte[] head) throws IOException, ImageProcessingException {
        Metadata found = JpegMetadataReader.readMetadata(new ByteArrayInputStream(head), List.of(new JpegReader(), new ExifReader()));
        Directory frame = found.getFirstDirectoryOfType(JpegDirectory.class);
        return new PictureFacts(
                "image/jpeg",
                positive(frame, JpegDirectory.TAG_IMAGE_WIDTH),
                positive(frame, JpegDirectory.TAG_IMAGE_HEIGHT),
                positive(frame, JpegDirectory.TAG_NUMBER_OF_COMPONENTS),
                orientation(found));
    }

    /** W3C PNG, section 11.2.1: IHDR is the first chunk. */
    private static PictureFacts png(ByteBuffer head) {
        Integer channels = switch (head.get(25)) {
            case 0 -> 1;
            case 2, 3 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> null;
        };
        return new PictureFacts("image/png", positive(head.getInt(16)), positive(head.getInt(20)), channels, null);
    }

    private static PictureFacts gif(ByteBuffer head) {
        return new PictureFacts("image/gif", positive(head.getShort(6) & 0xffff), positive(head.getShort(8) & 0xffff), 3, null);
    }

    /** BITMAPINFOHEADER; a negative height says that rows go from top to bottom. */
    private static PictureFacts bmp(ByteBuffer head) {
        boolean info = head.getInt(14) >= 40;
        return new PictureFacts(
                "image/bmp", info ? positive(head.getInt(18)) : null, info ? positive(Math.abs(head.getInt(22))) : null, null, null);
    }

    private static PictureFacts webp(byte[] head) throws IOException, ImageProcessingException {
        Metadata found = new Metadata();
        new RiffReader().processRiff(new SequentialByteArrayReader(head), new WebpRiffHandler(found));
        Directory picture = found.getFirstDirectoryOfType(WebpDirectory.class);
        return new PictureFacts(
                "image/webp",
                positive(picture, WebpDirectory.TAG_IMAGE_WIDTH),
                positive(picture, WebpDirectory.TAG_IMAGE_HEIGHT),
                null,
                orientation(found));
    }

    private static PictureFacts tiff(byte[] head) throws IOException, ImageProcessingException {
        Metadata found = TiffMetadataReader.readMetadata(new ByteArrayReader(head));
        Directory first = found.getFirstDirectoryOfType(ExifIFD0Directory.class);
        return new PictureFacts(
                "image/tiff",
                positive(first, ExifIFD0Directory.TAG_IMAGE_WIDTH),
                positive(first, ExifIFD0Directory.TAG_IMAGE_HEIGHT),
                positive(first, ExifIFD0Directory.TAG_SAMPLES_PER_PIXEL),
                orientation(found));
    }

    private static @Nullable Integer orientation(Metadata found) {
        Integer value = positive(found.getFirstDirectoryOfType(ExifIFD0Directory.class), ExifIFD0Directory.TAG_ORIENTATION);
        return value == null || value > 8 ? null : value;
    }

    private static @Nullable Integer positive(@Nullable Directory directory, int tag) {
        Integer value = directory == null ? null : directory.getInteger(tag);
        return value == null ? null : positive(value);
    }

    private static @Nullable Integer positive(int value) {
        return value > 0 ? value : null;
    }
}
