package io.datasetexport.format.coco;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.AnnotationFacts.Fact;
import io.datasetexport.format.Outcome;
import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Facts;
import io.datasetexport.format.source.Geometry;
import io.datasetexport.format.source.Geometry.Box;
import io.datasetexport.format.source.Geometry.Mask;
import io.datasetexport.format.source.Geometry.Polygon;
import io.datasetexport.format.source.Geometry.Undrawn;
import io.datasetexport.format.source.Geometry.Unreadable;
import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Shape;
import io.datasetexport.raster.BitMask;
import io.datasetexport.raster.DecodedMask;
import io.datasetexport.raster.MaskDecoder;
import io.datasetexport.raster.PngHeader;
import io.datasetexport.raster.PolygonRaster;
import io.datasetexport.raster.PolygonRaster.Rounding;
import io.datasetexport.raster.RasterBudget;
import io.datasetexport.raster.RunLengths;
import io.datasetexport.text.PythonText;
import io.datasetexport.text.Utf8Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes {@code bbox}, {@code segmentation}, {@code area} and {@code iscrowd} of one item's annotations, by the rules of {@link CocoWriter}. */
final class CocoShapes {

    static final int MAX_RUNS = 8 << 20;

    private final int width;
    private final int height;
    private final boolean polygonRuns;
    private final RasterBudget budget;
    private final PolygonRaster raster = new PolygonRaster();

    /**
     * @param size of the image that holds the shapes
     * @param polygonRuns whether polygons are written as run lengths
     * @param budget what pictures may take while they are read
     */
    CocoShapes(ImageSize size, boolean polygonRuns, RasterBudget budget) {
        this.polygonRuns = polygonRuns;
        this.budget = budget;
        width = size.width();
        height = size.height();
    }

    static boolean draws(Shape shape) {
        return switch (shape) {
            case BOX, POLYGON, MASK -> true;
            case POINT, POLYLINE, ELLIPSE, POSE, CUBE, CLASSIFICATION, NOTE, OTHER -> false;
        };
    }

    /**
     * What becomes of an annotation whose label is known.
     *
     * @param size of the image; null when it is unknown
     * @param budget what pictures may take while they are read
     */
    static Outcome outcome(@Nullable ImageSize size, boolean polygonRuns, RasterBudget budget, AnnotationFacts annotation) {
        if (!draws(annotation.shape())) {
            return Outcome.leftOut(Reason.UNSUPPORTED_SHAPE);
        }
        if (annotation.is(Fact.UNKNOWN)) {
            return Outcome.OPEN;
        }
        Reason unreadable = annotation.unreadable() == null ? annotation.undecodable() : annotation.unreadable();
        if (unreadable != null) {
            return Outcome.leftOut(unreadable);
        }
        boolean polygon = annotation.shape() == Shape.POLYGON;
        boolean fits = size != null && BitMask.fits(size.width(), size.height());
        if (polygon && polygonRuns && !fits) {
            return Outcome.leftOut(Reason.MASK_TOO_LARGE);
        }
        boolean drawn = annotation.shape() == Shape.MASK || polygon && polygonRuns;
        boolean surelyInBudget = budget.fits(polygon && size != null
                ? bytes(size.width(), size.height(), 0)
                : bytes(BitMask.MAX_SIDE, Facts.LARGE / BitMask.MAX_SIDE, Facts.LARGEST_TEXT));
        return Outcome.KEPT
                .losing(annotation.is(Fact.ROTATED), Reason.ROTATION)
                .losing(annotation.is(Fact.HOLES), Reason.HOLES)
                .losing(annotation.is(Fact.ATTRIBUTES), Reason.ATTRIBUTES)
                .doubted(annotation.is(Fact.FAR) || annotation.is(Fact.LARGE) || annotation.is(Fact.UNDECODED)
                        || polygon && !fits || drawn && !surelyInBudget);
    }

    /** Appends the members of a shape that is not left out, or says why there are none; the buffer may hold a part of them then. */
    @Nullable
    Reason append(Utf8Buffer json, Geometry geometry) {
        return switch (geometry) {
            case Box box -> box(json, box);
            case Polygon polygon -> polygon(json, polygon);
            case Mask mask -> mask(json, mask);
            case Undrawn _ -> Reason.UNSUPPORTED_SHAPE;
            case Unreadable(Reason reason) -> reason;
        };
    }

    private static @Nullable Reason box(Utf8Buffer json, Box box) {
        double area = (box.right() - box.left()) * (box.bottom() - box.top());
        if (!Double.isFinite(area)) {
            return Reason.NON_FINITE;
        }
        bbox(json, box.left(), box.top(), box.right() - box.left(), box.bottom() - box.top());
        json.append("[], \"area\": ");
        PythonText.appendFloat(json, area);
        json.append(", \"iscrowd\": 0");
        return null;
    }

    private @Nullable Reason polygon(Utf8Buffer json, Polygon polygon) {
        double[] ring = polygon.outer();
        double left = ring[0];
        double top = ring[1];
        double right = left;
        double bottom = top;
        for (int i = 2; i < ring.length; i += 2) {
            left = Math.min(left, ring[i]);
            right = Math.max(right, ring[i]);
            top = Math.min(top, ring[i + 1]);
            bottom = Math.max(bottom, ring[i + 1]);
        }
        if (!Double.isFinite(right - left) || !Double.isFinite(bottom - top)) {
            return Reason.NON_FINITE;
        }
        long area = raster.area(ring, Rounding.TRUNCATE, width, height);
        if (area < 0) {
            return Reason.MASK_TOO_LARGE;
        }
        byte[] runs = polygonRuns ? runs(json, ring) : null;
        if (polygonRuns && runs == null) {
            return Reason.MASK_TOO_LARGE;
        }
        bbox(json, left, top, right - left, bottom - top);
        if (runs == null) {
            json.append('[');
            numbers(json, ring);
            json.append(']');
        } else {
            segmentation(json, width, height, runs);
        }
        json.append(", \"area\": ").append(area).append(", \"iscrowd\": 0");
        return null;
    }

    /** The text of the runs of a ring's pixels; null when they are too many. The buffer is empty again. */
    private byte @Nullable [] runs(Utf8Buffer json, double[] ring) {
        if (!budget.fits(bytes(width, height, 0))) {
            return null;
        }
        try (var _ = budget.lease(bytes(width, height, 0))) {
            BitMask pixels = new BitMask(width, height);
            if (!raster.fill(List.of(ring), Rounding.TRUNCATE, pixels) || !RunLengths.append(json, pixels, MAX_RUNS)) {
                return null;
            }
            byte[] runs = json.toByteArray();
            json.clear();
            return runs;
        }
    }

    /** What a mask needs while it is read, and its runs. */
    private static long bytes(int width, int height, int text) {
        long runs = Math.min(MAX_RUNS, (long) width * height + 8);
        return MaskDecoder.bytes(width, height, text) + 3 * runs;
    }

    private @Nullable Reason mask(Utf8Buffer json, Mask mask) {
        PngHeader header = mask.header();
        if (header == null || !BitMask.fits(header.width(), header.height())) {
            return Reason.MASK_UNDECODABLE;
        }
        long bytes = bytes(header.width(), header.height(), mask.length());
        if (!budget.fits(bytes)) {
            return Reason.MASK_TOO_LARGE;
        }
        try (var _ = budget.lease(bytes)) {
            return decoded(json, mask);
        }
    }

    private static @Nullable Reason decoded(Utf8Buffer json, Mask mask) {
        return switch (mask.decode()) {
            case DecodedMask.Readable(BitMask pixels) -> mask(json, pixels);
            case DecodedMask.Unreadable unreadable -> Facts.reason(unreadable);
        };
    }

    private static @Nullable Reason mask(Utf8Buffer json, BitMask pixels) {
        if (!RunLengths.append(json, pixels, MAX_RUNS)) {
            return Reason.MASK_TOO_LARGE;
        }
        byte[] runs = json.toByteArray();
        json.clear();
        BitMask.Bounds bounds = pixels.bounds();
        if (bounds == null) {
            bbox(json, 0, 0, 0, 0);
        } else {
            bbox(json, bounds.left(), bounds.top(), bounds.right() - bounds.left() + 1, bounds.bottom() - bounds.top() + 1);
        }
        segmentation(json, pixels.width(), pixels.height(), runs);
        json.append(", \"area\": ").append((long) pixels.count()).append(", \"iscrowd\": 1");
        return null;
    }

    private static void segmentation(Utf8Buffer json, int width, int height, byte[] runs) {
        json.append("{\"size\": [").append((long) height).append(", ").append((long) width).append("], \"counts\": ");
        json.appendJsonString(runs).append('}');
    }

    static void bbox(Utf8Buffer json, double left, double top, double width, double height) {
        json.append("\"bbox\": ");
        numbers(json, left, top, width, height);
        json.append(", \"segmentation\": ");
    }

    private static void numbers(Utf8Buffer json, double... numbers) {
        char separator = '[';
        for (double number : numbers) {
            json.append(separator);
            PythonText.appendFloat(json, number);
            separator = ',';
        }
        json.append(']');
    }
}
