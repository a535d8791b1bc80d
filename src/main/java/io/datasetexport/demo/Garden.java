package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.below;
import static io.datasetexport.demo.Shapes.crown;
import static io.datasetexport.demo.Shapes.disc;
import static io.datasetexport.demo.Shapes.intersection;
import static io.datasetexport.demo.Shapes.oval;
import static io.datasetexport.demo.Shapes.polygon;
import static io.datasetexport.demo.Shapes.rect;
import static io.datasetexport.demo.Shapes.rounded;
import static io.datasetexport.demo.Shapes.union;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Japanese garden: a mountain, a lake, a gate, cherry trees and carp. */
final class Garden extends Stage {

    private static final Color RED = new Color(0xD1493F);

    private final double shore;

    Garden(int width, int height, Light light, long seed) {
        super(width, height, light, seed);
        shore = Math.round(height * 0.56);
        sky(shore);
        clouds(2, height * 0.12, height * 0.2);
    }

    private Garden(int width, int height, long seed) {
        super(width, height, Light.DAY, seed);
        shore = 0;
    }

    /** Nothing but water, seen from above. */
    static Garden fromAbove(int width, int height, long seed) {
        return new Garden(width, height, seed).lake();
    }

    /** The sun, or by night the moon. */
    Garden disk(double x, double y, double radius) {
        boolean night = light == Light.NIGHT;
        Color color = new Color(night ? 0xFBEFCB : 0xE9705A);
        decorate(new Sketch().fill(disc(x, y, radius * 1.5), Light.sheer(color.getRGB() & 0xFFFFFF, 0.12)));
        Sketch disk = new Sketch().fill(disc(x, y, radius), color);
        if (night) {
            disk.fill(disc(x - radius * 0.3, y - radius * 0.2, radius * 0.2), new Color(0xEBDDB4));
            disk.fill(disc(x + radius * 0.35, y + radius * 0.3, radius * 0.15), new Color(0xEBDDB4));
        }
        add(Thing.oval(night ? "moon" : "sun", disk, 0));
        return this;
    }

    Garden mountain(double x, double halfWidth, double top) {
        hills(shore - 30, shore - 4, 0x7FA68E, 0.35);
        double h = shore - top;
        double w = halfWidth;
        Shape slopes = polygon(
                x - w, shore, x - w * 0.6, shore - h * 0.32, x - w * 0.3, shore - h * 0.7, x - w * 0.13, top,
                x - w * 0.04, top + 5, x + w * 0.05, top - 1, x + w * 0.13, top + 3,
                x + w * 0.32, shore - h * 0.68, x + w * 0.62, shore - h * 0.3, x + w, shore);
        double snow = top + h * 0.34;
        Shape cap = polygon(
                x - w, top - 20, x + w, top - 20, x + w, snow - 20, x + w * 0.24, snow - 8, x + w * 0.17, snow + 16,
                x + w * 0.08, snow - 12,
                x, snow + 20, x - w * 0.09, snow - 10, x - w * 0.17, snow + 14, x - w * 0.25, snow - 10, x - w, snow - 20);
        Shape shade = polygon(x + w * 0.05, top - 1, x + w * 1.2, top, x + w * 1.2, shore + 9, x + w * 0.3, shore + 9);
        Color stone = light.far(0x6F86A8, 0.22);
        add(Thing.outlined("mountain", new Sketch()
                .fill(slopes, stone)
                .fill(intersection(slopes, shade), Light.darker(stone, 0.12))
                .fill(intersection(slopes, cap), light.far(0xFFFFFF, 0.12))));
        return this;
    }

    Garden lake() {
        add(Thing.masked("water", new Sketch().fill(rect(0, shore, width, height - shore), light.water(shore, height))));
        for (int i = 0; i < 26; i++) {
            double depth = random.nextDouble();
            double w = (12 + 40 * depth) * between(0.5, 1.1);
            decorate(new Sketch().fill(rounded(-w / 2, 0, w, 1.2 + 1.2 * depth, 1), Light.sheer(0xFFFFFF, 0.16 + 0.14 * depth))
                    .at(between(0, width), shore + 6 + (height - shore - 12) * depth));
        }
        return this;
    }

    /** A lawn in a corner; {@code side} is -1 for the left one, 1 for the right one. */
    Garden bank(int side, double reach, double top) {
        double out = side < 0 ? -10 : width + 10;
        double in = side < 0 ? reach : width - reach;
        double[] edge = {out, top, (out + in) / 2, top + 8, in - side * reach * -0.1, top + 34, in, height + 4};
        Shape lawn = side < 0 ? below(height + 4, edge)
                : below(height + 4, edge[6], edge[7], edge[4], edge[5], edge[2], edge[3], edge[0], edge[1]);
        add(Thing.masked("ground.grass", new Sketch().fill(lawn, light.on(0x94BB7E))));
        return this;
    }

    Garden torii(double x, double y, double scale) {
        for (int post : new int[] {-42, 42}) {
            decorate(Boats.reflection(26).scaled(scale).at(x + post * scale, y));
        }
        Shape lintel = polygon(-78, -142, -40, -136, 40, -136, 78, -142, 74, -126, -74, -126);
        Shape tie = rect(-60, -104, 120, 11);
        Shape left = polygon(-48, 0, -42, -126, -32, -126, -36, 0);
        Shape right = polygon(36, 0, 32, -126, 42, -126, 48, 0);
        Shape plaque = rect(-7, -127, 14, 24);
        add(Thing.outlined("building.gate", light.on(new Sketch()
                .fill(union(lintel, tie, left, right, plaque), RED)
                .fill(polygon(-78, -142, -40, -136, 40, -136, 78, -142, 77, -137, 40, -131, -40, -131, -77, -137),
                        new Color(0x3B3A50))
                .fill(rect(-60, -104, 120, 3), Light.lighter(RED, 0.25))
                .fill(plaque, new Color(0x3B3A50))
                .fill(rect(-3, -122, 6, 14), new Color(0xE9C46A))
                .fill(polygon(-48, 0, -47.4, -12, -36.4, -12, -36, 0), new Color(0x3B3A50))
                .fill(polygon(36, 0, 36.4, -12, 47.4, -12, 48, 0), new Color(0x3B3A50))).scaled(scale).at(x, y))
                .with(Attribute.MATERIAL, "wood"));
        return this;
    }

    /** A cherry tree in blossom; its crown is one outline over several tufts. */
    Garden cherry(double x, double y, double size) {
        List<Shape> tufts = new ArrayList<>();
        double[][] places = {{0, -0.72, 0.3}, {-0.3, -0.58, 0.24}, {0.3, -0.6, 0.25}, {-0.14, -0.86, 0.22}, {0.18, -0.86, 0.2}};
        for (double[] place : places) {
            tufts.add(crown(random, place[0] * size, place[1] * size, place[2] * size, place[2] * size * 0.8, 11, 0.06));
        }
        Shape trunk = polygon(-0.06 * size, 0, -0.02 * size, -0.4 * size, -0.12 * size, -0.62 * size, 0, -0.5 * size,
                0.12 * size, -0.64 * size,
                0.04 * size, -0.38 * size, 0.05 * size, 0);
        Shape blossom = union(tufts.toArray(Shape[]::new));
        Color pink = new Color(0xF0A8B8);
        Sketch tree = new Sketch().fill(union(blossom, trunk), new Color(0x6B4640)).fill(blossom, pink);
        for (int i = 0; i < places.length; i++) {
            tree.fill(intersection(tufts.get(i), crown(random, (places[i][0] - 0.05) * size, (places[i][1] - 0.07) * size,
                    places[i][2] * size * 0.8, places[i][2] * size * 0.6, 10, 0.06)), i % 2 == 0 ? new Color(0xF7C5CF)
                            : new Color(0xF4B6C3));
        }
        for (int i = 0; i < 26; i++) {
            tree.fill(intersection(blossom, disc(between(-0.5, 0.5) * size, between(-1, -0.4) * size, size * 0.014)),
                    new Color(0xFDF0F1));
        }
        add(Thing.outlined("tree.cherry", light.on(tree).at(x, y)).with(Attribute.NOTE, "in full blossom"));
        return this;
    }

    /** An arched bridge, its water end at the left and right. */
    Garden bridge(double x, double y, double scale) {
        double[] upper = new double[2 * 13];
        double[] lower = new double[2 * 13];
        for (int i = 0; i < 13; i++) {
            double t = i / 6.0 - 1;
            upper[2 * i] = t * 110;
            upper[2 * i + 1] = -52 * (1 - t * t) - 8;
            lower[2 * i] = -t * 100;
            lower[2 * i + 1] = -42 * (1 - t * t) + 4;
        }
        double[] arch = Arrays.copyOf(upper, 52);
        System.arraycopy(lower, 0, arch, 26, 26);
        Sketch bridge = new Sketch().fill(polygon(arch), RED);
        for (int i = 1; i < 12; i++) {
            bridge.fill(rect(upper[2 * i] - 2, upper[2 * i + 1] - 24, 4, 26), Light.darker(RED, 0.15));
        }
        bridge.line(Shapes.curve(raised(upper, 24)), 4.5, RED)
                .line(Shapes.curve(raised(upper, 13)), 2.4, Light.darker(RED, 0.08));
        bridge.line(Shapes.curve(raised(upper, -4)), 2.5, Light.lighter(RED, 0.3));
        decorate(new Sketch().fill(oval(x, y + 10, 104 * scale, 6 * scale), Light.sheer(0x0E2A3F, 0.22)));
        add(Thing.boxed("building.bridge", light.on(bridge).scaled(scale).at(x, y)).tagged("crossable")
                .with(Attribute.MATERIAL, "wood"));
        return this;
    }

    private static double[] raised(double[] xy, double up) {
        double[] raised = Arrays.copyOf(xy, xy.length);
        for (int i = 1; i < raised.length; i += 2) {
            raised[i] -= up;
        }
        return raised;
    }

    Garden lantern(double x, double y, double scale) {
        Color stone = new Color(0x9AA0A3);
        add(Thing.boxed("lantern", light.on(new Sketch()
                .fill(rounded(-16, -8, 32, 8, 2), Light.darker(stone, 0.15))
                .fill(polygon(-7, -8, -5, -40, 5, -40, 7, -8), stone)
                .fill(rounded(-14, -46, 28, 7, 2), Light.darker(stone, 0.1))
                .fill(rect(-10, -64, 20, 18), Light.lighter(stone, 0.12))
                .fill(polygon(-24, -62, -12, -74, 12, -74, 24, -62), Light.darker(stone, 0.2))
                .fill(disc(0, -77, 4), stone))
                .fill(rounded(-5, -61, 10, 12, 2), light.lampsAreLit() ? new Color(0xFFD98A) : new Color(0x59617A))
                .scaled(scale).at(x, y)).tagged(light.lampsAreLit() ? "lit" : "dark"));
        return this;
    }

    /** A carp below the surface, turned as it swims. */
    Garden carp(double x, double y, double degrees) {
        Color scales = light.on(oneOf(colors(0xF08A4B, 0xFBF5E6, 0xE2574C, 0xF2B84B)));
        add(Thing.turned("carp", new Sketch()
                .fill(oval(x, y, 18, 7), scales)
                .fill(polygon(x - 14, y, x - 27, y - 7, x - 23, y, x - 27, y + 7), scales)
                .fill(intersection(oval(x, y, 18, 7), disc(x + 3, y - 3, 6)), light.on(0xFBF5E6))
                .fill(disc(x + 12, y - 2, 1.4), new Color(0x2B3040)), degrees));
        return this;
    }

    /** A leaf on the water, with a notch. */
    Garden lilyPad(double x, double y, double radius, double degrees) {
        Color green = oneOf(colors(0x6FA36B, 0x86B374, 0x5F9480));
        Point2D centre = new Point2D.Double(x, y);
        double[] xy = new double[2 * 20];
        xy[0] = x;
        xy[1] = y;
        for (int i = 1; i < 20; i++) {
            double angle = 2 * Math.PI * (i + 0.4) / 20.8;
            xy[2 * i] = x + radius * StrictMath.cos(angle);
            xy[2 * i + 1] = y + radius * 0.86 * StrictMath.sin(angle);
        }
        Sketch pad = new Sketch().fill(polygon(xy), green);
        for (int i = 2; i < 20; i += 3) {
            pad.line(Shapes.open(x, y, x + (xy[2 * i] - x) * 0.8, y + (xy[2 * i + 1] - y) * 0.8), 1.4, Light.darker(green, 0.18));
        }
        decorate(new Sketch().fill(oval(x + 5, y + 7, radius, radius * 0.86), Light.sheer(0x0E2A3F, 0.22)));
        add(Thing.outlined("plant.lily pad", pad.transformed(Shapes.turn(degrees, centre))));
        if (random.nextBoolean()) {
            Sketch flower = new Sketch();
            for (int petal = 0; petal < 8; petal++) {
                flower.add(new Sketch().fill(oval(x, y - radius * 0.26, radius * 0.13, radius * 0.26),
                        new Color(petal % 2 == 0 ? 0xF7C5CF : 0xF0A8B8))
                        .transformed(Shapes.turn(petal * 45, centre)));
            }
            add(Thing.dot("plant.flower", flower.fill(disc(x, y, radius * 0.13), new Color(0xF2B84B)).at(-x, -y), x, y));
        }
        return this;
    }

    Garden visitor(Figure.Stance stance, double x, double y) {
        add(person(stance).posed(x, y, 0.8, light));
        return this;
    }

    Garden cranes(int count) {
        birds(count, width * 0.15, height * 0.1, width * 0.8, height * 0.3);
        return this;
    }
}
