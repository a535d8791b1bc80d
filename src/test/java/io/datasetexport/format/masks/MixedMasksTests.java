package io.datasetexport.format.masks;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.ItemSlice;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.raster.RasterBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The mixed dataset: every shape, odd names, missing sizes; compared by pixels with what the platform's own functions drew. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MixedMasksTests {

    private static final Path MIXED = Path.of("src/test/resources/golden/mixed");
    private static final JsonMapper JSON = new JsonMapper();

    private final Recorded out = new Recorded();
    private final List<Label> labels = new ArrayList<>();

    @BeforeAll
    void write() throws IOException {
        JSON.readTree(MIXED.resolve("ontology.json").toFile()).get("roots").forEach(root -> add(root, ""));
        labels.sort(Comparator.comparing(Label::number));
        MasksWriter writer = new MasksWriter(labels, false, new RasterBudget(1 << 20));
        try (Stream<Path> files = Files.walk(MIXED.resolve("items"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                writer.item(slice(JSON.readTree(file.toFile())), out);
            }
        }
        writer.end(out);
    }

    @Test
    void drawsWhatThePlatformDraws() throws IOException {
        assertThat(out.pictures).containsOnlyKeys(
                "masks/combined/mix/all-types.png.png",
                "masks/labels/cat/mix/all-types.png.png",
                "masks/labels/person/mix/all-types.png.png");
        assertSamePixels("masks/combined/mix/all-types.png.png", "all-types.png.png");
        assertSamePixels("masks/labels/cat/mix/all-types.png.png", "all-types.png/cat.png");
        assertSamePixels("masks/labels/person/mix/all-types.png.png", "all-types.png/person.png");
    }

    @Test
    void namesWhatItLeavesOut() {
        assertThat(out.leftOut).filteredOn(line -> line.endsWith(" unsupported-shape")).hasSize(26);
        assertThat(out.leftOut).filteredOn(line -> !line.endsWith(" unsupported-shape")).containsExactly(
                "/mix/clip.mp4 whole not-image", "/mix/nosize.jpg whole no-size", "/mix/notes.txt whole not-image");
    }

    @Test
    void listsTheLabels() {
        assertThat(out.texts.get("masks/labelmap.txt").lines()).contains("2\t0,0,255\tcat", "4\t7,8,9\tdog.black");
    }

    private void assertSamePixels(String entry, String expected) throws IOException {
        assertThat(Drawn.pixels(out.pictures.get(entry)))
                .as(entry)
                .isDeepEqualTo(Drawn.pixels(Files.readAllBytes(MIXED.resolve("expected/mask/mix").resolve(expected))));
    }

    private void add(JsonNode node, String parent) {
        String path = parent + node.at("/value/tag").asString();
        int number = List.of("a&b<c>\"", "cat", "dog", "dog.black", "dog.white", "person", "skeleton", "über").indexOf(path);
        labels.add(new Label(number, path, List.of(path), node.at("/value/color").asString(), path, false));
        node.get("children").forEach(child -> add(child, path + "."));
    }

    private static ItemSlice slice(JsonNode json) {
        JsonNode system = json.at("/metadata/system");
        Integer width = system.has("width") ? system.get("width").asInt() : null;
        Integer height = system.has("height") ? system.get("height").asInt() : null;
        Item item = Drawn.item(json.get("filename").asString(), width, height, system.get("mimetype").asString());
        List<Annotation> annotations = new ArrayList<>();
        for (JsonNode annotation : json.get("annotations")) {
            annotations.add(Drawn.annotation(
                    annotations.size(),
                    annotation.get("type").asString(),
                    annotation.get("label").asString(),
                    annotation.has("coordinates") ? annotation.get("coordinates").toString() : null));
        }
        return ItemSlice.whole(item, annotations);
    }
}
