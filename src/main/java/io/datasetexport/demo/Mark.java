package io.datasetexport.demo;

import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.SequencedMap;

/**
 * What an annotation says about where a thing is: in pixels of the displayed picture, origin top left; angles in degrees, clockwise.
 */
sealed interface Mark {

    /** Decoration: not annotated. */
    record None() implements Mark {}

    record Box(Rectangle2D bounds) implements Mark {}

    /** A box that was turned around its centre. */
    record TurnedBox(Rectangle2D bounds, double degrees) implements Mark {}

    /** The outer ring, then its holes. */
    record Polygon(List<List<Point2D>> rings) implements Mark {}

    /** The pixels where nothing else covers the thing. */
    record Mask() implements Mark {}

    record Ellipse(Point2D centre, double rx, double ry, double degrees) implements Mark {}

    record Dot(Point2D point) implements Mark {}

    record Line(List<Point2D> points) implements Mark {}

    /** Key points by their names in the recipe's {@linkplain DemoLabels#POSE template}. */
    record Pose(SequencedMap<String, Point2D> keyPoints) implements Mark {}

    /** The whole picture is one of these. */
    record Class() implements Mark {}
}
