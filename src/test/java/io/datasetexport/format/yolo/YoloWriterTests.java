package io.datasetexport.format.yolo;

import static io.datasetexport.format.TestItems.BOX;
import static io.datasetexport.format.TestItems.annotation;
import static io.datasetexport.format.TestItems.box;
import static io.datasetexport.format.TestItems.mask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.datasetexport.format.GoldenCase;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.RecordingOutput;
import io.datasetexport.format.TestItems;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.raster.RasterBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class YoloWriterTests {

    private static final RasterBudget BUDGET = new RasterBudget(64 << 20);

    @ParameterizedTest
    @ValueSource(strings = {"seed-coco", "seed-voc", "seed-yolo", "mixed"})
    void writesWhatIsExpected(String name) {
        GoldenCase golden = GoldenCase.of(name);
        RecordingOutput out = RecordingOutput.of(new YoloWriter(golden.facts(), false, false, BUDGET), golden);
        Map<String, String> expected = new TreeMap<>(golden.expected("yolo"));
        expected.put("yolo/classes.txt", expected.remove("yolo/" + golden.facts().name() + ".names.txt"));
        assertThat(written(out)).isEqualTo(expected);
        assertThat(out.items()).isEqualTo(expected.size() - 1);
    }

    @Test
    void saysWhatTheMixedDatasetLoses() {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput out = RecordingOutput.of(new YoloWriter(golden.facts(), false, false, BUDGET), golden);
        assertThat(out.annotations()).isEqualTo(12);
        assertThat(out.leftOut()).hasSize(20);
        assertThat(out.leftOut()).filteredOn(line -> line.startsWith("unsupported-shape")).hasSize(16);
        assertThat(out.leftOut()).filteredOn(line -> line.startsWith("unknown-label")).hasSize(1);
        assertThat(out.changed()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void writesTheSameBytesInSlices(int size) {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput whole = RecordingOutput.of(new YoloWriter(golden.facts(), false, false, BUDGET), golden);
        RecordingOutput sliced = RecordingOutput.sliced(new YoloWriter(golden.facts(), false, false, BUDGET), golden, size);
        assertThat(written(sliced)).isEqualTo(written(whole));
        assertThat(sliced.items()).isEqualTo(whole.items());
    }

    @Test
    void swapsTheSidesOfATurnedImage() {
        RecordingOutput out = TestItems.write(
                writer("cat"),
                TestItems.item("/a.jpg", 20, 10, "image/jpeg", "{\"system\":{\"exif\":{\"Orientation\":8}}}"),
                box("cat", "[{\"x\":0,\"y\":0},{\"x\":10,\"y\":5}]"));
        assertThat(out.text("yolo/a.txt")).isEqualTo("0 0.5 0.125 1.0 0.25\n");
    }

    @Test
    void keepsTheLineOfARetiredLabel() {
        DatasetFacts dataset = TestItems.dataset(
                List.of(TestItems.label(0, "cat", false), TestItems.label(1, "gone", true), TestItems.label(3, "dog", false)));
        RecordingOutput out = TestItems.write(new YoloWriter(dataset, false, false, BUDGET), TestItems.image("/a.jpg"), box("gone", BOX), box("dog", BOX));
        assertThat(out.text("yolo/classes.txt")).isEqualTo("cat\ngone\nunused_2\ndog\n");
        assertThat(out.text("yolo/a.txt").lines().map(line -> line.charAt(0))).containsExactly('1', '3');
    }

    @Test
    void keepsEachLabelOnItsLine() {
        RecordingOutput out = TestItems.write(writer("a\r\nb\nc", "d\u0007\u2028e", "f"), TestItems.image("/a.jpg"), box("a\r\nb\nc", BOX), box("f", BOX));
        assertThat(out.text("yolo/classes.txt")).isEqualTo("a b c\nd e\nf\n");
        assertThat(out.changed()).containsExactly("illegal-characters i 1");
    }

    @Test
    void namesTheClassesInYaml() {
        RecordingOutput out = RecordingOutput.of(writer("cat", "a: \"b\"", "über"), List.of());
        assertThat(out.text("yolo/data.yaml")).endsWith("""
                path: .
                train: images
                val: images
                nc: 3
                names:
                  0: "cat"
                  1: "a: \\"b\\""
                  2: "über"
                """);
    }

    @Test
    void writesAnEmptyDataset() {
        RecordingOutput out = RecordingOutput.of(writer(), List.of());
        assertThat(out.paths()).containsExactly("yolo/classes.txt", "yolo/data.yaml");
        assertThat(out.text("yolo/classes.txt")).isEmpty();
        assertThat(out.text("yolo/data.yaml")).endsWith("nc: 0\nnames: {}\n");
    }

    @Test
    void writesOutlinesAndNoBoxesWhenSegmentsAreAskedFor() {
        RecordingOutput out = TestItems.write(
                new YoloWriter(TestItems.dataset("cat", "dog"), true, false, BUDGET),
                TestItems.image("/a.jpg"),
                box("cat", BOX),
                annotation("segment", "dog", "[[{\"x\":0,\"y\":0},{\"x\":10,\"y\":0},{\"x\":10,\"y\":2.5}],[{\"x\":1,\"y\":1}]]", null, "{}"),
                annotation("segment", "dog", "[[{\"x\":0,\"y\":0},{\"x\":10,\"y\":5}]]", null, "{}"),
                annotation("segment", "dog", "[[{\"x\":0,\"y\":0},{\"x\":10,\"y\":5},{\"x\":\"1\",\"y\":5}]]", null, "{}"));
        assertThat(out.text("yolo/a.txt")).isEqualTo("1 0.0 0.0 0.5 0.0 0.5 0.25\n");
        assertThat(out.leftOut()).containsExactly("unsupported-shape i a", "empty-geometry i a", "non-finite i a");
        assertThat(out.changed()).containsExactly("holes i 1");
        assertThat(out.annotations()).isEqualTo(1);
    }

    @Test
    void writesALineForEachPieceOfAMask() {
        RecordingOutput out = segments(mask("dog", "####.", "#..#.", "####.", ".....", "....#"), box("dog", BOX));
        assertThat(out.text("yolo/a.txt")).isEqualTo("""
                1 0.0 0.0 0.0 0.4 0.6000000000000001 0.4 0.6000000000000001 0.0
                1 0.8 0.8 0.8 0.8 0.8 0.8
                """);
        assertThat(out.changed()).containsExactly("holes i 1");
        assertThat(out.leftOut()).as("never both kinds of row in one file").containsExactly("unsupported-shape i a");
        assertThat(out.annotations()).isEqualTo(1);
    }

    @Test
    void aMaskOfAnotherSizeOrWithoutAPixelIsLeftOut() {
        RecordingOutput out = segments(mask("dog", "#"), mask("dog", ".....", ".....", ".....", ".....", "....."), mask("fox", "#"));
        assertThat(out.paths()).containsExactly("yolo/classes.txt", "yolo/data.yaml");
        assertThat(out.leftOut()).containsExactly("mask-size i a", "empty-geometry i a", "unknown-label i a");
    }

    @Test
    void aMaskOfATurnedImageIsMeasuredByItsOwnSides() {
        RecordingOutput out = TestItems.write(
                new YoloWriter(TestItems.dataset("dog"), true, false, BUDGET),
                TestItems.item("/a.jpg", 4, 2, "image/jpeg", "{\"system\":{\"exif\":{\"Orientation\":6}}}"),
                mask("dog", "..", "..", ".#", ".#"), mask("dog", "....", "...#"));
        assertThat(out.text("yolo/a.txt")).isEqualTo("0 0.5 0.5 0.5 0.75 0.5 0.75\n0 0.75 0.5 0.75 0.5 0.75 0.5\n");
    }

    @Test
    void leavesOutAMaskWhoseOutlinesAreTooLong() {
        String[] rows = new String[1000];
        Arrays.fill(rows, "#.".repeat(500));
        for (int y = 1; y < rows.length; y += 2) {
            rows[y] = ".".repeat(1000);
        }
        RecordingOutput out = TestItems.write(
                new YoloWriter(TestItems.dataset("dog"), true, false, BUDGET), TestItems.item("/a.png", 1000, 1000, "image/png", "{}"), mask("dog", rows));
        assertThat(out.leftOut()).containsExactly("mask-too-large i a");
        assertThat(out.paths()).containsExactly("yolo/classes.txt", "yolo/data.yaml");
    }

    @Test
    void leavesOutAMaskThatNeedsMoreMemoryThanPicturesMayTake() {
        RasterBudget small = new RasterBudget(1 << 20);
        RecordingOutput out = TestItems.write(
                new YoloWriter(TestItems.dataset("dog"), true, false, small), TestItems.item("/a.png", 1, 1, "image/png", "{}"), mask("dog", "#"));
        assertThat(out.leftOut()).containsExactly("mask-too-large i a");
    }

    @Test
    void writesALineForEachVisibleFrameOfAVideo() {
        RecordingOutput out = RecordingOutput.of(new YoloWriter(TestItems.dataset("cat"), false, true, BUDGET), GoldenCase.of("mixed"));
        assertThat(out.text("yolo/mix/clip.txt").lines().map(line -> line.split(" ")[0])).containsExactly("2", "3", "4", "5", "6", "7");
        assertThat(out.text("yolo/mix/clip.txt")).startsWith("2 7 0 0.09375 0.125 0.125 0.16666666666666666\n")
                .endsWith("7 7 0 0.125 0.16666666666666666 0.125 0.16666666666666666\n");
        assertThat(out.text("yolo/mix/a.txt")).as("images as ever").startsWith("0 ");
        assertThat(RecordingOutput.of(writer("cat"), GoldenCase.of("mixed")).paths()).doesNotContain("yolo/mix/clip.txt");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "box; {\"system\":{\"frame\":1,\"endFrame\":2}}; unsupported-shape",
        "box; {\"system\":{\"frame\":1,\"endFrame\":2,\"objectId\":\"x\"}}; unsupported-shape",
        "box; {\"system\":{\"frame\":1,\"endFrame\":null,\"objectId\":\"1\"}}; no-size",
        "box; {\"system\":{\"frame\":3,\"endFrame\":2,\"objectId\":\"1\"}}; empty-geometry",
        "box; {\"system\":{\"endFrame\":2,\"objectId\":1,\"objectVisible\":false}}; empty-geometry",
        "box; {\"system\":{\"endFrame\":2147483647,\"objectId\":1}}; row-too-large",
        "box; {\"system\":{\"endFrame\":2,\"objectId\":1,\"snapshots_\":[{\"frame\":1,\"label\":\"fox\"}]}}; unknown-label",
        "box; {\"system\":{\"endFrame\":2,\"objectId\":1,\"snapshots_\":[{\"frame\":1,\"data\":[{\"x\":\"a\"}]}]}}; non-finite",
        "segment; {\"system\":{\"endFrame\":2,\"objectId\":1}}; unsupported-shape",
    })
    void leavesOutWhatHasNoFrames(String type, String metadata, String reason) {
        RecordingOutput out = TestItems.write(
                new YoloWriter(TestItems.dataset("cat"), false, true, BUDGET),
                TestItems.item("/a.mp4", 20, 10, "video/mp4", "{}"), annotation(type, "cat", BOX, null, metadata));
        assertThat(out.leftOut()).containsExactly(reason + " i a");
        assertThat(out.paths()).containsExactly("yolo/classes.txt", "yolo/data.yaml");
    }

    @Test
    void withoutALastFrameABoxStaysToTheEndOfItsVideo() {
        String track = "{\"system\":{\"frame\":1,\"objectId\":\"5\",\"snapshots_\":[{\"frame\":2,\"objectVisible\":true}]}}";
        RecordingOutput out = TestItems.write(
                new YoloWriter(TestItems.dataset("cat"), false, true, BUDGET),
                TestItems.item("/a.mp4", 20, 10, "video/mp4", "{\"system\":{\"nb_frames\":null,\"ffmpeg\":{\"nb_read_frames\":\"4\"}}}"),
                annotation("box", "cat", BOX, null, track));
        assertThat(out.text("yolo/a.txt"))
                .isEqualTo("""
                1 5 0 0.1 0.35000000000000003 0.1 0.30000000000000004
                2 5 0 0.1 0.35000000000000003 0.1 0.30000000000000004
                3 5 0 0.1 0.35000000000000003 0.1 0.30000000000000004
                """);
    }

    /** The platform's own converter wrote the rows that these tracks are held against. */
    @Test
    void theFramesOfARealVideoAreThoseOfItsRows() throws IOException {
        Path real = Path.of("../shared/data/real/dtlpy-converters-yolo");
        assumeTrue(Files.isDirectory(real), "shared data is here");
        String name = "2021_04_23_10_39_21_Cache_Trim_Cropped";
        JsonNode item = JsonMapper.shared().readTree(Files.readString(real.resolve("dataloop/json/" + name + ".json")));
        GoldenCase.AnnotatedItem read = GoldenCase.items(List.of(item)).getFirst();
        YoloWriter writer = new YoloWriter(TestItems.dataset("person"), false, true, BUDGET);
        String text = RecordingOutput.of(writer, List.of(ItemSlice.whole(read.item(), read.annotations()))).text("yolo/" + name + ".txt");
        Map<String, double[]> rows = rows(Files.readString(real.resolve("yolo/annotations/" + name + ".txt")));
        rows.keySet().removeIf(row -> row.endsWith(" 3"));
        Map<String, double[]> written = rows(text);
        assertThat(written.keySet()).as("frame and object").isEqualTo(rows.keySet()).hasSize(102);
        written.forEach((row, box) -> assertThat(box).as(row).containsExactly(rows.get(row), within(1e-6)));
    }

    private static Map<String, double[]> rows(String text) {
        Map<String, double[]> rows = new TreeMap<>();
        text.lines().forEach(line -> {
            String[] columns = line.split(" ");
            rows.put(columns[0] + " " + columns[1], Arrays.stream(columns).skip(2).mapToDouble(Double::parseDouble).toArray());
        });
        return rows;
    }

    private static RecordingOutput segments(Annotation... annotations) {
        return TestItems.write(
                new YoloWriter(TestItems.dataset("cat", "dog"), true, false, BUDGET), TestItems.item("/a.png", 5, 5, "image/png", "{}"), annotations);
    }

    @Test
    void keepsBoxesOutsideTheImage() {
        RecordingOutput out = TestItems.write(writer("cat"), TestItems.image("/a.jpg"), box("cat", "[{\"x\":-20,\"y\":-10},{\"x\":0,\"y\":30}]"));
        assertThat(out.text("yolo/a.txt")).isEqualTo("0 -0.5 1.0 1.0 4.0\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "box; cat; [{\"x\":-1e308,\"y\":0},{\"x\":1e308,\"y\":1}]; non-finite",
        "box; cat; [{\"x\":1e308,\"y\":0},{\"x\":1e308,\"y\":1}]; non-finite",
        "box; cat; [{\"x\":\"1\",\"y\":0},{\"x\":1,\"y\":1}]; non-finite",
        "box; cat; []; empty-geometry",
        "box; none; []; unknown-label",
        "segment; cat; [[{\"x\":0,\"y\":0}]]; unsupported-shape",
        "binary; none; \"\"; unsupported-shape",
    })
    void leavesOutWhatItCannotHold(String type, String label, String coordinates, String reason) {
        RecordingOutput out = TestItems.write(writer("cat"), TestItems.image("/a.jpg"), annotation(type, label, coordinates, "[\"x\"]", "{}"));
        assertThat(out.leftOut()).containsExactly(reason + " i a");
        assertThat(out.paths()).containsExactly("yolo/classes.txt", "yolo/data.yaml");
        assertThat(out.items()).isZero();
        assertThat(out.changed()).isEmpty();
    }

    @Test
    void saysThatAnglesAndAttributesAreLost() {
        Annotation turned = annotation("box", "cat", "[{\"x\":1,\"y\":2},{\"x\":3,\"y\":5},9.5]", "[\"x\"]", "{}");
        RecordingOutput out = TestItems.write(writer("cat"), TestItems.image("/a.jpg"), turned, turned);
        assertThat(out.changed()).containsExactly("attributes i 2", "rotation i 2");
    }

    @Test
    void leavesOutItemsThatAreNoImagesOrHaveNoSize() {
        YoloWriter writer = writer("cat");
        RecordingOutput out = RecordingOutput.of(writer, List.of(
                ItemSlice.whole(TestItems.item("/a.mp4", 20, 10, "video/mp4", "{}"), List.of(box("cat", BOX))),
                ItemSlice.whole(TestItems.item("/a.jpg", null, 10, "image/jpeg", "{}"), List.of(box("cat", BOX)))));
        assertThat(out.leftOut()).containsExactly("not-image i", "no-size i");
    }

    private static YoloWriter writer(String... labels) {
        return new YoloWriter(TestItems.dataset(labels), false, false, BUDGET);
    }

    private static Map<String, String> written(RecordingOutput out) {
        Map<String, String> files = new TreeMap<>();
        out.paths().stream().filter(path -> !path.endsWith(".yaml")).forEach(path -> files.put(path, out.text(path)));
        return files;
    }
}
