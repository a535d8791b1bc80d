package io.datasetexport.format.yolo;

import static io.datasetexport.format.TestItems.BOX;
import static io.datasetexport.format.TestItems.annotation;
import static io.datasetexport.format.TestItems.box;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.GoldenCase;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.RecordingOutput;
import io.datasetexport.format.TestItems;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class YoloWriterTests {

    @ParameterizedTest
    @ValueSource(strings = {"seed-coco", "seed-voc", "seed-yolo", "mixed"})
    void writesWhatIsExpected(String name) {
        GoldenCase golden = GoldenCase.of(name);
        RecordingOutput out = RecordingOutput.of(new YoloWriter(golden.facts()), golden);
        Map<String, String> expected = new TreeMap<>(golden.expected("yolo"));
        expected.put("yolo/classes.txt", expected.remove("yolo/" + golden.facts().name() + ".names.txt"));
        assertThat(written(out)).isEqualTo(expected);
        assertThat(out.items()).isEqualTo(expected.size() - 1);
    }

    @Test
    void saysWhatTheMixedDatasetLoses() {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput out = RecordingOutput.of(new YoloWriter(golden.facts()), golden);
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
        RecordingOutput whole = RecordingOutput.of(new YoloWriter(golden.facts()), golden);
        RecordingOutput sliced = RecordingOutput.sliced(new YoloWriter(golden.facts()), golden, size);
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
        RecordingOutput out = TestItems.write(new YoloWriter(dataset), TestItems.image("/a.jpg"), box("gone", BOX), box("dog", BOX));
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
                new YoloWriter(TestItems.dataset("cat", "dog"), true),
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
        return new YoloWriter(TestItems.dataset(labels));
    }

    private static Map<String, String> written(RecordingOutput out) {
        Map<String, String> files = new TreeMap<>();
        out.paths().stream().filter(path -> !path.endsWith(".yaml")).forEach(path -> files.put(path, out.text(path)));
        return files;
    }
}
