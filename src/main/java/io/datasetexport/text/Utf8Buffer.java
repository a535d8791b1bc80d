package io.datasetexport.text;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of UTF-8 text: what every text format is written to.
 *
 * <p>Not safe for use by several threads. {@link #array()} is the buffer itself, valid up to {@link #length()} and until the
 * next write.
 */
public class Utf8Buffer {

    /** The smallest number of more than eight digits. */
    static final int NINE_DIGITS = 100_000_000;

    private static final VarHandle EIGHT_BYTES = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ASCII_ZEROS = 0x3030_3030_3030_3030L;
    private static final long ASCII_ZERO_AT_LAST = (long) '0' << 56;
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
        if (number < 0 || number >= NINE_DIGITS) {
            return append(Long.toString(number));
        }
        ensure(Long.BYTES);
        appendWhole((int) number);
        return this;
    }

    /**
     * Appends {@code millionths / 10^6}, less than {@link #NINE_DIGITS} and not negative, with as few decimals as tell it, but one at least:
     * {@code 640.0}, {@code 0.25}.
     */
    Utf8Buffer appendMillionths(long millionths) {
        ensure(2 * Long.BYTES + 1);
        long whole = millionths / 1_000_000;
        appendWhole((int) whole);
        bytes[length++] = '.';
        long decimals = digits((int) (millionths - whole * 1_000_000) * 100);
        EIGHT_BYTES.set(bytes, length, decimals | ASCII_ZEROS);
        length += Math.max(1, Long.BYTES - Long.numberOfLeadingZeros(decimals) / Byte.SIZE);
        return this;
    }

    private void appendWhole(int number) {
        long digits = digits(number);
        int leading = Long.numberOfTrailingZeros(digits | ASCII_ZERO_AT_LAST) / Byte.SIZE;
        EIGHT_BYTES.set(bytes, length, (digits | ASCII_ZEROS) >>> leading * Byte.SIZE);
        length += Long.BYTES - leading;
    }

    /**
     * The eight decimal digits of a number, a byte each, the first one lowest: halved into fours, twos and ones, all at once (Khuong, How to
     * print integers really fast, 2017).
     */
    private static long digits(int number) {
        long fours = number / 10_000 | (long) (number % 10_000) << 32;
        long hundreds = fours * 10_486 >>> 20 & 0x0000_007f_0000_007fL;
        long twos = hundreds | fours - hundreds * 100 << 16;
        long tens = twos * 103 >>> 10 & 0x000f_000f_000f_000fL;
        return tens | twos - tens * 10 << 8;
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
