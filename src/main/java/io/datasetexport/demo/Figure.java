package io.datasetexport.demo;

import static io.datasetexport.demo.Shapes.disc;
import static io.datasetexport.demo.Shapes.open;
import static io.datasetexport.demo.Shapes.polygon;

import java.awt.Color;
import java.awt.geom.AffineTransform;
import java.awt.geom.Point2D;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * A person: joints that follow from a stance, and limbs drawn between them.
 *
 * <p>Around 94 high, standing on y = 0. The person faces us: their left is at our right.
 */
final class Figure {

    /**
     * How a person stands: for each limb the angle of its upper and its lower part in degrees; 0 hangs down, positive is to
     * our right.
     */
    enum Stance {
        STANDING(12, 6, -12, -6, 4, 2, -4, -2),
        WALKING(24, 40, -22, -4, 22, 4, -18, -30),
        WAVING(150, 172, -14, -8, 5, 2, -5, -2),
        CHEERING(140, 165, -140, -165, 10, 4, -10, -4),
        STRIDING(-40, -10, 46, 84, 34, -16, -30, -58),
        BALANCING(158, 196, -158, -196, 2, 0, -62, 58),
        REACHING(96, 92, -96, -92, 34, 4, -34, -2);

        private final double[] degrees;

        Stance(double... degrees) {
            this.degrees = degrees;
        }

        /** The word for it among a person's attributes. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private final SequencedMap<String, Point2D> joints = new LinkedHashMap<>();
    private final Stance stance;
    private final Color shirt;
    private final Color trousers;
    private final Color skin;
    private final Color hair;

    Figure(Stance stance, Color shirt, Color trousers, Color skin, Color hair) {
        this.stance = stance;
        this.shirt = shirt;
        this.trousers = trousers;
        this.skin = skin;
        this.hair = hair;
        joints.put("head", new Point2D.Double(0, -43));
        joints.put("neck", new Point2D.Double(0, -30));
        limb("left elbow", "left hand", 9, -27, 17, 16, 0);
        limb("right elbow", "right hand", -9, -27, 17, 16, 2);
        joints.put("hips", new Point2D.Double(0, 0));
        limb("left knee", "left foot", 4.5, 0, 21, 22, 4);
        limb("right knee", "right foot", -4.5, 0, 21, 22, 6);
        double lowest = Math.max(joint("left foot").getY(), joint("right foot").getY()) + 3;
        joints.replaceAll((name, joint) -> new Point2D.Double(joint.getX(), joint.getY() - lowest));
    }

    private void limb(String middle, String end, double x, double y, double upper, double lower, int angle) {
        Point2D bend = below(new Point2D.Double(x, y), upper, stance.degrees[angle]);
        joints.put(middle, bend);
        joints.put(end, below(bend, lower, stance.degrees[angle + 1]));
    }

    private static Point2D below(Point2D joint, double length, double degrees) {
        double angle = StrictMath.toRadians(degrees);
        return new Point2D.Double(joint.getX() + length * StrictMath.sin(angle), joint.getY() + length * StrictMath.cos(angle));
    }

    private Point2D joint(String name) {
        return Objects.requireNonNull(joints.get(name), name);
    }

    Sketch sketch() {
        Point2D hips = joint("hips");
        Point2D neck = joint("neck");
        Point2D head = joint("head");
        double x = hips.getX();
        double waist = hips.getY();
        double shoulders = neck.getY() + 3;
        return new Sketch()
                .line(open(head.getX(), head.getY(), neck.getX(), neck.getY() + 4), 5.5, Light.darker(skin, 0.1))
                .add(leg("right", x - 4.5, waist, Light.darker(trousers, 0.15)))
                .add(leg("left", x + 4.5, waist, trousers))
                .line(polygon(x - 8, shoulders, x + 8, shoulders, x + 5.5, waist, x - 5.5, waist), 5, shirt)
                .fill(polygon(x - 8, shoulders, x + 8, shoulders, x + 5.5, waist, x - 5.5, waist), shirt)
                .add(arm("right", x - 9, shoulders, Light.darker(shirt, 0.12)))
                .add(arm("left", x + 9, shoulders, Light.darker(shirt, 0.06)))
                .fill(disc(head.getX(), head.getY() - 1.5, 9.4), hair)
                .fill(disc(head.getX(), head.getY() + 1.2, 7.8), skin);
    }

    private Sketch leg(String side, double x, double y, Color color) {
        Point2D knee = joint(side + " knee");
        Point2D foot = joint(side + " foot");
        return new Sketch()
                .line(open(x, y, knee.getX(), knee.getY(), foot.getX(), foot.getY() - 2), 8, color)
                .line(open(foot.getX() - 1.5, foot.getY(), foot.getX() + (side.equals("left") ? 4 : -4), foot.getY()), 6,
                        new Color(0x3B3A50));
    }

    private Sketch arm(String side, double x, double y, Color color) {
        Point2D elbow = joint(side + " elbow");
        Point2D hand = joint(side + " hand");
        return new Sketch()
                .line(open(elbow.getX(), elbow.getY(), hand.getX(), hand.getY()), 5, skin)
                .line(open(x, y, elbow.getX(), elbow.getY()), 6.5, color)
                .fill(disc(hand.getX(), hand.getY(), 3.4), skin);
    }

    /** The figure at a place, with its joints as key points. */
    Thing posed(double x, double y, double scale, Light light) {
        AffineTransform place = AffineTransform.getTranslateInstance(x, y);
        place.scale(scale, scale);
        SequencedMap<String, Point2D> keyPoints = new LinkedHashMap<>();
        for (String name : DemoLabels.POSE) {
            Point2D joint = joint(name);
            keyPoints.put(name, Shapes.snap(place.transform(joint, null)));
        }
        return new Thing(light.on(sketch()).transformed(place), new Mark.Pose(keyPoints), "person").tagged(stance.word());
    }

    /** The figure at a place, in a box. */
    Thing boxed(double x, double y, double scale, Light light) {
        return Thing.boxed("person", light.on(sketch()).scaled(scale).at(x, y)).tagged(stance.word());
    }
}
