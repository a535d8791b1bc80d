package io.datasetexport.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Names, labels and shapes that break naive exporters, from import to archive in all formats at once. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class HardDataIT {

    private static final List<String> FILES = List.of(
            "/a.jpg", "/a.png", "/A.jpg", "/con.png", "/" + "n".repeat(300) + ".jpg", "/x/../../up.jpg", "/back\\slash.jpg", "/new\nline.jpg",
            "/rtl\u202egpj.exe.jpg", "/file", "/file/inside.jpg", "/e\u0301.jpg", "/\u00e9.jpg", "/trailing. ", "/classes.jpg", "/a.txt/b.jpg");
    private static final List<String> LABELS = List.of("a/b", "R&D <x>", "two\nlines", "say \"it's\"", "🚗 car", "..", "A/B");

    private static final String BOX = "[{\"x\":1,\"y\":1},{\"x\":5,\"y\":4}]";
    private static final String MASK = "\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAAJUlEQVR4nGNgIAAYYYz/DAz/0SQYGRgYGJgImUBQ"
            + "AQpAt4YoAACewQQE6rma/gAAAABJRU5ErkJggg==\"";

    private static Map<String, byte[]> archive;
    private static List<JsonNode> skipped;
    private static JsonNode manifest;

    @BeforeAll
    static void load(@LocalServerPort int port) throws Exception {
        ObjectNode dataset = JsonMapper.shared().createObjectNode().put("id", "hard").put("name", "hard");
        StringBuilder items = new StringBuilder();
        for (String file : FILES) {
            ObjectNode item = item(file, 8, 6);
            for (int i = 0; i < LABELS.size(); i++) {
                annotation(item, "box", LABELS.get(i), BOX);
            }
            annotation(item, "binary", LABELS.getFirst(), MASK);
            items.append(item).append('\n');
        }
        ObjectNode hard = item("/hard.jpg", 8, 6);
        annotation(hard, "box", "a/b", "[{\"x\":-1e308,\"y\":0},{\"x\":1e308,\"y\":1}]");
        annotation(hard, "box", "a/b", "[{\"x\":-4,\"y\":-3},{\"x\":-1,\"y\":-2}]");
        annotation(hard, "box", "a/b", "[{\"x\":\"1\",\"y\":0},{\"x\":2,\"y\":1}]");
        annotation(hard, "binary", "a/b", MASK.replace("iVBORw0KGgoAAAANSUhEUgAAAAg", "iVBORw0KGgoAAAANSUhEUgAAAAk"));
        annotation(hard, "segment", "a/b", "[[" + IntStream.range(0, 100_000)
                .mapToObj(i -> "{\"x\":" + (4 + 3 * Math.cos(i / 15915.5)) + ",\"y\":" + (3 + 2 * Math.sin(i / 15915.5)) + "}")
                .collect(Collectors.joining(",")) + "]]");
        items.append(hard).append('\n');
        ObjectNode sizeless = item("/sizeless.jpg", 0, 0);
        annotation(sizeless, "box", "a/b", BOX);
        items.append(sizeless).append('\n');
        try (HttpClient client = HttpClient.newHttpClient()) {
            String base = "http://localhost:" + port + "/api/v1/datasets";
            send(client, HttpRequest.newBuilder(URI.create(base)).header("Content-Type", "application/json"), dataset.toString(), 201);
            send(client, HttpRequest.newBuilder(URI.create(base + "/hard/import?format=dataloop")).header("Content-Type", "application/x-ndjson"),
                    items.toString(), 200);
            HttpRequest export = HttpRequest.newBuilder(URI.create(base + "/hard/export?include=json,masks,coco,yolo,voc")).build();
            archive = Archive.of(client.send(export, BodyHandlers.ofByteArray()).body()).entries();
        }
        manifest = JsonMapper.shared().readTree(archive.get("_export/manifest.json"));
        skipped = text("_export/skipped.ndjson").lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    }

    @Test
    void everyItemHasEntriesOfItsOwnOnEveryFileSystem() {
        assertThat(count("json/")).isEqualTo(FILES.size() + 2);
        assertThat(count("voc/")).isEqualTo(FILES.size() + 1);
        assertThat(count("yolo/")).isEqualTo(FILES.size() + 1 + 2);
        assertThat(count("masks/combined/")).isEqualTo(FILES.size());
        assertThat(archive.keySet().stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().count()).isEqualTo(archive.size());
        Set<String> folders = archive.keySet().stream().flatMap(HardDataIT::parents).collect(Collectors.toSet());
        assertThat(archive.keySet()).doesNotContainAnyElementsOf(folders);
        for (String name : archive.keySet()) {
            assertThat(name).doesNotContainPattern("[\\\\\\p{Cntrl}\u202e:*?\"<>|]");
            assertThat(name.split("/")).noneMatch(segment -> segment.isEmpty() || segment.equals("..") || segment.endsWith(".") || segment.endsWith(" "));
            assertThat(name.split("/")).noneMatch(segment -> segment.matches("(?i)con(\\..*)?") || segment.getBytes(UTF_8).length > 200);
        }
    }

    @Test
    void itemsCsvGivesTheNamesBack() {
        String csv = text("_export/items.csv");
        FILES.forEach(file -> assertThat(csv).contains(file));
    }

    @Test
    void labelsSurviveInEachFormatOrTheirLossIsListed() {
        List<String> classes = text("yolo/classes.txt").lines().toList();
        assertThat(classes).containsExactlyInAnyOrder("a/b", "R&D <x>", "two lines", "say \"it's\"", "🚗 car", "..", "A/B");
        assertThat(text("masks/labelmap.txt").lines()).hasSize(LABELS.size());
        assertThat(text("coco/coco.json")).contains("\"two\\nlines\"", "\"say \\\"it's\\\"\"", "\"🚗 car\"");
        String xml = archive.keySet().stream().filter(name -> name.startsWith("voc/")).findFirst().orElseThrow();
        assertThat(text(xml)).contains("<name>R&amp;D &lt;x&gt;</name>", "<name>two\nlines</name>", "<name>say \"it's\"</name>", "<name>🚗 car</name>");
        assertThat(skipped).filteredOn(line -> line.get("reason").asString().equals("illegal-characters") && line.get("format").asString().equals("yolo"))
                .hasSize(FILES.size());
        assertThat(archive.keySet().stream().filter(name -> name.startsWith("masks/labels/")).map(name -> name.split("/")[2]).distinct())
                .as("A/B has the name already").containsExactly("a_b~2");
    }

    /** Of five annotations: far away, negative, no number, a mask of the wrong size, and 100,000 vertices. */
    @ParameterizedTest
    @CsvSource({"coco,2,non-finite non-finite mask-undecodable", "yolo,1,non-finite non-finite unsupported-shape unsupported-shape",
        "voc,2,non-finite unsupported-shape unsupported-shape", "masks,0,unsupported-shape unsupported-shape unsupported-shape mask-size unsupported-shape"})
    void hardShapesAreWrittenOrListed(String format, int written, String reasons) {
        List<String> listed = skipped.stream()
                .filter(line -> line.get("format").asString().equals(format) && line.get("path").asString().equals("/hard.jpg"))
                .map(line -> line.get("reason").asString()).toList();
        assertThat(listed).containsExactlyInAnyOrder(reasons.split(" "));
        assertThat(written + listed.size()).isEqualTo(5);
    }

    @Test
    void anItemWithoutASizeIsListedOncePerFormat() {
        assertThat(skipped.stream().filter(line -> line.get("path").asString().equals("/sizeless.jpg"))
                .map(line -> line.get("format").asString() + " " + line.get("reason").asString()))
                .containsExactlyInAnyOrder("coco no-size", "yolo no-size", "voc no-size", "masks no-size");
        assertThat(manifest.at("/formats/json/annotations").asInt()).isEqualTo(manifest.get("annotations").asInt());
    }

    @Test
    void aPolygonOfAHundredThousandVerticesKeepsThemAll() {
        JsonNode coco = JsonMapper.shared().readTree(archive.get("coco/coco.json"));
        assertThat(coco.get("annotations").valueStream().mapToInt(node -> node.at("/segmentation/0").size()).max()).hasValue(200_000);
        assertThat(coco.get("annotations").valueStream().filter(node -> node.at("/bbox/0").asDouble() == -4)).hasSize(1);
    }

    private static ObjectNode item(String filename, int width, int height) {
        ObjectNode item = JsonMapper.shared().createObjectNode().put("filename", filename);
        ObjectNode system = item.putObject("metadata").putObject("system").put("mimetype", "image/jpeg");
        if (width > 0) {
            system.put("width", width).put("height", height);
        }
        item.putArray("annotations");
        return item;
    }

    private static void annotation(ObjectNode item, String type, String label, String coordinates) {
        ((ArrayNode) item.get("annotations")).addObject().put("type", type).put("label", label).set("coordinates", JsonMapper.shared().readTree(coordinates));
    }

    private static Stream<String> parents(String name) {
        return IntStream.range(0, name.length()).filter(i -> name.charAt(i) == '/').mapToObj(i -> name.substring(0, i));
    }

    private static long count(String prefix) {
        return archive.keySet().stream().filter(name -> name.startsWith(prefix)).count();
    }

    private static String text(String entry) {
        return new String(archive.get(entry), UTF_8);
    }

    private static void send(HttpClient client, HttpRequest.Builder request, String body, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }
}
