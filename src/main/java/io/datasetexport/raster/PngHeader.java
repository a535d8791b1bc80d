package io.datasetexport.raster;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The size that a PNG declares, read from its first bytes: what a picture may cost is known before anything of it is decoded.
 *
 * @param width in pixels, as declared: nothing is promised about it
 * @param height in pixels, as {@code width}
 */
public record PngHeader(int width, int height) {

    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int IHDR = 0x49484452;

    /** Reads the start of a PNG in base64, as it is or as a data URI; null when it does not start as a PNG does. */
    public static @Nullable PngHeader ofBase64(byte[] text, int from, int length) {
        int start = from;
        for (int i = from; i < from + length; i++) {
            if (text[i] == ',') {
                start = i + 1;
                break;
            }
        }
        ByteBuffer head = ByteBuffer.allocate(24);
        int bits = 0;
        int held = 0;
        for (int i = start; i < from + length && head.hasRemaining(); i++) {
            int value = sextet(text[i]);
            if (value >= 0) {
                bits = bits << 6 | value;
                held += 6;
                if (held >= 8) {
                    held -= 8;
                    head.put((byte) (bits >> held));
                }
            }
        }
        if (head.hasRemaining()) {
            return null;
        }
        head.flip();
        return head.getLong() == SIGNATURE && head.getInt() == 13 && head.getInt() == IHDR
                ? new PngHeader(head.getInt(), head.getInt())
                : null;
    }

    /** Whether a decoder would refuse it for its size alone. */
    public boolean tooLarge() {
        return width < 0 || height < 0 || width > 0 && height > 0 && !BitMask.fits(width, height);
    }

    /** What a character of base64 stands for; -1 for a character that decoders skip, such as a line break. */
    private static int sextet(byte character) {
        if (character >= 'A' && character <= 'Z') {
            return character - 'A';
        }
        if (character >= 'a' && character <= 'z') {
            return character - 'a' + 26;
        }
        if (character >= '0' && character <= '9') {
            return character - '0' + 52;
        }
        return character == '+' ? 62 : character == '/' ? 63 : -1;
    }
}
