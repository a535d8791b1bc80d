package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.below;
import static io.datasetexport.demo.Shapes.disc;
import static io.datasetexport.demo.Shapes.open;
import static io.datasetexport.demo.Shapes.oval;
import static io.datasetexport.demo.Shapes.polygon;
import static io.datasetexport.demo.Shapes.rounded;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Point2D;
import java.util.Arrays;

/** A park: a lawn below hills, trees, a path, and people at play. 640 x 440. */
final class Park extends Stage {

    private static final int LAWN = 230;

    private static final Color[] LEAVES = colors(0x6F9F6B, 0x8DB07A, 0x5F9480, 0xB3B86A);
    private static final Color[] AUTUMN = colors(0xE2A24C, 0xD9763F, 0xC9564A, 0xE9C46A);
    private static final Color[] BRIGHT = colors(0xE76F51, 0xF2B84B, 0x5D79B5, 0xFBF5E6);

    private final Color[] leaves;
    private Point2D raisedHand = new Point2D.Double();

    Park(Light light, boolean autumn, long seed) {
        super(640, 440, light, seed);
        leaves = autumn ? AUTUMN : LEAVES;
        sky(LAWN);
        clouds(3, 40, 96);
        hills(150, LAWN, 0x8FB5A8, 0.55);
        hills(186, LAWN, 0x86AD92, 0.25);
        double[] edge = {-20, LAWN + 8, 130, LAWN - 4, 300, LAWN + 6, 470, LAWN - 6, 660, LAWN + 4};
        add(Thing.masked("ground.grass", new Sketch().fill(below(height + 10, edge), light.on(autumn ? 0xB9BE7C : 0xA3C585))));
        for (int i = 0; i < 24; i++) {
            decorate(Plants.tuft(light.on(0x5F8F5B)).scaled(between(0.7, 1.2))
                    .at(between(10, width - 10), between(LAWN + 30, height - 6)));
        }
    }

    /** A path from the front to the horizon, drawn around the points of its annotation and narrower the farther away. */
    Park path() {
        Point2D[] points = along(6, 30, height + 40, 96, height, 176, 396, 300, 352, 396, 316, 410, 286, 366, 262, 352, LAWN + 4);
        int last = points.length - 1;
        double[] edges = new double[4 * points.length];
        for (int i = 0; i <= last; i++) {
            Point2D from = points[Math.max(i - 1, 0)];
            Point2D to = points[Math.min(i + 1, last)];
            double reach = 1.5 + 15 * (points[i].getY() - LAWN) / (height - LAWN);
            double across = reach / from.distance(to);
            double dx = (from.getY() - to.getY()) * across;
            double dy = (to.getX() - from.getX()) * across;
            edges[2 * i] = points[i].getX() + dx;
            edges[2 * i + 1] = points[i].getY() + dy;
            edges[edges.length - 2 * i - 2] = points[i].getX() - dx;
            edges[edges.length - 2 * i - 1] = points[i].getY() - dy;
        }
        add(Thing.line("path", new Sketch().fill(polygon(edges), light.on(0xEBDCBC)),
                Arrays.copyOfRange(points, 6, points.length)));
        return this;
    }

    Park pond() {
        Shape shore = oval(470, 372, 142, 44);
        decorate(new Sketch().fill(oval(470, 372, 149, 50), light.on(0xD9CDA6)));
        add(Thing.masked("water", new Sketch().fill(shore, light.water(328, 416))));
        for (int i = 0; i < 7; i++) {
            double w = between(18, 46);
            decorate(new Sketch().fill(rounded(-w / 2, 0, w, 2.4, 1.2), Light.sheer(0xFFFFFF, 0.34))
                    .at(between(400, 540), between(346, 400)));
        }
        return this;
    }

    /** Trees along the far edge of the lawn, from the back to the front. */
    Park trees(double... xs) {
        for (int i = 0; i < xs.length; i++) {
            double y = LAWN + 14 + 8 * (i % 3);
            shadow(xs[i], y, 30);
            if (random.nextInt(4) == 0) {
                add(Thing.outlined("tree.conifer", light.on(Plants.conifer(between(128, 156), new Color(0x4F8577)))
                        .at(xs[i], y)));
            } else {
                add(Thing.outlined("tree.broadleaf", light.on(Plants.broadleaf(random, between(128, 166), oneOf(leaves)))
                        .at(xs[i], y)));
            }
        }
        return this;
    }

    Park bench(double x, double y) {
        shadow(x, y, 38);
        add(Thing.boxed("bench", light.on(Buildings.bench(new Color(0xB5835A))).at(x, y)).with(Attribute.MATERIAL, "wood"));
        return this;
    }

    Park player(Figure.Stance stance, double x, double y) {
        shadow(x, y, 20);
        Thing player = person(stance).posed(x, y, 1.05, light);
        if (player.mark() instanceof Mark.Pose pose) {
            raisedHand = pose.keyPoints().getOrDefault("left hand", raisedHand);
        }
        add(player);
        return this;
    }

    Park walker(double x, double y) {
        shadow(x, y, 16);
        add(person(Figure.Stance.WALKING).boxed(x, y, 0.86, light));
        return this;
    }

    Park ball(double x, double y, double radius) {
        shadow(x, y + radius, radius);
        Color paint = light.on(oneOf(BRIGHT));
        Shape ball = disc(x, y, radius);
        Sketch sketch = new Sketch().fill(ball, paint);
        for (int sector = 0; sector < 3; sector++) {
            Shape wedge = polygon(x, y, x - radius * 0.8, y - radius * 2, x + radius * 0.8, y - radius * 2);
            Point2D centre = new Point2D.Double(x, y);
            sketch.fill(Shapes.intersection(ball, Shapes.turn(120 * sector, centre).createTransformedShape(wedge)),
                    light.on(0xFBF5E6));
        }
        add(Thing.oval("ball", sketch.fill(disc(x, y, radius * 0.2), light.on(0x33415C)), 24));
        return this;
    }

    /** A kite on a string that ends in the left hand of the player who came last. */
    Park kite(double x, double y) {
        Color paint = light.on(oneOf(BRIGHT));
        Point2D hand = raisedHand;
        Point2D[] string = along(6, x, y + 40, (x + hand.getX()) / 2 + 16, (y + hand.getY()) / 2 + 34, hand.getX(), hand.getY());
        add(Thing.line("kite.string", new Sketch().line(Shapes.through(string), 1.2, light.on(0x6B6478)), string));
        Shape body = polygon(x, y - 40, x + 27, y, x, y + 40, x - 27, y);
        add(Thing.outlined("kite", new Sketch()
                .fill(body, paint)
                .fill(polygon(x, y - 40, x + 27, y, x, y), Light.lighter(paint, 0.35))
                .fill(polygon(x, y, x - 27, y, x, y + 40), Light.darker(paint, 0.18))
                .line(open(x, y - 38, x, y + 38), 1, Light.darker(paint, 0.4))));
        return this;
    }

    Park dog(double x, double y, boolean left) {
        shadow(x, y, 24);
        Color coat = oneOf(colors(0xC98B4B, 0x8A6248, 0xF0E2C8, 0x4B4A5A));
        Sketch dog = light.on(dog(coat));
        add(Thing.boxed("dog", (left ? dog.mirrored() : dog).at(x, y)).tagged("running"));
        return this;
    }

    private static Sketch dog(Color coat) {
        Area body = Shapes.union(rounded(-21, -27, 38, 15, 7), rounded(8, -38, 12, 22, 5));
        return new Sketch()
                .line(open(-15, -16, -22, -2), 5, Light.darker(coat, 0.14))
                .line(open(10, -16, 17, -2), 5, Light.darker(coat, 0.14))
                .line(open(-14, -16, -12, -2), 5, coat)
                .line(open(11, -16, 8, -2), 5, coat)
                .line(Shapes.curve(-19, -24, -27, -30, -29, -38), 4, coat)
                .fill(body, coat)
                .fill(rounded(10, -43, 18, 14, 6), coat)
                .fill(rounded(20, -38, 13, 8, 4), Light.lighter(coat, 0.2))
                .fill(polygon(11, -43, 7, -30, 14, -31, 17, -42), Light.darker(coat, 0.3))
                .fill(disc(31, -36, 2.2), new Color(0x2B3040))
                .fill(disc(21, -38, 1.5), new Color(0x2B3040))
                .fill(polygon(8, -27, 20, -27, 19, -23, 9, -23), new Color(0xE2574C));
    }

    private void shadow(double x, double y, double reach) {
        decorate(new Sketch().fill(oval(x, y, reach, reach * 0.2), Light.sheer(0x1F3A3A, 0.2)));
    }
}
