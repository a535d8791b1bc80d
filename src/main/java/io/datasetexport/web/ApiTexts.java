package io.datasetexport.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The words and examples of the API's description, {@code api-texts.json}: they would drown the code that they are about.
 *
 * @param parameters by name
 * @param headers of responses, by name
 * @param schemas by name
 * @param problems an example of each kind of refusal, by its id, without what the kind says itself
 */
record ApiTexts(
        Map<String, Text> parameters, Map<String, Text> headers, Map<String, SchemaText> schemas, Map<String, Map<String, Object>> problems) {

    /** @param example any JSON value */
    record Text(String description, @Nullable Object example) {}

    /** @param members descriptions of members that are not described where they are declared, by name */
    record SchemaText(@Nullable String description, @Nullable Map<String, String> members, @Nullable Object example) {}

    static ApiTexts load() {
        try (InputStream in = Objects.requireNonNull(ApiTexts.class.getResourceAsStream("/api-texts.json"))) {
            return JsonMapper.shared().readValue(in, ApiTexts.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
