package io.datasetexport.demo;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import tools.jackson.databind.JsonNode;

/** Coordinates of the platform's JSON as shapes of Java2D: read on their own, without what wrote them. */
final class JsonShapes {

    private JsonShapes() {}

    static Point2D point(JsonNode point) {
        return new Point2D.Double(point.path("x").asDouble(), point.path("y").asDouble());
    }

    static Rectangle2D box(JsonNode corners) {
        Rectangle2D box = new Rectangle2D.Double();
        box.setFrameFromDiagonal(point(corners.path(0)), point(corners.path(1)));
        return box;
    }

    /** @param more added to both radii */
    static Shape ellipse(JsonNode at, double more) {
        Point2D centre = point(at.path("center"));
        double rx = at.path("rx").asDouble() + more;
        double ry = at.path("ry").asDouble() + more;
        return AffineTransform.getRotateInstance(Math.toRadians(at.path("angle").asDouble()), centre.getX(), centre.getY())
                .createTransformedShape(new Ellipse2D.Double(centre.getX() - rx, centre.getY() - ry, 2 * rx, 2 * ry));
    }

    static Path2D path(JsonNode rings) {
        Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        for (JsonNode ring : rings) {
            path.moveTo(ring.path(0).path("x").asDouble(), ring.path(0).path("y").asDouble());
            ring.forEach(corner -> path.lineTo(corner.path("x").asDouble(), corner.path("y").asDouble()));
            path.closePath();
        }
        return path;
    }

    static double shoelace(JsonNode ring) {
        double twice = 0;
        for (int i = 0; i < ring.size(); i++) {
            Point2D from = point(ring.path(i));
            Point2D to = point(ring.path((i + 1) % ring.size()));
            twice += from.getX() * to.getY() - to.getX() * from.getY();
        }
        return twice / 2;
    }
}
