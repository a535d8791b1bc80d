package io.datasetexport.raster;

import io.datasetexport.text.Utf8Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A mask as runs of equal pixels, column by column, and the text that pycocotools makes of them.
 *
 * <p>The runs alternate between clear and set pixels and begin with a clear one, which is 0 when the first pixel is set; they sum up
 * to the number of pixels. In the text each run, from the fourth on less the run two before, stands as groups of five bits, lowest
 * first, in the characters {@code '0'} to {@code 'o'}; the sixth bit says that another group follows.
 */
public final class RunLengths {

    private RunLengths() {}

    /** The runs of a mask. */
    public static int[] of(BitMask mask) {
        Runs runs = new Runs();
        forEach(mask, runs);
        return Arrays.copyOf(runs.lengths, runs.count);
    }

    /** Appends the text of a mask's runs; stops and says false when it is longer than {@code maxLength} bytes. */
    public static boolean append(Utf8Buffer out, BitMask mask, int maxLength) {
        return forEach(mask, new Encoder(out, out.length() + (long) maxLength));
    }

    /** Appends the text of runs. */
    public static void append(Utf8Buffer out, int[] runs) {
        Encoder encoder = new Encoder(out, Long.MAX_VALUE);
        for (int run : runs) {
            encoder.run(run);
        }
    }

    /** The runs in a text, or null when it is none. */
    public static int @Nullable [] parse(String text) {
        int[] runs = new int[text.length()];
        int count = 0;
        int at = 0;
        while (at < text.length()) {
            long value = 0;
            int shift = 0;
            int group;
            do {
                group = at < text.length() ? text.charAt(at++) - '0' : -1;
                if (group < 0 || group > 63 || shift > 30) {
                    return null;
                }
                value |= (group & 31L) << shift;
                shift += 5;
            } while (group > 31);
            if ((group & 16) != 0) {
                value |= -1L << shift;
            }
            if (count > 2) {
                value += runs[count - 2];
            }
            if (value < 0 || value > Integer.MAX_VALUE) {
                return null;
            }
            runs[count++] = (int) value;
        }
        return Arrays.copyOf(runs, count);
    }

    /** The mask of runs, or null when they are not as many as its pixels or it is too large. */
    public static @Nullable BitMask mask(int[] runs, int width, int height) {
        if (!BitMask.fits(width, height)) {
            return null;
        }
        long pixels = 0;
        for (int run : runs) {
            if (run < 0) {
                return null;
            }
            pixels += run;
        }
        if (pixels != (long) width * height) {
            return null;
        }
        BitMask mask = new BitMask(width, height);
        int x = 0;
        int y = 0;
        for (int i = 0; i < runs.length; i++) {
            if (i % 2 == 0) {
                x += (y + runs[i]) / height;
                y = (y + runs[i]) % height;
                continue;
            }
            for (int left = runs[i]; left > 0; left--) {
                mask.set(x, y);
                if (++y == height) {
                    y = 0;
                    x++;
                }
            }
        }
        return mask;
    }

    private interface RunVisitor {
        /** Takes the next run; false stops the walk. */
        boolean run(int length);
    }

    /**
     * Walks strips of 64 columns: what differs from the pixel above is a bit of one exclusive or, so the cost is in the mask's words and
     * changes, not its pixels.
     */
    private static boolean forEach(BitMask mask, RunVisitor visitor) {
        int height = mask.height();
        int[] starts = new int[65];
        int[] next = new int[64];
        int[] changes = new int[256];
        int open = 0;
        boolean openIsSet = false;
        for (int strip = 0; strip << 6 < mask.width(); strip++) {
            countChanges(mask, strip, starts);
            if (changes.length < starts[64]) {
                changes = new int[starts[64]];
            }
            System.arraycopy(starts, 0, next, 0, 64);
            long above = 0;
            for (int y = 0; y < height; y++) {
                long row = mask.word64(strip, y);
                for (long differs = row ^ above; differs != 0; differs &= differs - 1) {
                    changes[next[Long.numberOfTrailingZeros(differs)]++] = y;
                }
                above = row;
            }
            int columns = Math.min(64, mask.width() - (strip << 6));
            for (int column = 0; column < columns; column++) {
                boolean set = false;
                int from = 0;
                for (int i = starts[column]; i <= starts[column + 1]; i++) {
                    int to = i < starts[column + 1] ? changes[i] : height;
                    if (set != openIsSet && to > from) {
                        if (!visitor.run(open)) {
                            return false;
                        }
                        open = 0;
                        openIsSet = set;
                    }
                    open += to - from;
                    from = to;
                    set = !set;
                }
            }
        }
        return visitor.run(open);
    }

    /** Leaves where each of the strip's columns begins in a list of the rows at which columns change. */
    private static void countChanges(BitMask mask, int strip, int[] starts) {
        Arrays.fill(starts, 0);
        long above = 0;
        for (int y = 0; y < mask.height(); y++) {
            long row = mask.word64(strip, y);
            for (long differs = row ^ above; differs != 0; differs &= differs - 1) {
                starts[Long.numberOfTrailingZeros(differs) + 1]++;
            }
            above = row;
        }
        for (int column = 0; column < 64; column++) {
            starts[column + 1] += starts[column];
        }
    }

    private static final class Runs implements RunVisitor {
        private int[] lengths = new int[64];
        private int count;

        @Override
        public boolean run(int length) {
            if (count == lengths.length) {
                lengths = Arrays.copyOf(lengths, count * 2);
            }
            lengths[count++] = length;
            return true;
        }
    }

    private static final class Encoder implements RunVisitor {
        private final Utf8Buffer out;
        private final long end;
        private int index;
        private int before;
        private int twoBefore;

        Encoder(Utf8Buffer out, long end) {
            this.out = out;
            this.end = end;
        }

        @Override
        public boolean run(int length) {
            int value = index > 2 ? length - twoBefore : length;
            boolean more;
            do {
                int group = value & 31;
                value >>= 5;
                more = (group & 16) != 0 ? value != -1 : value != 0;
                out.append((char) ((more ? group | 32 : group) + 48));
            } while (more);
            index++;
            twoBefore = before;
            before = length;
            return out.length() <= end;
        }
    }
}
