package io.datasetexport.raster;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A picture of one bit a pixel, row by row from the top left.
 *
 * <p>At most {@value #MAX_SIDE} pixels a side and {@value #MAX_PIXELS} in all; {@link #fits} asks before one is made. Not safe for
 * use by several threads while it is written.
 */
public final class BitMask {

    public static final int MAX_SIDE = 16_384;
    public static final int MAX_PIXELS = 67_108_864;

    private final int width;
    private final int height;
    private final int wordsPerRow;
    private long[] words;

    /** An empty mask. */
    public BitMask(int width, int height) {
        this(width, height, true);
    }

    private BitMask(int width, int height, boolean whole) {
        if (!fits(width, height)) {
            throw new IllegalArgumentException("A mask can't have " + width + " x " + height + " pixels");
        }
        this.width = width;
        this.height = height;
        wordsPerRow = width + 63 >> 6;
        words = new long[whole ? wordsPerRow * height : wordsPerRow * Math.min(height, 64)];
    }

    /** An empty mask whose memory grows as its rows are written from the top: what is never written costs nothing. */
    static BitMask growing(int width, int height) {
        return new BitMask(width, height, false);
    }

    /** Whether a picture of this size is small enough, and not empty. */
    public static boolean fits(long width, long height) {
        return width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE && width * height <= MAX_PIXELS;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    public boolean get(int x, int y) {
        return (words[word(x, y)] >>> x & 1) != 0;
    }

    public void set(int x, int y) {
        words[word(x, y)] |= 1L << x;
    }

    /** Sets the pixels from {@code left} to {@code right}, both included and both inside the row. */
    public void fill(int left, int right, int y) {
        int from = word(left, y);
        int to = word(right, y);
        long first = -1L << left;
        long last = -1L >>> 63 - (right & 63);
        if (from == to) {
            words[from] |= first & last;
            return;
        }
        words[from] |= first;
        Arrays.fill(words, from + 1, to, -1);
        words[to] |= last;
    }

    /** Adds the pixels of a mask of the same size. */
    public void add(BitMask other) {
        if (other.width != width || other.height != height) {
            throw new IllegalArgumentException("Masks of different sizes");
        }
        for (int i = 0; i < words.length; i++) {
            words[i] |= other.words[i];
        }
    }

    /** The first set pixel of a row at {@code x} or right of it; {@link #width} when there is none. */
    public int nextSet(int x, int y) {
        return next(x, y, 0);
    }

    /** The first clear pixel of a row at {@code x} or right of it; {@link #width} when there is none. */
    public int nextClear(int x, int y) {
        return next(x, y, -1);
    }

    private int next(int x, int y, long flip) {
        if (x >= width) {
            return width;
        }
        int at = word(x, y);
        int end = (y + 1) * wordsPerRow;
        long word = (words[at] ^ flip) & -1L << x;
        while (word == 0) {
            if (++at == end) {
                return width;
            }
            word = words[at] ^ flip;
        }
        return Math.min(width, (at - y * wordsPerRow << 6) + Long.numberOfTrailingZeros(word));
    }

    /** How many pixels are set. */
    public int count() {
        int count = 0;
        for (long word : words) {
            count += Long.bitCount(word);
        }
        return count;
    }

    /** The smallest box around the set pixels, or null when there is none. */
    public @Nullable Bounds bounds() {
        int top = height;
        int bottom = -1;
        int left = width;
        int right = -1;
        for (int y = 0; y < height; y++) {
            int first = nextSet(0, y);
            if (first == width) {
                continue;
            }
            top = Math.min(top, y);
            bottom = y;
            left = Math.min(left, first);
            right = Math.max(right, lastSet(y));
        }
        return bottom < 0 ? null : new Bounds(left, top, right, bottom);
    }

    private int lastSet(int y) {
        int at = (y + 1) * wordsPerRow - 1;
        while (words[at] == 0) {
            at--;
        }
        return (at - y * wordsPerRow << 6) + 63 - Long.numberOfLeadingZeros(words[at]);
    }

    /** A word of 64 pixels: the pixel {@code strip * 64 + i} is bit {@code i}; bits right of the picture are clear. */
    long word64(int strip, int y) {
        return words[y * wordsPerRow + strip];
    }

    /** Sets the word of 64 pixels; bits right of the picture must be clear. */
    void word64(int strip, int y, long word) {
        words[y * wordsPerRow + strip] = word;
    }

    /** Makes room for a row of a {@linkplain #growing growing} mask. */
    void reach(int y) {
        int needed = (y + 1) * wordsPerRow;
        if (needed > words.length) {
            words = Arrays.copyOf(words, Math.min(height * wordsPerRow, Math.max(needed, words.length * 2)));
        }
    }

    private int word(int x, int y) {
        return y * wordsPerRow + (x >> 6);
    }

    /** Columns and rows of the outermost pixels, all included. */
    public record Bounds(int left, int top, int right, int bottom) {}
}
