package io.datasetexport.selection;

import io.datasetexport.selection.Field.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Paths in the language of SQL/JSON, with names and strings in quotes of their own. */
final class JsonPathText {

    private JsonPathText() {}

    /** The values at a path. */
    static String of(Path path) {
        return path.path().stream().map(JsonPathText::quoted).collect(Collectors.joining(".", path.path().isEmpty() ? "$" : "$.", ""));
    }

    /** The values at a path; of a list, its elements. */
    static String elements(Path path) {
        return of(path) + "[*]";
    }

    /** The values at a path, or elements of a list there, that equal one of some strings, flags or null. */
    static String equalToAny(Path path, List<Value> literals) {
        return literals.stream().map(value -> "@ == " + literal(value)).collect(Collectors.joining(" || ", of(path) + " ? (", ")"));
    }

    /** A string, flag or null as both languages, JSON and its paths, spell it. */
    static String literal(Value value) {
        return switch (value) {
            case Value.Text(var text) -> quoted(text);
            case Value.Flag(var flag) -> Boolean.toString(flag);
            case Value.Null _ -> "null";
            case Value.Number _, Value.Wildcards _, Value.Moment _, Value.Json _ ->
                    throw new IllegalArgumentException("No literal: " + value);
        };
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
