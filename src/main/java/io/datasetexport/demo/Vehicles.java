package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.curve;
import static io.datasetexport.demo.Shapes.disc;
import static io.datasetexport.demo.Shapes.intersection;
import static io.datasetexport.demo.Shapes.open;
import static io.datasetexport.demo.Shapes.oval;
import static io.datasetexport.demo.Shapes.polygon;
import static io.datasetexport.demo.Shapes.rect;
import static io.datasetexport.demo.Shapes.rounded;
import static io.datasetexport.demo.Shapes.stroke;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;

/** Things with wheels, standing on y = 0 with x = 0 at their middle, facing right. */
final class Vehicles {

    private static final Color TYRE = new Color(0x2B3040);
    private static final Color HUB = new Color(0xD9DCE3);
    private static final Color GLASS = new Color(0xC6DFE8);
    private static final Color REAR_LAMP = new Color(0xC8453B);

    private Vehicles() {}

    /** A car, 100 wide and 47 high. */
    static Sketch car(Color paint) {
        Path2D body = new Path2D.Double();
        body.moveTo(-50, -10);
        body.lineTo(-50, -22);
        body.quadTo(-50, -29, -42, -30);
        body.lineTo(-33, -31);
        body.quadTo(-24, -46, -11, -47);
        body.lineTo(9, -47);
        body.quadTo(19, -46, 29, -31);
        body.quadTo(50, -28, 50, -18);
        body.lineTo(50, -11);
        body.quadTo(50, -8, 47, -8);
        body.lineTo(-48, -8);
        body.quadTo(-50, -8, -50, -10);
        body.closePath();
        Sketch car = new Sketch()
                .fill(body, paint)
                .fill(intersection(body, rect(-60, -17, 120, 20)), Light.darker(paint, 0.22))
                .fill(polygon(-27, -31, -20, -40, -12, -42.5, -4, -42.5, -4, -31), GLASS)
                .fill(polygon(0, -31, 0, -42.5, 8, -42.5, 14, -40, 22, -31), GLASS)
                .fill(polygon(4, -31, 9, -42.5, 12, -41.5, 8, -31), Light.sheer(0xFFFFFF, 0.45))
                .line(open(-2, -30, -2, -12), 1, Light.darker(paint, 0.3))
                .line(open(-10, -26, -6, -26), 1.8, Light.darker(paint, 0.35))
                .fill(intersection(body, oval(49, -21, 6, 3.5)), Light.LAMP)
                .fill(intersection(body, rounded(-54, -25, 8, 7, 2)), REAR_LAMP);
        return wheels(car, body, paint, 10, -29, 29);
    }

    /** A bus, 190 wide and 82 high. */
    static Sketch bus(Color paint) {
        Shape body = rounded(-95, -82, 190, 74, 10);
        Sketch bus = new Sketch()
                .fill(body, paint)
                .fill(intersection(body, rect(-95, -30, 190, 30)), Light.darker(paint, 0.16))
                .fill(rect(-95, -33, 190, 4), Light.lighter(paint, 0.6));
        for (int i = 0; i < 5; i++) {
            bus.fill(rounded(-86 + 27 * i, -70, 23, 26, 3), Light.WINDOW);
            bus.fill(polygon(-80 + 27 * i, -44, -72 + 27 * i, -70, -67 + 27 * i, -70, -75 + 27 * i, -44),
                    Light.sheer(0xFFFFFF, 0.4));
        }
        bus.fill(rounded(50, -70, 20, 59, 3), Light.WINDOW)
                .line(open(60, -68, 60, -13), 1.5, Light.darker(paint, 0.2))
                .fill(intersection(body, rounded(75, -70, 30, 34, 4)), GLASS)
                .fill(intersection(body, oval(94, -19, 6, 4)), Light.LAMP)
                .fill(intersection(body, rounded(-99, -26, 8, 10, 2)), REAR_LAMP);
        return wheels(bus, body, paint, 12, -56, 32);
    }

    /** A lorry, 158 wide and 76 high. */
    static Sketch truck(Color paint, Color load) {
        Path2D cab = new Path2D.Double();
        cab.moveTo(33, -10);
        cab.lineTo(33, -62);
        cab.lineTo(58, -62);
        cab.quadTo(66, -61, 70, -46);
        cab.lineTo(76, -40);
        cab.quadTo(79, -38, 79, -34);
        cab.lineTo(79, -10);
        cab.closePath();
        Shape box = rounded(-79, -76, 108, 64, 4);
        Sketch truck = new Sketch()
                .fill(box, load)
                .fill(rect(-79, -40, 108, 9), paint)
                .fill(rect(-79, -27, 108, 4), Light.lighter(paint, 0.4))
                .fill(rect(-74, -14, 150, 6), new Color(0x4A5266))
                .fill(cab, paint)
                .fill(intersection(cab, rect(33, -22, 60, 14)), Light.darker(paint, 0.2))
                .fill(polygon(44, -38, 44, -56, 57, -56, 62, -53, 67, -38), GLASS)
                .line(open(44, -32, 49, -32), 2, Light.darker(paint, 0.35))
                .fill(intersection(cab, oval(79, -24, 6, 4)), Light.LAMP);
        return wheels(truck, cab, paint, 11, -52, -26, 56);
    }

    /** A bicycle with its rider, 86 wide and 98 high. */
    static Sketch bicycle(Color paint, Color shirt) {
        Color metal = new Color(0x59617A);
        return new Sketch()
                .fill(stroke(disc(-25, -18, 16.5), 3), TYRE)
                .fill(stroke(disc(25, -18, 16.5), 3), TYRE)
                .fill(disc(-25, -18, 2.5), metal)
                .fill(disc(25, -18, 2.5), metal)
                .line(open(-25, -18, -3, -18, -10, -39, -25, -18), 2.6, paint)
                .line(open(-3, -18, 16, -37, -9, -37), 3, paint)
                .line(open(25, -18, 14, -46), 2.8, paint)
                .line(curve(14, -46, 17, -49, 22, -47), 2.6, metal)
                .line(open(-15, -41, -6, -41), 4, TYRE)
                .fill(disc(-3, -18, 4), metal)
                .line(open(-3, -18, 0, -11), 2, metal)
                .line(open(-10, -46, 5, -31, -1, -13), 7, new Color(0x33415C))
                .line(open(-2, -11, 4, -11), 5, new Color(0x3B3A50))
                .line(open(-9, -49, 2, -73), 11, shirt)
                .line(open(4, -72, 11, -58, 20, -49), 5, Light.darker(shirt, 0.14))
                .fill(disc(9, -86, 9.2), new Color(0x3B2F2F))
                .fill(disc(10.5, -84, 7.6), new Color(0xE0AE86));
    }

    /** What a vehicle of a width throws on the road. */
    static Sketch shadow(double width) {
        return new Sketch().fill(oval(0, 0, width / 2 + 4, 5), Light.sheer(0x10182E, 0.28));
    }

    /** The light in front of a vehicle whose lamp is at the origin. */
    static Sketch beam() {
        return new Sketch().fill(polygon(0, -3, 90, -2, 96, 20, 0, 4), Light.sheer(0xFFF1B8, 0.16));
    }

    private static Sketch wheels(Sketch vehicle, Shape body, Color paint, double radius, double... middles) {
        for (double x : middles) {
            vehicle.fill(intersection(body, disc(x, -radius, radius + 3)), Light.darker(paint, 0.6));
            vehicle.fill(disc(x, -radius, radius), TYRE);
            vehicle.fill(disc(x, -radius, radius * 0.52), HUB);
            vehicle.fill(disc(x, -radius, radius * 0.2), TYRE);
        }
        return vehicle;
    }
}
