package io.datasetexport.json;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A value in a caller's JSON and the way to it. Reading it as the wrong type is refused with the value's place; nothing is coerced.
 *
 * @param pointer JSON pointer of RFC 6901, empty for the root
 */
public record JsonPlace(JsonNode node, String pointer) {

    /** Refuses members other than these. */
    public JsonPlace only(Set<String> members) {
        object();
        for (String name : node.propertyNames()) {
            if (!members.contains(name)) {
                String known = members.isEmpty() ? "None is known here." : "Known here: " + String.join(", ", members.stream().sorted().toList()) + ".";
                throw new RequestRefused(
                        ProblemType.UNKNOWN_FIELD,
                        "There is no member \"" + shown(name) + "\". " + known,
                        pointer + "/" + escaped(shown(name)));
            }
        }
        return this;
    }

    /** A member of an object; null when it is absent, refused when it is JSON's null. */
    public @Nullable JsonPlace member(String name) {
        object();
        JsonNode value = node.get(name);
        if (value == null) {
            return null;
        }
        JsonPlace place = new JsonPlace(value, pointer + "/" + escaped(name));
        if (value.isNull()) {
            throw place.refuse("must not be null; leave it out instead");
        }
        return place;
    }

    /** A member that must be there. */
    public JsonPlace required(String name) {
        JsonPlace place = member(name);
        if (place == null) {
            throw new JsonPlace(node, pointer + "/" + escaped(name)).refuse("is required");
        }
        return place;
    }

    public JsonPlace object() {
        if (!node.isObject()) {
            throw refuse("must be an object");
        }
        return this;
    }

    public String text() {
        if (!node.isString()) {
            throw refuse("must be a string");
        }
        return node.stringValue();
    }

    public boolean flag() {
        if (!node.isBoolean()) {
            throw refuse("must be true or false");
        }
        return node.booleanValue();
    }

    public int integer() {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw refuse("must be a whole number of at most 32 bits");
        }
        return node.intValue();
    }

    public List<JsonPlace> elements() {
        if (!node.isArray()) {
            throw refuse("must be a list");
        }
        List<JsonPlace> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            elements.add(new JsonPlace(node.get(i), pointer + "/" + i));
        }
        return elements;
    }

    /** The members of an object, in the caller's order. */
    public Map<String, JsonPlace> members() {
        object();
        Map<String, JsonPlace> members = new LinkedHashMap<>();
        for (String name : node.propertyNames()) {
            members.put(name, new JsonPlace(node.get(name), pointer + "/" + escaped(name)));
        }
        return members;
    }

    /** The value as JSON text without white space, members in the caller's order. */
    public String json() {
        return node.toString();
    }

    /** What to throw when the value itself is wrong; the sentence goes on from the value's name. */
    public RequestRefused refuse(String mustBe) {
        String name = pointer.isEmpty() ? "The body" : "\"" + pointer.substring(pointer.lastIndexOf('/') + 1) + "\"";
        return new RequestRefused(ProblemType.VALIDATION, name + " " + mustBe + ".", pointer);
    }

    /** A name as a segment of a JSON pointer. */
    public static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** A caller's text, short and without control characters, fit to be shown in a sentence. */
    public static String shown(String text) {
        String clean = text.codePoints()
                .limit(65)
                .map(c -> Character.isISOControl(c) || c == '"' || Character.getType(c) == Character.FORMAT || Character.getType(c) == Character.SURROGATE
                        ? 0xFFFD
                        : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return clean.codePointCount(0, clean.length()) > 64 ? clean.substring(0, clean.offsetByCodePoints(0, 64)) + "…" : clean;
    }
}
