package io.datasetexport.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growing buffer of rows in PostgreSQL's binary COPY format: big-endian numbers; a field is its length in four bytes, -1 for null,
 * then its content.
 *
 * <p>Text is checked while it is encoded: PostgreSQL can't hold U+0000, and half a surrogate pair is no character.
 */
final class RowBuffer {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int KEPT_CAPACITY = 16 << 20;

    private final int limit;
    private byte[] bytes;
    private int length;

    /** @param limit bytes at which {@link BadRecord} is thrown */
    RowBuffer(int capacity, int limit) {
        this.limit = limit;
        bytes = new byte[capacity];
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[1 << 20];
        }
    }

    void truncate(int newLength) {
        length = newLength;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    void int16(int value) {
        ensure(2);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    void int32(int value) {
        ensure(4);
        putInt(length, value);
        length += 4;
    }

    void int64(long value) {
        int32((int) (value >> 32));
        int32((int) value);
    }

    void raw(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    void nullField() {
        int32(-1);
    }

    void field(long value) {
        int32(8);
        int64(value);
    }

    void field(int value) {
        int32(4);
        int32(value);
    }

    void field(@Nullable Integer value) {
        if (value == null) {
            nullField();
        } else {
            field(value.intValue());
        }
    }

    void field(@Nullable Long value) {
        if (value == null) {
            nullField();
        } else {
            field(value.longValue());
        }
    }

    void field(@Nullable Boolean value) {
        if (value == null) {
            nullField();
        } else {
            int32(1);
            ascii((char) (value ? 1 : 0));
        }
    }

    void field(@Nullable String value) {
        if (value == null) {
            nullField();
            return;
        }
        int start = startField();
        text(value);
        endField(start);
    }

    void field(byte @Nullable [] value) {
        if (value == null) {
            nullField();
            return;
        }
        int32(value.length);
        raw(value, 0, value.length);
    }

    /** A field of type jsonb: its text behind the format's version. */
    void jsonbField(byte @Nullable [] json) {
        if (json == null) {
            nullField();
            return;
        }
        int32(json.length + 1);
        ascii('\1');
        raw(json, 0, json.length);
    }

    /** A field with another buffer's content; null where that is empty. */
    void field(RowBuffer content) {
        if (content.length == 0) {
            nullField();
        } else {
            int32(content.length);
            raw(content.bytes, 0, content.length);
        }
    }

    int startField() {
        int32(0);
        return length;
    }

    void endField(int start) {
        putInt(start - 4, length - start);
    }

    void ascii(char c) {
        ensure(1);
        bytes[length++] = (byte) c;
    }

    void ascii(String text) {
        int count = text.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    void ascii(char[] text, int from, int count) {
        ensure(count);
        byte[] target = bytes;
        int at = length;
        for (int i = 0; i < count; i++) {
            target[at + i] = (byte) text[from + i];
        }
        length = at + count;
    }

    void text(String text) {
        int count = text.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c == 0 || c >= 0x80) {
                characters(text.toCharArray(), i, count - i, false);
                return;
            }
            bytes[length++] = (byte) c;
        }
    }

    void jsonString(String text) {
        int count = text.length();
        int start = length;
        ensure(count + 2);
        bytes[length++] = '"';
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') {
                length = start;
                jsonString(text.toCharArray(), 0, count);
                return;
            }
            bytes[length++] = (byte) c;
        }
        bytes[length++] = '"';
    }

    /** A JSON string, quotes included; non-ASCII stays as it is. */
    void jsonString(char[] text, int from, int count) {
        ascii('"');
        characters(text, from, count, true);
        ascii('"');
    }

    private void characters(char[] text, int from, int count, boolean json) {
        ensure(count + 3);
        byte[] target = bytes;
        int at = length;
        int end = from + count;
        for (int i = from; i < end; i++) {
            char c = text[i];
            if (c < 0x80 && c >= 0x20 && (!json || c != '"' && c != '\\')) {
                target[at++] = (byte) c;
                continue;
            }
            length = at;
            i = special(text, i, end, json);
            ensure(end - i + 3);
            target = bytes;
            at = length;
        }
        length = at;
    }

    /** Appends the character at {@code i}; returns the index of its last {@code char}. */
    private int special(char[] text, int i, int end, boolean json) {
        char c = text[i];
        ensure(6);
        if (c == 0) {
            throw new BadRecord("The text holds the character U+0000, which can't be stored.");
        } else if (c < 0x80) {
            if (json) {
                escape(c);
            } else {
                bytes[length++] = (byte) c;
            }
        } else if (c < 0x800) {
            bytes[length++] = (byte) (0xc0 | c >> 6);
            bytes[length++] = (byte) (0x80 | c & 0x3f);
        } else if (!Character.isSurrogate(c)) {
            bytes[length++] = (byte) (0xe0 | c >> 12);
            bytes[length++] = (byte) (0x80 | c >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | c & 0x3f);
        } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text[i + 1])) {
            int point = Character.toCodePoint(c, text[i + 1]);
            bytes[length++] = (byte) (0xf0 | point >> 18);
            bytes[length++] = (byte) (0x80 | point >> 12 & 0x3f);
            bytes[length++] = (byte) (0x80 | point >> 6 & 0x3f);
            bytes[length++] = (byte) (0x80 | point & 0x3f);
            return i + 1;
        } else {
            throw new BadRecord("The text holds half a surrogate pair, which is no character.");
        }
        return i;
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> ascii("\\\"");
            case '\\' -> ascii("\\\\");
            case '\n' -> ascii("\\n");
            case '\r' -> ascii("\\r");
            case '\t' -> ascii("\\t");
            case 0x7f -> ascii(c);
            default -> {
                ascii("\\u00");
                ascii((char) HEX[c >> 4]);
                ascii((char) HEX[c & 15]);
            }
        }
    }

    private void putInt(int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }

    private void ensure(int count) {
        int needed = length + count;
        if (needed > bytes.length) {
            if (needed > limit) {
                throw new BadRecord("The record is larger than the " + (limit >> 20) + " MiB that are read at once.");
            }
            bytes = Arrays.copyOf(bytes, Math.min(Math.max(needed, bytes.length * 2), limit));
        }
    }
}
