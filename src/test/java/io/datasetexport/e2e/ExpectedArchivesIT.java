package io.datasetexport.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The golden datasets from import to archive: every expected file, and nothing lost without a word. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {"dataset-export.data-dir=target/expected-archives-it",
    "dataset-export.demo=false"})
@Import(DatabaseTestConfiguration.class)
class ExpectedArchivesIT {

    @LocalServerPort private int port;

    @BeforeAll
    static void load(@LocalServerPort int port) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String name : List.of("mixed", "seed-coco", "seed-yolo", "seed-voc")) {
                GoldenDataset.named(name).load(client, port);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed", "seed-coco", "seed-yolo", "seed-voc"})
    void everyExpectedFileIsThereAndNoOther(String name) throws Exception {
        Archive archive = export(name, "json,coco,yolo,voc,masks");
        Map<String, Path> expected = new LinkedHashMap<>();
        GoldenDataset golden = GoldenDataset.named(name);
        golden.files("expected").forEach((file, path) -> expected.put(entry(file), path));
        for (Map.Entry<String, Path> file : expected.entrySet()) {
            assertThat(archive.entries()).containsKey(file.getKey());
            byte[] written = archive.entries().get(file.getKey());
            byte[] wanted = Files.readAllBytes(file.getValue());
            if (file.getKey().endsWith(".png")) {
                assertThat(pixels(written)).as(file.getKey()).isEqualTo(pixels(wanted));
            } else if (file.getKey().endsWith(".json")) {
                assertThat(JsonMapper.shared().readTree(written).toPrettyString()).isEqualTo(JsonMapper.shared().readTree(wanted).toPrettyString());
            } else {
                assertThat(new String(written, UTF_8)).as(file.getKey()).isEqualTo(new String(wanted, UTF_8));
            }
        }
        Set<String> own = Set.of("yolo/data.yaml", "yolo/classes.txt", "masks/labelmap.txt");
        Set<String> others = archive.entries().keySet().stream()
                .filter(entry -> !entry.startsWith("json/") && !entry.startsWith("_export/") && !own.contains(entry))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(others).isEqualTo(expected.keySet().stream().filter(entry -> !own.contains(entry)).collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed", "seed-coco", "seed-yolo", "seed-voc"})
    void everyItemIsThereWithAllOfItsAnnotations(String name) throws Exception {
        Archive archive = export(name, "json");
        GoldenDataset golden = GoldenDataset.named(name);
        Map<String, Path> items = golden.files("items");
        assertThat(archive.entries().keySet().stream().filter(entry -> entry.startsWith("json/")).map(entry -> entry.substring(5)))
                .containsExactlyInAnyOrderElementsOf(items.keySet());
        for (Map.Entry<String, Path> item : items.entrySet()) {
            JsonNode source = JsonMapper.shared().readTree(Files.readString(item.getValue()));
            JsonNode written = archive.json("json/" + item.getKey());
            assertThat(written.get("metadata")).isEqualTo(source.get("metadata"));
            assertThat(written.get("annotations").valueStream().map(ExpectedArchivesIT::geometry).toList())
                    .isEqualTo(source.get("annotations").valueStream().map(ExpectedArchivesIT::geometry).toList());
        }
    }

    /** The expectation was written by hand, from the items and the formats' rules. */
    @Test
    void eachLossIsALine() throws Exception {
        Archive archive = export("mixed", "coco,yolo,voc,masks");
        List<String> lines = archive.text("_export/skipped.ndjson").lines().map(ExpectedArchivesIT::loss).sorted().toList();
        List<String> expected;
        try (var in = ExpectedArchivesIT.class.getResourceAsStream("/golden/mixed-skipped.txt")) {
            expected = new String(in.readAllBytes(), UTF_8).lines().filter(line -> !line.isBlank()).sorted().toList();
        }
        assertThat(lines).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"coco,11", "yolo,16", "voc,16", "masks,26"})
    void theManifestCountsWhatAShapeAloneLeavesOut(String format, int count) throws Exception {
        assertThat(export("mixed", "coco,yolo,voc,masks").manifest().at("/formats/" + format + "/leftOut/unsupported-shape").asInt()).isEqualTo(count);
    }

    private static String geometry(JsonNode annotation) {
        return annotation.get("id").asString() + annotation.get("type") + annotation.get("label") + annotation.get("coordinates");
    }

    private static String loss(String line) {
        JsonNode loss = JsonMapper.shared().readTree(line);
        String what = loss.has("annotation") ? loss.get("annotation").asString().substring(21) : loss.has("count") ? "x" + loss.get("count") : "item";
        return String.join(
                " ", loss.get("format").asString(), loss.get("effect").asString(), loss.get("reason").asString(), loss.get("path").asString(), what);
    }

    /** Where an archive of ours has an expected file. */
    private static String entry(String file) {
        if (file.endsWith(".names.txt")) {
            return "yolo/classes.txt";
        }
        if (!file.startsWith("mask/")) {
            return file;
        }
        String path = file.substring("mask/".length());
        String directory = path.substring(0, path.lastIndexOf('/'));
        if (!directory.matches(".*\\.[a-z]+")) {
            return "masks/combined/" + path;
        }
        String label = path.substring(directory.length() + 1).replaceFirst("\\.png$", "");
        return "masks/labels/" + label + "/" + directory + ".png";
    }

    private static List<Integer> pixels(byte[] png) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
        int[] argb = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        return IntStream.concat(IntStream.of(picture.getWidth(), picture.getHeight()), IntStream.of(argb)).boxed().toList();
    }

    private Archive export(String dataset, String include) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + port + "/api/v1/datasets/" + dataset + "/export?include=" + include);
            return Archive.of(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray()).body());
        }
    }
}
