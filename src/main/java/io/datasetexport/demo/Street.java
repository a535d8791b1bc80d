package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.rect;

import java.awt.Color;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** A street seen from across the road: houses, a pavement with people and trees, two lanes. 640 x 460. */
final class Street extends Stage {

    /** What drives in a lane, from the left to the right. */
    enum Traffic {
        CAR(100),
        BUS(190),
        TRUCK(158),
        BICYCLE(70);

        private final double length;

        Traffic(double length) {
            this.length = length;
        }
    }

    private static final int PAVEMENT = 288;
    private static final int ROAD = 308;
    private static final int MIDDLE = 372;

    private static final Color[] WALLS = colors(0xF0D9B5, 0xE8B89A, 0xD9A5A0, 0xBFD0C3, 0xF3E3C8, 0xC9B9D2, 0xE3C878, 0xA9C4CF);
    private static final Color[] TILES = colors(0xB5654F, 0x8A5A5C, 0x6F7C8E, 0xA9745B);
    private static final Color[] PAINTS = colors(0xE76F51, 0x2A9D8F, 0xF2B84B, 0x5D79B5, 0xF7F1E3, 0x8E6C8A, 0x6DA67A);
    private static final String[] PAINT_NAMES = {"red", "green", "yellow", "blue", "white", "violet", "green"};
    private static final Color[] LEAVES = colors(0x7FA66A, 0x6B9A78, 0x97B068);

    private final List<Integer> freeSlots = new ArrayList<>();

    Street(Light light, long seed) {
        super(640, 460, light, seed);
        for (int slot = 0; slot < 10; slot++) {
            freeSlots.add(slot);
        }
        Collections.shuffle(freeSlots, random);
        sky(PAVEMENT - 40);
        clouds(3, 36, 84);
        skyline();
        houses();
        add(Thing.masked("ground.pavement", new Sketch()
                .fill(rect(0, PAVEMENT, width, ROAD - PAVEMENT - 4), light.on(0xDCD3C4))
                .fill(rect(0, ROAD - 4, width, 4), light.on(0xB9AFA2))));
        add(Thing.masked("ground.road", new Sketch().fill(rect(0, ROAD, width, height - ROAD), light.on(0x727A8C))));
        laneMarks();
    }

    private void skyline() {
        Color color = light.far(0x9DB3BF, 0.55);
        for (double x = -10; x < width;) {
            double w = between(34, 76);
            decorate(new Sketch().fill(rect(x, PAVEMENT - between(190, 250), w, 250), color));
            x += w + between(0, 26);
        }
    }

    private void houses() {
        double x = 0;
        Color before = Color.WHITE;
        while (x < width) {
            double w = width - x < 150 ? width - x : Math.round(between(78, 118));
            Buildings.Roof roof = oneOf(Buildings.Roof.values());
            Color wall = oneOf(WALLS);
            while (wall.equals(before)) {
                wall = oneOf(WALLS);
            }
            Sketch house = Buildings.house(random, w, Math.round(between(130, 206)), roof, wall, oneOf(TILES), light);
            add(Thing.outlined("building.house", house.at(x, PAVEMENT))
                    .with(Attribute.ROOF, roof.name().toLowerCase(Locale.ROOT)));
            if (random.nextInt(3) == 0) {
                decorate(light.on(Buildings.awning(w - 12, oneOf(TILES))).at(x + 6, PAVEMENT));
            }
            before = wall;
            x += w;
        }
    }

    /** One annotation for the whole dashed line, as a driver sees it. */
    private void laneMarks() {
        Sketch dashes = new Sketch();
        for (double x = 8; x < width; x += 48) {
            dashes.fill(rect(x, MIDDLE - 1.5, 26, 3), light.on(0xF3EBDA));
        }
        add(Thing.line("lane", dashes, new Point2D.Double(8, MIDDLE), new Point2D.Double(610, MIDDLE)).tagged("dashed"));
    }

    private double slot() {
        return 32 + 64 * freeSlots.removeLast();
    }

    Street trees(int count) {
        for (int i = 0; i < count; i++) {
            Sketch tree = light.on(Plants.broadleaf(random, between(112, 132), oneOf(LEAVES)));
            add(Thing.outlined("tree.broadleaf", tree.at(Math.clamp(slot(), 48, width - 48), PAVEMENT + 10)));
        }
        return this;
    }

    Street lamps(int count) {
        for (int i = 0; i < count; i++) {
            add(Thing.dot("lamp", Buildings.lamp(112, light), slot() - 10, PAVEMENT + 8 - 112)
                    .tagged(light.lampsAreLit() ? "lit" : "dark"));
        }
        return this;
    }

    Street trafficLight(int lit) {
        String[] states = {"red", "amber", "green"};
        add(Thing.boxed("traffic light", Buildings.trafficLight(lit, light).at(slot(), PAVEMENT + 13)).tagged(states[lit]));
        return this;
    }

    Street people(int count) {
        Figure.Stance[] stances = {Figure.Stance.STANDING, Figure.Stance.WALKING, Figure.Stance.WAVING};
        for (int i = 0; i < count; i++) {
            Figure.Stance stance = stances[random.nextInt(stances.length)];
            add(person(stance).boxed(slot() + between(-8, 8), PAVEMENT + 14, 0.64, light));
        }
        return this;
    }

    /** Fills the far lane, which drives to the left. */
    Street farLane(Traffic... traffic) {
        lane(MIDDLE - 11, true, traffic);
        return this;
    }

    /** Fills the near lane, which drives to the right. */
    Street nearLane(Traffic... traffic) {
        lane(height - 8, false, traffic);
        return this;
    }

    private void lane(double y, boolean left, Traffic... traffic) {
        double used = 0;
        for (Traffic one : traffic) {
            used += one.length;
        }
        double gap = (width - used) / (traffic.length + 1);
        double x = gap * between(0.5, 1.5);
        for (Traffic one : traffic) {
            vehicle(one, x + one.length / 2, y, left);
            x += one.length + gap * between(0.7, 1.1);
        }
    }

    private void vehicle(Traffic kind, double x, double y, boolean left) {
        int paint = random.nextInt(PAINTS.length);
        Sketch sketch = switch (kind) {
            case CAR -> Vehicles.car(PAINTS[paint]);
            case BUS -> Vehicles.bus(PAINTS[paint]);
            case TRUCK -> Vehicles.truck(PAINTS[paint], new Color(0xF3E8D2));
            case BICYCLE -> Vehicles.bicycle(PAINTS[paint], PAINTS[(paint + 2) % PAINTS.length]).scaled(0.8);
        };
        decorate(Vehicles.shadow(kind.length).at(x, y - 1));
        String label = "vehicle." + kind.name().toLowerCase(Locale.ROOT);
        Sketch lit = light.on(sketch);
        Thing thing = Thing.boxed(label, (left ? lit.mirrored() : lit).at(x, y)).tagged("driving " + (left ? "left" : "right"));
        thing = thing.with(Attribute.COLOUR, PAINT_NAMES[paint]);
        if (kind == Traffic.BUS) {
            thing = thing.with(Attribute.PASSENGERS, 4 + random.nextInt(40));
        }
        add(random.nextInt(3) == 0 ? thing.foundByModel(Math.round(between(0.71, 0.99) * 100) / 100.0) : thing);
        if (light.lampsAreLit() && kind != Traffic.BICYCLE) {
            Sketch beam = Vehicles.beam().at(kind.length / 2 - 3, -20);
            decorate((left ? beam.mirrored() : beam).at(x, y));
        }
    }
}
