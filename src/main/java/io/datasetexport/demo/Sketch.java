package io.datasetexport.demo;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a thing looks like: shapes that are filled one over the other. The first one is its body.
 *
 * <p>Most sketches are drawn around the origin, standing on y = 0 and facing right, and then {@linkplain #at placed}.
 */
final class Sketch {

    private record Fill(Shape shape, Paint paint) {}

    private final List<Fill> fills;

    Sketch() {
        this(new ArrayList<>());
    }

    private Sketch(List<Fill> fills) {
        this.fills = fills;
    }

    /** Adds a filled shape on top; a shape without extent is nothing. */
    Sketch fill(Shape shape, Paint paint) {
        if (!shape.getBounds2D().isEmpty()) {
            fills.add(new Fill(shape, paint));
        }
        return this;
    }

    /** Adds a line with round ends on top. */
    Sketch line(Shape line, double width, Paint paint) {
        return fill(Shapes.stroke(line, width), paint);
    }

    /** Adds another sketch on top. */
    Sketch add(Sketch other) {
        fills.addAll(other.fills);
        return this;
    }

    Sketch at(double x, double y) {
        return transformed(AffineTransform.getTranslateInstance(x, y));
    }

    Sketch scaled(double factor) {
        return transformed(AffineTransform.getScaleInstance(factor, factor));
    }

    /** Facing left instead of right. */
    Sketch mirrored() {
        return transformed(AffineTransform.getScaleInstance(-1, 1));
    }

    Sketch transformed(AffineTransform transform) {
        List<Fill> moved = new ArrayList<>(fills.size());
        for (Fill fill : fills) {
            moved.add(new Fill(transform.createTransformedShape(fill.shape), fill.paint));
        }
        return new Sketch(moved);
    }

    /** The same shapes in other light. Gradients stay: they are made for their light. */
    Sketch recoloured(UnaryOperator<Color> change) {
        List<Fill> changed = new ArrayList<>(fills.size());
        for (Fill fill : fills) {
            changed.add(fill.paint instanceof Color color ? new Fill(fill.shape, change.apply(color)) : fill);
        }
        return new Sketch(changed);
    }

    /** The same with another outline for the body. */
    Sketch withBody(Shape body) {
        List<Fill> changed = new ArrayList<>(fills);
        changed.set(0, new Fill(body, fills.getFirst().paint));
        return new Sketch(changed);
    }

    /** The same with another outline for the body, and nothing outside of it. */
    Sketch cutTo(Shape body) {
        Sketch cut = new Sketch();
        for (Fill fill : withBody(body).fills) {
            boolean inside = fill.shape == body || body.contains(fill.shape.getBounds2D());
            cut.fill(inside ? fill.shape : Shapes.intersection(fill.shape, body), fill.paint);
        }
        return cut;
    }

    Shape body() {
        return fills.getFirst().shape;
    }

    boolean isEmpty() {
        return fills.isEmpty();
    }

    /** The smallest rectangle around all shapes; empty for a sketch without shapes. */
    Rectangle2D bounds() {
        if (fills.isEmpty()) {
            return new Rectangle2D.Double();
        }
        Rectangle2D bounds = (Rectangle2D) fills.getFirst().shape.getBounds2D().clone();
        fills.forEach(fill -> bounds.add(fill.shape.getBounds2D()));
        return bounds;
    }

    void paint(Graphics2D graphics) {
        for (Fill fill : fills) {
            graphics.setPaint(fill.paint);
            graphics.fill(fill.shape);
        }
    }
}
