package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a plan says is what the manifest of the same export says. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class PlanIT {

    private static final int DATASETS = Boolean.getBoolean("soak") ? 50 : 5;
    private static final int REQUESTS = 10;
    private static final List<String> FORMATS = List.of("json", "masks", "items", "coco", "yolo", "voc");
    private static final List<String> COUNTS = List.of("items", "annotations", "leftOut", "changed");

    @LocalServerPort private int port;

    @Autowired private JdbcClient jdbc;

    private Wire wire;

    @BeforeEach
    void connect() {
        wire = new Wire(port);
    }

    @Test
    void isTheManifestOfTheSameExport() throws Exception {
        Set<String> reasons = new TreeSet<>();
        Set<String> undecided = new TreeSet<>();
        int exact = 0;
        for (int seed = 0; seed < DATASETS; seed++) {
            Random random = new Random(seed);
            String dataset = "plan" + seed;
            create(dataset, random, seed % 2 == 0);
            for (int i = 0; i < REQUESTS; i++) {
                String request = request(random);
                JsonNode plan = plan(dataset, request);
                JsonNode manifest = manifest(dataset, request);
                String as = "seed " + seed + ": " + request + "\n" + plan;

                assertThat(plan.get("revision")).as(as).isEqualTo(manifest.get("revision"));
                assertThat(plan.get("request")).as(as).isEqualTo(manifest.get("request"));
                assertThat(plan.get("items")).as(as).isEqualTo(manifest.get("items"));
                assertThat(plan.get("annotations")).as(as).isEqualTo(manifest.get("annotations"));
                assertThat(total(plan)).as(as).isEqualTo(plan.get("annotations").longValue());
                for (Map.Entry<String, JsonNode> format : plan.get("formats").properties()) {
                    JsonNode found = manifest.get("formats").get(format.getKey());
                    if (format.getValue().has("atLeast")) {
                        Set<String> onlyReadingTells = onlyReadingTells(format.getKey(), request);
                        assertThat(seed % 2 == 0 || !onlyReadingTells.isEmpty()).as("has doubtful shapes: " + as).isTrue();
                        assertAtLeast(found, format.getValue(), as);
                        if (found.get("annotations").longValue() > format.getValue().get("annotations").longValue()) {
                            undecided.addAll(onlyReadingTells);
                        }
                    } else {
                        exact++;
                        COUNTS.forEach(count -> assertThat(format.getValue().get(count)).as(format.getKey() + " " + count + " " + as + found)
                                .isEqualTo(found.get(count)));
                    }
                    reasons.addAll(found.get("leftOut").propertyNames());
                    reasons.addAll(found.get("changed").propertyNames());
                }
            }
        }
        assertThat(exact).isGreaterThan(DATASETS * REQUESTS);
        assertThat(undecided).containsExactly("keypoints", "segment", "video");
        assertThat(reasons).contains("unsupported-shape", "attributes", "rotation", "holes", "not-image", "no-size", "unknown-label",
                "empty-geometry", "non-finite", "mask-size", "mask-too-large", "mask-undecodable", "missing-item", "external-file", "missing-file",
                "illegal-characters");
    }

    /** The options of a request with which a format holds what has no stored facts. */
    private static Set<String> onlyReadingTells(String format, String request) {
        Map<String, String> options = switch (format) {
            case "coco" -> Map.of("keypoints", "\"keypoints\":true");
            case "yolo" -> Map.of("segment", "\"task\":\"segment\"", "video", "\"video\":true");
            default -> Map.of();
        };
        return options.keySet().stream().filter(option -> request.contains(options.get(option))).collect(Collectors.toSet());
    }

    @Test
    void saysWhatTheCountsDoNot() throws IOException {
        wire.post("/api/v1/datasets", "{\"id\":\"plan-w\",\"name\":\"W\",\"labels\":[{\"tag\":\"a\",\"children\":[{\"tag\":\"x\"}]},"
                + "{\"tag\":\"b\",\"children\":[{\"tag\":\"x\"}]}]}");
        load("plan-w", "{\"id\":\"1\",\"filename\":\"/1.jpg\",\"annotations\":[" + annotation("segment", "a.x", "[[" + point(1, 1) + "]]") + "]}");

        JsonNode plan = plan("plan-w", "{\"include\":[\"masks\",\"coco\"]}");

        assertThat(plan.get("warnings").values().stream().map(w -> w.get("warning").stringValue() + " " + w.get("count")))
                .containsExactly("no-size 1", "polygons-not-drawn 1", "shared-leaf-names 1");
        assertThat(plan.get("annotationsBy").toString()).isEqualTo("[{\"type\":\"segment\",\"label\":\"a.x\",\"annotations\":1}]");
        assertThat(plan.get("estimatedBytes").longValue()).isBetween(1_000L, 10_000L);
    }

    /** Another program may have written the rows, and only the export looks at them. */
    @Test
    void saysAtLeastWhereFactsAreUnknown() throws Exception {
        wire.post("/api/v1/datasets", "{\"id\":\"plan-u\",\"name\":\"U\",\"labels\":[{\"tag\":\"cat\"}]}");
        load("plan-u", item(1, "image/jpeg", 10, 10, annotation("box", "cat", box(1, 2)) + "," + annotation("box", "cat", box(1, 3))
                + "," + annotation("point", "cat", point(1, 1))));
        jdbc.sql("update annotation set coordinates = '[{\"x\":1,\"y\":2},{\"x\":\"?\",\"y\":2}]' where ordinal = 0 and dataset_key ="
                + " (select key from dataset where id = 'plan-u')").update();

        JsonNode plan = plan("plan-u", "{\"include\":[\"json\",\"yolo\"]}");

        assertThat(plan.get("formats").get("json").has("atLeast")).isFalse();
        assertThat(plan.get("formats").get("yolo").toString()).isEqualTo("{\"items\":1,\"annotations\":1,"
                + "\"leftOut\":{\"unsupported-shape\":1},\"changed\":{},\"atLeast\":true,\"undecided\":1}");
        assertThat(plan.get("warnings").get(0).get("warning").stringValue()).isEqualTo("unknown-facts");
        assertThat(manifest("plan-u", "{\"include\":[\"yolo\"]}").get("formats").get("yolo").get("leftOut").toString())
                .isEqualTo("{\"unsupported-shape\":1,\"non-finite\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"nobody\"]}}",
        "{\"scope\":{\"type\":\"query\",\"query\":{\"filter\":{\"$where\":1}}}}",
        "{\"scope\":{\"type\":\"query\",\"query\":{\"filter\":{\"id\":{\"$in\":\"x\"}}}}}",
        "{\"include\":[\"png\"]}",
        "{\"include\":[\"items\"]}",
        "{\"include\":[\"yolo\"],\"options\":{\"classes\":{\"nobody\":1}}}",
        "{\"annotationsQuery\":{\"filter\":{\"dir\":\"/\"}}}",
        "{\"profile\":\"trainer\"}",
        "{\"scop\":{}}",
        "[]"
    })
    void refusesWhatTheExportRefuses(String request) throws IOException {
        if (wire.post("/api/v1/datasets", "{\"id\":\"plan-r\",\"name\":\"R\"}").status() == 201) {
            load("plan-r", item(1, "image/jpeg", 10, 10, ""));
        }

        Wire.Answer plan = wire.post("/api/v1/datasets/plan-r/export/plan", request);
        Wire.Answer export = wire.post("/api/v1/datasets/plan-r/export", request);

        assertThat(plan.status()).isGreaterThanOrEqualTo(400);
        assertThat(plan.status()).isEqualTo(export.status());
        assertThat(plan.json().get("type")).isEqualTo(export.json().get("type"));
        assertThat(plan.json().get("pointer")).isEqualTo(export.json().get("pointer"));
    }

    @Test
    void knowsNoDatasetThatIsNotThere() throws IOException {
        assertThat(wire.post("/api/v1/datasets/nobody/export/plan", "{}").status()).isEqualTo(404);
        assertThat(wire.post("/api/v1/datasets/nobody/export/plan", "{}").problem()).isEqualTo("not-found");
    }

    private static long total(JsonNode plan) {
        return plan.get("annotationsBy").values().stream().mapToLong(group -> group.get("annotations").longValue()).sum();
    }

    private static void assertAtLeast(JsonNode found, JsonNode least, String as) {
        long more = 0;
        assertThat(found.get("items").longValue()).as(as).isGreaterThanOrEqualTo(least.get("items").longValue());
        more += found.get("annotations").longValue() - least.get("annotations").longValue();
        assertThat(more).as(as).isNotNegative();
        for (String kind : List.of("leftOut", "changed")) {
            for (Map.Entry<String, JsonNode> reason : least.get(kind).properties()) {
                assertThat(found.get(kind).get(reason.getKey()).longValue()).as(reason + as).isGreaterThanOrEqualTo(reason.getValue().longValue());
            }
        }
        for (JsonNode count : found.get("leftOut").values()) {
            more += count.longValue();
        }
        for (JsonNode count : least.get("leftOut").values()) {
            more -= count.longValue();
        }
        assertThat(more).as("the undecided ones: " + as).isEqualTo(least.get("undecided").longValue());
    }

    private JsonNode plan(String dataset, String request) throws IOException {
        Wire.Answer answer = wire.post("/api/v1/datasets/" + dataset + "/export/plan", request);
        assertThat(answer.status()).as(request + answer.body()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        return answer.json();
    }

    private JsonNode manifest(String dataset, String request) throws Exception {
        HttpRequest post = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/datasets/" + dataset + "/export"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build();
        byte[] archive;
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<byte[]> response = client.send(post, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).as(request).isEqualTo(200);
            archive = response.body();
        }
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("_export/manifest.json")) {
                    return JsonMapper.shared().readTree(zip.readAllBytes());
                }
            }
        }
        throw new AssertionError("no manifest");
    }

    private static String request(Random random) {
        Map<String, String> request = new TreeMap<>();
        List<String> include = FORMATS.stream().filter(any -> random.nextBoolean()).toList();
        request.put("include", (include.isEmpty() ? FORMATS : include).stream().collect(Collectors.joining("\",\"", "[\"", "\"]")));
        List<String> options = new ArrayList<>();
        options.add("\"masks\":{\"polygons\":" + random.nextBoolean() + "}");
        options.add("\"yolo\":{" + List.of("\"task\":\"detect\"", "\"task\":\"segment\"", "\"video\":true").get(random.nextInt(3)) + "}");
        options.add("\"coco\":{\"polygons\":\"" + (random.nextBoolean() ? "list" : "rle") + "\",\"keypoints\":" + (random.nextInt(3) == 0) + "}");
        options.add("\"unavailable\":\"report\"");
        options.add("\"classes\":\"" + (random.nextBoolean() ? "pinned" : "sorted") + "\"");
        switch (random.nextInt(4)) {
            case 0 -> {
                options.add("\"missing\":\"report\"");
                request.put("scope", "{\"type\":\"items\",\"itemIds\":[\"i1\",\"i2\",\"i" + random.nextInt(60) + "\",\"nobody\"]}");
            }
            case 1 -> request.put("scope", "{\"type\":\"query\",\"query\":{\"filter\":{\"filename\":\"/"
                    + random.nextInt(3) + "/*\"}}}");
            case 2 -> request.put("scope", "{\"type\":\"query\",\"query\":{\"filter\":{},\"join\":{\"on\":{\"resource\":\"annotations\","
                    + "\"local\":\"itemId\",\"forigen\":\"id\"},\"filter\":{\"label\":\"cat\"}}}}");
            default -> {}
        }
        switch (random.nextInt(4)) {
            case 0 -> request.put("annotationsQuery", "{\"filter\":{\"label\":{\"$in\":[\"cat\",\"d*\"]}}}");
            case 1 -> request.put("annotationsQuery", "{\"filter\":{\"type\":{\"$ne\":\"box\"}},\"join\":{\"on\":{\"resource\":\"items\","
                    + "\"local\":\"id\",\"forigen\":\"itemId\"},\"filter\":{\"metadata.system.width\":{\"$gt\":8}}}}");
            default -> {}
        }
        request.put("options", "{" + String.join(",", options) + "}");
        return request.entrySet().stream().map(e -> "\"" + e.getKey() + "\":" + e.getValue()).collect(Collectors.joining(",", "{", "}"));
    }

    private void create(String dataset, Random random, boolean doubtful) throws IOException {
        wire.post("/api/v1/datasets", "{\"id\":\"" + dataset + "\",\"name\":\"" + dataset + "\",\"labels\":[{\"tag\":\"cat\"},{\"tag\":\"dog\"},"
                + "{\"tag\":\"gone\"}]}");
        jdbc.sql("insert into label (dataset_key, number, path, segments, folder, folder_key) select key, 7, e'two\\nlines', array[e'two\\nlines'],"
                + " 'two_lines', 'two_lines' from dataset where id = ?").param(dataset).update();
        jdbc.sql("update dataset set recipe = '{\"metadata\":{\"system\":{\"collectionTemplates\":[{\"id\":\"t\",\"name\":\"cat\","
                + "\"order\":[\"head\",\"hand\"]}]}}}' where id = ?").param(dataset).update();
        List<String> items = IntStream.range(0, 60).mapToObj(i -> item(random, i, doubtful)).toList();
        load(dataset, String.join("\n", items));
        byte[] png = Base64.getDecoder().decode(mask(10, 8).substring(1, mask(10, 8).length() - 1).split(",")[1]);
        for (int i = 2; i < 5; i++) {
            Wire.Answer kept = wire.send("PUT", "/api/v1/datasets/" + dataset + "/items/i" + i + "/content", "Content-Type: image/png\r\n", png);
            assertThat(kept.status()).as(kept.body()).isBetween(200, 204);
        }
        jdbc.sql("update item set storage = 'external' where id like '%1' and dataset_key = (select key from dataset where id = ?)")
                .param(dataset).update();
        jdbc.sql("update label set retired = true where path = 'gone'").update();
    }

    private void load(String dataset, String items) throws IOException {
        Wire.Answer loaded = wire.send("POST", "/api/v1/datasets/" + dataset + "/import?labels=keep",
                "Content-Type: application/x-ndjson\r\n", items.getBytes(StandardCharsets.UTF_8));
        assertThat(loaded.status()).as(loaded.body()).isEqualTo(200);
    }

    private static String item(Random random, int i, boolean doubtful) {
        String annotations = IntStream.range(0, random.nextInt(7))
                .mapToObj(any -> annotation(random, doubtful))
                .collect(Collectors.joining(","));
        if (random.nextInt(3) == 0) {
            annotations += (annotations.isEmpty() ? "" : ",") + pose(random, i);
        }
        String mimetype = switch (random.nextInt(8)) {
            case 0 -> "video/mp4";
            case 1 -> "";
            default -> "image/jpeg";
        };
        int side = doubtful && random.nextInt(10) == 0 ? 20_000 : 10;
        return random.nextInt(8) == 0 ? item(i, mimetype, 0, 0, annotations) : item(i, mimetype, side, random.nextInt(9) == 0 ? 5000 : 8, annotations);
    }

    private static String item(int i, String mimetype, int width, int height, String annotations) {
        String name = i % 11 == 0 ? "\\u0002" + i + ".jpg" : i % 7 == 0 ? "x" + i : i + ".JPG";
        return "{\"id\":\"i" + i + "\",\"filename\":\"/" + i % 3 + "/" + name + "\",\"hidden\":" + (i % 13 == 0) + ",\"metadata\":{\"system\":{"
                + (mimetype.isEmpty() ? "\"n\":1" : "\"mimetype\":\"" + mimetype + "\"")
                + (width == 0 ? "" : ",\"width\":" + width + ",\"height\":" + height)
                + (i % 5 == 0 ? ",\"exif\":{\"Orientation\":6}" : "") + "}},\"annotations\":[" + annotations + "]}";
    }

    private static String annotation(Random random, boolean doubtful) {
        String label = List.of("cat", "cat", "dog", "two\\nlines", "gone", "nobody", "\\u0001x").get(random.nextInt(7));
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> annotation(random, "box", label, switch (random.nextInt(doubtful ? 8 : 7)) {
                case 0 -> "[" + point(1, 2) + "," + point(5, 6) + ",45]";
                case 1 -> "[" + point(1, 2) + "]";
                case 2 -> "[" + point(1, 2) + ",{\"x\":\"1\",\"y\":2}]";
                case 7 -> "[" + point(1, 2) + ",{\"x\":1e308,\"y\":1e308}]";
                default -> box(random.nextInt(9), 2);
            });
            case 3, 4 -> annotation(random, "segment", label, switch (random.nextInt(doubtful ? 8 : 7)) {
                case 0 -> "[[" + point(1, 2) + "," + point(5, 6) + "," + point(5, 1) + "],[" + point(2, 2) + "]]";
                case 1 -> "[" + point(1, 2) + "," + point(5, 6) + "]";
                case 2 -> "[]";
                case 3 -> "[[" + point(1, 2) + ",3]]";
                case 7 -> "[[" + point(1, 2) + ",{\"x\":-1.7e308,\"y\":7}," + "{\"x\":1.7e308,\"y\":7}]]";
                default -> "[[" + point(1, 2) + "," + point(5, 6) + "," + point(5, 1) + "]]";
            });
            case 5, 6 -> annotation(random, "binary", label, switch (random.nextInt(8)) {
                case 0 -> mask(8, 10);
                case 1 -> "{\"data\":" + mask(10, 8) + "}";
                case 2 -> mask(10, 8).substring(0, 80) + "\"";
                case 3 -> "\"data:image/png;base64,bm8gUE5HIGF0IGFsbCwgcmVhbGx5\"";
                case 4 -> "null";
                case 5 -> mask(10, 8, true);
                case 6 -> huge(mask(10, 8));
                default -> mask(10, 8);
            });
            case 7 -> annotation(random, "point", label, point(1, 1));
            default -> annotation(random, "class", label, "[]");
        };
    }

    /** A pose with its points, sometimes without one of them. */
    private static String pose(Random random, int item) {
        List<String> all = new ArrayList<>();
        all.add("{\"id\":\"pose" + item + "\",\"type\":\"pose\",\"label\":\"" + (random.nextBoolean() ? "cat" : "dog")
                + "\",\"coordinates\":{\"templateId\":\"" + (random.nextInt(4) > 0 ? "t" : "other") + "\"}}");
        for (String name : List.of("head", "hand").subList(random.nextInt(4) / 3, 2)) {
            all.add(annotation("point", name, point(1, 1)).replaceFirst("}$", ",\"attributes\":[\"" + (random.nextBoolean() ? "visible" : "big")
                    + "\"],\"metadata\":{\"system\":{\"parentId\":\"pose" + item + "\"}}}"));
        }
        return String.join(",", all);
    }

    private static String annotation(Random random, String type, String label, String coordinates) {
        String list = random.nextInt(3) == 0 ? ",\"attributes\":[\"a\"]" : ",\"attributes\":[]";
        List<String> system = new ArrayList<>();
        if (random.nextInt(3) == 0) {
            system.add("\"attributes\":{\"1\":true}");
        }
        if (random.nextInt(3) > 0) {
            system.add("\"objectId\":\"1\",\"frame\":1,\"endFrame\":" + random.nextInt(4));
        }
        String metadata = system.isEmpty() ? "" : ",\"metadata\":{\"system\":{" + String.join(",", system) + "}}";
        return annotation(type, label, coordinates).replaceFirst("}$", list + metadata + "}");
    }

    private static String annotation(String type, String label, String coordinates) {
        return "{\"type\":\"" + type + "\",\"label\":\"" + label + "\",\"coordinates\":" + coordinates + "}";
    }

    private static String box(int x, int y) {
        return "[" + point(x, y) + "," + point(5, 7) + "]";
    }

    private static String point(int x, int y) {
        return "{\"x\":" + x + ".5,\"y\":" + y + "}";
    }

    private static String mask(int width, int height) {
        return mask(width, height, false);
    }

    private static String mask(int width, int height, boolean damaged) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(2, 3, 0xffff0000);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        byte[] bytes = png.toByteArray();
        if (damaged) {
            bytes[45] ^= 1;
        }
        return "\"data:image/png;base64," + Base64.getEncoder().encodeToString(bytes) + "\"";
    }

    /** The same PNG with another size in its header, whose checksum is wrong then. */
    private static String huge(String mask) {
        byte[] bytes = Base64.getDecoder().decode(mask.substring(mask.indexOf(',') + 1, mask.length() - 1));
        bytes[18] = 0x7f;
        return "\"data:image/png;base64," + Base64.getEncoder().encodeToString(bytes) + "\"";
    }
}
