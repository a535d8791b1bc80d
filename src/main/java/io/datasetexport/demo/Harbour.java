package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.disc;
import static io.datasetexport.demo.Shapes.polygon;
import static io.datasetexport.demo.Shapes.rect;
import static io.datasetexport.demo.Shapes.rounded;

import java.awt.Color;
import java.awt.geom.Point2D;

/** A harbour: the sea between a lighthouse and a quay. */
final class Harbour extends Stage {

    private static final Color[] HULLS = colors(0xE76F51, 0x33618A, 0x2A9D8F, 0xFBF5E6, 0x8E6C8A);
    private static final String[] HULL_NAMES = {"red", "blue", "green", "white", "violet"};
    private static final Color[] SAILS = colors(0xFBF5E6, 0xF2B84B, 0xE76F51, 0xA9D3D8);

    private final double horizon;

    Harbour(int width, int height, Light light, long seed) {
        super(width, height, light, seed);
        horizon = Math.round(height * 0.45);
        sky(horizon);
        clouds(Math.max(2, width / 220), height * 0.09, height * 0.24);
        hills(horizon - 34, horizon - 4, 0x7FA7B5, 0.5);
        add(Thing.masked("water", new Sketch().fill(rect(0, horizon, width, height - horizon), light.water(horizon, height))));
        for (int i = 0; i < width / 12; i++) {
            double depth = random.nextDouble();
            double w = (10 + 34 * depth) * between(0.6, 1.2);
            decorate(new Sketch()
                    .fill(rounded(-w / 2, 0, w, 1 + 1.6 * depth, 1), Light.sheer(0xFFFFFF, 0.14 + 0.16 * depth))
                    .at(between(0, width), horizon + 6 + (height - horizon - 10) * depth));
        }
    }

    Harbour sailing(double x, double y, boolean left) {
        int hull = random.nextInt(HULLS.length);
        Sketch boat = afloat(Boats.sailing(HULLS[hull], oneOf(SAILS)), x, y, left);
        add(Thing.outlined("vehicle.boat.sailing", boat).with(Attribute.COLOUR, HULL_NAMES[hull]));
        return this;
    }

    Harbour motor(double x, double y, boolean left) {
        int hull = random.nextInt(3);
        Sketch boat = afloat(Boats.motor(HULLS[hull]), x, y, left);
        add(Thing.boxed("vehicle.boat.motor", boat).tagged("under way").with(Attribute.COLOUR, HULL_NAMES[hull])
                .with(Attribute.PASSENGERS, 1 + random.nextInt(5)));
        return this;
    }

    Harbour ferry(double x, double y, boolean left) {
        Sketch boat = afloat(Boats.ferry(HULLS[1]), x, y, left);
        add(Thing.boxed("vehicle.boat.ferry", boat).tagged("under way", "on time")
                .with(Attribute.PASSENGERS, 40 + random.nextInt(160)));
        return this;
    }

    /** The nearer to the front, the bigger. */
    private Sketch afloat(Sketch boat, double x, double y, boolean left) {
        double scale = 0.42 + 0.75 * (y - horizon) / (height - horizon);
        decorate(Boats.reflection(boat.bounds().getWidth()).scaled(scale).at(x, y));
        return light.on(left ? boat.mirrored() : boat).scaled(scale).at(x, y);
    }

    Harbour buoy(double x, double y, double degrees) {
        decorate(Boats.reflection(24).at(x, y));
        add(Thing.oval("buoy", light.on(Boats.buoy(random.nextBoolean() ? new Color(0xE2574C) : new Color(0x3E9C7C))).at(x, y),
                degrees));
        return this;
    }

    /** A lighthouse on its rock. */
    Harbour lighthouse(double x, double y, double scale) {
        decorate(light.on(new Sketch()
                .fill(polygon(-78, 6, -62, -12, -40, -18, -28, -30, 26, -32, 44, -16, 66, -10, 84, 6), new Color(0x8C8577))
                .fill(polygon(-28, -30, 26, -32, 44, -16, 10, -22, -20, -14), new Color(0xA39B8B))
                .fill(polygon(-78, 6, -62, -12, -40, -6, -10, 6), new Color(0x746D62))).scaled(scale).at(x, y));
        if (light.lampsAreLit()) {
            decorate(new Sketch()
                    .fill(polygon(0, -4, 900, -124, 900, 48, 0, 4), Light.sheer(0xFFEBB0, 0.2))
                    .fill(polygon(0, -4, -600, -80, -600, 44, 0, 4), Light.sheer(0xFFEBB0, 0.14)).scaled(scale)
                    .at(x, y - 150 * scale));
        }
        add(Thing.outlined("building.lighthouse", Buildings.lighthouse(light).scaled(scale).at(x, y - 28 * scale))
                .tagged(light.lampsAreLit() ? "lit" : "dark"));
        return this;
    }

    /** The quay along the front, with a rail where life buoys hang, and bollards. */
    Harbour quay(double top) {
        add(Thing.masked("ground.quay", new Sketch()
                .fill(rect(0, top, width, height - top), light.on(0xCDBFA8))
                .fill(rect(0, top, width, 5), light.on(0xE4D8C2))));
        for (double x = 40; x < width; x += 80) {
            decorate(new Sketch().fill(rect(x, top + 5, 1.4, height - top - 5), Light.sheer(0x5B4A52, 0.22)));
        }
        return this;
    }

    /** A post with a life buoy; one sees through its hole. */
    Harbour lifeBuoy(double x, double y, double radius) {
        decorate(light.on(new Sketch().fill(rounded(x - 3, y - radius - 8, 6, radius + 52, 2), new Color(0x7A5542))));
        add(Thing.outlined("life buoy", light.on(Boats.lifeBuoy(radius)).at(x, y)).with(Attribute.CHECKED, true));
        return this;
    }

    /** A bollard on the quay, and the rope from it to a boat. */
    Harbour moored(double x, double y, double boatX, double boatY) {
        decorate(light.on(new Sketch()
                .fill(rounded(x - 7, y - 16, 14, 18, 3), new Color(0x4A5266))
                .fill(rounded(x - 10, y - 20, 20, 7, 3), new Color(0x5C657C))));
        Point2D[] points = along(8, x, y - 12, (x + boatX) / 2, Math.max(y, boatY) - 4, boatX, boatY);
        add(Thing.line("rope", new Sketch().line(Shapes.through(points), 2.2, light.on(0xE9D6A8)), points));
        return this;
    }

    Harbour gulls(int count) {
        birds(count, width * 0.28, height * 0.1, width * 0.96, height * 0.33);
        return this;
    }

    Harbour moon(double x, double y) {
        decorate(new Sketch().fill(disc(x, y, 44), Light.sheer(0xFFF3CF, 0.12)));
        add(Thing.oval("moon", new Sketch()
                .fill(disc(x, y, 25), new Color(0xFBEFCB))
                .fill(disc(x - 7, y - 5, 5), new Color(0xEBDDB4))
                .fill(disc(x + 8, y + 7, 4), new Color(0xEBDDB4)), 0));
        return this;
    }

    Harbour sailor(Figure.Stance stance, double x, double y) {
        add(person(stance).posed(x, y, 0.95, light));
        return this;
    }
}
