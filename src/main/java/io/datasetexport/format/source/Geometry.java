package io.datasetexport.format.source;

import io.datasetexport.format.Reason;
import io.datasetexport.model.Annotation;
import io.datasetexport.raster.DecodedMask;
import io.datasetexport.raster.MaskDecoder;
import io.datasetexport.raster.PngHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of an annotation, in pixels from the top left of the item as the platform gave them: nothing is rounded or clipped, and
 * every number is finite.
 */
public sealed interface Geometry {

    /** Reads an annotation's coordinates. What can't be read is {@link Unreadable}, never an exception. */
    static Geometry of(Annotation annotation) {
        return new GeometryReader().read(annotation.shape(), annotation.coordinates());
    }

    /**
     * A box between two corners; {@code left <= right}, {@code top <= bottom}.
     *
     * @param whole every number of the corners was written as an integer, {@code 1} and not {@code 1.0}
     * @param rotated the box carries an angle other than 0
     */
    record Box(double left, double top, double right, double bottom, boolean whole, boolean rotated) implements Geometry {}

    /**
     * A polygon.
     *
     * @param rings each {@code x1, y1, x2, y2, ...}, closed by itself; at least one and none empty; those after the first are holes
     */
    record Polygon(List<double[]> rings) implements Geometry {

        public double[] outer() {
            return rings.getFirst();
        }

        public boolean hasHoles() {
            return rings.size() > 1;
        }
    }

    /**
     * A mask that is still a PNG in base64.
     *
     * @param text holds the base64, perhaps with the head of a data URI, from {@code from} on
     */
    record Mask(byte[] text, int from, int length) implements Geometry {

        public DecodedMask decode() {
            return MaskDecoder.decodeBase64(text, from, length);
        }

        /** The size that the PNG declares; null when it does not start as a PNG does. */
        public @Nullable PngHeader header() {
            return PngHeader.ofBase64(text, from, length);
        }
    }

    /** A shape that no format draws. */
    record Undrawn() implements Geometry {}

    /** Coordinates that make no shape: {@link Reason#EMPTY_GEOMETRY}, {@link Reason#NON_FINITE} or {@link Reason#MASK_UNDECODABLE}. */
    record Unreadable(Reason reason) implements Geometry {}
}
