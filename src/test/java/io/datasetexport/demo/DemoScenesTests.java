package io.datasetexport.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoScenesTests {

    private static final JsonMapper JSON = new JsonMapper();
    private static final byte[] NDJSON = read();
    private static final List<JsonNode> ITEMS = new String(NDJSON, StandardCharsets.UTF_8).lines().map(JSON::readTree).toList();

    @Test
    void drawsTheSameBytesAgain() throws Exception {
        assertThat(sha256(read())).isEqualTo(sha256(NDJSON));
    }

    @Test
    void paintsTheSameFilesAgain() throws Exception {
        for (DemoItem item : DemoScenes.items()) {
            if (item.hasFile()) {
                assertThat(file(item)).as(item.filename()).isEqualTo(file(item));
            }
        }
    }

    @Test
    void hasALineForEachItem() {
        assertThat(ITEMS).hasSizeGreaterThan(30);
        assertThat(ITEMS).extracting(item -> item.path("id").asString() + item.path("filename").asString())
                .containsExactlyElementsOf(DemoScenes.items().stream().map(item -> item.id() + item.filename()).toList());
        assertThat(NDJSON[NDJSON.length - 1]).isEqualTo((byte) '\n');
    }

    @Test
    void readsByteByByteAsInBulk() throws Exception {
        List<Integer> bytes = new ArrayList<>();
        try (InputStream in = DemoScenes.ndjson()) {
            while (bytes.isEmpty() || bytes.getLast() != '\n') {
                bytes.add(in.read());
            }
        }
        byte[] first = DemoScenes.items().getFirst().json();
        assertThat(bytes).hasSize(first.length + 1);
        assertThat(bytes.get(first.length / 2)).isEqualTo(first[first.length / 2] & 0xff);
    }

    @Test
    void holdsEveryKindOfAnnotation() {
        Set<String> types = new TreeSet<>();
        annotations().forEach(annotation -> types.add(annotation.path("type").asString()));
        assertThat(types).containsExactly("binary", "box", "class", "ellipse", "point", "polyline", "pose", "segment");
        assertThat(annotations()).as("turned box")
                .anyMatch(a -> a.path("type").asString().equals("box") && a.path("coordinates").size() == 3);
        assertThat(annotations()).as("hole")
                .anyMatch(a -> a.path("type").asString().equals("segment") && a.path("coordinates").size() == 2);
        assertThat(annotations()).as("list of attributes").anyMatch(a -> !a.path("attributes").isEmpty());
        assertThat(annotations()).as("map of attributes").anyMatch(a -> !a.at("/metadata/system/attributes").isEmpty());
        assertThat(annotations()).as("snapshots").anyMatch(a -> a.at("/metadata/system/snapshots_").size() > 3);
        assertThat(annotations()).as("model").anyMatch(a -> a.at("/metadata/user/model/confidence").isNumber());
    }

    @Test
    void idsAreUnique() {
        List<String> ids = new ArrayList<>();
        ITEMS.forEach(item -> ids.add(item.path("id").asString()));
        annotations().forEach(annotation -> ids.add(annotation.path("id").asString()));
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{24}"));
        assertThat(ITEMS).extracting(item -> item.path("filename").asString()).doesNotHaveDuplicates();
    }

    @Test
    void annotationsHaveWhatThePlatformsReaderDemands() {
        for (JsonNode item : ITEMS) {
            for (JsonNode annotation : item.path("annotations")) {
                assertThat(annotation.propertyNames())
                        .contains("id", "type", "label", "creator", "createdAt", "updatedBy", "updatedAt", "metadata");
                assertThat(annotation.path("itemId")).isEqualTo(item.path("id"));
                assertThat(annotation.path("createdAt").asString())
                        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            }
            assertThat(item.path("annotationsCount").asInt()).isEqualTo(item.path("annotations").size());
        }
    }

    @Test
    void labelsAreInTheOntologyAndKeyPointsInTheTemplate() {
        Set<String> labels = new HashSet<>();
        JSON.readTree(DemoScenes.ontology()).path("roots").forEach(root -> collect("", root, labels));
        JsonNode template = JSON.readTree(DemoScenes.recipe()).at("/metadata/system/collectionTemplates/0");
        Set<String> used = new HashSet<>();
        for (JsonNode item : ITEMS) {
            for (JsonNode annotation : item.path("annotations")) {
                String label = annotation.path("label").asString();
                if (annotation.at("/metadata/system/parentId").isString()) {
                    assertThat(template.path("order")).anyMatch(name -> name.asString().equals(label));
                } else {
                    assertThat(labels).contains(label);
                    used.add(label);
                }
                if (annotation.path("type").asString().equals("pose")) {
                    assertThat(annotation.at("/coordinates/templateId")).isEqualTo(template.path("id"));
                    assertThat(item.path("annotations").valueStream()
                            .filter(point -> point.at("/metadata/system/parentId").equals(annotation.path("id"))))
                            .extracting(point -> point.path("label"))
                            .containsExactlyElementsOf(template.path("order"));
                }
            }
        }
        labels.removeAll(used);
        assertThat(labels).as("labels that only group others").containsExactlyInAnyOrder(
                "building", "food", "ground", "plant", "scene", "tableware", "tree", "vehicle", "vehicle.boat");
        assertThat(used).contains("vehicle.boat.ferry", "life buoy", "food.crêpe");
    }

    @Test
    void attributesAreDefinedInTheOntology() {
        JsonNode definitions = JSON.readTree(DemoScenes.ontology()).at("/metadata/attributes");
        Set<String> keys = new HashSet<>();
        definitions.forEach(definition -> keys.add(definition.path("key").asString()));
        Set<String> used = new HashSet<>();
        annotations().forEach(annotation -> used.addAll(annotation.at("/metadata/system/attributes").propertyNames()));
        assertThat(used).isEqualTo(keys);
    }

    @Test
    void someItemsAreNotAnnotated() {
        assertThat(item("/park/empty meadow.jpg").path("annotated").asString()).isEqualTo("false");
        assertThat(item("/street/night/lens cap.jpg").path("annotated").asString()).isEqualTo("discarded");
        assertThat(ITEMS).filteredOn(item -> item.path("annotations").isEmpty()).hasSize(2);
    }

    @Test
    void twoItemsShareAStem() {
        for (String name : List.of("/harbour/regatta.jpg", "/harbour/regatta.png")) {
            assertThat(item(name).path("annotations")).as("for formats with a file for each stem: a box in " + name)
                    .anyMatch(annotation -> annotation.path("type").asString().equals("box"));
        }
    }

    @Test
    void namesNoHost() {
        assertThat(new String(NDJSON, StandardCharsets.UTF_8)).doesNotContain("://");
    }

    @Test
    void filesAreWhatTheItemsSay() throws Exception {
        for (DemoItem item : DemoScenes.items()) {
            JsonNode system = item(item.filename()).at("/metadata/system");
            if (item.hasFile()) {
                byte[] bytes = file(item);
                BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
                assertThat(bytes).as(item.filename()).hasSize(system.path("size").asInt());
                assertThat(image.getWidth()).isEqualTo(system.path("width").asInt());
                assertThat(image.getHeight()).isEqualTo(system.path("height").asInt());
                assertThat(image.getColorModel().getNumComponents()).isEqualTo(system.path("channels").asInt());
                String png = new String(bytes, 1, 3, StandardCharsets.US_ASCII);
                assertThat(png.equals("PNG") ? "image/png" : "image/jpeg").isEqualTo(system.path("mimetype").asString());
            } else {
                assertThat(system.path("mimetype").asString()).isEqualTo("video/mp4");
            }
        }
    }

    @Test
    void thePhonePictureIsStoredLying() throws Exception {
        DemoItem phone = DemoScenes.items().stream().filter(item -> item.filename().equals("/harbour/phone/upright.jpg"))
                .findAny().orElseThrow();
        JsonNode system = item(phone.filename()).at("/metadata/system");
        assertThat(system.at("/exif/Orientation").asInt()).isEqualTo(6);
        assertThat(system.path("width").asInt()).isGreaterThan(system.path("height").asInt());
        byte[] file = file(phone);
        // The one entry of the EXIF directory, and then the JPEG goes on with its next marker.
        assertThat(file).startsWith(0xff, 0xd8, 0xff, 0xe1);
        int length = (file[4] & 0xff) << 8 | file[5] & 0xff;
        assertThat(new String(file, 6, 4, StandardCharsets.US_ASCII)).isEqualTo("Exif");
        assertThat(file[31]).isEqualTo((byte) 6);
        assertThat(file[4 + length]).isEqualTo((byte) 0xff);
        // Shown: the sky is on top. Stored: it is turned to the left, so that a turn to the right brings it up again.
        BufferedImage stored = ImageIO.read(new ByteArrayInputStream(file));
        BufferedImage shown = ((DrawnPicture) phone).picture().scene().paint();
        assertThat(distance(stored.getRGB(20, 30), shown.getRGB(shown.getWidth() - 1 - 30, 20))).isLessThan(12);
        assertThat(distance(stored.getRGB(500, 30), shown.getRGB(shown.getWidth() - 1 - 30, 500))).isLessThan(12);
        assertThat(distance(stored.getRGB(20, 30), stored.getRGB(500, 30))).isGreaterThan(60);
    }

    private static int distance(int rgb, int other) {
        int distance = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            distance = Math.max(distance, Math.abs((rgb >> shift & 255) - (other >> shift & 255)));
        }
        return distance;
    }

    private static void collect(String parent, JsonNode node, Set<String> labels) {
        String path = parent + node.at("/value/tag").asString();
        labels.add(path);
        assertThat(node.at("/value/color").asString()).matches("#[0-9a-f]{6}");
        node.path("children").forEach(child -> collect(path + ".", child, labels));
    }

    private static JsonNode item(String filename) {
        return ITEMS.stream().filter(item -> item.path("filename").asString().equals(filename)).findAny().orElseThrow();
    }

    private static List<JsonNode> annotations() {
        return ITEMS.stream().flatMap(item -> item.path("annotations").valueStream()).toList();
    }

    private static byte[] file(DemoItem item) throws IOException {
        var bytes = new ByteArrayOutputStream();
        item.writeFile(bytes);
        return bytes.toByteArray();
    }

    private static byte[] read() {
        try (InputStream in = DemoScenes.ndjson()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }
}
