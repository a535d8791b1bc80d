package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.problem.ProblemType;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** The API's description says everything, nothing wrong, and the same as the file that others build on. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class OpenApiIT {

    @LocalServerPort private int port;

    private Wire wire;
    private JsonNode api;

    @BeforeEach
    void theDescription() throws IOException {
        wire = new Wire(port);
        api = wire.get("/v3/api-docs").json();
    }

    @Test
    void isTheFileThatIsCheckedIn() throws IOException {
        String now = Contract.yaml(api);
        if (Boolean.getBoolean("api.write")) {
            Files.createDirectories(Contract.FILE.getParent());
            Files.writeString(Contract.FILE, now);
            fail(Contract.FILE + " was written: read the difference, and commit it");
        }
        assertThat(Files.readString(Contract.FILE))
                .as("api/openapi.yaml; mvn verify -Dit.test=OpenApiIT -Dapi.write=true writes it anew")
                .isEqualTo(now);
    }

    @Test
    void aParserThatIsNotOursReadsItWithoutAWord() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(Contract.yaml(api), null, options);
        assertThat(result.getMessages()).isEmpty();
        assertThat(result.getOpenAPI().getPaths()).hasSameSizeAs(api.get("paths"));
    }

    @Test
    void everyOperationIsDescribed() {
        List<String> ids = new ArrayList<>();
        forEachOperation((place, operation) -> {
            ids.add(operation.path("operationId").stringValue(""));
            assertThat(operation.path("summary").stringValue("")).as(place + " has a summary").isNotEmpty();
            assertThat(operation.path("tags").path(0).stringValue("")).as(place + " has a tag").doesNotEndWith("-controller").isNotEmpty();
            for (JsonNode parameter : operation.path("parameters")) {
                String name = place + " " + parameter.path("name");
                assertThat(parameter.path("description").stringValue("")).as(name + " has a description, in api-texts.json").isNotEmpty();
                assertThat(parameter.has("example")).as(name + " has an example").isTrue();
                assertThat(parameter.path("schema").isObject()).as(name + " has a schema").isTrue();
            }
            assertThat(operation.get("responses").propertyNames()).as(place).anyMatch(status -> status.startsWith("2")).contains("400", "403", "500");
        });
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[a-z][A-Za-z]+"), "is a name that somebody chose");
    }

    @Test
    void everySchemaAndMemberIsDescribed() {
        api.at("/components/schemas").properties().forEach(schema -> {
            assertThat(schema.getValue().path("description").stringValue("")).as(schema.getKey() + ", in api-texts.json").isNotEmpty();
            schema.getValue().path("properties").properties().forEach(member -> assertThat(member.getValue().path("description").stringValue(""))
                    .as(schema.getKey() + "." + member.getKey() + ", in api-texts.json").isNotEmpty());
        });
    }

    @Test
    void everyExampleFitsItsSchema() {
        Contract contract = new Contract(api);
        int[] examples = {0};
        forEachOperation((place, operation) -> {
            for (JsonNode parameter : operation.path("parameters")) {
                assertThat(contract.mistakes(parameter.get("schema"), parameter.get("example"))).as(place + " " + parameter.get("name")).isEmpty();
                examples[0]++;
            }
            Stream.concat(
                    operation.path("requestBody").path("content").properties().stream(),
                    operation.get("responses").values().stream().flatMap(response -> contract.resolve(response).path("content").properties().stream()))
                    .filter(content -> content.getKey().endsWith("json"))
                    .forEach(content -> {
                        JsonNode schema = content.getValue().path("schema");
                        List<JsonNode> shown = new ArrayList<>();
                        content.getValue().path("examples").values().forEach(example -> shown.add(contract.resolve(example).get("value")));
                        JsonNode named = contract.resolve(schema.has("items") ? schema.get("items") : schema);
                        assertThat(!shown.isEmpty() || named.has("example")).as(place + " " + content.getKey() + " has an example").isTrue();
                        shown.forEach(example -> assertThat(contract.mistakes(schema, example)).as(place + " " + example).isEmpty());
                        examples[0] += shown.size();
                    });
        });
        api.at("/components/schemas").properties().forEach(schema -> {
            if (schema.getValue().has("example")) {
                assertThat(contract.mistakes(schema.getValue(), schema.getValue().get("example"))).as(schema.getKey()).isEmpty();
                examples[0]++;
            }
        });
        assertThat(examples[0]).isGreaterThan(150);
    }

    @Test
    void everyKindOfRefusalIsSomewhere() {
        Contract contract = new Contract(api);
        TreeSet<String> possible = new TreeSet<>();
        forEachOperation((place, operation) -> operation.get("responses").properties().forEach(response -> contract.resolve(response.getValue())
                .path("content").path("application/problem+json").path("examples").values().forEach(example -> {
                    JsonNode problem = contract.resolve(example).get("value");
                    assertThat(problem.get("status").asString()).as(place).isEqualTo(response.getKey());
                    possible.add(problem.get("type").stringValue().replace("/problems/", ""));
                })));
        // It belongs to a path, not to an operation.
        possible.add(api.at("/components/responses/method-not-allowed").isObject() ? "method-not-allowed" : "");
        assertThat(possible).containsExactlyInAnyOrderElementsOf(Stream.of(ProblemType.values()).map(ProblemType::id).distinct().toList());
    }

    /** The service itself names the parameters that it knows. */
    @Test
    void theParametersOfALinkAreThoseThatAreRead() throws IOException {
        wire.post("/api/v1/datasets", "{\"id\":\"links\",\"name\":\"Links\"}");
        String known = wire.get("/api/v1/datasets/links/export?no-such=1").json().get("detail").stringValue().replaceAll(".*Known here: |[.]$", "");
        assertThat(api.at("/paths/~1api~1v1~1datasets~1{dataset}~1export/get/parameters").valueStream()
                .filter(parameter -> parameter.get("in").stringValue().equals("query"))
                .map(parameter -> parameter.get("name").stringValue()))
                .containsExactlyInAnyOrder(known.split(", "));
    }

    @Test
    void answersAreAsDescribed() throws IOException {
        Wire.Answer created = wire.post("/api/v1/datasets", "{\"id\":\"described\",\"name\":\"D\",\"labels\":[{\"tag\":\"cat\"}],\"ontology\":{\"roots\":[]}}");
        assertThat(created.status()).isEqualTo(201);
        String dataset = "/api/v1/datasets/described";
        wire.post(dataset + "/import", "{\"id\":\"i\",\"filename\":\"/a.jpg\",\"annotations\":[{\"type\":\"box\",\"label\":\"cat\",\"coordinates\":[]}]}");
        wire.get("/api/v1/datasets");
        wire.get("/api/v1/limits");
        wire.get(dataset + "/items/i");
        wire.get(dataset + "/items/i/annotations");
        wire.get(dataset + "/items/i/mask");
        wire.get(dataset + "/items/no-such");
        wire.get(dataset + "/export?include=json,coco,yolo,voc,masks");
        wire.post(dataset + "/items/query", "{\"filter\":{}}");
        wire.post(dataset + "/annotations/query", "{\"filter\":{},\"countTotal\":false}");
        wire.send("PUT", dataset + "/labels", "Content-Type: application/json\r\n", "{\"labels\":[{\"tag\":\"dog\"}]}".getBytes());
        wire.send("DELETE", dataset + "/items/i", "", new byte[0]);
        wire.send("DELETE", dataset, "", new byte[0]);
        assertThat(wire.get(dataset).status()).isEqualTo(404);
    }

    @Test
    void theUserInterfaceShowsIt() throws IOException {
        Wire.Answer page = wire.get("/swagger-ui.html");
        assertThat(page.status()).isEqualTo(302);
        String index = page.header("location");
        assertThat(wire.get(index).body()).contains("swagger-ui-bundle.js", "swagger-initializer.js");
        String folder = index.substring(0, index.lastIndexOf('/') + 1);
        assertThat(wire.get(folder + "swagger-initializer.js").body()).contains("/v3/api-docs/swagger-config");
        assertThat(wire.get("/v3/api-docs/swagger-config").json().get("url").stringValue()).isEqualTo("/v3/api-docs");
        assertThat(wire.get(folder + "swagger-ui-bundle.js").status()).isEqualTo(200);
        // The page's own scripts may run and may call the service; nobody else's.
        assertThat(wire.get(index).header("content-security-policy")).startsWith("default-src 'self';").doesNotContain("script-src");
    }

    private interface Visitor {
        void visit(String place, JsonNode operation);
    }

    private void forEachOperation(Visitor visitor) {
        for (Map.Entry<String, JsonNode> path : api.get("paths").properties()) {
            for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
                visitor.visit(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), operation.getValue());
            }
        }
    }
}
