package io.datasetexport.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
import java.util.stream.Stream;
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
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
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

    @Test
    void cocoHasPolygonsAsListsOrAsRunsOfTheSamePixels() throws Exception {
        JsonNode lists = export("mixed", "coco&coco.polygons=list").json("coco/coco.json").get("annotations");
        JsonNode runs = export("mixed", "coco&coco.polygons=rle").json("coco/coco.json").get("annotations");
        assertThat(lists).isEqualTo(export("mixed", "coco").json("coco/coco.json").get("annotations"));
        int polygons = 0;
        for (int i = 0; i < lists.size(); i++) {
            JsonNode segmentation = lists.get(i).get("segmentation");
            boolean polygon = segmentation.isArray() && !segmentation.isEmpty();
            polygons += polygon ? 1 : 0;
            assertThat(runs.get(i).get("segmentation").isObject()).isEqualTo(polygon || segmentation.isObject());
            for (String member : List.of("bbox", "area", "iscrowd", "category_id", "image_id", "id")) {
                assertThat(runs.get(i).get(member)).isEqualTo(lists.get(i).get(member));
            }
        }
        assertThat(polygons).isPositive();
    }

    @Test
    void cocoHasPosesWhenKeyPointsAreAskedFor() throws Exception {
        Archive archive = export("mixed", "coco&coco.keypoints=true");
        JsonNode category = archive.json("coco/coco.json").get("categories").valueStream().filter(node -> node.has("keypoints")).findFirst().orElseThrow();
        JsonNode pose = archive.json("coco/coco.json").get("annotations").valueStream().filter(node -> node.has("keypoints")).findFirst().orElseThrow();
        assertThat(category.get("skeleton").toString()).isEqualTo("[[0,1],[1,2]]");
        assertThat(pose.get("category_id")).isEqualTo(category.get("id"));
        assertThat(pose.get("keypoints").toString()).isEqualTo("[1.5,2.0,0,5.0,6.0,0,9.0,9.5,0]");
        assertThat(archive.text("_export/skipped.ndjson")).doesNotContain("/mix/pose.jpg");
    }

    @Test
    void yoloHasOutlinesOfPolygonsAndMasksOrBoxes() throws Exception {
        Archive archive = export("mixed", "yolo&yolo.task=segment");
        assertThat(archive.text("yolo/mix/all-types.txt").lines()).allMatch(line -> line.split(" ").length >= 7);
        // Six polygons and masks, less the polygon of the item without a size.
        assertThat(archive.manifest().at("/formats/yolo/annotations").asInt()).isEqualTo(5);
        assertThat(archive.manifest().at("/formats/yolo/changed/holes").asInt()).isEqualTo(1);
        assertThat(archive.manifest().at("/formats/yolo/leftOut/unsupported-shape").asInt()).isPositive();
    }

    @Test
    void yoloHasTheFramesOfVideosWhenTheyAreAskedFor() throws Exception {
        assertThat(export("mixed", "yolo&yolo.video=true").text("yolo/mix/clip.txt").lines()).hasSize(6).first().asString()
                .isEqualTo("2 7 1 0.09375 0.125 0.125 0.16666666666666666");
        assertThat(export("mixed", "yolo").entries()).doesNotContainKey("yolo/mix/clip.txt");
        assertThat(get("mixed", "yolo&yolo.video=true&yolo.task=segment").statusCode()).isEqualTo(400);
    }

    @Test
    void classNumbersAreTheOnesThatAreAskedFor() throws Exception {
        String sorted = export("mixed", "yolo&classes=sorted").text("yolo/classes.txt");
        assertThat(sorted.lines()).isSorted().hasSize(8);
        String map =
                "%7B%22a%26b%3Cc%3E%5C%22%22:9,%22cat%22:2,%22dog%22:1,%22dog.black%22:3,%22dog.white%22:4,%22person%22:5,%22skeleton%22:6,%22%C3%BCber%22:0%7D";
        Archive given = export("mixed", "yolo,coco&classes=" + map);
        assertThat(given.text("yolo/classes.txt").lines()).containsSequence("über", "dog", "cat").hasSize(10);
        assertThat(given.json("coco/coco.json").get("categories").get(0).toString()).isEqualTo("{\"id\":1,\"name\":\"über\"}");
    }

    @Test
    void masksShowPolygonsWhenTheyAreAskedFor() throws Exception {
        Archive with = export("mixed", "masks&masks.polygons=true");
        assertThat(with.entries()).containsKey("masks/combined/mix/out.jpg.png");
        assertThat(export("mixed", "masks").entries()).doesNotContainKey("masks/combined/mix/out.jpg.png");
    }

    @Test
    void itemsCsvNamesTheEntriesOfEachItem() throws Exception {
        Archive archive = export("mixed", "json,masks,coco,yolo,voc");
        Set<String> named = archive.text("_export/items.csv").lines().skip(1)
                .flatMap(line -> Stream.of(line.split(",")).skip(2)).map(cell -> cell.replace("\"", "")).filter(cell -> !cell.isEmpty())
                .collect(Collectors.toSet());
        Set<String> ofItems = archive.entries().keySet().stream()
                .filter(entry -> entry.matches("(json|voc)/.*|masks/combined/.*|yolo/.*/.*"))
                .collect(Collectors.toSet());
        assertThat(named).isEqualTo(ofItems);
        assertThat(archive.text("_export/items.csv").lines().filter(line -> line.contains("/mix/all-types.png,"))).singleElement().asString()
                .endsWith(",/mix/all-types.png,json/mix/all-types.png.json,masks/combined/mix/all-types.png.png,,yolo/mix/all-types.txt,voc/mix/all-types.xml");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {
        "classes=%7B%22cat%22:0%7D 422", "classes=%7B%22nobody%22:0%7D 422", "coco.polygons=png 400", "include=pdf 400", "yolo.video=1 400"
    })
    void aRefusalIsTheSameForGetAndHeadAndWithATag(String parameter, int status) throws Exception {
        URI uri = URI.create("http://localhost:" + port + "/api/v1/datasets/mixed/export?" + parameter);
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (HttpRequest.Builder request : List.of(
                    HttpRequest.newBuilder(uri), HttpRequest.newBuilder(uri).HEAD(), HttpRequest.newBuilder(uri).header("If-None-Match", "*"),
                    HttpRequest.newBuilder(uri).HEAD().header("If-None-Match", "*"))) {
                HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
                assertThat(response.statusCode()).isEqualTo(status);
                assertThat(response.headers().firstValue("ETag")).isEmpty();
            }
        }
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
        return Archive.of(get(dataset, include).body());
    }

    private HttpResponse<byte[]> get(String dataset, String include) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://localhost:" + port + "/api/v1/datasets/" + dataset + "/export?include=" + include);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofByteArray());
        }
    }
}
