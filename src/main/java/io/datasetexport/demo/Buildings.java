package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.disc;
import static io.datasetexport.demo.Shapes.intersection;
import static io.datasetexport.demo.Shapes.open;
import static io.datasetexport.demo.Shapes.polygon;
import static io.datasetexport.demo.Shapes.rect;
import static io.datasetexport.demo.Shapes.rounded;
import static io.datasetexport.demo.Shapes.union;

import java.awt.Color;
import java.awt.Shape;
import java.util.random.RandomGenerator;

/** Houses and what stands in streets, on y = 0. Bodies are outlines of straight lines. */
final class Buildings {

    enum Roof { FLAT, GABLE, STEPPED }

    private static final Color LIT = new Color(0xFFD98A);
    private static final Color DOOR = new Color(0x5B4A52);

    private Buildings() {}

    /** A house front, its left side at x = 0, with rows of windows; at night some of them are lit. */
    static Sketch house(RandomGenerator random, double width, double height, Roof roof, Color wall, Color tiles, Light light) {
        double rise = roof == Roof.FLAT ? 0 : width * 0.34;
        double eaves = -height + rise;
        Shape top = switch (roof) {
            case FLAT -> rect(0, -height, width, 8);
            case GABLE -> polygon(0, eaves, width / 2, -height, width, eaves);
            case STEPPED -> coping(width, height, eaves, rise);
        };
        Shape outline = switch (roof) {
            case FLAT -> rect(0, -height, width, height);
            case GABLE -> polygon(0, 0, 0, eaves, width / 2, -height, width, eaves, width, 0);
            case STEPPED -> union(
                    rect(0, eaves, width, -eaves), rect(width * 0.16, eaves - rise / 2, width * 0.68, height / 2),
                    rect(width * 0.34, -height, width * 0.32, height));
        };
        Sketch house = new Sketch()
                .fill(outline, light.on(wall))
                .fill(top, light.on(tiles))
                .fill(rect(0, -9, width, 9), light.on(Light.darker(wall, 0.2)));
        if (roof != Roof.FLAT) {
            house.fill(disc(width / 2, -height + rise * 0.64, 5), window(random, light));
        }
        windows(house, random, width, eaves, wall, light);
        return house;
    }

    /** The slabs on top of a stepped gable. */
    private static Shape coping(double width, double height, double eaves, double rise) {
        return union(
                rect(0, eaves, width * 0.16, 4), rect(width * 0.84, eaves, width * 0.16, 4),
                rect(width * 0.16, eaves - rise / 2, width * 0.18, 4), rect(width * 0.66, eaves - rise / 2, width * 0.18, 4),
                rect(width * 0.34, -height, width * 0.32, 4));
    }

    private static void windows(Sketch house, RandomGenerator random, double width, double eaves, Color wall, Light light) {
        int columns = (int) (width / 27);
        double gap = (width - columns * 15) / (columns + 1);
        int doorColumn = random.nextInt(columns);
        for (double y = eaves + 18; y + 22 < -44; y += 37) {
            for (int column = 0; column < columns; column++) {
                double x = gap + column * (15 + gap);
                house.fill(rect(x - 2, y - 2, 19, 26), light.on(Light.lighter(wall, 0.45)));
                house.fill(rect(x, y, 15, 22), window(random, light));
                house.fill(rect(x - 3, y + 24, 21, 3), light.on(Light.darker(wall, 0.18)));
            }
        }
        for (int column = 0; column < columns; column++) {
            double x = gap + column * (15 + gap);
            if (column == doorColumn) {
                house.fill(rounded(x - 3, -40, 21, 40, 4), light.on(Light.lighter(wall, 0.45)));
                house.fill(rounded(x - 1, -38, 17, 38, 3), light.on(DOOR));
                house.fill(rect(x + 2, -34, 11, 9), window(random, light));
            } else {
                house.fill(rect(x - 2, -37, 19, 24), light.on(Light.lighter(wall, 0.45)));
                house.fill(rect(x, -35, 15, 20), window(random, light));
            }
        }
    }

    private static Color window(RandomGenerator random, Light light) {
        double chance = random.nextDouble();
        return light.lampsAreLit() && chance < 0.5
                ? Light.mix(LIT, new Color(0xF2A65A), chance)
                : light.on(new Color(chance < 0.75 ? 0xBFDCE4 : 0xA8CBD6));
    }

    /** A striped awning over a shop, from x = 0. */
    static Sketch awning(double width, Color stripe) {
        Sketch awning = new Sketch();
        int stripes = (int) (width / 9);
        double step = width / stripes;
        for (int i = 0; i < stripes; i++) {
            awning.fill(polygon(i * step, -56, (i + 1) * step, -56, (i + 1) * step, -44, (i + 0.5) * step, -40, i * step, -44),
                    i % 2 == 0 ? stripe : new Color(0xFBF5E6));
        }
        return awning;
    }

    /** A traffic light on its pole; {@code lit} is 0 for red, 1 for amber, 2 for green. */
    static Sketch trafficLight(int lit, Light light) {
        Sketch lamp = new Sketch()
                .fill(rect(-2, -72, 4, 72), light.on(0x59617A))
                .fill(rounded(-9, -104, 18, 44, 4), light.on(0x2F364A));
        Color[] colors = {new Color(0xE2574C), new Color(0xF2B84B), new Color(0x5BB98B)};
        for (int i = 0; i < 3; i++) {
            lamp.fill(disc(0, -97 + 15 * i, 5), i == lit ? colors[i] : light.on(0x4A5266));
        }
        return lamp;
    }

    /** A street lamp whose bulb hangs at the origin; the pole goes down {@code height}. */
    static Sketch lamp(double height, Light light) {
        Color metal = light.on(0x4A5266);
        Sketch lamp = new Sketch()
                .line(Shapes.curve(0, -4, 8, -12, 18, -8, 20, 4), 3, metal)
                .line(open(20, 4, 20, height - 2), 3.4, metal)
                .fill(rounded(15, height - 8, 10, 8, 2), metal)
                .fill(polygon(-8, 0, -4, -6, 4, -6, 8, 0), metal);
        if (light.lampsAreLit()) {
            lamp.fill(disc(0, 4, 26), Light.sheer(0xFFE3A3, 0.16)).fill(disc(0, 3, 13), Light.sheer(0xFFE3A3, 0.26));
        }
        return lamp.fill(disc(0, 0, 5.4), light.lampsAreLit() ? new Color(0xFFF0C2) : light.on(0xF6EAC4));
    }

    /** A bench, 64 wide. */
    static Sketch bench(Color wood) {
        return new Sketch()
                .fill(rounded(-32, -32, 64, 7, 2), wood)
                .fill(rounded(-32, -23, 64, 5, 2), Light.darker(wood, 0.1))
                .fill(rounded(-34, -15, 68, 6, 2), Light.lighter(wood, 0.12))
                .fill(rect(-26, -30, 4, 30), Light.darker(wood, 0.5))
                .fill(rect(22, -30, 4, 30), Light.darker(wood, 0.5));
    }

    /** A lighthouse, 150 high; its body is one outline. */
    static Sketch lighthouse(Light light) {
        Shape tower = polygon(-24, 0, -14, -108, 14, -108, 24, 0);
        Shape gallery = rect(-19, -113, 38, 6);
        Shape lantern = rect(-10, -132, 20, 20);
        Shape roof = polygon(-14, -132, 0, -150, 14, -132);
        Sketch sketch = new Sketch().fill(union(tower, gallery, lantern, roof), light.on(0xFBF5E6));
        for (int band = 0; band < 3; band++) {
            sketch.fill(intersection(tower, rect(-30, -94 + band * 36, 60, 18)), light.on(0xE2574C));
        }
        return sketch
                .fill(intersection(tower, polygon(6, -108, 30, -108, 30, 0, 12, 0)), Light.sheer(0x1F2A44, 0.12))
                .fill(rounded(-6, -20, 12, 20, 4), light.on(0x5B4A52))
                .fill(rect(-4, -60, 8, 12), light.on(0x7FA7B5))
                .fill(gallery, light.on(0x33415C))
                .fill(rect(-7, -130, 14, 17), light.lampsAreLit() ? new Color(0xFFEBB0) : light.on(0xCFE6EC))
                .fill(roof, light.on(0xC9473E));
    }
}
