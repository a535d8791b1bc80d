package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.disc;
import static io.datasetexport.demo.Shapes.intersection;
import static io.datasetexport.demo.Shapes.open;
import static io.datasetexport.demo.Shapes.oval;
import static io.datasetexport.demo.Shapes.polygon;
import static io.datasetexport.demo.Shapes.rect;
import static io.datasetexport.demo.Shapes.regular;
import static io.datasetexport.demo.Shapes.rounded;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.List;

/** A laid table from above: wood, a cloth, and what is on it. */
final class KitchenTable extends Stage {

    private static final Color STEEL = new Color(0xA3AEBC);
    private static final Color CHINA = new Color(0xFBF8F1);

    KitchenTable(int width, int height, long seed) {
        super(width, height, Light.DAY, seed);
        int[] wood = {0xC99A6B, 0xBF8E60, 0xD2A679, 0xC29263};
        add(Thing.masked("table", new Sketch().fill(rect(0, 0, width, height), new Color(wood[0]))));
        for (int plank = 0; plank * 64 < height; plank++) {
            decorate(new Sketch().fill(rect(0, plank * 64, width, 64), Light.sheer(wood[plank % 4], 0.45)));
            decorate(new Sketch()
                    .fill(rect(0, plank * 64, width, 1.6), Light.sheer(0x6B4630, 0.4))
                    .line(Shapes.curve(0, plank * 64 + 22, width * 0.3, plank * 64 + between(14, 30),
                            width * 0.7, plank * 64 + between(16, 34), width, plank * 64 + 26), 1, Light.sheer(0x6B4630, 0.16))
                    .line(Shapes.curve(0, plank * 64 + 46, width * 0.4, plank * 64 + between(40, 52),
                            width, plank * 64 + between(40, 54)), 1, Light.sheer(0x6B4630, 0.14)));
        }
    }

    /** A cloth across the table; its checks let it shine through, so its mask is one piece. */
    KitchenTable cloth(double x, double y, double w, double h, int rgb) {
        decorate(new Sketch().fill(rect(x + 4, y + 5, w, h), Light.sheer(0x3B2A20, 0.2)));
        add(Thing.masked("tablecloth", new Sketch().fill(rect(x, y, w, h), new Color(0xF6EEDF))));
        Sketch checks = new Sketch();
        for (double stripe = 12; stripe + 12 <= w; stripe += 36) {
            checks.fill(rect(x + stripe, y, 12, h), Light.sheer(rgb, 0.24));
        }
        for (double stripe = 12; stripe + 12 <= h; stripe += 36) {
            checks.fill(rect(x, y + stripe, w, 12), Light.sheer(rgb, 0.24));
        }
        decorate(checks);
        return this;
    }

    /** A plate, round or oval. */
    KitchenTable plate(double x, double y, double rx, double ry, double degrees, int rim) {
        shadow(oval(x, y, rx, ry), degrees, x, y);
        add(Thing.oval("tableware.plate", new Sketch()
                .fill(oval(x, y, rx, ry), CHINA)
                .fill(oval(x, y, rx - 5, ry - 5), new Color(rim))
                .fill(oval(x, y, rx - 9, ry - 9), CHINA)
                .fill(oval(x, y, rx * 0.66, ry * 0.66), Light.darker(CHINA, 0.06)), degrees));
        return this;
    }

    KitchenTable cup(double x, double y, int drink, double handle) {
        double angle = StrictMath.toRadians(handle);
        Shape grip = open(x, y, x + 38 * StrictMath.cos(angle), y + 38 * StrictMath.sin(angle));
        shadow(disc(x, y, 42), 0, x, y);
        add(Thing.oval("tableware.plate", new Sketch().fill(disc(x, y, 42), CHINA)
                .fill(disc(x, y, 36), Light.darker(CHINA, 0.05)), 0).tagged("saucer"));
        add(Thing.boxed("tableware.cup", new Sketch()
                .line(grip, 8, new Color(0x2A9D8F))
                .fill(disc(x, y, 27), new Color(0x2A9D8F))
                .fill(disc(x, y, 23), Light.darker(CHINA, 0.1))
                .fill(disc(x, y, 21), new Color(drink))
                .fill(oval(x - 6, y - 7, 6, 4), Light.sheer(0xFFFFFF, 0.3))).tagged("full")
                .with(Attribute.DRINK, List.of(drink == COFFEE ? "coffee" : "tea", "hot")));
        return this;
    }

    static final int COFFEE = 0x6F4632;
    static final int TEA = 0xC77B3B;

    KitchenTable fork(double x, double y, double degrees) {
        Sketch fork = new Sketch().fill(rounded(x - 3, y - 16, 6, 78, 3), STEEL).fill(rounded(x - 9, y - 34, 18, 24, 7), STEEL);
        for (int tine = 0; tine < 4; tine++) {
            fork.fill(rounded(x - 9 + tine * 4.9, y - 60, 3.2, 34, 1.5), STEEL);
        }
        return cutlery("tableware.fork", fork, x, y, degrees);
    }

    KitchenTable knife(double x, double y, double degrees) {
        Path2D blade = new Path2D.Double();
        blade.moveTo(x - 5, y + 10);
        blade.lineTo(x - 5, y - 54);
        blade.quadTo(x + 5, y - 58, x + 7, y - 36);
        blade.lineTo(x + 6, y + 10);
        blade.closePath();
        return cutlery("tableware.knife", new Sketch()
                .fill(blade, STEEL)
                .fill(rounded(x - 5.5, y + 6, 11, 56, 5), new Color(0x4B3A3A)), x, y, degrees);
    }

    KitchenTable spoon(double x, double y, double degrees) {
        return cutlery("tableware.spoon", new Sketch()
                .fill(rounded(x - 2.6, y - 30, 5.2, 92, 2.6), STEEL)
                .fill(oval(x, y - 42, 11, 17), STEEL)
                .fill(oval(x, y - 42, 7.5, 12.5), Light.darker(STEEL, 0.16)), x, y, degrees);
    }

    private KitchenTable cutlery(String label, Sketch sketch, double x, double y, double degrees) {
        shadow(rounded(x - 4, y - 54, 8, 114, 4), degrees, x, y);
        add(Thing.turned(label, sketch, degrees).tagged("steel"));
        return this;
    }

    KitchenTable napkin(double x, double y, double degrees, int rgb) {
        Color cloth = new Color(rgb);
        shadow(rect(x - 32, y - 46, 64, 92), degrees, x, y);
        add(Thing.turned("napkin", new Sketch()
                .fill(rect(x - 32, y - 46, 64, 92), cloth)
                .fill(polygon(x - 32, y - 46, x + 32, y - 46, x - 32, y + 46), Light.lighter(cloth, 0.16))
                .fill(rect(x - 26, y - 40, 52, 2), Light.lighter(cloth, 0.5))
                .fill(rect(x - 26, y + 38, 52, 2), Light.lighter(cloth, 0.5)), degrees));
        return this;
    }

    /** A ring of dough: a polygon with a hole. */
    KitchenTable doughnut(double x, double y, double radius, int icing) {
        Shape dough = Shapes.ring(x, y, radius, radius * 0.32, 28);
        Color glaze = new Color(icing);
        decorate(new Sketch().fill(Shapes.ring(x + 2, y + 3, radius, radius * 0.32, 28), Light.sheer(0x3B2A20, 0.22)));
        Sketch doughnut = new Sketch()
                .fill(dough, new Color(0xD9A05F))
                .fill(Shapes.ring(x, y, radius * 0.88, radius * 0.42, 28), glaze);
        Color[] sprinkles = colors(0xFBF5E6, 0xE9C46A, 0x2A9D8F, 0x5D79B5);
        for (int i = 0; i < 16; i++) {
            double angle = 2 * Math.PI * (i + 0.5 * random.nextDouble()) / 16;
            double reach = radius * between(0.5, 0.8);
            double px = x + reach * StrictMath.cos(angle);
            double py = y + reach * StrictMath.sin(angle);
            doughnut.line(open(px, py, px + between(-3, 3), py + between(-3, 3)), 2, sprinkles[i % 4]);
        }
        add(Thing.outlined("food.doughnut", doughnut));
        return this;
    }

    /** A crêpe, folded twice: a quarter of a disc with its tip at {@code x, y}. */
    KitchenTable crepe(double x, double y, double radius, double degrees) {
        double[] xy = new double[2 * 12];
        xy[0] = x;
        xy[1] = y;
        for (int i = 0; i < 11; i++) {
            double angle = StrictMath.toRadians(degrees + 9 * i);
            xy[2 * i + 2] = x + radius * StrictMath.cos(angle);
            xy[2 * i + 3] = y + radius * StrictMath.sin(angle);
        }
        Shape body = polygon(xy);
        Sketch crepe = new Sketch().fill(body, new Color(0xEFC47A));
        for (int fold = 1; fold < 4; fold++) {
            crepe.fill(intersection(body, Shapes.stroke(disc(x, y, radius * fold * 0.27), 2)), new Color(0xDDA855));
        }
        for (int i = 0; i < 7; i++) {
            double angle = StrictMath.toRadians(degrees + between(14, 76));
            double reach = radius * between(0.3, 0.86);
            crepe.fill(disc(x + reach * StrictMath.cos(angle), y + reach * StrictMath.sin(angle), between(2, 4.4)),
                    new Color(0xD6964A));
        }
        decorate(new Sketch().fill(body, Light.sheer(0x3B2A20, 0.18)).at(2, 3));
        add(Thing.outlined("food.crêpe", crepe));
        return this;
    }

    KitchenTable apple(double x, double y, double radius, int rgb, double degrees) {
        Color skin = new Color(rgb);
        shadow(oval(x, y, radius, radius * 0.92), degrees, x, y);
        add(Thing.oval("food.apple", new Sketch()
                .fill(oval(x, y, radius, radius * 0.92), skin)
                .fill(oval(x - radius * 0.3, y - radius * 0.26, radius * 0.36, radius * 0.3), Light.lighter(skin, 0.3))
                .fill(oval(x + 1, y, radius * 0.24, radius * 0.18), Light.darker(skin, 0.28))
                .line(open(x + 1, y, x + radius * 0.3, y - radius * 0.4), 2.6, new Color(0x6B4630))
                .fill(oval(x + radius * 0.42, y - radius * 0.26, radius * 0.22, radius * 0.1), new Color(0x6DA67A)), degrees));
        return this;
    }

    /** Half a lemon, cut open. */
    KitchenTable lemon(double x, double y, double radius) {
        shadow(disc(x, y, radius), 0, x, y);
        Sketch lemon = new Sketch()
                .fill(regular(x, y, radius, radius, 22), new Color(0xF0C33C))
                .fill(regular(x, y, radius * 0.88, radius * 0.88, 22), new Color(0xFBF3D4));
        for (int segment = 0; segment < 8; segment++) {
            double from = Math.PI / 4 * segment + 0.09;
            double to = Math.PI / 4 * (segment + 1) - 0.09;
            double reach = radius * 0.8;
            double middle = (from + to) / 2;
            lemon.fill(polygon(
                    x + 3 * StrictMath.cos(middle), y + 3 * StrictMath.sin(middle),
                    x + reach * StrictMath.cos(from), y + reach * StrictMath.sin(from),
                    x + reach * StrictMath.cos(middle), y + reach * StrictMath.sin(middle),
                    x + reach * StrictMath.cos(to), y + reach * StrictMath.sin(to)), new Color(0xF6D96B));
        }
        add(Thing.outlined("food.lemon", lemon));
        return this;
    }

    private void shadow(Shape shape, double degrees, double x, double y) {
        decorate(new Sketch().fill(shape, Light.sheer(0x3B2A20, 0.22))
                .transformed(Shapes.turn(degrees, new Point2D.Double(x, y))).at(3, 4));
    }
}
