package io.datasetexport.demo;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One drawn thing: how it looks and what its annotation says. Both come from the same shapes, so they can't disagree.
 *
 * @param label the full dotted path; empty for decoration
 * @param tags attributes of the platform's first kind: a list of words
 * @param values attributes of its second kind: by their definition in the ontology
 * @param confidence of the model that found the thing; null when a person did
 */
record Thing(
        Sketch sketch, Mark mark, String label, List<String> tags, SortedMap<Attribute, Object> values,
        @Nullable Double confidence) {

    Thing(Sketch sketch, Mark mark, String label) {
        this(sketch, mark, label, List.of(), Collections.emptySortedMap(), null);
    }

    static Thing decoration(Sketch sketch) {
        return new Thing(sketch, new Mark.None(), "");
    }

    static Thing boxed(String label, Sketch sketch) {
        return new Thing(sketch, new Mark.Box(Shapes.snapOut(sketch.bounds())), label);
    }

    /** A sketch that is turned clockwise around the centre of its box. */
    static Thing turned(String label, Sketch sketch, double degrees) {
        Rectangle2D box = Shapes.snapOut(sketch.bounds());
        Point2D centre = new Point2D.Double(box.getCenterX(), box.getCenterY());
        return new Thing(sketch.transformed(Shapes.turn(degrees, centre)), new Mark.TurnedBox(box, degrees), label);
    }

    /** A sketch whose body has straight sides: it moves to the grid, its corners are the polygon, and all else is cut to it. */
    static Thing outlined(String label, Sketch sketch) {
        var rings = Shapes.rings(sketch.body());
        return new Thing(sketch.cutTo(Shapes.path(rings)), new Mark.Polygon(rings), label);
    }

    /** A sketch that owns whole pixels: it is painted without smoothed edges. */
    static Thing masked(String label, Sketch sketch) {
        return new Thing(sketch, new Mark.Mask(), label);
    }

    /** A sketch whose body is an ellipse, turned clockwise around its centre. */
    static Thing oval(String label, Sketch sketch, double degrees) {
        Rectangle2D box = Shapes.snapOut(sketch.body().getBounds2D());
        Point2D centre = new Point2D.Double(box.getCenterX(), box.getCenterY());
        Sketch snapped = sketch.withBody(new Ellipse2D.Double(box.getX(), box.getY(), box.getWidth(), box.getHeight()));
        Mark mark = new Mark.Ellipse(centre, box.getWidth() / 2, box.getHeight() / 2, degrees);
        return new Thing(snapped.transformed(Shapes.turn(degrees, centre)), mark, label);
    }

    /** A small sketch, drawn around the origin, that stands at a point. */
    static Thing dot(String label, Sketch sketch, double x, double y) {
        Point2D point = Shapes.snap(new Point2D.Double(x, y));
        return new Thing(sketch.at(point.getX(), point.getY()), new Mark.Dot(point), label);
    }

    /** A sketch that was drawn along {@code points}, which lie on the grid. */
    static Thing line(String label, Sketch sketch, Point2D... points) {
        return new Thing(sketch, new Mark.Line(List.of(points)), label);
    }

    /** Says what the whole picture shows; draws nothing. */
    static Thing classified(String label) {
        return new Thing(new Sketch(), new Mark.Class(), label);
    }

    Thing unmarked() {
        return decoration(sketch);
    }

    Thing tagged(String... words) {
        return new Thing(sketch, mark, label, List.of(words), values, confidence);
    }

    Thing with(Attribute attribute, Object value) {
        SortedMap<Attribute, Object> more = new TreeMap<>(values);
        more.put(attribute, value);
        return new Thing(sketch, mark, label, tags, more, confidence);
    }

    Thing foundByModel(double certainty) {
        return new Thing(sketch, mark, label, tags, values, certainty);
    }

    void paint(Graphics2D graphics) {
        boolean wholePixels = mark instanceof Mark.Mask;
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING,
                wholePixels ? RenderingHints.VALUE_ANTIALIAS_OFF : RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        sketch.paint(graphics);
    }
}
