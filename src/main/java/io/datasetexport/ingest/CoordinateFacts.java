package io.datasetexport.ingest;

import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a plan must know of an annotation's coordinates, seen while they are copied: number of rings, whether a box is rotated, whether all
 * numbers are finite doubles, and a mask's width and height in pixels.
 *
 * <p>The type of the annotation may come after its coordinates, so it is asked for at the end.
 */
final class CoordinateFacts implements JsonCopier.Observer {

    private static final int PNG_HEADER_BYTES = 24;
    private static final int PNG_HEADER_CHARS = PNG_HEADER_BYTES / 3 * 4;
    private static final int LONGEST_PREFIX = 64;
    /** A number without an exponent and with fewer characters is a finite double. */
    private static final int SURELY_FINITE = 300;

    private boolean seen;
    private boolean array;
    private int children;
    private int childArrays;
    private int childObjects;
    private boolean third;
    private boolean numbersOnly;

    void reset() {
        seen = false;
        array = false;
        children = 0;
        childArrays = 0;
        childObjects = 0;
        third = false;
        numbersOnly = true;
    }

    @Override
    public void token(JsonToken token, JsonParser in, int depth) {
        seen = true;
        if (depth == 0) {
            array = token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY;
        }
        switch (token) {
            case START_ARRAY -> {
                children += depth == 1 ? 1 : 0;
                childArrays += depth == 1 ? 1 : 0;
            }
            case START_OBJECT -> {
                children += depth == 1 ? 1 : 0;
                childObjects += depth == 1 ? 1 : 0;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in, depth);
            case VALUE_STRING, VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> {
                children += depth == 1 ? 1 : 0;
                numbersOnly &= !isCoordinate(in.currentName());
            }
            case END_ARRAY, END_OBJECT, PROPERTY_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> {}
        }
    }

    private void number(JsonParser in, int depth) {
        int length = in.getStringLength();
        int from = in.getStringOffset();
        char[] text = in.getStringCharacters();
        boolean simple = length < SURELY_FINITE;
        for (int i = from; simple && i < from + length; i++) {
            simple = text[i] != 'e' && text[i] != 'E';
        }
        if (!simple) {
            numbersOnly &= Double.isFinite(Double.parseDouble(new String(text, from, length)));
        }
        if (depth == 1) {
            children++;
            third |= children == 3 && Double.parseDouble(new String(text, from, length)) != 0;
        }
    }

    private static boolean isCoordinate(@Nullable String name) {
        return "x".equals(name) || "y".equals(name) || "rx".equals(name) || "ry".equals(name);
    }

    /** Appends the five columns {@code rings}, {@code rotated}, {@code finite}, {@code mask_width} and {@code mask_height}. */
    void fields(String type, RowBuffer coordinates, RowBuffer row) {
        boolean drawn = seen && switch (type) {
            case "box", "segment", "point", "polyline", "ellipse", "cube" -> true;
            default -> false;
        };
        row.field(drawn && array && type.equals("segment") ? Integer.valueOf(childArrays > 0 ? childArrays : Math.min(childObjects, 1)) : null);
        row.field(drawn && type.equals("box") ? Boolean.valueOf(array && third) : null);
        row.field(drawn ? Boolean.valueOf(numbersOnly) : null);
        byte[] header = type.equals("binary") ? pngHeader(coordinates) : null;
        row.field(header == null ? null : Integer.valueOf(int32(header, 16)));
        row.field(header == null ? null : Integer.valueOf(int32(header, 20)));
    }

    /** The first bytes of the PNG in a data URI or in bare base64; null when there is none. */
    private static byte @Nullable [] pngHeader(RowBuffer coordinates) {
        byte[] json = coordinates.array();
        int end = coordinates.length();
        int start = end > 0 && json[0] == '{' ? "{\"data\":\"".length() : 1;
        int content = start;
        for (int i = start; i < Math.min(end, start + LONGEST_PREFIX); i++) {
            if (json[i] == ',') {
                content = i + 1;
                break;
            }
        }
        if (content + PNG_HEADER_CHARS > end) {
            return null;
        }
        byte[] text = new byte[PNG_HEADER_CHARS];
        System.arraycopy(json, content, text, 0, PNG_HEADER_CHARS);
        try {
            byte[] header = Base64.getDecoder().decode(text);
            boolean png = header.length == PNG_HEADER_BYTES && int32(header, 0) == 0x89504e47 && int32(header, 12) == 0x49484452;
            return png && int32(header, 16) > 0 && int32(header, 20) > 0 ? header : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }
}
