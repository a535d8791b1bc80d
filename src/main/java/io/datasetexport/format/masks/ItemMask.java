package io.datasetexport.format.masks;

import io.datasetexport.format.Outcome;
import io.datasetexport.format.Reason;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.model.Shape;
import io.datasetexport.raster.RasterBudget;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mask of one item, all labels or one: the same bytes as the item's PNG in an archive.
 *
 * <p>Annotations come in one call of {@link #add}, in the source's order, or, when there are too many, in several by label.
 */
public final class ItemMask {

    private final @Nullable String label;
    private final @Nullable MaskDrawing drawing;
    private final Map<Reason, Integer> leftOut = new EnumMap<>(Reason.class);

    /**
     * @param labels all labels of the dataset, retired ones included
     * @param label the one to draw, null for all
     */
    public ItemMask(List<Label> labels, Item item, @Nullable String label, RasterBudget budget) {
        this.label = label;
        Integer width = item.width();
        Integer height = item.height();
        drawing = item.isImage() && width != null && height != null
                ? new MaskDrawing(width, height, new LabelColors(labels), false, budget)
                : null;
    }

    /** Draws the semantic masks among some annotations of the item; those that can't be drawn are missing, as in an archive. */
    public void add(List<Annotation> annotations) {
        if (drawing != null) {
            List<Annotation> wanted = label == null
                    ? annotations
                    : annotations.stream().filter(annotation -> label.equals(annotation.labelText())).toList();
            drawing.draw(wanted, false, new Combined());
        }
    }

    /** How many semantic masks are missing in the picture, by reason. */
    public Map<Reason, Integer> leftOut() {
        return Collections.unmodifiableMap(leftOut);
    }

    /** The PNG; empty when the item has no semantic mask, or none of that label. Asked for once. */
    public Optional<byte[]> png() {
        Combined result = new Combined();
        if (drawing != null) {
            drawing.draw(List.of(), true, result);
        }
        return Optional.ofNullable(result.png);
    }

    private final class Combined implements MaskDrawing.Sink {

        private byte @Nullable [] png;

        @Override
        public boolean wantsLabels() {
            return false;
        }

        @Override
        public void label(Label label, byte[] png) {}

        @Override
        public void combined(byte[] png) {
            this.png = png;
        }

        @Override
        public void drawn(Outcome outcome) {}

        @Override
        public void leftOut(Reason reason, Annotation annotation) {
            if (annotation.shape() == Shape.MASK) {
                leftOut.merge(reason, 1, Integer::sum);
            }
        }
    }
}
