package io.datasetexport.format.source;

import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Geometry.Box;
import io.datasetexport.format.source.Geometry.Mask;
import io.datasetexport.format.source.Geometry.Polygon;
import io.datasetexport.format.source.Geometry.Undrawn;
import io.datasetexport.format.source.Geometry.Unreadable;
import io.datasetexport.model.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads raw coordinates, once.
 *
 * <p>Forgiving as the platform's own data asks for: members in any order and unknown ones among them, integers or floats, corners in any
 * order, a bare number (the angle) behind a box's corners, a polygon's single ring without its list, a mask as text or as the member
 * {@code data} of an object.
 */
final class GeometryReader {

    private static final Unreadable EMPTY = new Unreadable(Reason.EMPTY_GEOMETRY);
    private static final Unreadable NON_FINITE = new Unreadable(Reason.NON_FINITE);
    private static final Unreadable UNDECODABLE = new Unreadable(Reason.MASK_UNDECODABLE);
    private static final Undrawn UNDRAWN = new Undrawn();

    private double x;
    private double y;
    private boolean whole = true;

    Geometry read(Shape shape, byte @Nullable [] coordinates) {
        return switch (shape) {
            case BOX -> coordinates == null ? EMPTY : parse(coordinates, GeometryReader::box);
            case POLYGON -> coordinates == null ? EMPTY : polygon(coordinates);
            case MASK -> coordinates == null ? EMPTY : mask(coordinates);
            case POINT, POLYLINE, ELLIPSE, POSE, CUBE, CLASSIFICATION, NOTE, OTHER -> UNDRAWN;
        };
    }

    /** The {@code x} and {@code y} of a point; NaN when they are not two finite numbers. */
    double[] point(byte @Nullable [] coordinates) {
        double[] none = {Double.NaN, Double.NaN};
        if (coordinates == null) {
            return none;
        }
        try (JsonParser json = PlatformJson.parser(coordinates)) {
            return json.nextToken() == JsonToken.START_OBJECT && point(json) ? new double[] {x, y} : none;
        } catch (JacksonException malformed) {
            return none;
        }
    }

    private interface Reading {
        Geometry read(GeometryReader reader, JsonParser json);
    }

    private Geometry parse(byte[] coordinates, Reading reading) {
        try (JsonParser json = PlatformJson.parser(coordinates)) {
            json.nextToken();
            return reading.read(this, json);
        } catch (JacksonException malformed) {
            return EMPTY;
        }
    }

    private Geometry box(JsonParser json) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return EMPTY;
        }
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        boolean rotated = false;
        int corners = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                if (!point(json)) {
                    return NON_FINITE;
                }
                left = Math.min(left, x);
                top = Math.min(top, y);
                right = Math.max(right, x);
                bottom = Math.max(bottom, y);
                corners++;
            } else if (token.isNumeric() && corners > 1) {
                rotated |= json.getDoubleValue() != 0;
            } else {
                return NON_FINITE;
            }
        }
        return corners < 2 ? EMPTY : new Box(left, top, right, bottom, whole, rotated);
    }

    private Geometry polygon(byte[] coordinates) {
        List<double[]> plain = PlainRings.of(coordinates);
        return plain == null ? parse(coordinates, GeometryReader::polygon) : new Polygon(plain);
    }

    private Geometry polygon(JsonParser json) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            return EMPTY;
        }
        JsonToken first = json.nextToken();
        if (first == JsonToken.START_OBJECT) {
            double[] ring = ring(json);
            return ring == null ? NON_FINITE : new Polygon(List.of(ring));
        }
        List<double[]> rings = new ArrayList<>(1);
        for (JsonToken token = first; token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token != JsonToken.START_ARRAY) {
                return NON_FINITE;
            }
            json.nextToken();
            double[] ring = ring(json);
            if (ring == null) {
                return NON_FINITE;
            }
            if (ring.length > 0) {
                rings.add(ring);
            } else if (rings.isEmpty()) {
                return EMPTY;
            }
        }
        return rings.isEmpty() ? EMPTY : new Polygon(rings);
    }

    /** Reads points up to the end of the list that the parser is in; null when one is none. */
    private double @Nullable [] ring(JsonParser json) {
        double[] ring = new double[64];
        int count = 0;
        for (JsonToken token = json.currentToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token != JsonToken.START_OBJECT || !point(json)) {
                return null;
            }
            if (count == ring.length) {
                ring = Arrays.copyOf(ring, count * 2);
            }
            ring[count++] = x;
            ring[count++] = y;
        }
        return Arrays.copyOf(ring, count);
    }

    /** Reads the members of a point to {@link #x} and {@link #y}; false when they are not two finite numbers. */
    private boolean point(JsonParser json) {
        x = Double.NaN;
        y = Double.NaN;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonToken token = json.nextToken();
            if (name.equals("x")) {
                x = number(json, token);
            } else if (name.equals("y")) {
                y = number(json, token);
            } else {
                json.skipChildren();
            }
        }
        return Double.isFinite(x) && Double.isFinite(y);
    }

    private double number(JsonParser json, JsonToken token) {
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return json.getDoubleValue();
        }
        whole = false;
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return json.getDoubleValue();
        }
        json.skipChildren();
        return Double.NaN;
    }

    private Geometry mask(byte[] coordinates) {
        int from = 0;
        int to = coordinates.length;
        while (from < to && coordinates[from] <= ' ') {
            from++;
        }
        while (to > from && coordinates[to - 1] <= ' ') {
            to--;
        }
        if (to - from > 1 && coordinates[from] == '"' && isPlain(coordinates, from + 1, to - 1)) {
            return mask(coordinates, from + 1, to - 1);
        }
        return parse(coordinates, (reader, json) -> parsedMask(json));
    }

    private static Geometry parsedMask(JsonParser json) {
        JsonToken token = json.currentToken();
        if (token == JsonToken.START_OBJECT) {
            token = JsonToken.VALUE_NULL;
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                token = json.nextToken();
                if (name.equals("data")) {
                    break;
                }
                json.skipChildren();
                token = JsonToken.VALUE_NULL;
            }
        }
        if (token == JsonToken.VALUE_STRING) {
            byte[] text = json.getString().getBytes(StandardCharsets.ISO_8859_1);
            return mask(text, 0, text.length);
        }
        return token == JsonToken.VALUE_NULL || token == JsonToken.START_ARRAY ? EMPTY : UNDECODABLE;
    }

    private static Geometry mask(byte[] text, int from, int to) {
        return from == to ? EMPTY : new Mask(text, from, to - from);
    }

    private static boolean isPlain(byte[] json, int from, int to) {
        for (int i = from; i < to; i++) {
            if (json[i] == '\\' || json[i] == '"') {
                return false;
            }
        }
        return true;
    }
}
