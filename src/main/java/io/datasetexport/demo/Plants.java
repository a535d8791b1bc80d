package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.crown;
import static io.datasetexport.demo.Shapes.intersection;
import static io.datasetexport.demo.Shapes.open;
import static io.datasetexport.demo.Shapes.polygon;
import static io.datasetexport.demo.Shapes.union;

import java.awt.Color;
import java.awt.Shape;
import java.util.random.RandomGenerator;

/** Trees, standing on y = 0 with x = 0 at the trunk. Their bodies are outlines of straight lines. */
final class Plants {

    private static final Color BARK = new Color(0x7A5542);

    private Plants() {}

    /** A broad-leaved tree, about 1.0 of {@code height} high and 0.62 wide. */
    static Sketch broadleaf(RandomGenerator random, double height, Color leaves) {
        double middle = -height * 0.63;
        double rx = height * 0.29;
        double ry = height * 0.35;
        Shape crown = crown(random, 0, middle, rx, ry, 13, 0.06);
        double foot = height * 0.05;
        Shape trunk = polygon(-foot, 0, -foot * 0.6, middle, foot * 0.6, middle, foot, 0);
        return new Sketch()
                .fill(union(crown, trunk), BARK)
                .fill(crown, leaves)
                .fill(intersection(crown, crown(random, rx * 0.34, middle + ry * 0.24, rx, ry, 11, 0.05)),
                        Light.darker(leaves, 0.14))
                .fill(intersection(crown, crown(random, -rx * 0.36, middle - ry * 0.34, rx * 0.5, ry * 0.45, 9, 0.08)),
                        Light.lighter(leaves, 0.2))
                .line(open(0, -height * 0.2, 0, middle + ry * 0.35), height * 0.022, BARK)
                .line(open(0, middle + ry * 0.68, rx * 0.3, middle + ry * 0.4), height * 0.016, BARK);
    }

    /** A conifer of three tiers, 0.44 of its height wide. */
    static Sketch conifer(double height, Color needles) {
        double w = height * 0.22;
        double h = height;
        Shape crown = polygon(
                0, -h, w * 0.56, -h * 0.66, w * 0.34, -h * 0.66, w * 0.8, -h * 0.38, w * 0.5, -h * 0.38, w, -h * 0.1,
                -w, -h * 0.1, -w * 0.5, -h * 0.38, -w * 0.8, -h * 0.38, -w * 0.34, -h * 0.66, -w * 0.56, -h * 0.66);
        Shape trunk = polygon(-w * 0.16, 0, -w * 0.16, -h * 0.2, w * 0.16, -h * 0.2, w * 0.16, 0);
        return new Sketch()
                .fill(union(crown, trunk), BARK)
                .fill(crown, needles)
                .fill(intersection(crown, polygon(0, -h, w * 2, -h, w * 2, 0, w * 0.12, 0)), Light.darker(needles, 0.16));
    }

    /** A low bush, {@code width} wide. */
    static Sketch bush(RandomGenerator random, double width, Color leaves) {
        Shape top = crown(random, 0, -width * 0.22, width / 2, width * 0.3, 12, 0.06);
        Shape body = intersection(top, polygon(-width, -width, width, -width, width, 0, -width, 0));
        return new Sketch()
                .fill(body, leaves)
                .fill(intersection(body, crown(random, width * 0.14, 0, width / 2, width * 0.3, 9, 0.05)),
                        Light.darker(leaves, 0.14));
    }

    /** A tuft of grass that covers nothing: a detail on a lawn. */
    static Sketch tuft(Color color) {
        Color sheer = new Color(color.getRed(), color.getGreen(), color.getBlue(), 120);
        return new Sketch().fill(
                union(polygon(-6, 0, -5, -7, -2, 0), polygon(-2.5, 0, 0, -10, 2.5, 0), polygon(2, 0, 5, -7, 6, 0)), sheer);
    }
}
