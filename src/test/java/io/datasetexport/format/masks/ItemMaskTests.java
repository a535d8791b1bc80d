package io.datasetexport.format.masks;

import static io.datasetexport.format.masks.Drawn.image;
import static io.datasetexport.format.masks.Drawn.label;
import static io.datasetexport.format.masks.Drawn.mask;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.ItemSlice;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.raster.RasterBudget;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ItemMaskTests {

    private static final List<Label> LABELS = List.of(label(0, "cat", "#0000ff"), label(1, "dog", "#00ff00"));
    private static final List<Annotation> ANNOTATIONS = List.of(
            mask(0, "cat", "##."),
            mask(1, "dog", ".##"),
            Drawn.annotation(2, "segment", "dog", "[[{\"x\":0,\"y\":0}]]"));

    private final RasterBudget budget = new RasterBudget(1 << 20);

    @Test
    void hasTheBytesOfTheArchive() {
        Recorded archive = new Recorded();
        new MasksWriter(LABELS, false, budget).item(ItemSlice.whole(image("/a", 3, 1), ANNOTATIONS), archive);
        assertThat(png(image("/a", 3, 1), null)).hasValue(archive.pictures.get("masks/combined/a.png"));
        assertThat(png(image("/a", 3, 1), "cat")).hasValue(archive.pictures.get("masks/labels/folder of cat/a.png"));
        assertThat(png(image("/a", 3, 1), "dog")).hasValue(archive.pictures.get("masks/labels/folder of dog/a.png"));
    }

    @Test
    void isDrawnInSeveralRunsToo() {
        ItemMask mask = new ItemMask(LABELS, image("/a", 3, 1), null, budget);
        ANNOTATIONS.forEach(annotation -> mask.add(List.of(annotation)));
        assertThat(mask.png()).hasValue(png(image("/a", 3, 1), null).orElseThrow());
    }

    @Test
    void thereIsNoneWithoutASemanticMask() {
        assertThat(png(image("/a", 3, 1), "bird")).isEmpty();
        assertThat(png(image("/a", 4, 1), null)).as("masks of another size").isEmpty();
        assertThat(png(Drawn.item("/a", null, null, "image/png"), null)).isEmpty();
        assertThat(png(Drawn.item("/a", 3, 1, "video/mp4"), null)).isEmpty();
        assertThat(new ItemMask(LABELS, image("/a", 3, 1), null, budget).png()).isEmpty();
    }

    private Optional<byte[]> png(Item item, @Nullable String label) {
        ItemMask mask = new ItemMask(LABELS, item, label, budget);
        mask.add(ANNOTATIONS);
        return mask.png();
    }
}
