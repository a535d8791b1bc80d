package io.datasetexport.format;

import io.datasetexport.model.Shape;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an annotation without its geometry, which is all that decides what becomes of it in a format.
 *
 * <p>A writer has them of the annotation that it reads; a plan has them from the database, where they were put when it was stored.
 *
 * @param label the full dotted path, empty when there is none
 * @param bits of each {@link Fact} that holds, {@code 1 << ordinal}
 * @param ofItemsSize whether the annotation is a mask of as many columns and rows as its item
 */
public record AnnotationFacts(Shape shape, String label, int bits, boolean ofItemsSize) {

    /** Facts as the database keeps them: a new one goes to the end. */
    public enum Fact {
        /** There are no coordinates, or they make no shape. */
        EMPTY_GEOMETRY,
        /** A coordinate is no finite number. */
        NON_FINITE,
        /** A mask does not start as a PNG does. */
        UNDECODABLE,
        /** A box carries an angle. */
        ROTATED,
        /** A polygon has rings after the first. */
        HOLES,
        /** There are attributes, as a list or as a map. */
        ATTRIBUTES,
        /** There are attributes both as a list and as a map. */
        ATTRIBUTES_TWICE,
        /** A polygon's first ring has less than three points. */
        THIN,
        /** Coordinates reach so far, or outlines are so long, that only drawing the shape tells whether it can be drawn. */
        FAR,
        /** A mask declares more pixels than a mask may have. */
        OVERSIZED,
        /** A mask has so many pixels that only writing its run lengths tells whether they are too many. */
        LARGE,
        /** A mask's PNG can't be decoded, although it starts as one. */
        DAMAGED,
        /** Only decoding a mask tells whether it can be decoded. */
        UNDECODED,
        /** Nothing but shape and label is known; never stored. */
        UNKNOWN;

        public int bit() {
            return 1 << ordinal();
        }
    }

    public boolean is(Fact fact) {
        return (bits & fact.bit()) != 0;
    }

    /** Why no format can draw the coordinates; null when it may. */
    public @Nullable Reason unreadable() {
        if (is(Fact.EMPTY_GEOMETRY)) {
            return Reason.EMPTY_GEOMETRY;
        }
        if (is(Fact.NON_FINITE)) {
            return Reason.NON_FINITE;
        }
        return is(Fact.UNDECODABLE) ? Reason.MASK_UNDECODABLE : null;
    }

    /** Why a mask's pixels can't be had; null when they can, or nobody has tried. */
    public @Nullable Reason undecodable() {
        if (is(Fact.OVERSIZED)) {
            return Reason.MASK_TOO_LARGE;
        }
        return is(Fact.DAMAGED) && !is(Fact.UNDECODED) ? Reason.MASK_UNDECODABLE : null;
    }
}
