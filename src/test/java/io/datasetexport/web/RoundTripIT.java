package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What goes in comes out, and goes in again: other people's files, out of the service and back. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class RoundTripIT {

    private static final Logger log = LoggerFactory.getLogger(RoundTripIT.class);
    private static final Path DATA = Path.of("../shared/data");
    private static final String DATASET = "/api/v1/datasets/round";
    private static final List<String> REQUIRED =
            List.of("id", "type", "label", "creator", "createdAt", "updatedBy", "updatedAt", "metadata");
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Folders, or lists of items, whose filenames differ. */
    private static final List<String> SETS = List.of(
            "expected/mixed", "expected/seed-coco", "expected/seed-voc", "expected/seed-yolo", "real/dataloop-fruit", "real/dataloop-hamster",
            "real/dtlpy-converters-yolo", "real/dtlpy-tests/downloaded_dataset/json", "real/dtlpy-tests/downloaded_dataset_should_be/json",
            "real/dataloop/bccd.ndjson.gz", "real/dataloop/chess.ndjson.gz", "real/dataloop/coco6.ndjson.gz", "real/dataloop/sharks.ndjson.gz");

    @LocalServerPort private int port;

    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @FieldSource("SETS")
    void comesBackAsItWas(String set) throws Exception {
        Path source = DATA.resolve(set);
        Assumptions.assumeTrue(Files.exists(source));
        Map<String, JsonNode> originals = items(source);
        assertThat(originals).isNotEmpty();
        log.info("{}: {} items, {} annotations", set, originals.size(), originals.values().stream().mapToInt(item -> item.path("annotations").size()).sum());
        create(source.resolve("ontology.json"));
        StringBuilder lines = new StringBuilder();
        originals.values().forEach(item -> lines.append(item).append('\n'));
        send("POST", DATASET + "/import", "application/x-ndjson", lines.toString().getBytes(StandardCharsets.UTF_8), 200);

        byte[] first = export();
        Map<String, byte[]> entries = entries(first);
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (entry.getKey().startsWith("json/")) {
                JsonNode item = JSON.readTree(entry.getValue());
                compare(item, originals.remove(item.get("filename").stringValue()));
            }
        }
        assertThat(originals).isEmpty();

        create(null);
        send("POST", DATASET + "/import", "application/zip", first, 200);
        Map<String, byte[]> again = entries(export());

        assertThat(again.keySet()).containsExactlyElementsOf(entries.keySet());
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (!entry.getKey().equals("_export/manifest.json")) {
                assertThat(Arrays.equals(again.get(entry.getKey()), entry.getValue())).as(entry.getKey()).isTrue();
            }
        }
    }

    @Test
    void linesComeBackAsFiles() throws Exception {
        create(null);
        String items = """
                {"id": "1", "filename": "/a/b.jpg", "annotations": [{"type": "box", "label": "cat", "coordinates": [{"x": 1, "y": 2}, {"x": 3.0, "y": 4}]}]}
                {"id": "2", "filename": "/ü \\n.png", "metadata": {"user": {"a": "\\n"}}, "annotations": []}
                """;
        send("POST", DATASET + "/import", "application/x-ndjson", items.getBytes(StandardCharsets.UTF_8), 200);
        Map<String, byte[]> files = entries(export());
        byte[] lines = send("GET", DATASET + "/export?json.layout=lines", null, new byte[0], 200);
        create(null);

        JsonNode report = JSON.readTree(send("POST", DATASET + "/import", "application/zip", lines, 200));

        assertThat(report.get("items").asInt()).isEqualTo(2);
        assertThat(entries(export())).satisfies(again -> {
            assertThat(again.keySet()).isEqualTo(files.keySet());
            files.forEach((path, content) -> assertThat(path.startsWith("json/") && !Arrays.equals(content, again.get(path))).as(path).isFalse());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"json/part.ndjson", "items.ndjson", "some/where.ndjson"})
    void aZipOfLinesIsRead(String name) throws Exception {
        create(null);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write("{\"filename\":\"/a.jpg\",\"annotations\":[]}\n{\"filename\":\"/b.jpg\",\"annotations\":[]}\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(JSON.readTree(send("POST", DATASET + "/import", "application/zip", archive.toByteArray(), 200)).get("items").asInt()).isEqualTo(2);
    }

    @Test
    void aBadLineIsNamedByItsFileAndItsNumberThere() throws Exception {
        create(null);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            zip.putNextEntry(new ZipEntry("json/part-1.ndjson"));
            zip.write("{\"filename\":\"/1.jpg\",\"annotations\":[]}\n{\"filename\":\"/2.jpg\",\"annotations\":[]}\n".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("json/part-2.ndjson"));
            zip.write("{\"filename\":\"/a.jpg\",\"annotations\":[]}\n{\"filename\":\"/b.jpg\",\"annotations\":[{}]}\n".getBytes(StandardCharsets.UTF_8));
        }

        JsonNode problem = JSON.readTree(send("POST", DATASET + "/import", "application/zip", archive.toByteArray(), 422));

        assertThat(problem.get("entry").stringValue()).isEqualTo("json/part-2.ndjson");
        assertThat(problem.get("record").asInt()).isEqualTo(2);
    }

    @Test
    void noItemFileIsLeftOut() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(DATA.resolve("real")));
        try (Stream<Path> files = Files.walk(DATA.resolve("real"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = DATA.relativize(file).toString();
                boolean items = name.endsWith(".ndjson.gz") || name.endsWith(".json") && isItem(JSON.readTree(Files.readAllBytes(file)));
                assertThat(!items || SETS.stream().anyMatch(set -> name.equals(set) || name.startsWith(set + "/"))).as(name).isTrue();
            }
        }
    }

    private static void compare(JsonNode exported, @Nullable JsonNode original) {
        assertThat(original).isNotNull();
        ObjectNode expected = ((ObjectNode) original).deepCopy();
        ObjectNode found = ((ObjectNode) exported).deepCopy();
        List<JsonNode> wanted = expected.path("annotations").isArray() ? List.copyOf(expected.get("annotations").values()) : List.of();
        List<JsonNode> annotations = List.copyOf(found.get("annotations").values());
        assertThat(annotations).hasSize(wanted.size());
        for (int i = 0; i < wanted.size(); i++) {
            ObjectNode was = ((ObjectNode) wanted.get(i)).deepCopy();
            ObjectNode is = ((ObjectNode) annotations.get(i)).deepCopy();
            assertThat(is.get("datasetId").stringValue()).isEqualTo("round");
            assertThat(is.get("itemId").stringValue()).isEqualTo(found.get("id").stringValue());
            List.of("datasetId", "itemId").forEach(member -> {
                was.remove(member);
                is.remove(member);
            });
            for (String member : REQUIRED) {
                if (is.has(member) && !was.has(member)) {
                    is.remove(member);
                }
            }
            assertThat(is).isEqualTo(was);
            if (was.has("coordinates")) {
                assertThat(is.get("coordinates").toString()).isEqualTo(was.get("coordinates").toString());
            }
        }
        if (expected.has("_id")) {
            expected.set("id", expected.remove("_id"));
        }
        if (expected.has("itemMetadata")) {
            expected.set("metadata", expected.remove("itemMetadata"));
        }
        List.of("datasetId", "annotations").forEach(member -> {
            expected.remove(member);
            found.remove(member);
        });
        for (String member : List.of("id", "dir", "type", "hidden", "name", "metadata")) {
            if (!expected.has(member)) {
                found.remove(member);
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    /** Every item of a folder of files or of a compressed list, by filename. */
    private static Map<String, JsonNode> items(Path source) throws IOException {
        Map<String, JsonNode> items = new TreeMap<>();
        if (Files.isRegularFile(source)) {
            try (InputStream in = new GZIPInputStream(Files.newInputStream(source))) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> add(JSON.readTree(line), items));
            }
            return items;
        }
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".json") && !file.toString().contains("/expected/mixed/expected")).sorted()
                    .toList()) {
                JsonNode root = JSON.readTree(Files.readAllBytes(file));
                if (isItem(root)) {
                    add(root, items);
                }
            }
        }
        return items;
    }

    private static boolean isItem(JsonNode root) {
        return root.isObject() && root.has("filename") && root.has("annotations");
    }

    private static void add(JsonNode item, Map<String, JsonNode> items) {
        assertThat(items.put(item.get("filename").stringValue(), item)).as(item.get("filename").stringValue()).isNull();
    }

    private void create(@Nullable Path ontology) throws Exception {
        request("DELETE", DATASET, null, new byte[0]);
        String labels = ontology == null || !Files.exists(ontology) ? "" : ",\"ontology\":" + Files.readString(ontology);
        send("POST", "/api/v1/datasets", "application/json", ("{\"id\":\"round\",\"name\":\"round\"" + labels + "}").getBytes(StandardCharsets.UTF_8), 201);
    }

    private byte[] export() throws Exception {
        return send("GET", DATASET + "/export?include=json,masks,coco,yolo,voc", null, new byte[0], 200);
    }

    private byte[] send(String method, String path, @Nullable String type, byte[] body, int status) throws Exception {
        HttpResponse<byte[]> response = request(method, path, type, body);
        assertThat(response.statusCode()).as(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo(status);
        return response.body();
    }

    private HttpResponse<byte[]> request(String method, String path, @Nullable String type, byte[] body) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                zip.transferTo(content);
                entries.put(entry.getName(), content.toByteArray());
            }
        }
        return entries;
    }
}
