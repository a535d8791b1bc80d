package io.datasetexport.format.voc;

import io.datasetexport.format.source.PlatformJson;
import io.datasetexport.text.PythonText;
import io.datasetexport.text.Utf8Buffer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Spells JSON lists and objects as Python's {@code repr} does: {@code ['all']}, {@code {'1': True, '2': None, '3': 1.5}}. */
final class PythonValues {

    private PythonValues() {}

    /** Appends the repr of a list or an object; false when the JSON is damaged, and nothing is appended then. */
    static boolean append(Utf8Buffer out, byte[] json) {
        int start = out.length();
        try (JsonParser parser = PlatformJson.parser(json)) {
            append(out, parser, parser.nextToken());
            return true;
        } catch (JacksonException damaged) {
            out.truncate(start);
            return false;
        }
    }

    private static void append(Utf8Buffer out, JsonParser json, JsonToken token) {
        switch (token) {
            case START_ARRAY -> {
                String separator = "[";
                for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
                    append(out.append(separator), json, next);
                    separator = ", ";
                }
                out.append(separator.equals("[") ? "[]" : "]");
            }
            case START_OBJECT -> {
                String separator = "{";
                for (String name = json.nextName(); name != null; name = json.nextName()) {
                    PythonText.appendString(out.append(separator), name);
                    append(out.append(": "), json, json.nextToken());
                    separator = ", ";
                }
                out.append(separator.equals("{") ? "{}" : "}");
            }
            case VALUE_STRING -> PythonText.appendString(out, json.getString());
            case VALUE_NUMBER_INT -> out.append(json.getString().equals("-0") ? "0" : json.getString());
            case VALUE_NUMBER_FLOAT -> PythonText.appendFloat(out, json.getDoubleValue());
            case VALUE_TRUE -> out.append("True");
            case VALUE_FALSE -> out.append("False");
            default -> out.append("None");
        }
    }
}
