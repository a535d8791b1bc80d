package io.datasetexport.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of UTF-8 text: what every text format is written to.
 *
 * <p>Not safe for use by several threads. {@link #array()} is the buffer itself, valid up to {@link #length()} and until the
 * next write.
 */
public class Utf8Buffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    public Utf8Buffer() {
        this(1024);
    }

    public Utf8Buffer(int capacity) {
        bytes = new byte[capacity];
    }

    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public void clear() {
        length = 0;
    }

    /** Forgets everything from {@code newLength} on. */
    public void truncate(int newLength) {
        if (newLength > length) {
            throw new IllegalArgumentException("Cannot truncate " + length + " bytes to " + newLength);
        }
        length = newLength;
    }

    /** Appends one byte: an ASCII character. */
    public Utf8Buffer append(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    /** Appends bytes that are UTF-8 already. */
    public Utf8Buffer append(byte[] utf8) {
        return append(utf8, 0, utf8.length);
    }

    public Utf8Buffer append(byte[] utf8, int from, int count) {
        ensure(count);
        System.arraycopy(utf8, from, bytes, length, count);
        length += count;
        return this;
    }

    public Utf8Buffer append(String text) {
        int chars = text.length();
        ensure(chars);
        int at = length;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
                length = at;
                return append(rest);
            }
            bytes[at++] = (byte) c;
        }
        length = at;
        return this;
    }

    public Utf8Buffer append(long number) {
        if (number == Long.MIN_VALUE) {
            return append("-9223372036854775808");
        }
        ensure(20);
        long rest = number;
        if (rest < 0) {
            bytes[length++] = '-';
            rest = -rest;
        }
        int end = length + digits(rest);
        putDigits(rest, length, end);
        length = end;
        return this;
    }

    /** Appends {@code unscaled / 10^places} with all its places; neither is negative. */
    Utf8Buffer appendDecimal(long unscaled, int places) {
        int whole = Math.max(1, digits(unscaled) - places);
        ensure(whole + 1 + places);
        int point = length + whole;
        int end = point + 1 + places;
        // From the right, so that what is left is the whole part: dividing by a power that only this call knows would cost as much as all else.
        putDigits(putDigits(unscaled, point + 1, end), length, point);
        bytes[point] = '.';
        length = end;
        return this;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long power = 10; digits < 19 && number >= power; power *= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes the last digits of a number, as many as there is room for, and returns what is before them. */
    private long putDigits(long number, int from, int to) {
        long rest = number;
        for (int at = to - 1; at >= from; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return rest;
    }

    /** Appends a JSON string, quotes included; non-ASCII stays as it is. */
    public Utf8Buffer appendJsonString(String text) {
        return appendJsonString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends a JSON string, quotes included, from text that is UTF-8 already. */
    public Utf8Buffer appendJsonString(byte[] utf8) {
        ensure(utf8.length + 2);
        bytes[length++] = '"';
        int from = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b >= 0 && (b < 0x20 || b == '"' || b == '\\')) {
                append(utf8, from, i - from);
                appendEscape(b);
                from = i + 1;
            }
        }
        append(utf8, from, utf8.length - from);
        return append('"');
    }

    private void appendEscape(byte b) {
        switch (b) {
            case '"' -> append("\\\"");
            case '\\' -> append("\\\\");
            case '\n' -> append("\\n");
            case '\r' -> append("\\r");
            case '\t' -> append("\\t");
            default -> append("\\u00").append((char) HEX[b >> 4]).append((char) HEX[b & 15]);
        }
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void ensure(int count) {
        int needed = Math.addExact(length, count);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
    }
}
