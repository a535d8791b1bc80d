package io.datasetexport.model;

import java.util.EnumSet;
import java.util.Set;

/**
 * What somebody needs of annotations beside their id, type, label, attributes and metadata; the rest may stay in the database, and is null.
 *
 * @param verbatim whether creator, dates, source and all members without a column are needed
 * @param geometry the shapes whose coordinates are needed
 */
public record AnnotationParts(boolean verbatim, Set<Shape> geometry) {

    public static final AnnotationParts ALL = new AnnotationParts(true, EnumSet.allOf(Shape.class));
    public static final AnnotationParts NONE = new AnnotationParts(false, EnumSet.noneOf(Shape.class));

    public AnnotationParts {
        geometry = Set.copyOf(geometry);
    }

    /** The coordinates of these shapes. */
    public static AnnotationParts geometryOf(Set<Shape> shapes) {
        return new AnnotationParts(false, shapes);
    }

    /** What one of the two needs. */
    public AnnotationParts and(AnnotationParts other) {
        Set<Shape> shapes = EnumSet.noneOf(Shape.class);
        shapes.addAll(geometry);
        shapes.addAll(other.geometry);
        return new AnnotationParts(verbatim || other.verbatim, shapes);
    }
}
