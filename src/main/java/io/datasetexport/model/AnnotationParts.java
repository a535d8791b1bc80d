package io.datasetexport.model;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What somebody needs of annotations beside their id, type, label, attributes and metadata; the rest may stay in the database, and is null.
 *
 * @param verbatim whether creator, dates, source and all members without a column are needed
 * @param geometry the shapes whose coordinates are needed
 */
public record AnnotationParts(boolean verbatim, Set<Shape> geometry) {

    public static final AnnotationParts ALL = new AnnotationParts(true, Set.of(Shape.values()));
    public static final AnnotationParts NONE = new AnnotationParts(false, Set.of());

    public AnnotationParts {
        geometry = Set.copyOf(geometry);
    }

    /** The coordinates of the shapes that are wanted. */
    public static AnnotationParts geometryOf(Predicate<Shape> wanted) {
        return new AnnotationParts(false, Arrays.stream(Shape.values()).filter(wanted).collect(Collectors.toSet()));
    }

    /** What one of the two needs. */
    public AnnotationParts plus(AnnotationParts other) {
        AnnotationParts both = geometryOf(shape -> geometry.contains(shape) || other.geometry.contains(shape));
        return new AnnotationParts(verbatim || other.verbatim, both.geometry);
    }
}
