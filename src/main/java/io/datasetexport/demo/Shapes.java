package io.datasetexport.demo;

import java.awt.BasicStroke;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Outlines to draw with, in pixels, x to the right, y down. Their numbers come from StrictMath: they are the same on every machine.
 */
final class Shapes {

    /** Annotated coordinates are multiples of this: a quarter of a pixel has a short and exact decimal text. */
    static final double GRID = 0.25;

    private Shapes() {}

    static Shape rect(double x, double y, double width, double height) {
        return new Rectangle2D.Double(x, y, width, height);
    }

    static Shape rounded(double x, double y, double width, double height, double radius) {
        return new RoundRectangle2D.Double(x, y, width, height, 2 * radius, 2 * radius);
    }

    static Ellipse2D disc(double x, double y, double radius) {
        return oval(x, y, radius, radius);
    }

    static Ellipse2D oval(double x, double y, double rx, double ry) {
        return new Ellipse2D.Double(x - rx, y - ry, 2 * rx, 2 * ry);
    }

    /** A closed outline of straight lines through {@code x, y, x, y, ...}. */
    static Path2D polygon(double... xy) {
        Path2D path = open(xy);
        path.closePath();
        return path;
    }

    /** An open run of straight lines through {@code x, y, x, y, ...}. */
    static Path2D open(double... xy) {
        Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        return path;
    }

    /** An open run of straight lines through points. */
    static Path2D through(Point2D... points) {
        double[] xy = new double[2 * points.length];
        for (int i = 0; i < points.length; i++) {
            xy[2 * i] = points[i].getX();
            xy[2 * i + 1] = points[i].getY();
        }
        return open(xy);
    }

    /** An open curve that passes smoothly through {@code x, y, x, y, ...} (Catmull-Rom). */
    static Path2D curve(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        int last = xy.length - 2;
        for (int i = 0; i < last; i += 2) {
            int before = Math.max(i - 2, 0);
            int after = Math.min(i + 4, last);
            path.curveTo(
                    xy[i] + (xy[i + 2] - xy[before]) / 6, xy[i + 1] + (xy[i + 3] - xy[before + 1]) / 6,
                    xy[i + 2] - (xy[after] - xy[i]) / 6, xy[i + 3] - (xy[after + 1] - xy[i + 1]) / 6,
                    xy[i + 2], xy[i + 3]);
        }
        return path;
    }

    /** What lies below a smooth curve, down to {@code bottom}. */
    static Path2D below(double bottom, double... xy) {
        Path2D path = curve(xy);
        path.lineTo(xy[xy.length - 2], bottom);
        path.lineTo(xy[0], bottom);
        path.closePath();
        return path;
    }

    /** A polygon of {@code corners} corners on an ellipse, the first one at the top. */
    static Path2D regular(double x, double y, double rx, double ry, int corners) {
        double[] xy = new double[2 * corners];
        for (int i = 0; i < corners; i++) {
            double angle = 2 * Math.PI * i / corners;
            xy[2 * i] = x + rx * StrictMath.sin(angle);
            xy[2 * i + 1] = y - ry * StrictMath.cos(angle);
        }
        return polygon(xy);
    }

    /** A polygon near an ellipse, each corner moved in or out by up to {@code wobble} of the radius. */
    static Path2D crown(RandomGenerator random, double x, double y, double rx, double ry, int corners, double wobble) {
        double[] xy = new double[2 * corners];
        for (int i = 0; i < corners; i++) {
            double angle = 2 * Math.PI * (i + 0.4 * random.nextDouble()) / corners;
            double reach = 1 + wobble * (2 * random.nextDouble() - 1);
            xy[2 * i] = x + rx * reach * StrictMath.sin(angle);
            xy[2 * i + 1] = y - ry * reach * StrictMath.cos(angle);
        }
        return polygon(xy);
    }

    /** A ring: two polygons around one centre, the inner one cut out. */
    static Path2D ring(double x, double y, double outer, double inner, int corners) {
        Path2D path = regular(x, y, outer, outer, corners);
        path.append(regular(x, y, inner, inner, corners), false);
        return path;
    }

    /** A line of a width, with round ends. */
    static Shape stroke(Shape line, double width) {
        return new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND).createStrokedShape(line);
    }

    /** The outline of several shapes as one. */
    static Area union(Shape... shapes) {
        Area area = new Area();
        for (Shape shape : shapes) {
            area.add(new Area(shape));
        }
        return area;
    }

    static Area intersection(Shape one, Shape other) {
        Area area = new Area(one);
        area.intersect(new Area(other));
        return area;
    }

    static AffineTransform turn(double degrees, Point2D centre) {
        double angle = StrictMath.toRadians(degrees);
        return AffineTransform.getRotateInstance(StrictMath.cos(angle), StrictMath.sin(angle), centre.getX(), centre.getY());
    }

    static double snap(double coordinate) {
        return Math.round(coordinate / GRID) * GRID;
    }

    static Point2D snap(Point2D point) {
        return new Point2D.Double(snap(point.getX()), snap(point.getY()));
    }

    /** The smallest rectangle on the grid around another one. */
    static Rectangle2D snapOut(Rectangle2D bounds) {
        double left = Math.floor(bounds.getMinX() / GRID) * GRID;
        double top = Math.floor(bounds.getMinY() / GRID) * GRID;
        double right = Math.ceil(bounds.getMaxX() / GRID) * GRID;
        double bottom = Math.ceil(bounds.getMaxY() / GRID) * GRID;
        return new Rectangle2D.Double(left, top, right - left, bottom - top);
    }

    /**
     * The corners of an outline of straight lines, on the grid: its outer ring first, then its holes.
     *
     * @throws IllegalArgumentException when the outline is curved or in several pieces
     */
    static List<List<Point2D>> rings(Shape outline) {
        List<List<Point2D>> rings = new ArrayList<>();
        double[] at = new double[6];
        for (PathIterator path = outline.getPathIterator(null); !path.isDone(); path.next()) {
            switch (path.currentSegment(at)) {
                case PathIterator.SEG_MOVETO -> rings.add(new ArrayList<>(List.of(snap(new Point2D.Double(at[0], at[1])))));
                case PathIterator.SEG_LINETO -> addCorner(rings.getLast(), snap(new Point2D.Double(at[0], at[1])));
                case PathIterator.SEG_CLOSE -> {}
                default -> throw new IllegalArgumentException("A polygon has straight sides");
            }
        }
        rings.forEach(Shapes::dropClosingCorner);
        rings.sort(Comparator.comparingDouble(Shapes::area).reversed());
        Path2D outer = path(rings.subList(0, 1));
        if (!rings.stream().skip(1).allMatch(hole -> outer.contains(hole.getFirst()))) {
            throw new IllegalArgumentException("An outline is one piece");
        }
        return rings;
    }

    private static double area(List<Point2D> ring) {
        double twice = 0;
        Point2D from = ring.getLast();
        for (Point2D to : ring) {
            twice += from.getX() * to.getY() - to.getX() * from.getY();
            from = to;
        }
        return Math.abs(twice) / 2;
    }

    private static void addCorner(List<Point2D> ring, Point2D corner) {
        if (!ring.getLast().equals(corner)) {
            ring.add(corner);
        }
    }

    private static void dropClosingCorner(List<Point2D> ring) {
        if (ring.size() > 1 && ring.getFirst().equals(ring.getLast())) {
            ring.removeLast();
        }
    }

    static Path2D path(List<List<Point2D>> rings) {
        Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        for (List<Point2D> ring : rings) {
            path.moveTo(ring.getFirst().getX(), ring.getFirst().getY());
            ring.stream().skip(1).forEach(corner -> path.lineTo(corner.getX(), corner.getY()));
            path.closePath();
        }
        return path;
    }
}
