package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The checked-in description of the API, and what it says about an answer. */
final class Contract {

    static final Path FILE = Path.of("api", "openapi.yaml");

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DOCUMENT = "https://example.org/openapi.json";

    private final JsonNode document;
    private final SchemaRegistry schemas;

    Contract(JsonNode document) {
        this.document = document;
        this.schemas = SchemaRegistry.withDialect(
                Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(DOCUMENT, JSON.writeValueAsString(document))));
    }

    private static final class CheckedIn {
        static final Contract CONTRACT = new Contract(JSON.valueToTree(new Yaml().<Map<String, Object>>load(text())));

        private static String text() {
            try {
                return Files.readString(FILE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static Contract checkedIn() {
        return CheckedIn.CONTRACT;
    }

    JsonNode document() {
        return document;
    }

    /** The document as the file holds it: one spelling for one content. */
    static String yaml(JsonNode document) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(140);
        options.setIndicatorIndent(0);
        options.setLineBreak(DumperOptions.LineBreak.UNIX);
        options.setDereferenceAliases(true);
        return "# Written by mvn verify -Dit.test=OpenApiIT -Dapi.write=true: see CONTRIBUTING.md.\n"
                + new Yaml(options).dump(JSON.treeToValue(document, Object.class));
    }

    /**
     * Fails when an answer is none that the description has for this request; answers of what is no path of the API pass.
     *
     * @param target as it was sent, with its parameters
     */
    void check(String method, String target, Wire.Answer answer) {
        JsonNode operation = operation(method, target.replaceFirst("[?].*", ""));
        if (operation == null || method.equals("HEAD")) {
            return;
        }
        String place = method + " " + target.substring(0, Math.min(target.length(), 100)) + ": " + answer.status();
        JsonNode response = resolve(operation.at("/responses/" + answer.status()));
        assertThat(response.isObject()).as(place + " is described, " + answer.body()).isTrue();
        response.path("headers").properties().forEach(header -> {
            // A link answers as what it leads to: not all of that has all headers.
            if (!header.getKey().equals("X-Left-Out") && !target.contains("/exports/links/")) {
                assertThat(answer.header(header.getKey())).as(place + " has the header " + header.getKey()).isNotEmpty();
            }
        });
        String type = answer.header("content-type").replaceFirst(";.*", "");
        if (response.path("content").isEmpty()) {
            assertThat(answer.body()).as(place).isEmpty();
            return;
        }
        JsonNode content = response.path("content").has(type) ? response.path("content").path(type) : response.path("content").path("*/*");
        assertThat(content.isObject()).as(place + " with " + type + " is described").isTrue();
        if (type.equals("application/problem+json")) {
            assertThat(content.path("examples").propertyNames()).as(place).contains(answer.problem());
        }
        if (type.endsWith("json") && !content.path("schema").path("format").stringValue("").equals("binary")) {
            assertThat(mistakes(content.path("schema"), answer.json())).as(place + ": " + answer.body()).isEmpty();
        }
    }

    /** What is wrong with a value, by a schema of the document. */
    List<String> mistakes(JsonNode schema, JsonNode value) {
        String text = JSON.writeValueAsString(schema).replace("\"#/components/", "\"" + DOCUMENT + "#/components/");
        Schema compiled = schemas.getSchema(SchemaLocation.of("https://example.org/" + Integer.toHexString(text.hashCode())), JSON.readTree(text));
        List<String> mistakes = new ArrayList<>();
        compiled.validate(value).forEach(error -> mistakes.add(error.toString()));
        return mistakes;
    }

    JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
    }

    /** The operation that a request is for; null when it is for none. */
    JsonNode operation(String method, String path) {
        for (var described : document.get("paths").properties()) {
            if (path.matches(described.getKey().replaceAll("\\{[^}]*}", "[^/]+"))) {
                return described.getValue().get(method.toLowerCase(Locale.ROOT));
            }
        }
        return null;
    }
}
