package io.datasetexport.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.raster.RunLengths;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Other people's COCO files, in and out again: what was in them is there, or the import has said that it is lost. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class CocoRoundTripIT {

    private static final Logger log = LoggerFactory.getLogger(CocoRoundTripIT.class);
    private static final Path REAL = Path.of("../shared/data/real");
    private static final String DATASET = "/api/v1/datasets/coco-round";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final double EXACT_ENOUGH = 1e-9;

    @LocalServerPort private int port;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void everyRealFileComesBack() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(REAL));
        int files = 0;
        int annotations = 0;
        for (Path file : jsonFiles()) {
            byte[] body = Files.readAllBytes(file);
            JsonNode coco = read(body);
            if (coco == null || !coco.path("images").isArray() || !coco.path("annotations").isArray()) {
                continue;
            }
            request("DELETE", DATASET, new byte[0]);
            assertThat(request("POST", "/api/v1/datasets", "{\"id\":\"coco-round\",\"name\":\"d\"}".getBytes(UTF_8)).statusCode()).isEqualTo(201);
            HttpResponse<byte[]> imported = request("POST", DATASET + "/import?format=coco", body);
            assertThat(imported.statusCode()).as("%s: %s", file, new String(imported.body(), UTF_8)).isEqualTo(200);
            JsonNode exported = coco(request("GET", DATASET + "/export?include=coco", new byte[0]).body());

            annotations += check(file, coco, exported, JSON.readTree(imported.body()));
            files++;
        }
        log.info("{} COCO files with {} shapes came back", files, annotations);
        assertThat(files).isGreaterThan(45);
        assertThat(annotations).isGreaterThan(3000);
    }

    private static List<Path> jsonFiles() throws IOException {
        try (Stream<Path> all = Files.walk(REAL)) {
            return all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static @Nullable JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Returns how many shapes were compared. */
    private static int check(Path file, JsonNode coco, JsonNode exported, JsonNode answer) {
        Map<String, String> imageNames = new HashMap<>();
        List<String> images = new ArrayList<>();
        for (JsonNode image : coco.get("images")) {
            String name = image.get("file_name").stringValue();
            imageNames.put(image.get("id").asString(), name);
            if (image.path("width").asInt(0) > 0 && image.path("height").asInt(0) > 0) {
                images.add(name + " " + image.get("width") + " " + image.get("height"));
            }
        }
        Map<String, String> exportedNames = new HashMap<>();
        List<String> exportedImages = new ArrayList<>();
        for (JsonNode image : exported.get("images")) {
            exportedNames.put(image.get("id").asString(), image.get("file_name").stringValue());
            exportedImages.add(image.get("file_name").stringValue() + " " + image.get("width") + " " + image.get("height"));
        }
        assertThat(exportedImages).as("images of %s", file).containsExactlyInAnyOrderElementsOf(images);

        Map<String, String> categories = names(coco.path("categories"));
        Map<String, String> exportedCategories = names(exported.get("categories"));
        assertThat(exportedCategories.values()).as("categories of %s", file).containsExactlyInAnyOrderElementsOf(categories.values());

        List<Shape> expected = new ArrayList<>();
        int shapeless = 0;
        for (JsonNode annotation : coco.get("annotations")) {
            String image = String.valueOf(imageNames.get(annotation.get("image_id").asString()));
            String category = String.valueOf(categories.get(annotation.path("category_id").asString("")));
            List<Shape> shapes = shapes(image, category, annotation);
            if (shapes.isEmpty()) {
                shapeless++;
            } else if (images.stream().anyMatch(known -> known.startsWith(image + " "))) {
                expected.addAll(shapes);
            }
        }
        List<Shape> left = new ArrayList<>();
        for (JsonNode annotation : exported.get("annotations")) {
            String image = String.valueOf(exportedNames.get(annotation.get("image_id").asString()));
            left.addAll(shapes(image, String.valueOf(exportedCategories.get(annotation.get("category_id").asString())), annotation));
            if (annotation.get("segmentation").isObject()) {
                assertThat(annotation.get("area").asInt()).as(file.toString()).isEqualTo(area(annotation.get("segmentation")));
            }
        }
        int count = expected.size();
        assertThat(left).as("annotations of %s", file).hasSize(count);
        for (Shape shape : expected) {
            int at = 0;
            while (at < left.size() && !left.get(at).isLike(shape)) {
                at++;
            }
            assertThat(at).as("%s of %s is among %s", shape, file, left).isLessThan(left.size());
            left.remove(at);
        }
        JsonNode lost = answer.get("lost");
        log.info("{}: {} images, {} of them with a size, {} categories, {} annotations, {} shapes; lost {}", REAL.relativize(file), imageNames.size(),
                images.size(), categories.size(), coco.get("annotations").size(), count, lost);
        List<String> said = lost.values().stream().map(JsonNode::stringValue).toList();
        if (shapeless > 0) {
            assertThat(said).as(file.toString()).contains("annotations without a shape: " + shapeless);
        }
        for (String member : List.of("info", "licenses")) {
            assertThat(said.contains(member + ": 1")).as("%s of %s", member, file).isEqualTo(coco.has(member));
        }
        return count;
    }

    private static Map<String, String> names(JsonNode categories) {
        Map<String, String> names = new HashMap<>();
        categories.forEach(category -> names.put(category.get("id").asString(), category.get("name").stringValue()));
        return names;
    }

    /** @param numbers corners of a polygon, left, top, width and height of a box, the area of a mask */
    private record Shape(String image, String category, String kind, double[] numbers) {

        boolean isLike(Shape other) {
            if (!image.equals(other.image) || !category.equals(other.category) || !kind.equals(other.kind) || numbers.length != other.numbers.length) {
                return false;
            }
            for (int i = 0; i < numbers.length; i++) {
                if (Math.abs(numbers[i] - other.numbers[i]) > EXACT_ENOUGH) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return image + " " + category + " " + kind + " " + Arrays.toString(numbers);
        }
    }

    private static List<Shape> shapes(String image, String category, JsonNode annotation) {
        JsonNode segmentation = annotation.path("segmentation");
        if (segmentation.isObject()) {
            return List.of(new Shape(image, category, "mask", new double[] {area(segmentation)}));
        }
        if (segmentation.isArray() && !segmentation.isEmpty() && !segmentation.get(0).isEmpty()) {
            List<Shape> parts = new ArrayList<>();
            segmentation.forEach(part -> parts.add(new Shape(image, category, "polygon", numbers(part))));
            return parts;
        }
        return annotation.has("bbox") ? List.of(new Shape(image, category, "box", numbers(annotation.get("bbox")))) : List.of();
    }

    private static double[] numbers(JsonNode list) {
        return list.values().stream().mapToDouble(JsonNode::asDouble).toArray();
    }

    private static int area(JsonNode segmentation) {
        JsonNode counts = segmentation.get("counts");
        int[] runs = counts.isString()
                ? RunLengths.parse(counts.stringValue())
                : counts.values().stream().mapToInt(JsonNode::intValue).toArray();
        assertThat(runs).isNotNull();
        int area = 0;
        for (int i = 1; i < runs.length; i += 2) {
            area += runs[i];
        }
        return area;
    }

    private static JsonNode coco(byte[] archive) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("coco/coco.json")) {
                    return JSON.readTree(zip.readAllBytes());
                }
            }
        }
        throw new AssertionError("The archive has no coco/coco.json");
    }

    private HttpResponse<byte[]> request(String method, String path, byte[] body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }
}
