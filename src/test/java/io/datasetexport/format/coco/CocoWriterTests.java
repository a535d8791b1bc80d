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
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.raster.BitMask;
import io.datasetexport.raster.RasterBudget;
import io.datasetexport.raster.RunLengths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CocoWriterTests {

    private static final RasterBudget BUDGET = new RasterBudget(64 << 20);

    private static final DatasetFacts FACTS = TestItems.dataset(List.of(
            TestItems.label(0, "cat", false),
            new Label(3, "a.b.c", List.of("a.b", "c"), null, "a.b.c", false),
            TestItems.label(5, "gone", true)));

    @ParameterizedTest
    @ValueSource(strings = {"seed-coco", "seed-voc", "seed-yolo", "mixed"})
    void writesWhatIsExpected(String name) {
        GoldenCase golden = GoldenCase.of(name);
        RecordingOutput out = RecordingOutput.of(new CocoWriter(golden.facts(), false, false, BUDGET), golden);
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
        RecordingOutput out = RecordingOutput.of(new CocoWriter(golden.facts(), false, false, BUDGET), golden);
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
        RecordingOutput whole = RecordingOutput.of(new CocoWriter(golden.facts(), false, false, BUDGET), golden);
        RecordingOutput sliced = RecordingOutput.sliced(new CocoWriter(golden.facts(), false, false, BUDGET), golden, size);
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
        CocoWriter writer = new CocoWriter(new DatasetFacts(1, "d", "n", 1, null, null, List.of()), false, false, BUDGET);
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
        JsonNode runs = json(TestItems.write(new CocoWriter(FACTS, true, false, BUDGET), TestItems.image("/a.jpg"), polygon)).at("/annotations/0");
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

    @Test
    void writesThePosesOfTheRecipesTemplates() {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput out = RecordingOutput.of(new CocoWriter(withRecipe(golden), false, true, BUDGET), golden);
        JsonNode file = json(out);
        JsonNode category = file.get("categories").get(file.get("categories").size() - 1);
        int id = golden.facts().labels().size() + 1;
        assertThat(category.toString()).isEqualTo("{\"id\":" + id
                + ",\"name\":\"skeleton\",\"templateId\":\"tpl1\",\"keypoints\":[\"head\",\"hand\",\"foot\"],\"skeleton\":[[0,1],[1,2]]}");
        List<JsonNode> poses = file.get("annotations").valueStream().filter(node -> node.has("keypoints")).toList();
        assertThat(poses).hasSize(1);
        assertThat(poses.getFirst().toString()).startsWith("{\"bbox\":[1.5,2.0,7.5,7.5],\"segmentation\":[],\"area\":56.25,\"iscrowd\":0,"
                + "\"keypoints\":[1.5,2.0,0,5.0,6.0,0,9.0,9.5,0],\"num_keypoints\":0,\"category_id\":" + id);
        RecordingOutput without = RecordingOutput.of(new CocoWriter(golden.facts(), false, false, BUDGET), golden);
        assertThat(without.leftOut()).hasSize(out.leftOut().size() + 4);
        assertThat(out.annotations()).isEqualTo(without.annotations() + 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void posesWaitForPointsOfLaterSlices(int size) {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput whole = RecordingOutput.of(new CocoWriter(withRecipe(golden), false, true, BUDGET), golden);
        RecordingOutput sliced = RecordingOutput.sliced(new CocoWriter(withRecipe(golden), false, true, BUDGET), golden, size);
        assertThat(sliced.text("coco/coco.json")).isEqualTo(whole.text("coco/coco.json"));
        assertThat(sliced.annotations()).isEqualTo(whole.annotations());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "[\"visible\"]; {}; 2",
        "[\"not-visible\"]; {}; 1",
        "[\"not_visible\"]; {}; 1",
        "[\"visible\",\"not-visible\"]; {}; 0",
        "[]; {}; 0",
        "[]; {\"attributes\":{\"1\":\"Visible\"}}; 2",
        "[]; {\"attributes\":{\"1\":\"Hidden\"}}; 0",
    })
    void aPointIsAsVisibleAsItsAttributesSay(String attributes, String system, int visibility) {
        String parent = system.equals("{}") ? "{\"parentId\":\"a\"}" : system.replaceFirst("\\{", "{\"parentId\":\"a\",");
        RecordingOutput out = poses(pose("t"), point("p", attributes, parent, 1), point("q", "[]", "{\"parentId\":\"a\"}", 2));
        assertThat(json(out).at("/annotations/0/keypoints").toString()).isEqualTo("[1.0,3.0," + visibility + ",2.0,3.0,0]");
        assertThat(json(out).at("/annotations/0/num_keypoints").asInt()).isEqualTo(visibility > 0 ? 1 : 0);
    }

    @Test
    void aPoseThatIsNotCompleteIsLeftOutWithItsPoints() {
        String child = "{\"parentId\":\"a\"}";
        assertThat(poses(pose("t"), point("p", "[]", child, 1)).leftOut()).containsExactly("empty-geometry i a", "unsupported-shape i a");
        assertThat(poses(pose("t"), point("p", "[]", child, 1), point("p", "[]", child, 1), point("q", "[]", child, 1)).leftOut())
                .hasSize(4).startsWith("empty-geometry i a");
        assertThat(poses(pose("u")).leftOut()).containsExactly("unknown-label i a");
        assertThat(poses(point("p", "[]", child, 1)).leftOut()).containsExactly("unsupported-shape i a");
        assertThat(poses(point("p", "[]", "{}", 1)).leftOut()).containsExactly("unsupported-shape i a");
        assertThat(poses(pose("t"), point("p", "[]", child, 1), point("q", "[]", child, Double.NaN)).leftOut())
                .containsExactly("non-finite i a", "unsupported-shape i a", "unsupported-shape i a");
    }

    @Test
    void aPointThatTheTemplateDoesNotNameIsLeftOutAlone() {
        String child = "{\"parentId\":\"a\"}";
        RecordingOutput out = poses(point("r", "[]", child, 1), point("q", "[]", child, 1), pose("t"), point("p", "[\"x\"]", child, 1));
        assertThat(out.leftOut()).containsExactly("unsupported-shape i a");
        assertThat(out.changed()).as("a point's attribute, and the pose's label: its category is the template T")
                .containsExactly("attributes i 1", "unknown-label i 1");
        assertThat(out.annotations()).isEqualTo(3);
    }

    @Test
    void masksAndRunsKeepInsideTheMemoryOfPictures() {
        RasterBudget small = new RasterBudget(1 << 20);
        Item item = TestItems.item("/a.png", 1000, 1000, "image/png", "{}");
        Annotation polygon = annotation("segment", "cat", "[[{\"x\":0,\"y\":0},{\"x\":9,\"y\":9}]]", null);
        RecordingOutput runs = TestItems.write(new CocoWriter(FACTS, true, false, small), item, polygon, TestItems.mask("cat", "#"));
        assertThat(runs.leftOut()).containsExactly("mask-too-large i a");
        assertThat(json(runs).at("/annotations/0/segmentation/counts").asString()).as("of the small mask").isEqualTo("01");
        String[] rows = new String[1000];
        Arrays.fill(rows, "#".repeat(1000));
        assertThat(TestItems.write(new CocoWriter(FACTS, false, false, small), item, TestItems.mask("cat", rows)).leftOut())
                .containsExactly("mask-too-large i a");
        assertThat(small.available()).isEqualTo(small.capacity());
    }

    private static DatasetFacts withRecipe(GoldenCase golden) {
        DatasetFacts facts = golden.facts();
        try (var recipe = CocoWriterTests.class.getResourceAsStream("/golden/mixed/recipe.json")) {
            return new DatasetFacts(
                    facts.key(), facts.id(), facts.name(), facts.revision(), null, new String(recipe.readAllBytes(), UTF_8), facts.labels());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RecordingOutput poses(Annotation... annotations) {
        String recipe = "{\"metadata\":{\"system\":{\"collectionTemplates\":[{\"id\":\"t\",\"name\":\"T\",\"order\":[\"p\",\"q\"],\"arcs\":[[0,1]]}]}}}";
        DatasetFacts facts = new DatasetFacts(1, "d", "n", 1, null, recipe, FACTS.labels());
        return TestItems.write(new CocoWriter(facts, false, true, BUDGET), TestItems.image("/a.jpg"), annotations);
    }

    private static Annotation pose(String template) {
        return annotation("pose", "cat", "{\"templateId\":\"" + template + "\",\"instanceId\":\"1\"}", null);
    }

    private static Annotation point(String name, String attributes, String system, double x) {
        String coordinates = "{\"x\":" + (Double.isNaN(x) ? "\"1\"" : Double.toString(x)) + ",\"y\":3,\"z\":0}";
        return TestItems.annotation("point", name, coordinates, attributes, "{\"system\":" + system + "}");
    }

    private static RecordingOutput write(Annotation... annotations) {
        return TestItems.write(new CocoWriter(FACTS, false, false, BUDGET), TestItems.image("/a b//c.jpg"), annotations);
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
