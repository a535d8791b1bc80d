package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.disc;
import static io.datasetexport.demo.Shapes.intersection;
import static io.datasetexport.demo.Shapes.open;
import static io.datasetexport.demo.Shapes.polygon;
import static io.datasetexport.demo.Shapes.rect;
import static io.datasetexport.demo.Shapes.ring;
import static io.datasetexport.demo.Shapes.rounded;
import static io.datasetexport.demo.Shapes.union;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Area;

/** What floats, with the waterline at y = 0 and x = 0 in the middle, facing right. */
final class Boats {

    private static final Color WOOD = new Color(0x9C6B4A);
    private static final Color GLASS = new Color(0xCFE6EC);
    private static final Color CREAM = new Color(0xFBF5E6);

    private Boats() {}

    /** A sailing boat, 108 wide and 132 high; its body is one outline of straight lines. */
    static Sketch sailing(Color hullPaint, Color sail) {
        Shape hull = polygon(-54, -17, 54, -20, 40, 0, -44, 0);
        Shape mast = rect(-3, -132, 4, 116);
        Shape main = polygon(-3, -126, -3, -27, -48, -27, -30, -62);
        Shape jib = polygon(1, -118, 48, -26, 22, -30, 1, -30);
        return new Sketch()
                .fill(union(hull, mast, main, jib), WOOD)
                .fill(main, sail)
                .fill(polygon(-3, -126, -3, -90, -20, -84), Light.darker(sail, 0.12))
                .fill(jib, CREAM)
                .fill(polygon(1, -30, 1, -46, 38, -26, 22, -30), Light.darker(CREAM, 0.1))
                .fill(hull, hullPaint)
                .fill(polygon(-54, -17, 54, -20, 50.5, -14, -51.5, -12), Light.lighter(hullPaint, 0.65))
                .fill(polygon(-46.5, -4, 43, -4, 40, 0, -44, 0), Light.darker(hullPaint, 0.4));
    }

    /** A motor boat, 112 wide and 46 high. */
    static Sketch motor(Color paint) {
        Shape hull = polygon(-54, -18, 58, -23, 42, 0, -50, 0);
        return new Sketch()
                .fill(hull, paint)
                .fill(polygon(-54, -18, 58, -23, 54, -17, -53.2, -13), CREAM)
                .fill(rounded(-30, -40, 44, 24, 4), CREAM)
                .fill(rect(-30, -26, 44, 6), Light.lighter(paint, 0.35))
                .fill(polygon(14, -20, 14, -38, 28, -20), GLASS)
                .fill(rounded(-24, -36, 13, 9, 2), GLASS)
                .fill(rounded(-6, -36, 13, 9, 2), GLASS)
                .line(open(-22, -40, -22, -46), 2, WOOD)
                .fill(polygon(-48, -5, 45.5, -5, 42, 0, -50, 0), Light.darker(paint, 0.4));
    }

    /** A ferry, 216 wide and 82 high. */
    static Sketch ferry(Color paint) {
        Shape hull = polygon(-104, -30, 112, -34, 92, 0, -94, 0);
        Sketch ferry = new Sketch()
                .fill(hull, paint)
                .fill(polygon(-94.7, -2, 93, -2, 92, 0, -94, 0), Light.darker(paint, 0.4))
                .fill(polygon(-104, -30, 112, -34, 108, -27, -102, -23), CREAM)
                .fill(rounded(-84, -52, 160, 22, 3), CREAM)
                .fill(rounded(-60, -68, 104, 16, 3), Light.darker(CREAM, 0.08))
                .fill(polygon(44, -52, 44, -68, 54, -68, 62, -52), GLASS)
                .fill(polygon(-34, -68, -30, -82, -12, -82, -12, -68), new Color(0xE76F51))
                .fill(polygon(-31.5, -77, -30, -82, -12, -82, -12, -77), new Color(0x33415C));
        for (int i = 0; i < 9; i++) {
            ferry.fill(rounded(-77 + 16.5 * i, -46, 11, 9, 2), Light.WINDOW);
        }
        for (int i = 0; i < 6; i++) {
            ferry.fill(rounded(-54 + 16 * i, -64, 9, 8, 2), Light.WINDOW);
        }
        for (int i = 0; i < 8; i++) {
            ferry.fill(disc(-74 + 21 * i, -14, 2.6), Light.WINDOW);
        }
        return ferry;
    }

    /** A life buoy around the origin, red and white; its body is a ring with a hole. */
    static Sketch lifeBuoy(double radius) {
        Shape ring = ring(0, 0, radius, radius * 0.56, 24);
        Area bands = new Area();
        for (int quarter = 0; quarter < 4; quarter++) {
            double from = Math.PI / 2 * quarter + Math.PI / 4 - 0.34;
            double reach = radius * 1.5;
            bands.add(new Area(polygon(
                    0, 0,
                    reach * StrictMath.cos(from), reach * StrictMath.sin(from),
                    reach * StrictMath.cos(from + 0.68), reach * StrictMath.sin(from + 0.68))));
        }
        return new Sketch()
                .fill(ring, new Color(0xE2574C))
                .fill(intersection(ring, bands), CREAM)
                .fill(intersection(ring, ring(0, 0, radius * 0.66, radius * 0.5, 24)), Light.sheer(0x33203A, 0.16));
    }

    /** A floating mark, 22 wide; its body is an ellipse. */
    static Sketch buoy(Color paint) {
        return new Sketch()
                .fill(Shapes.oval(0, -10, 11, 13), paint)
                .fill(intersection(Shapes.oval(0, -10, 11, 13), rect(-12, -14, 24, 6)), CREAM);
    }

    /** What a hull of a width mirrors in the water. */
    static Sketch reflection(double width) {
        return new Sketch()
                .fill(rounded(-width * 0.44, 1, width * 0.88, 4, 2), Light.sheer(0x0E2A3F, 0.3))
                .fill(rounded(-width * 0.34, 8, width * 0.6, 3, 1.5), Light.sheer(0x0E2A3F, 0.2))
                .fill(rounded(-width * 0.2, 14, width * 0.44, 2.4, 1.2), Light.sheer(0x0E2A3F, 0.12));
    }
}
