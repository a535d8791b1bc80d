package io.datasetexport.format.masks;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.AnnotationFacts.Fact;
import io.datasetexport.format.Outcome;
import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Facts;
import io.datasetexport.format.source.Geometry;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Label;
import io.datasetexport.model.Shape;
import io.datasetexport.raster.BitMask;
import io.datasetexport.raster.DecodedMask;
import io.datasetexport.raster.LayerCanvas;
import io.datasetexport.raster.MaskDecoder;
import io.datasetexport.raster.PngEncoder;
import io.datasetexport.raster.PolygonRaster;
import io.datasetexport.raster.RasterBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Draws the masks of one item, given in one or several runs of annotations.
 *
 * <p>Semantic masks come first, in the order of their labels, later ones over earlier ones; polygons, if asked for, in the same order
 * over all of them. Between two runs the pictures wait packed and outside the {@link RasterBudget}: who held a part of it while
 * waiting for a turn could block those whose turn it is.
 */
final class MaskDrawing {

    /** Takes what becomes of an item. */
    interface Sink {

        /** Whether pictures of single labels are made at all. */
        boolean wantsLabels();

        /** The picture of one label is done. */
        void label(Label label, byte[] png);

        /** The picture of all labels is done. */
        void combined(byte[] png);

        /** An annotation is in the pictures. */
        void drawn(Outcome outcome);

        void leftOut(Reason reason, Annotation annotation);
    }

    /** An annotation to draw, and its place in its run. */
    private record Stroke(int place, Annotation annotation, byte[] path, Label label) {}

    private static final int ROW_BUFFERS = 1 << 18;

    private final int width;
    private final int height;
    private final LabelColors colors;
    private final boolean withPolygons;
    private final RasterBudget budget;
    private final List<Label> layers = new ArrayList<>();
    private byte @Nullable [][] packed;

    /** @param withPolygons whether to draw polygons too */
    MaskDrawing(int width, int height, LabelColors colors, boolean withPolygons, RasterBudget budget) {
        this.width = width;
        this.height = height;
        this.colors = colors;
        this.withPolygons = withPolygons;
        this.budget = budget;
    }

    /**
     * What becomes of an annotation, as far as its facts tell: the rules that drawing follows.
     *
     * @param size of the item
     */
    static Outcome outcome(ImageSize size, AnnotationFacts annotation, LabelColors colors, boolean withPolygons, RasterBudget budget) {
        Reason noStroke = noStroke(annotation.shape(), colors.label(annotation.label()), withPolygons);
        if (noStroke != null) {
            return Outcome.leftOut(noStroke);
        }
        if (!BitMask.fits(size.width(), size.height())) {
            return Outcome.leftOut(Reason.MASK_TOO_LARGE);
        }
        if (annotation.is(Fact.UNKNOWN)) {
            return Outcome.OPEN;
        }
        Reason undrawn = undrawn(annotation);
        boolean surelyInBudget = budget.fits(bytes(size.width(), size.height(), colors.count(), Facts.LARGEST_TEXT, withPolygons));
        return undrawn != null
                ? Outcome.leftOut(undrawn).doubted(!surelyInBudget)
                : drawn(annotation).doubted(!surelyInBudget || annotation.is(Fact.FAR) || annotation.is(Fact.UNDECODED));
    }

    private static @Nullable Reason noStroke(Shape shape, @Nullable Label label, boolean withPolygons) {
        if (shape != Shape.MASK && !(withPolygons && shape == Shape.POLYGON)) {
            return Reason.UNSUPPORTED_SHAPE;
        }
        return label == null ? Reason.UNKNOWN_LABEL : null;
    }

    private static @Nullable Reason undrawn(AnnotationFacts annotation) {
        Reason unreadable = annotation.unreadable();
        if (unreadable != null || annotation.shape() == Shape.POLYGON) {
            return unreadable;
        }
        if (!annotation.ofItemsSize()) {
            return annotation.is(Fact.OVERSIZED) ? Reason.MASK_TOO_LARGE : Reason.MASK_SIZE;
        }
        return annotation.undecodable();
    }

    private static Outcome drawn(AnnotationFacts annotation) {
        return Outcome.KEPT
                .losing(annotation.is(Fact.ATTRIBUTES), Reason.ATTRIBUTES)
                .losing(!LabelColors.isOneLine(annotation.label()), Reason.ILLEGAL_CHARACTERS);
    }

    /** Whether there is anything in the pictures. */
    boolean isEmpty() {
        return layers.isEmpty();
    }

    /**
     * Draws a run of annotations; if it is not the item's only one, the runs come in the order of the labels.
     *
     * @return how many of them are in the pictures
     */
    int draw(List<Annotation> annotations, boolean last, Sink sink) {
        @Nullable
        Reason[] reasons = new Reason[annotations.size()];
        List<Stroke> strokes = strokes(annotations, reasons);
        if (!strokes.isEmpty() && !(BitMask.fits(width, height) && budget.fits(bytes(strokes)))) {
            strokes.forEach(stroke -> reasons[stroke.place()] = Reason.MASK_TOO_LARGE);
            strokes.clear();
        }
        int drawn = 0;
        if (!strokes.isEmpty() || last && !layers.isEmpty()) {
            try (var _ = budget.lease(bytes(strokes)); PngEncoder encoder = new PngEncoder()) {
                drawn = new Run(encoder, sink).draw(strokes, last, reasons);
            }
        }
        for (int i = 0; i < reasons.length; i++) {
            Reason reason = reasons[i];
            if (reason != null) {
                sink.leftOut(reason, annotations.get(i));
            }
        }
        return drawn;
    }

    private List<Stroke> strokes(List<Annotation> annotations, @Nullable Reason[] reasons) {
        List<Stroke> strokes = new ArrayList<>();
        for (int i = 0; i < reasons.length; i++) {
            Annotation annotation = annotations.get(i);
            byte[] path = annotation.label();
            Label label = path == null ? null : colors.label(annotation.labelText());
            reasons[i] = noStroke(annotation.shape(), label, withPolygons);
            if (reasons[i] == null && path != null && label != null) {
                strokes.add(new Stroke(i, annotation, path, label));
            }
        }
        strokes.sort((a, b) -> Arrays.compareUnsigned(a.path(), b.path()));
        return strokes;
    }

    /** What a run needs at once: the pictures of all layers and of a label, a mask of each kind, and the text that one is decoded from. */
    private long bytes(List<Stroke> strokes) {
        Set<Label> labels = new HashSet<>(layers);
        int text = 0;
        for (Stroke stroke : strokes) {
            labels.add(stroke.label());
            text = Math.max(text, stroke.annotation().bytes());
        }
        return bytes(width, height, labels.size(), text, withPolygons);
    }

    private static long bytes(int width, int height, int labels, int text, boolean withPolygons) {
        int kinds = withPolygons ? 2 : 1;
        return kinds * LayerCanvas.bytes(width, height, labels)
                + kinds * LayerCanvas.bytes(width, height, 1)
                + MaskDecoder.bytes(width, height, text)
                + ROW_BUFFERS;
    }

    /** The pictures while they are unpacked. */
    private final class Run {

        private final PngEncoder encoder;
        private final Sink sink;
        private final LayerCanvas masks;
        private final LayerCanvas polygons;
        private final PolygonRaster raster = new PolygonRaster();
        private LayerCanvas label;
        private @Nullable BitMask labelPolygons;

        Run(PngEncoder encoder, Sink sink) {
            this.encoder = encoder;
            this.sink = sink;
            masks = canvas(0);
            polygons = canvas(1);
            label = canvas(2);
            packed = null;
        }

        private LayerCanvas canvas(int place) {
            return packed == null ? new LayerCanvas(width, height) : LayerCanvas.unpack(width, height, packed[place]);
        }

        /** @return how many strokes were drawn */
        int draw(List<Stroke> strokes, boolean last, @Nullable Reason[] reasons) {
            int drawn = 0;
            for (Stroke stroke : strokes) {
                Reason reason = draw(stroke);
                reasons[stroke.place()] = reason;
                if (reason == null) {
                    drawn++;
                }
            }
            paintPolygons();
            if (last && !layers.isEmpty()) {
                finishLabel();
                masks.paint(polygons);
                sink.combined(picture(masks, layers));
            } else if (!last) {
                packed = new byte[][] {masks.pack(), polygons.pack(), label.pack()};
            }
            return drawn;
        }

        private @Nullable Reason draw(Stroke stroke) {
            Geometry geometry = Geometry.of(stroke.annotation());
            AnnotationFacts facts = Facts.of(stroke.annotation(), geometry, new ImageSize(width, height));
            Reason undrawn = undrawn(facts);
            if (undrawn != null) {
                return undrawn;
            }
            Reason reason = switch (geometry) {
                case Geometry.Mask mask -> mask(stroke, mask);
                case Geometry.Polygon polygon -> polygon(stroke, polygon);
                case Geometry.Unreadable unreadable -> unreadable.reason();
                case Geometry.Box box -> Reason.UNSUPPORTED_SHAPE;
                case Geometry.Undrawn undrawnShape -> Reason.UNSUPPORTED_SHAPE;
            };
            if (reason == null) {
                sink.drawn(drawn(facts));
            }
            return reason;
        }

        private @Nullable Reason mask(Stroke stroke, Geometry.Mask source) {
            return switch (source.decode()) {
                case DecodedMask.Readable readable -> {
                    turnTo(stroke.label());
                    masks.paint(readable.mask(), layers.size());
                    label.paint(readable.mask(), 1);
                    yield null;
                }
                case DecodedMask.Unreadable unreadable -> Facts.reason(unreadable);
            };
        }

        private @Nullable Reason polygon(Stroke stroke, Geometry.Polygon polygon) {
            BitMask begun = labelPolygons != null && layers.getLast() == stroke.label() ? labelPolygons : null;
            BitMask mask = begun == null ? new BitMask(width, height) : begun;
            if (!raster.fill(polygon.rings(), PolygonRaster.Rounding.HALF_EVEN, mask)) {
                return Reason.MASK_TOO_LARGE;
            }
            turnTo(stroke.label());
            labelPolygons = mask;
            return null;
        }

        /** Makes {@code next} the label that is drawn now. */
        private void turnTo(Label next) {
            if (layers.isEmpty()) {
                layers.add(next);
            } else if (layers.getLast() != next) {
                paintPolygons();
                finishLabel();
                layers.add(next);
                label = new LayerCanvas(width, height);
            }
        }

        private void paintPolygons() {
            if (labelPolygons != null) {
                polygons.paint(labelPolygons, layers.size());
                label.paint(labelPolygons, 1);
                labelPolygons = null;
            }
        }

        private void finishLabel() {
            if (sink.wantsLabels()) {
                sink.label(layers.getLast(), picture(label, List.of(layers.getLast())));
            }
        }

        private byte[] picture(LayerCanvas canvas, List<Label> labels) {
            byte[] palette = colors.palette();
            if (palette != null) {
                byte[] indexes = new byte[labels.size() + 1];
                for (int i = 0; i < labels.size(); i++) {
                    indexes[i + 1] = (byte) LabelColors.index(labels.get(i));
                }
                return encoder.indexed(width, height, palette, (y, into, from) -> canvas.row(y, indexes, into, from));
            }
            int[] pixels = new int[labels.size() + 1];
            for (int i = 0; i < labels.size(); i++) {
                pixels[i + 1] = LabelColors.color(labels.get(i)) << 8 | 0xff;
            }
            return encoder.rgba(width, height, (y, into, from) -> canvas.row(y, pixels, into, from));
        }
    }
}
