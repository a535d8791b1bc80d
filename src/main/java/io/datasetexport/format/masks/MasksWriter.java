package io.datasetexport.format.masks;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.AnnotationOrder;
import io.datasetexport.format.Changes;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemFacts;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.Outcome;
import io.datasetexport.format.Reason;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.model.Shape;
import io.datasetexport.raster.RasterBudget;
import io.datasetexport.text.Utf8Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PNG masks: of every image {@code masks/combined/<path>.png} with all labels, {@code masks/labels/<label>/<path>.png} for each of
 * its labels, and {@code masks/labelmap.txt}.
 *
 * <p>A PNG has the item's width and height, pixels from the top left. Up to 255 labels it is indexed, 8 bits: index 0 is transparent
 * black, every other index a label's COCO category id, which is its number + 1; the palette holds the labels' colours. Above that it
 * is RGBA, {@code (r, g, b, 255)} inside and {@code (0, 0, 0, 0)} outside. {@code labelmap.txt} has a line for each label of the
 * dataset: index, tab, {@code r,g,b}, tab, label.
 *
 * <p>Questions that the format leaves open, and our answers:
 *
 * <ul>
 *   <li>Which annotations? Semantic masks ({@code binary}); polygons too when asked for. An item without any has no PNG.
 *   <li>Which pixels? Those of the mask's own PNG whose alpha is over 127. A polygon's vertices are rounded, halves to even; its
 *       outline is inside; rings after the first are holes (even-odd).
 *   <li>What if they overlap? Masks are drawn in code-point order of their labels, then in the source's order, later over earlier;
 *       polygons come in the same order after all masks. The PNG of a label has all of its pixels, covered by others or not.
 *   <li>What if a mask has not the item's size, is too large or can't be read, or its label is unknown? It is left out and listed.
 *   <li>What is lost? Attributes, and in {@code labelmap.txt} control characters of labels, which become spaces; both are reported.
 *   <li>Which colour? The ontology's {@code #rrggbb} or {@code rgb(r, g, b)}; white without one, red for any other spelling.
 *   <li>Which frame? The stored pixels': EXIF rotation is ignored.
 * </ul>
 */
public final class MasksWriter implements FormatWriter {

    private final LabelColors colors;
    private final boolean withPolygons;
    private final RasterBudget budget;

    /**
     * @param labels all labels of the dataset, retired ones included, with the numbers in force
     * @param withPolygons whether polygons are drawn too
     */
    public MasksWriter(List<Label> labels, boolean withPolygons, RasterBudget budget) {
        colors = new LabelColors(labels);
        this.withPolygons = withPolygons;
        this.budget = budget;
    }

    @Override
    public ExportFormat format() {
        return ExportFormat.MASKS;
    }

    @Override
    public AnnotationOrder order() {
        return AnnotationOrder.LABEL;
    }

    @Override
    public @Nullable Reason leftOut(ItemFacts item) {
        return item.noPicture();
    }

    @Override
    public Outcome outcome(ItemFacts item, AnnotationFacts annotation) {
        ImageSize size = item.size();
        return size == null
                ? Outcome.leftOut(Reason.NO_SIZE)
                : MaskDrawing.outcome(size, annotation, colors, withPolygons, budget);
    }

    @Override
    public AnnotationParts reads() {
        return AnnotationParts.geometryOf(shape -> shape == Shape.MASK || withPolygons && shape == Shape.POLYGON);
    }

    @Override
    public Weight weight() {
        return new Weight(300, 20, 0.8);
    }

    @Override
    public void item(ItemSlice slice, FormatOutput out) {
        Item item = slice.item();
        ImageSize size = item.size();
        Reason noPicture = leftOut(ItemFacts.of(item));
        if (noPicture != null || size == null) {
            if (slice.first()) {
                out.leftOut(noPicture == null ? Reason.NO_SIZE : noPicture, item, null);
            }
            return;
        }
        MaskDrawing drawing = slice.carry() instanceof MaskDrawing begun
                ? begun
                : new MaskDrawing(size.width(), size.height(), colors, withPolygons, budget);
        String path = item.names().path() + ".png";
        Changes changes = new Changes();
        out.countAnnotations(drawing.draw(slice.annotations(), slice.last(), new MaskDrawing.Sink() {
            @Override
            public boolean wantsLabels() {
                return true;
            }

            @Override
            public void label(Label label, byte[] png) {
                out.stored("masks/labels/" + label.folder() + "/" + path, png);
            }

            @Override
            public void combined(byte[] png) {
                out.stored("masks/combined/" + path, png);
            }

            @Override
            public void drawn(Outcome outcome) {
                changes.note(outcome);
            }

            @Override
            public void leftOut(Reason reason, Annotation annotation) {
                out.leftOut(reason, item, annotation);
            }
        }));
        changes.report(item, out);
        if (!slice.last()) {
            slice.carry(drawing);
        } else if (!drawing.isEmpty()) {
            out.countItem();
        }
    }

    @Override
    public void end(FormatOutput out) {
        Utf8Buffer map = out.scratch();
        colors.appendLabelMap(map);
        out.entry("masks/labelmap.txt", map);
    }
}
