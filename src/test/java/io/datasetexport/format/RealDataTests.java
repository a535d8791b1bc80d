package io.datasetexport.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.datasetexport.format.coco.CocoWriter;
import io.datasetexport.format.voc.VocWriter;
import io.datasetexport.format.yolo.YoloWriter;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.raster.RasterBudget;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Annotations that nobody in this project wrote, against sums that were taken from their source. They stand outside the repository. */
class RealDataTests {

    private static final RasterBudget BUDGET = new RasterBudget(64 << 20);

    private static final Path REAL = Path.of("../shared/data/real/dataloop");

    @ParameterizedTest
    @ValueSource(strings = {"bccd", "chess", "coco6", "sharks"})
    void losesNothing(String name) throws IOException {
        assumeTrue(Files.isDirectory(REAL), "shared data is here");
        JsonNode truth = JsonMapper.shared().readTree(Files.readString(REAL.resolve(name + ".ndjson.truth.json")));
        List<GoldenCase.AnnotatedItem> items = GoldenCase.items(read(REAL.resolve(name + ".ndjson.gz")));
        DatasetFacts dataset = TestItems.dataset(new TreeSet<>(truth.get("labels").propertyNames()).toArray(String[]::new));
        List<ItemSlice> slices = items.stream().map(item -> ItemSlice.whole(item.item(), item.annotations())).toList();
        int boxes = truth.get("types").path("box").asInt(0);

        RecordingOutput coco = RecordingOutput.of(new CocoWriter(dataset, false, false, BUDGET), slices);
        JsonNode file = JsonMapper.shared().readTree(coco.text("coco/coco.json"));
        assertThat(coco.leftOut()).isEmpty();
        assertThat(file.get("images")).hasSize(truth.get("items").asInt());
        assertThat(file.get("annotations")).hasSize(truth.get("annotations").asInt());
        assertThat(boxes(file).mapToDouble(box -> box.get("area").asDouble()).sum())
                .isCloseTo(truth.path("box_area").asDouble(0), within(0.01));
        assertThat(polygons(file).mapToInt(polygon -> polygon.at("/segmentation/0").size() / 2).sum())
                .isEqualTo(truth.path("polygon_points").asInt(0));
        // The outline counts as well, so a polygon's area is larger than the plane's, by about half its length.
        assertThat(polygons(file).mapToDouble(polygon -> polygon.get("area").asDouble()).sum())
                .isBetween(truth.path("polygon_area").asDouble(0), truth.path("polygon_area").asDouble(0) * 1.1);
        assertThat(masks(file).mapToInt(mask -> mask.get("area").asInt()).sum()).isEqualTo(truth.path("mask_pixels").asInt(0));

        RecordingOutput yolo = RecordingOutput.of(new YoloWriter(dataset, false, false, BUDGET), slices);
        assertThat(yolo.annotations()).isEqualTo(boxes);
        assertThat(yolo.leftOut()).hasSize(truth.get("annotations").asInt() - boxes);

        RecordingOutput voc = RecordingOutput.of(new VocWriter(), slices);
        assertThat(voc.annotations()).isEqualTo(boxes);
        long withAttributes = voc.paths().stream().flatMap(path -> voc.text(path).lines())
                .filter(line -> line.contains("<attributes>") && !line.contains("[]"))
                .count();
        assertThat(withAttributes).isEqualTo(truth.path("with_attributes").asLong(0));
    }

    private static Stream<JsonNode> boxes(JsonNode file) {
        return annotations(file).filter(annotation -> annotation.get("segmentation").isArray() && annotation.get("segmentation").isEmpty());
    }

    private static Stream<JsonNode> polygons(JsonNode file) {
        return annotations(file).filter(annotation -> annotation.get("segmentation").isArray() && !annotation.get("segmentation").isEmpty());
    }

    private static Stream<JsonNode> masks(JsonNode file) {
        return annotations(file).filter(annotation -> annotation.get("segmentation").isObject());
    }

    private static Stream<JsonNode> annotations(JsonNode file) {
        return StreamSupport.stream(file.get("annotations").spliterator(), false);
    }

    private static List<JsonNode> read(Path file) throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
        }
    }
}
