package io.datasetexport.raster;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The outlines of a mask: of each piece of touching pixels (corners touch too) the outermost pixels, walked around once.
 *
 * <p>Border following by Suzuki and Abe (1985), as {@code findContours} of OpenCV does it, whose points these are: pixels as whole numbers
 * from the top left, counterclockwise on the screen, beginning at the piece's first pixel in reading order; of a straight run of pixels,
 * level, upright or diagonal, the two ends. Filled together with its outline by {@link PolygonRaster}, an outline gives its piece again,
 * holes filled. A piece inside another's hole is a piece of its own.
 *
 * <p>Takes two masks of the same size beside the one that it reads; used by one thread.
 */
public final class Contours {

    private static final int[] DX = {1, 1, 0, -1, -1, -1, 0, 1};
    private static final int[] DY = {0, 1, 1, 1, 0, -1, -1, -1};
    private static final int EAST = 0;
    private static final int WEST = 4;

    private final BitMask mask;
    private final int mostPoints;
    /** Pixels of borders that were walked. */
    private final BitMask walked;
    /** Those of them whose right neighbour is known to be clear: no border is left to be found there. */
    private final BitMask closedRight;

    private int row;
    private int strip;
    private long candidates;
    private boolean loaded;
    private int holes;
    private boolean tooLong;
    private int[] points = new int[64];
    private int count;

    /** @param mostPoints in one outline; a longer one is {@linkplain #tooLong cut off} */
    public Contours(BitMask mask, int mostPoints) {
        this.mask = mask;
        this.mostPoints = mostPoints;
        walked = new BitMask(mask.width(), mask.height());
        closedRight = new BitMask(mask.width(), mask.height());
    }

    /** The next piece's outline, {@code x1, y1, x2, y2, ...}; null when there is no other. */
    public int @Nullable [] next() {
        while (row < mask.height()) {
            if (!loaded) {
                candidates = borders();
                loaded = true;
            }
            while (candidates != 0) {
                int x = (strip << 6) + Long.numberOfTrailingZeros(candidates);
                boolean outer = !set(x - 1, row) && !walked.get(x, row);
                if (outer) {
                    count = 0;
                    walk(x, row, WEST, true);
                }
                if (!set(x + 1, row) && !closedRight.get(x, row)) {
                    holes++;
                    walk(x, row, EAST, false);
                }
                candidates &= candidates - 1;
                if (outer) {
                    return Arrays.copyOf(points, count);
                }
            }
            loaded = false;
            if (++strip << 6 >= mask.width()) {
                strip = 0;
                row++;
            }
        }
        return null;
    }

    /** How many holes were met; all of them once {@link #next} is through. */
    public int holes() {
        return holes;
    }

    /** Whether an outline had more points than were asked for. */
    public boolean tooLong() {
        return tooLong;
    }

    /** Pixels of the current strip that have a clear neighbour to the left or to the right. */
    private long borders() {
        long word = mask.word64(strip, row);
        long before = strip == 0 ? 0 : mask.word64(strip - 1, row);
        long after = strip + 1 << 6 < mask.width() ? mask.word64(strip + 1, row) : 0;
        long inside = (word << 1 | before >>> 63) & (word >>> 1 | after << 63);
        return word & ~inside;
    }

    private boolean set(int x, int y) {
        return x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.get(x, y);
    }

    /** Walks one border from a pixel and its clear neighbour in direction {@code from}. */
    private void walk(int startX, int startY, int from, boolean keep) {
        int toLast = -1;
        for (int i = 0; i < 8 && toLast < 0; i++) {
            int direction = from + i & 7;
            toLast = set(startX + DX[direction], startY + DY[direction]) ? direction : -1;
        }
        walked.set(startX, startY);
        if (toLast < 0) {
            closedRight.set(startX, startY);
            keep(startX, startY, keep);
            return;
        }
        int lastX = startX + DX[toLast];
        int lastY = startY + DY[toLast];
        int x = startX;
        int y = startY;
        int back = toLast;
        while (true) {
            int onward = back;
            boolean clearRight = false;
            do {
                onward = onward - 1 & 7;
                if (set(x + DX[onward], y + DY[onward])) {
                    break;
                }
                clearRight |= onward == EAST;
            } while (onward != back);
            walked.set(x, y);
            if (clearRight) {
                closedRight.set(x, y);
            }
            if (onward != (back + 4 & 7)) {
                keep(x, y, keep);
            }
            boolean closes = x == lastX && y == lastY;
            x += DX[onward];
            y += DY[onward];
            if (closes && x == startX && y == startY) {
                return;
            }
            back = onward + 4 & 7;
        }
    }

    private void keep(int x, int y, boolean keep) {
        if (!keep) {
            return;
        }
        if (count >= 2 * mostPoints) {
            tooLong = true;
            return;
        }
        if (count == points.length) {
            points = Arrays.copyOf(points, count * 2);
        }
        points[count++] = x;
        points[count++] = y;
    }
}
