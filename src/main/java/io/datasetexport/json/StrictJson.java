package io.datasetexport.json;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON text of RFC 8259 into a tree: one document, UTF-8 without byte order mark, no member twice, no more than
 * {@value #MAX_DEPTH} levels, numbers that are finite as a double, strings that every store can hold.
 *
 * <p>Everything else is a {@link RequestRefused} that names the place. A parser's usual leniency is what turns a caller's slip into
 * another request than the one that was meant.
 */
public final class StrictJson {

    static final int MAX_DEPTH = 40;

    // One level more than allowed, so that the refusal is ours and not the parser's.
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH + 1)
                    .maxNumberLength(1000)
                    .maxNameLength(50_000)
                    .build())
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String text;
    private final JsonParser parser;
    // Member names and list indices on the way to the current value; joined to a pointer only when something is wrong.
    private final List<Object> path = new ArrayList<>();

    private StrictJson(String text, JsonParser parser) {
        this.text = text;
        this.parser = parser;
    }

    /** Decodes a body: UTF-8, and nothing that a reader could take for another encoding. */
    public static String decode(byte[] body) {
        if (startsWith(body, 0xEF, 0xBB, 0xBF) || startsWith(body, 0xFE, 0xFF) || startsWith(body, 0xFF, 0xFE)
                || body.length > 1 && (body[0] == 0 || body[1] == 0)) {
            throw new RequestRefused(ProblemType.NOT_UTF_8, "The body must be UTF-8 without a byte order mark.");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RequestRefused(ProblemType.MALFORMED_JSON, "The body holds bytes that are not UTF-8.");
        }
    }

    /** Reads a document whose root must be an object. */
    public static JsonPlace object(String text) {
        JsonNode root = read(text);
        if (!root.isObject()) {
            throw new RequestRefused(ProblemType.MALFORMED_JSON, "The body must be a JSON object.", "");
        }
        return new JsonPlace(root, "");
    }

    /** Reads a document of any kind. */
    public static JsonNode read(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                throw new RequestRefused(ProblemType.MALFORMED_JSON, "The body is empty; a JSON object was expected.");
            }
            JsonNode root = new StrictJson(text, parser).value();
            if (parser.nextToken() != null) {
                throw new RequestRefused(ProblemType.MALFORMED_JSON, "Something follows the end of the JSON document.");
            }
            return root;
        } catch (JacksonException e) {
            throw malformed(e);
        }
    }

    /** The text of one member of a root object, character by character as it was sent. */
    public static String verbatim(String text, String member) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean found = member.equals(parser.currentName());
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (found) {
                    parser.finishToken();
                    return text.substring(from, (int) parser.currentLocation().getCharOffset());
                }
            }
        } catch (JacksonException e) {
            throw malformed(e);
        }
        throw new IllegalArgumentException("No member " + member);
    }

    private JsonNode value() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.stringNode(storable(parser.getString()));
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> {
                finite(parser.getDoubleValue());
                yield NODES.numberNode(parser.getDecimalValue());
            }
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
                    throw new IllegalStateException("No value starts with " + parser.currentToken());
        };
    }

    private ObjectNode object() {
        enter();
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            path.add(name);
            storable(name);
            if (object.has(name)) {
                throw refused(ProblemType.DUPLICATE_KEY, "The member \"" + JsonPlace.shown(name) + "\" is there twice.");
            }
            parser.nextToken();
            object.set(name, value());
            path.removeLast();
        }
        return object;
    }

    private ArrayNode array() {
        enter();
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            path.add(array.size());
            array.add(value());
            path.removeLast();
        }
        return array;
    }

    private JsonNode integer() {
        BigInteger number = parser.getBigIntegerValue();
        finite(number.doubleValue());
        return number.bitLength() < Long.SIZE ? NODES.numberNode(number.longValue()) : NODES.numberNode(number);
    }

    private void enter() {
        if (path.size() == MAX_DEPTH) {
            throw endsAsItBegan(text)
                    ? refused(ProblemType.TOO_DEEP, "The JSON is nested more than " + MAX_DEPTH + " levels deep.")
                    : new RequestRefused(ProblemType.MALFORMED_JSON, "The JSON is nested too deep, and not closed.");
        }
    }

    private RequestRefused refused(ProblemType type, String sentence) {
        StringBuilder pointer = new StringBuilder();
        for (Object step : path) {
            pointer.append('/').append(JsonPlace.escaped(JsonPlace.shown(step.toString())));
        }
        return new RequestRefused(type, sentence, pointer.toString());
    }

    /** Whether every bracket is closed: tells JSON that is too deep from something that is no JSON at all. */
    private static boolean endsAsItBegan(String text) {
        int open = 0;
        boolean inString = false;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '"' -> inString = !inString;
                case '\\' -> i += inString ? 1 : 0;
                case '[', '{' -> open += inString ? 0 : 1;
                case ']', '}' -> open -= inString ? 0 : 1;
                default -> {}
            }
        }
        return open == 0 && !inString;
    }

    private void finite(double number) {
        if (Double.isInfinite(number)) {
            throw refused(ProblemType.NUMBER_OUT_OF_RANGE, "The number is larger than a double can hold.");
        }
    }

    private String storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == 0 || Character.isSurrogate(c) && !pair) {
                throw refused(ProblemType.VALIDATION, "The text holds U+0000 or half of a surrogate pair.");
            }
            i += pair ? 1 : 0;
        }
        return text;
    }

    private static RequestRefused malformed(JacksonException e) {
        var at = e.getLocation();
        String place = at == null || at.getLineNr() < 1 ? "" : " near line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new RequestRefused(ProblemType.MALFORMED_JSON, "The body is not valid JSON" + place + ".");
    }

    private static boolean startsWith(byte[] body, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (i >= body.length || (body[i] & 0xFF) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
