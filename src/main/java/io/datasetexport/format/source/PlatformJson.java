package io.datasetexport.format.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Picks single values out of raw JSON, without a tree and, where their name does not occur, without parsing. */
public final class PlatformJson {

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

    private PlatformJson() {}

    /** A parser of one JSON value in UTF-8. */
    public static JsonParser parser(byte[] json) {
        return FACTORY.createParser(ObjectReadContext.empty(), json);
    }

    /** The raw JSON of the member at {@code path}, or null when there is none. */
    static byte @Nullable [] member(byte[] json, String... path) {
        if (after(json, quoted(path[path.length - 1]), 0) < 0) {
            return null;
        }
        try (JsonParser parser = parser(json)) {
            JsonToken token = parser.nextToken();
            for (String wanted : path) {
                if (token != JsonToken.START_OBJECT) {
                    return null;
                }
                String name = parser.nextName();
                while (name != null && !name.equals(wanted)) {
                    parser.nextToken();
                    parser.skipChildren();
                    name = parser.nextName();
                }
                if (name == null) {
                    return null;
                }
                token = parser.nextToken();
            }
            int from = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            return Arrays.copyOfRange(json, from, (int) parser.currentLocation().getByteOffset());
        } catch (JacksonException malformed) {
            return null;
        }
    }

    /** The whole number at {@code path}, or {@code otherwise}. */
    static int intMember(byte[] json, int otherwise, String... path) {
        byte[] value = member(json, path);
        if (value == null) {
            return otherwise;
        }
        try (JsonParser parser = parser(value)) {
            if (!parser.nextToken().isNumeric()) {
                return otherwise;
            }
            double number = parser.getDoubleValue();
            return number == (int) number ? (int) number : otherwise;
        } catch (JacksonException malformed) {
            return otherwise;
        }
    }

    /** The text at {@code path}, or null when there is none. */
    static @Nullable String textMember(byte[] json, String... path) {
        byte[] value = member(json, path);
        if (value == null) {
            return null;
        }
        try (JsonParser parser = parser(value)) {
            return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
        } catch (JacksonException malformed) {
            return null;
        }
    }

    /** Whether the value is a list or an object that holds something. */
    static boolean holdsSomething(byte @Nullable [] json) {
        if (json == null) {
            return false;
        }
        int from = afterSpace(json, 0);
        if (from == json.length || json[from] != '[' && json[from] != '{') {
            return false;
        }
        int content = afterSpace(json, from + 1);
        return content < json.length && json[content] != ']' && json[content] != '}';
    }

    /** Whether a member of this name holds something, at any place; false is certain, true is worth a parse. */
    static boolean mayHold(byte[] json, byte[] quotedName) {
        for (int at = after(json, quotedName, 0); at >= 0; at = after(json, quotedName, at)) {
            int colon = afterSpace(json, at);
            if (colon < json.length && json[colon] == ':') {
                int open = afterSpace(json, colon + 1);
                int content = open < json.length ? afterSpace(json, open + 1) : json.length;
                if (content >= json.length || !(json[open] == '{' && json[content] == '}' || json[open] == '[' && json[content] == ']')) {
                    return true;
                }
            }
        }
        return false;
    }

    static byte[] quoted(String name) {
        return ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
    }

    private static int afterSpace(byte[] json, int from) {
        int at = from;
        while (at < json.length && json[at] <= ' ' && json[at] >= 0) {
            at++;
        }
        return at;
    }

    /** Where a run of bytes ends, at its first place from {@code from} on; -1 when there is none. */
    private static int after(byte[] json, byte[] run, int from) {
        for (int i = from; i <= json.length - run.length; i++) {
            if (json[i] == run[0] && json[i + 1] == run[1] && Arrays.equals(json, i, i + run.length, run, 0, run.length)) {
                return i + run.length;
            }
        }
        return -1;
    }
}
