package io.datasetexport.demo;

import java.awt.Color;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A scene in the making: its size, its light, its luck, and the things that stand there so far, the farthest first. */
abstract class Stage {

    private static final Color[] CLOTHES = colors(0xE76F51, 0x2A9D8F, 0xE9C46A, 0x6D7FB3, 0xD98E8E, 0xF4A261, 0x8AB17D, 0xFBF5E6);
    private static final Color[] TROUSERS = colors(0x33415C, 0x5B4A52, 0x4F6D7A, 0x7A5542, 0x3F5E5A);
    private static final Color[] SKIN = colors(0xF2C9A5, 0xD9A07A, 0xB07A52, 0x8A5B40, 0xE8B48C);
    private static final Color[] HAIR = colors(0x3B2F2F, 0x5A3A2C, 0xC98B4B, 0x2B3040, 0x8E8A93);

    final int width;
    final int height;
    final Light light;
    final Random random;
    private final List<Thing> things = new ArrayList<>();

    Stage(int width, int height, Light light, long seed) {
        this.width = width;
        this.height = height;
        this.light = light;
        this.random = new Random(seed);
        add(Thing.classified(light.label()));
    }

    final void add(Thing thing) {
        things.add(thing);
    }

    final void decorate(Sketch sketch) {
        add(Thing.decoration(sketch));
    }

    final Scene scene() {
        return new Scene(width, height, things);
    }

    final void sky(double horizon) {
        add(Thing.masked("sky", new Sketch().fill(Shapes.rect(0, 0, width, height), light.sky(horizon))));
        if (light == Light.NIGHT) {
            stars(horizon * 0.7);
        }
    }

    /** Clouds are sky: they let it shine through, and its mask keeps their pixels. */
    final void clouds(int count, double highest, double lowest) {
        for (int i = 0; i < count; i++) {
            double x = width * (i + 0.25 + 0.5 * random.nextDouble()) / count;
            double y = between(highest, lowest);
            double size = between(0.7, 1.2);
            Color white = Light.sheer(0xFFFFFF, light == Light.NIGHT ? 0.1 : 0.46);
            decorate(new Sketch()
                    .fill(Shapes.union(
                            Shapes.rounded(-52, -12, 104, 18, 9), Shapes.disc(-20, -12, 17), Shapes.disc(6, -18, 23),
                            Shapes.disc(30, -10, 13)),
                            white)
                    .scaled(size)
                    .at(x, y));
        }
    }

    private void stars(double lowest) {
        Sketch stars = new Sketch();
        for (int i = 0; i < 40; i++) {
            stars.fill(Shapes.disc(random.nextDouble() * width, random.nextDouble() * lowest, between(0.7, 1.7)),
                    Light.sheer(0xFFF6DC, 0.49));
        }
        decorate(stars);
    }

    /** Hills at a distance, from the left side to the right one. */
    final void hills(double top, double bottom, int rgb, double distance) {
        double[] xy = new double[14];
        for (int i = 0; i < 7; i++) {
            xy[2 * i] = width * (i - 0.5) / 5.5 - 10;
            xy[2 * i + 1] = top + (i % 2 == 0 ? 0.55 : -0.2) * (bottom - top) * between(0.4, 1);
        }
        xy[12] = width + 40;
        decorate(new Sketch().fill(Shapes.below(bottom + 30, xy), light.far(rgb, distance)));
    }

    /** Birds between two heights, spread from the left to the right. */
    final void birds(int count, double left, double top, double right, double bottom) {
        for (int i = 0; i < count; i++) {
            double x = left + (right - left) * (i + between(0.2, 0.8)) / count;
            double y = between(top, bottom);
            Sketch bird = new Sketch().line(Shapes.curve(-9, -4, -4, -4.5, 0, 0, 4, -4.5, 9, -4), 2.2, light.on(0x4A5266));
            add(Thing.dot("bird", bird, x, y));
        }
    }

    final Figure person(Figure.Stance stance) {
        return new Figure(stance, oneOf(CLOTHES), oneOf(TROUSERS), oneOf(SKIN), oneOf(HAIR));
    }

    final double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    final <T> T oneOf(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    static Color[] colors(int... rgb) {
        Color[] colors = new Color[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            colors[i] = new Color(rgb[i]);
        }
        return colors;
    }

    /** Points of the grid on a smooth curve, {@code pieces} straight pieces between each two of its {@code x, y} knots. */
    static Point2D[] along(int pieces, double... xy) {
        int knots = xy.length / 2;
        Point2D[] points = new Point2D[(knots - 1) * pieces + 1];
        for (int i = 0; i < points.length; i++) {
            int k = Math.min(i / pieces, knots - 2);
            double t = (double) (i - k * pieces) / pieces;
            points[i] = Shapes.snap(new Point2D.Double(spline(xy, k, t, 0), spline(xy, k, t, 1)));
        }
        return points;
    }

    private static double spline(double[] xy, int knot, double t, int axis) {
        int last = xy.length / 2 - 1;
        double before = xy[2 * Math.max(knot - 1, 0) + axis];
        double from = xy[2 * knot + axis];
        double to = xy[2 * (knot + 1) + axis];
        double after = xy[2 * Math.min(knot + 2, last) + axis];
        return 0.5 * (2 * from + (to - before) * t + (2 * before - 5 * from + 4 * to - after) * t * t
                + (3 * from - before - 3 * to + after) * t * t * t);
    }
}
