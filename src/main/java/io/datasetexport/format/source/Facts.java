package io.datasetexport.format.source;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.AnnotationFacts.Fact;
import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Geometry.Box;
import io.datasetexport.format.source.Geometry.Mask;
import io.datasetexport.format.source.Geometry.Polygon;
import io.datasetexport.format.source.Geometry.Undrawn;
import io.datasetexport.format.source.Geometry.Unreadable;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.ImageSize;
import io.datasetexport.raster.BitMask;
import io.datasetexport.raster.DecodedMask;
import io.datasetexport.raster.MaskDecoder;
import io.datasetexport.raster.PngHeader;
import org.jspecify.annotations.Nullable;

/** Finds the {@linkplain AnnotationFacts facts} of an annotation. */
public final class Facts {

    /** In pixels from the origin; {@code PolygonRaster} cuts off what is beyond. */
    private static final double FAR = 1 << 20;
    /** In pixels along the edges: a shape with less crosses fewer rows than a mask may have, and has fewer runs than COCO may write. */
    private static final double LONGEST_OUTLINE = 500_000;
    /** So many pixels have at most as many bytes of run lengths. */
    public static final int LARGE = 8 << 20;
    /** In bytes: no annotation is larger. */
    public static final int LARGEST_TEXT = 8 << 20;

    private static final int OUTLINE_POINTS = 3;

    private Facts() {}

    /**
     * What a writer needs to decide: the facts that only say whether drawing may fail are left to the drawing.
     *
     * @param size of the item
     */
    public static AnnotationFacts of(Annotation annotation, Geometry geometry, @Nullable ImageSize size) {
        PngHeader header = geometry instanceof Mask mask ? mask.header() : null;
        boolean ofItemsSize = size != null && header != null && header.width() == size.width() && header.height() == size.height();
        int bits = bits(annotation, geometry, header);
        if (header != null) {
            bits |= Fact.UNDECODED.bit();
        }
        return new AnnotationFacts(annotation.shape(), annotation.labelText(), bits, ofItemsSize);
    }

    /**
     * What is stored with an annotation.
     *
     * @param bits as in {@link AnnotationFacts}
     * @param maskWidth in pixels, as the mask's PNG declares it; null for other shapes, as {@code maskHeight}
     */
    public record Stored(int bits, @Nullable Integer maskWidth, @Nullable Integer maskHeight) {}

    /** All facts of an annotation: of a mask, what its checksums tell. */
    public static Stored stored(Annotation annotation) {
        Geometry geometry = Geometry.of(annotation);
        PngHeader header = geometry instanceof Mask mask ? mask.header() : null;
        int bits = bits(annotation, geometry, header);
        switch (geometry) {
            case Box(double left, double top, double right, double bottom, _, _) -> bits |= far(left, top, right, bottom);
            case Polygon(var rings) -> bits |= far(rings);
            case Mask mask -> bits |= header == null ? 0 : mask(mask, header);
            case Undrawn _, Unreadable _ -> {}
        }
        return new Stored(bits, header == null ? null : header.width(), header == null ? null : header.height());
    }

    /** Why a mask has no pixels. */
    public static Reason reason(DecodedMask.Unreadable unreadable) {
        return switch (unreadable) {
            case TOO_LARGE -> Reason.MASK_TOO_LARGE;
            case UNDECODABLE -> Reason.MASK_UNDECODABLE;
        };
    }

    private static int bits(Annotation annotation, Geometry geometry, @Nullable PngHeader header) {
        int bits = 0;
        if (Attributes.present(annotation)) {
            bits |= Fact.ATTRIBUTES.bit();
            if (Attributes.twice(annotation)) {
                bits |= Fact.ATTRIBUTES_TWICE.bit();
            }
        }
        return bits | switch (geometry) {
            case Box box -> box.rotated() ? Fact.ROTATED.bit() : 0;
            case Polygon polygon -> (polygon.hasHoles() ? Fact.HOLES.bit() : 0)
                    | (polygon.outer().length < 2 * OUTLINE_POINTS ? Fact.THIN.bit() : 0);
            case Mask _ -> header == null ? Fact.UNDECODABLE.bit() : header.tooLarge() ? Fact.OVERSIZED.bit() : 0;
            case Undrawn _ -> 0;
            case Unreadable(Reason reason) -> switch (reason) {
                case EMPTY_GEOMETRY -> Fact.EMPTY_GEOMETRY.bit();
                case NON_FINITE -> Fact.NON_FINITE.bit();
                default -> Fact.UNDECODABLE.bit();
            };
        };
    }

    private static int mask(Mask mask, PngHeader header) {
        int large = BitMask.fits(header.width(), header.height()) && (long) header.width() * header.height() > LARGE ? Fact.LARGE.bit() : 0;
        return large | switch (MaskDecoder.inspectBase64(mask.text(), mask.from(), mask.length())) {
            case INTACT -> 0;
            case TOO_LARGE -> Fact.OVERSIZED.bit();
            case UNDECODABLE -> Fact.DAMAGED.bit();
            case UNCERTAIN -> Fact.UNDECODED.bit();
        };
    }

    private static int far(double... coordinates) {
        for (double coordinate : coordinates) {
            if (Math.abs(coordinate) > FAR) {
                return Fact.FAR.bit();
            }
        }
        return 0;
    }

    private static int far(Iterable<double[]> rings) {
        double outline = 0;
        for (double[] ring : rings) {
            if (far(ring) != 0) {
                return Fact.FAR.bit();
            }
            for (int i = 0, before = ring.length - 2; i < ring.length; before = i, i += 2) {
                outline += 2 + Math.abs(ring[i] - ring[before]) + Math.abs(ring[i + 1] - ring[before + 1]);
            }
        }
        return outline > LONGEST_OUTLINE ? Fact.FAR.bit() : 0;
    }
}
