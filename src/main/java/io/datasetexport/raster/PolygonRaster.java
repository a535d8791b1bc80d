package io.datasetexport.raster;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pixels of a polygon, its outline included: the classic converter's rule, which the areas of COCO's samples are counted with.
 *
 * <p>A ring is {@code x1, y1, x2, y2, ...}: finite numbers, in pixels from the top left, closed by itself. Its vertices become whole
 * numbers; its pixels are those of its edges, drawn as 8-connected lines, together with those between pairs of crossings of each row
 * (even-odd); only then those outside the canvas are dropped. One point makes a pixel, two make a line.
 *
 * <p>A row is a few intervals, so counting needs no canvas and costs what the edges cross of its rows. That is bounded: a polygon
 * whose edges cross more rows than a mask may have pixels is refused, and one that reaches further than {@value #FAR} pixels from
 * the origin is cut off there first.
 *
 * <p>An instance reuses its memory; not safe for use by several threads.
 */
public final class PolygonRaster {

    /** How a vertex becomes whole. */
    public enum Rounding {
        /** Toward zero, as for COCO's area. */
        TRUNCATE,
        /** To the nearest, halves to even, as in drawn masks. */
        HALF_EVEN
    }

    private static final int FAR = 1 << 20;
    private static final long TOO_LARGE = -1;

    private Edge[] edges = new Edge[16];
    private long[] byFirstRow = new long[16];
    private int[] active = new int[16];
    private int edgeCount;
    private final Longs spans = new Longs();
    private final Longs crossings = new Longs();

    /**
     * Counts the pixels of a ring inside a canvas.
     *
     * @return the count, or -1 when the polygon or the canvas is too large
     */
    public long area(double[] ring, Rounding rounding, int width, int height) {
        if (width > FAR || height > FAR || !prepare(List.of(ring), rounding, height)) {
            return TOO_LARGE;
        }
        return draw(width, null);
    }

    /**
     * Sets the pixels of a polygon; rings after the first are holes, whose outline is set as well.
     *
     * @return false when the polygon is too large; nothing was set then
     */
    public boolean fill(List<double[]> rings, Rounding rounding, BitMask mask) {
        if (!prepare(rings, rounding, mask.height())) {
            return false;
        }
        draw(mask.width(), mask);
        return true;
    }

    private boolean prepare(List<double[]> rings, Rounding rounding, int height) {
        edgeCount = 0;
        long rows = 0;
        for (double[] given : rings) {
            double[] ring = reachesFar(given) ? cutOff(given) : given;
            for (int i = 0, before = ring.length - 2; i < ring.length; before = i, i += 2) {
                rows += addEdge(
                        whole(ring[before], rounding),
                        whole(ring[before + 1], rounding),
                        whole(ring[i], rounding),
                        whole(ring[i + 1], rounding),
                        height);
            }
        }
        return rows <= BitMask.MAX_PIXELS;
    }

    private static int whole(double number, Rounding rounding) {
        return (int) (rounding == Rounding.TRUNCATE ? number : Math.rint(number));
    }

    /** Keeps an edge that touches rows of the canvas, and says how many. */
    private long addEdge(int x0, int y0, int x1, int y1, int height) {
        int first = Math.max(0, Math.min(y0, y1));
        int last = Math.min(height - 1, Math.max(y0, y1));
        if (first > last) {
            return 0;
        }
        if (edgeCount == edges.length) {
            edges = Arrays.copyOf(edges, edgeCount * 2);
            byFirstRow = Arrays.copyOf(byFirstRow, edgeCount * 2);
            active = new int[edgeCount * 2];
        }
        Edge edge = edges[edgeCount];
        if (edge == null) {
            edge = new Edge();
            edges[edgeCount] = edge;
        }
        if (x0 <= x1) {
            edge.set(x0, y0, x1, y1, last);
        } else {
            edge.set(x1, y1, x0, y0, last);
        }
        byFirstRow[edgeCount] = (long) first << 32 | edgeCount;
        edgeCount++;
        return last - first + 1L;
    }

    private long draw(int width, @Nullable BitMask mask) {
        sort(byFirstRow, edgeCount);
        long area = 0;
        int activeCount = 0;
        int next = 0;
        for (int y = 0; next < edgeCount || activeCount > 0; y++) {
            if (activeCount == 0) {
                y = (int) (byFirstRow[next] >> 32);
            }
            while (next < edgeCount && byFirstRow[next] >> 32 == y) {
                active[activeCount] = (int) byFirstRow[next++];
                edges[active[activeCount++]].begin(y);
            }
            if (mask == null && activeCount == 2) {
                Edge one = edges[active[0]];
                Edge other = edges[active[1]];
                int until = Math.min(one.lastRow, other.lastRow) - 1;
                until = next < edgeCount ? Math.min(until, (int) (byFirstRow[next] >> 32) - 1) : until;
                if (y <= until) {
                    area += countBetween(one, other, y, until, width);
                    y = until;
                    continue;
                }
            }
            int kept = 0;
            spans.clear();
            crossings.clear();
            for (int i = 0; i < activeCount; i++) {
                Edge edge = edges[active[i]];
                addSpan(edge.left(), edge.right(), width);
                if (y < edge.bottom) {
                    crossings.add(edge.crossing(y));
                }
                if (y < edge.lastRow) {
                    edge.advance();
                    active[kept++] = active[i];
                }
            }
            activeCount = kept;
            crossings.sort();
            for (int i = 0; i + 1 < crossings.count; i += 2) {
                addSpan(crossings.values[i] + 0xffff >> 16, crossings.values[i + 1] >> 16, width);
            }
            area += mask == null ? countSpans() : fillSpans(mask, y);
        }
        return area;
    }

    /** Counts rows that two edges cross and none else, as most rows are: what lies between the two joins their own pixels. */
    private long countBetween(Edge one, Edge other, int first, int last, int width) {
        long area = 0;
        for (int y = first; y <= last; y++) {
            boolean inOrder = one.left() <= other.left();
            Edge near = inOrder ? one : other;
            Edge far = inOrder ? other : one;
            long crossing = one.crossing(y);
            long otherCrossing = other.crossing(y);
            long from = Math.min(crossing, otherCrossing) + 0xffff >> 16;
            long to = Math.max(crossing, otherCrossing) >> 16;
            long end = Math.max(near.right(), far.right());
            if (from >= near.left() && from <= near.right() + 1 && to >= far.left() - 1 && to <= end) {
                area += Math.max(0, Math.min(end, width - 1L) - Math.max(near.left(), 0) + 1);
            } else {
                spans.clear();
                addSpan(near.left(), near.right(), width);
                addSpan(far.left(), far.right(), width);
                addSpan(from, to, width);
                area += countSpans();
            }
            one.advance();
            other.advance();
        }
        return area;
    }

    private void addSpan(long left, long right, int width) {
        long from = Math.max(left, 0);
        long to = Math.min(right, width - 1L);
        if (from <= to) {
            spans.add(from << 32 | to);
        }
    }

    private long countSpans() {
        spans.sort();
        long covered = 0;
        long end = -1;
        for (int i = 0; i < spans.count; i++) {
            long from = Math.max(spans.values[i] >> 32, end + 1);
            long to = (int) spans.values[i];
            if (from <= to) {
                covered += to - from + 1;
                end = to;
            }
        }
        return covered;
    }

    private int fillSpans(BitMask mask, int y) {
        for (int i = 0; i < spans.count; i++) {
            mask.fill((int) (spans.values[i] >> 32), (int) spans.values[i], y);
        }
        return 0;
    }

    private static void sort(long[] values, int count) {
        if (count > 24) {
            Arrays.sort(values, 0, count);
            return;
        }
        for (int i = 1; i < count; i++) {
            long value = values[i];
            int at = i;
            for (; at > 0 && values[at - 1] > value; at--) {
                values[at] = values[at - 1];
            }
            values[at] = value;
        }
    }

    private static boolean reachesFar(double[] ring) {
        for (double coordinate : ring) {
            if (Math.abs(coordinate) >= FAR) {
                return true;
            }
        }
        return false;
    }

    /** Cuts a ring off at a box far around the canvas, side by side (Sutherland and Hodgman). */
    private static double[] cutOff(double[] ring) {
        double[] cut = ring;
        for (int axis = 0; axis < 2; axis++) {
            cut = cutOff(cutOff(cut, axis, FAR), axis, -FAR);
        }
        return cut;
    }

    private static double[] cutOff(double[] ring, int axis, double limit) {
        double[] cut = new double[ring.length * 2];
        int count = 0;
        for (int i = 0, before = ring.length - 2; i < ring.length; before = i, i += 2) {
            boolean fromInside = limit > 0 ? ring[before + axis] <= limit : ring[before + axis] >= limit;
            boolean toInside = limit > 0 ? ring[i + axis] <= limit : ring[i + axis] >= limit;
            if (fromInside != toInside) {
                int inside = fromInside ? before : i;
                int outside = fromInside ? i : before;
                // Halves, because the difference itself may overflow.
                double share = (limit / 2 - ring[inside + axis] / 2) / (ring[outside + axis] / 2 - ring[inside + axis] / 2);
                cut[count + axis] = limit;
                cut[count + 1 - axis] = ring[inside + 1 - axis] * (1 - share) + ring[outside + 1 - axis] * share;
                count += 2;
            }
            if (toInside) {
                cut[count] = ring[i];
                cut[count + 1] = ring[i + 1];
                count += 2;
            }
        }
        return Arrays.copyOf(cut, count);
    }

    /**
     * An edge, from the end with the smaller x. Its line takes one step of the longer axis a pixel; after {@code n} of them it has taken
     * {@code floor((2 * shorter * n + longer - 1) / (2 * longer))} of the other, so any row's pixels are known without the ones before.
     * Rows are asked for one after the other: the quotient is carried on from row to row, since a division costs more than all else here.
     */
    private static final class Edge {
        private long x;
        private long y;
        private long dx;
        private long dy;
        private boolean down;
        private int top;
        private int bottom;
        private int lastRow;
        private long topX;
        private long slope;
        /** How many steps of y the line has taken in the current row. */
        private long steps;
        /** Pixels of the current row, counted from x: the first one, and the one behind the last. */
        private long first;

        private long behind;
        private long quotient;
        private long remainder;
        private long quotientStep;
        private long remainderStep;

        void set(int x0, int y0, int x1, int y1, int lastRow) {
            x = x0;
            y = y0;
            dx = (long) x1 - x0;
            down = y1 >= y0;
            dy = down ? (long) y1 - y0 : (long) y0 - y1;
            top = Math.min(y0, y1);
            bottom = Math.max(y0, y1);
            this.lastRow = lastRow;
            topX = (long) (down ? x0 : x1) << 16;
            slope = dy == 0 ? 0 : ((down ? dx : -dx) << 16) / dy;
        }

        /** Goes to the first row that is asked for. */
        void begin(int row) {
            steps = down ? row - y : y - row;
            if (dy > dx) {
                quotientStep = 0;
                remainderStep = 2 * dx;
                if (row == top) {
                    quotient = down ? 0 : dx;
                    remainder = dy - 1;
                } else {
                    divide(2 * dx * steps + dy - 1);
                }
                first = quotient;
                behind = quotient + 1;
            } else if (dy == 0) {
                first = 0;
                behind = dx + 1;
            } else {
                quotientStep = dx / dy;
                remainderStep = 2 * (dx - quotientStep * dy);
                divide(2 * dx * (down ? steps + 1 : steps) - dx + 2 * dy);
                first = down ? firstOfStep(steps) : steps == 0 ? 0 : quotient;
                behind = down && steps < dy ? quotient : firstOfStep(steps + 1);
            }
        }

        private void divide(long dividend) {
            quotient = dividend / (2 * dy);
            remainder = dividend - quotient * 2 * dy;
        }

        /** How far a flat line is when it has taken so many steps of y. */
        private long firstOfStep(long count) {
            if (count == 0) {
                return 0;
            }
            return count > dy ? dx + 1 : (2 * dx * count - dx + 2 * dy) / (2 * dy);
        }

        /** Goes to the next row below. */
        void advance() {
            if (down) {
                steps++;
                remainder += remainderStep - 2 * dy;
                long borrowed = remainder >> 63; // -1 or 0: a branch would be mispredicted every second row
                remainder += 2 * dy & borrowed;
                quotient += quotientStep + 1 + borrowed;
            } else {
                steps--;
                remainder -= remainderStep;
                long borrowed = remainder >> 63;
                remainder += 2 * dy & borrowed;
                quotient += borrowed - quotientStep;
            }
            if (dy > dx) {
                first = quotient;
                behind = quotient + 1;
            } else if (down) {
                first = behind;
                behind = steps == dy ? dx + 1 : quotient;
            } else {
                behind = first;
                first = steps == 0 ? 0 : quotient;
            }
        }

        /** The first pixel of the line in the current row. */
        long left() {
            return x + first;
        }

        /** The last pixel of the line in the current row. */
        long right() {
            return x + behind - 1;
        }

        /** Where the edge crosses a row, in 65536ths of a pixel. */
        long crossing(int row) {
            return topX + (row - (long) top) * slope;
        }
    }

    private static final class Longs {
        private long[] values = new long[16];
        private int count;

        void clear() {
            count = 0;
        }

        void add(long value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, count * 2);
            }
            values[count++] = value;
        }

        void sort() {
            PolygonRaster.sort(values, count);
        }
    }
}
