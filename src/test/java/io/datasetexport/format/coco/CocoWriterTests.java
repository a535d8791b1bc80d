package io.datasetexport.format.coco;

import static io.datasetexport.format.TestItems.BOX;
import static io.datasetexport.format.TestItems.box;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.GoldenCase;
import io.datasetexport.format.RecordingOutput;
import io.datasetexport.format.TestItems;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Label;
import io.datasetexport.raster.BitMask;
import io.datasetexport.raster.RunLengths;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CocoWriterTests {

    private static final DatasetFacts FACTS = TestItems.dataset(List.of(
            TestItems.label(0, "cat", false),
            new Label(3, "a.b.c", List.of("a.b", "c"), null, "a.b.c", false),
            TestItems.label(5, "gone", true)));

    @ParameterizedTest
    @ValueSource(strings = {"seed-coco", "seed-voc", "seed-yolo", "mixed"})
    void writesWhatIsExpected(String name) {
        GoldenCase golden = GoldenCase.of(name);
        RecordingOutput out = RecordingOutput.of(new CocoWriter(golden.facts()), golden);
        assertThat(out.paths()).containsExactly("coco/coco.json");
        JsonNode written = json(out);
        JsonNode expected = JsonMapper.shared().readTree(golden.expected("coco").getOrDefault("coco/coco.json", "null"));
        assertThat(expected.isObject()).isTrue();
        assertThat(written.toPrettyString()).isEqualTo(expected.toPrettyString());
        assertThat(out.items()).isEqualTo(expected.get("images").size());
        assertThat(out.annotations()).isEqualTo(expected.get("annotations").size());
    }

    @Test
    void saysWhatTheMixedDatasetLoses() {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput out = RecordingOutput.of(new CocoWriter(golden.facts()), golden);
        assertThat(out.leftOut()).hasSize(15).contains(
                "unsupported-shape " + id(golden, "/mix/all-types.png", "ellipse"),
                "unsupported-shape " + id(golden, "/mix/all-types.png", "weird_new_type"),
                "unknown-label " + id(golden, "/mix/unknown.jpg", "box"),
                "no-size " + golden.item("/mix/nosize.jpg").item().id(),
                "not-image " + golden.item("/mix/clip.mp4").item().id(),
                "not-image " + golden.item("/mix/notes.txt").item().id());
        String all = golden.item("/mix/all-types.png").item().id();
        assertThat(out.changed()).containsExactlyInAnyOrder(
                "attributes " + all + " 1",
                "rotation " + all + " 1",
                "holes " + all + " 1",
                "attributes " + golden.item("/mix/sub dir/übung & x.jpg").item().id() + " 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void writesTheSameBytesInSlices(int size) {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput whole = RecordingOutput.of(new CocoWriter(golden.facts()), golden);
        RecordingOutput sliced = RecordingOutput.sliced(new CocoWriter(golden.facts()), golden, size);
        assertThat(sliced.text("coco/coco.json")).isEqualTo(whole.text("coco/coco.json"));
        assertThat(sliced.items()).isEqualTo(whole.items());
        assertThat(sliced.leftOut()).isEqualTo(whole.leftOut());
    }

    @Test
    void writesOneImageAndOneAnnotationALine() {
        assertThat(write(box("cat", BOX)).text("coco/coco.json")).isEqualTo("""
                {"images": [
                {"file_name": "a b/c.jpg", "id": 0, "width": 20, "height": 10}
                ],
                "info": {"description": "Set \\"1\\""},
                "annotations": [
                {"bbox": [1.0,2.0,2.0,3.0], "segmentation": [], "area": 6.0, "iscrowd": 0, "category_id": 1, "image_id": 0, "id": 0}
                ],
                "categories": [
                {"id": 1, "name": "cat"},
                {"id": 4, "name": "c", "supercategory": "a.b"},
                {"id": 6, "name": "gone"}
                ]}
                """);
    }

    @Test
    void writesAnEmptyDataset() {
        CocoWriter writer = new CocoWriter(new DatasetFacts(1, "d", "n", 1, null, null, List.of()));
        assertThat(json(RecordingOutput.of(writer, List.of())))
                .isEqualTo(JsonMapper.shared().readTree("{\"images\":[],\"info\":{\"description\":\"n\"},\"annotations\":[],\"categories\":[]}"));
    }

    @Test
    void keepsAnnotationsOfARetiredLabel() {
        RecordingOutput out = write(box("gone", BOX));
        assertThat(json(out).at("/annotations/0/category_id").asInt()).isEqualTo(6);
    }

    @Test
    void ordersAnItemsAnnotationsByLabel() {
        RecordingOutput out = write(box("gone", BOX), box("cat", BOX), box("a.b.c", BOX), box("cat", "[{\"x\":0,\"y\":2},{\"x\":3,\"y\":5}]"));
        assertThat(json(out).get("annotations").valueStream().map(node -> node.get("category_id").asInt())).containsExactly(4, 1, 1, 6);
        assertThat(json(out).at("/annotations/1/bbox/0").asDouble()).isEqualTo(1);
        assertThat(json(out).at("/annotations/2/bbox/0").asDouble()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "box; cat; [{\"x\":-1e308,\"y\":0},{\"x\":1e308,\"y\":1}]; non-finite",
        "box; cat; [{\"x\":0,\"y\":0},{\"x\":1e200,\"y\":1e200}]; non-finite",
        "box; cat; [{\"x\":\"NaN\",\"y\":0},{\"x\":1,\"y\":1}]; non-finite",
        "box; cat; [{\"x\":1,\"y\":1}]; empty-geometry",
        "box; none; [{\"x\":0,\"y\":0},{\"x\":1,\"y\":1}]; unknown-label",
        "segment; cat; [[{\"x\":-1e308,\"y\":0},{\"x\":1e308,\"y\":1}]]; non-finite",
        "segment; cat; [[]]; empty-geometry",
        "binary; cat; \"AAAA\"; mask-undecodable",
        "binary; cat; \"iVBORw0KGgoAAAANSUhEUgAA6mAAAOpgCAYAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"; mask-too-large",
        "binary; cat; \"\"; empty-geometry",
        "binary; none; \"\"; unknown-label",
        "polyline; cat; [[{\"x\":0,\"y\":0}]]; unsupported-shape",
        "polyline; none; [[{\"x\":0,\"y\":0}]]; unsupported-shape",
        "class; cat; []; unsupported-shape",
        "hologram; cat; []; unsupported-shape",
    })
    void leavesOutWhatItCannotHold(String type, String label, String coordinates, String reason) {
        RecordingOutput out = write(annotation(type, label, coordinates, null));
        assertThat(out.leftOut()).containsExactly(reason + " i a");
        assertThat(out.annotations()).isZero();
        assertThat(json(out).get("annotations")).isEmpty();
        assertThat(out.changed()).isEmpty();
    }

    @Test
    void countsTheAreaOfTruncatedVertices() {
        RecordingOutput out = write(annotation("segment", "cat", "[[{\"x\":0,\"y\":0},{\"x\":2.9,\"y\":0},{\"x\":2.9,\"y\":1.9},{\"x\":0,\"y\":1.9}]]", null));
        assertThat(json(out).at("/annotations/0/area").toString()).isEqualTo("6");
        assertThat(json(out).at("/annotations/0/bbox").toString()).isEqualTo("[0.0,0.0,2.9,1.9]");
    }

    @Test
    void writesPolygonsAsTheRunsOfTheirPixels() {
        Annotation polygon = annotation("segment", "cat", "[[{\"x\":0,\"y\":0},{\"x\":2.9,\"y\":0},{\"x\":2.9,\"y\":1.9},{\"x\":-3,\"y\":1.9}]]", null);
        JsonNode runs = json(TestItems.write(new CocoWriter(FACTS, true), TestItems.image("/a.jpg"), polygon)).at("/annotations/0");
        JsonNode list = json(write(polygon)).at("/annotations/0");
        assertThat(runs.at("/segmentation/size").toString()).isEqualTo("[10,20]");
        BitMask pixels = RunLengths.mask(RunLengths.parse(runs.at("/segmentation/counts").asString()), 20, 10);
        assertThat(pixels.count()).isEqualTo(runs.get("area").asInt()).isEqualTo(list.get("area").asInt()).isEqualTo(6);
        assertThat(pixels.get(2, 1)).isTrue();
        assertThat(pixels.get(3, 1)).isFalse();
        assertThat(runs.get("iscrowd").asInt()).isZero();
        assertThat(runs.get("bbox")).isEqualTo(list.get("bbox"));
    }

    @Test
    void ignoresHolesAndSaysSo() {
        RecordingOutput out = write(annotation("segment", "cat", "[[{\"x\":0,\"y\":0},{\"x\":4,\"y\":0},{\"x\":4,\"y\":4}],[{\"x\":3,\"y\":1}]]", null));
        assertThat(json(out).at("/annotations/0/segmentation").toString()).isEqualTo("[[0.0,0.0,4.0,0.0,4.0,4.0]]");
        assertThat(out.changed()).containsExactly("holes i 1");
    }

    @Test
    void saysThatAttributesAndAnglesAreLost() {
        String box = "[{\"x\":1,\"y\":2},{\"x\":3,\"y\":5},45]";
        RecordingOutput out = write(annotation("box", "cat", box, "[\"all\"]"), annotation("box", "cat", box, "[]"));
        assertThat(out.changed()).containsExactly("attributes i 1", "rotation i 2");
    }

    @Test
    void writesAnEmptyMask() {
        String none = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAC0lEQVR4nGNgwAUAABoAAbw84EEAAAAASUVORK5CYII=";
        JsonNode annotation = json(write(annotation("binary", "cat", "\"" + none + "\"", null))).at("/annotations/0");
        assertThat(annotation.get("bbox").toString()).isEqualTo("[0.0,0.0,0.0,0.0]");
        assertThat(annotation.get("segmentation").toString()).isEqualTo("{\"size\":[2,3],\"counts\":\"6\"}");
        assertThat(annotation.get("area").toString()).isEqualTo("0");
        assertThat(annotation.get("iscrowd").asInt()).isOne();
    }

    private static RecordingOutput write(Annotation... annotations) {
        return TestItems.write(new CocoWriter(FACTS), TestItems.image("/a b//c.jpg"), annotations);
    }

    private static Annotation annotation(String type, String label, String coordinates, @Nullable String attributes) {
        return TestItems.annotation(type, label, coordinates, attributes, "{}");
    }

    private static String id(GoldenCase golden, String filename, String type) {
        GoldenCase.AnnotatedItem item = golden.item(filename);
        return item.item().id() + " " + item.annotations().stream()
                .filter(annotation -> new String(annotation.type(), UTF_8).equals(type))
                .findFirst()
                .orElseThrow()
                .idText();
    }

    private static JsonNode json(RecordingOutput out) {
        return JsonMapper.shared().readTree(out.text("coco/coco.json"));
    }
}
