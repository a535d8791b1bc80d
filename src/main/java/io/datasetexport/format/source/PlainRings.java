package io.datasetexport.format.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the coordinates of a polygon as platforms spell them: {@code [[{"x":1.5,"y":20},{"x":3,"y":4,"z":0}],[...]]}, without spaces,
 * numbers of fifteen digits at most and no exponent. Whatever is spelled otherwise is not read here: a JSON parser knows what to do with it,
 * and takes three times as long.
 */
final class PlainRings {

    /** Digits of which every number is a whole one that a double holds. */
    private static final int MOST_DIGITS = 15;

    private static final double[] POWERS_OF_TEN = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

    private final byte[] json;
    private int at;
    private boolean plain = true;

    private PlainRings(byte[] json) {
        this.json = json;
    }

    /** The rings, each {@code x1, y1, x2, y2, ...}; null when they are spelled otherwise, or when there is no ring or an empty one. */
    static @Nullable List<double[]> of(byte[] coordinates) {
        PlainRings reader = new PlainRings(coordinates);
        List<double[]> rings = reader.rings();
        return reader.plain && reader.at == coordinates.length ? rings : null;
    }

    private List<double[]> rings() {
        List<double[]> rings = new ArrayList<>(1);
        expect('[');
        do {
            rings.add(ring());
        } while (plain && isNext(','));
        expect(']');
        return rings;
    }

    private double[] ring() {
        double[] ring = new double[64];
        int count = 0;
        expect('[');
        do {
            if (count == ring.length) {
                ring = Arrays.copyOf(ring, count * 2);
            }
            expect('{');
            member('x');
            ring[count++] = number();
            expect(',');
            member('y');
            ring[count++] = number();
            if (isNext(',')) {
                member('z');
                number();
            }
            expect('}');
        } while (plain && isNext(','));
        expect(']');
        return Arrays.copyOf(ring, count);
    }

    private void member(char name) {
        expect('"');
        expect(name);
        expect('"');
        expect(':');
    }

    /** Rounded once, so the double nearest to the decimal (Clinger, How to read floating point numbers accurately, 1990). */
    private double number() {
        boolean negative = isNext('-');
        int start = at;
        long digits = digits(0);
        int whole = at - start;
        plain &= whole > 0 && (whole == 1 || json[start] != '0');
        int places = 0;
        if (isNext('.')) {
            int point = at;
            digits = digits(digits);
            places = at - point;
            plain &= places > 0;
        }
        // A whole number has no negative zero.
        if (whole + places > MOST_DIGITS || negative && places == 0 && digits == 0) {
            plain = false;
            return 0;
        }
        double magnitude = digits / POWERS_OF_TEN[places];
        return negative ? -magnitude : magnitude;
    }

    private long digits(long before) {
        long digits = before;
        for (; at < json.length && json[at] >= '0' && json[at] <= '9'; at++) {
            digits = digits * 10 + json[at] - '0';
        }
        return digits;
    }

    private boolean isNext(char c) {
        if (at < json.length && json[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(char c) {
        plain &= isNext(c);
    }
}
