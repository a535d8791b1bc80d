package io.datasetexport.demo;

import static io.datasetexport.demo.JsonShapes.box;
import static io.datasetexport.demo.JsonShapes.ellipse;
import static io.datasetexport.demo.JsonShapes.path;
import static io.datasetexport.demo.JsonShapes.point;
import static io.datasetexport.demo.JsonShapes.shoelace;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each annotation in the JSON against the pixels of its own thing, drawn alone on a blank canvas. */
class AnnotatedDrawingTests {

    /** A picture, its scene and its JSON. */
    private record Shown(Picture picture, Scene scene, JsonNode json) {}

    private static final List<Shown> PICTURES = DemoPictures.all().stream()
            .map(picture -> new Shown(picture, picture.scene(), new JsonMapper().readTree(new DrawnPicture(picture).json())))
            .toList();

    /** A thing, the annotation that the JSON has for it, and its pixels alone: alpha is how much of a pixel it covers. */
    private record Drawn(String what, Scene scene, Thing thing, JsonNode annotation, BufferedImage alone) {

        JsonNode coordinates() {
            return annotation.path("coordinates");
        }

        int alpha(int x, int y) {
            boolean inside = x >= 0 && y >= 0 && x < scene.width() && y < scene.height();
            return inside ? ((DataBufferInt) alone.getRaster().getDataBuffer()).getData()[y * alone.getWidth() + x] >>> 24 : 0;
        }

        int mostAlphaAround(Point2D point) {
            int x = (int) Math.floor(point.getX());
            int y = (int) Math.floor(point.getY());
            return Math.max(Math.max(alpha(x, y), alpha(x - 1, y)), Math.max(alpha(x, y - 1), alpha(x - 1, y - 1)));
        }
    }

    @Test
    void masksAreThePixelsThatNothingCovers() throws Exception {
        for (Shown shown : PICTURES) {
            List<Drawn> all = drawn(shown, mark -> true);
            for (int i = 0; i < all.size(); i++) {
                Drawn drawn = all.get(i);
                if (drawn.thing.mark() instanceof Mark.Mask) {
                    BufferedImage mask = decode(drawn.coordinates().asString());
                    assertThat(mask.getWidth()).isEqualTo(drawn.scene.width());
                    assertThat(mask.getHeight()).isEqualTo(drawn.scene.height());
                    List<Drawn> above = all.subList(i + 1, all.size());
                    assertThat(wrongPixels(mask, drawn, above)).as(drawn.what).isZero();
                }
            }
        }
    }

    private static int wrongPixels(BufferedImage mask, Drawn drawn, List<Drawn> above) {
        int color = 0xff000000 | DemoLabels.rgb(drawn.thing.label());
        boolean[] covered = new boolean[drawn.scene.width() * drawn.scene.height()];
        for (Drawn other : above) {
            forEachPixel(other.thing.sketch().bounds(), other.scene, (x, y) -> covered[y * other.scene.width() + x] |= other.alpha(x, y) > 127);
        }
        int wrong = 0;
        int[] colors = mask.getRGB(0, 0, mask.getWidth(), mask.getHeight(), null, 0, mask.getWidth());
        for (int y = 0; y < mask.getHeight(); y++) {
            for (int x = 0; x < mask.getWidth(); x++) {
                boolean visible = drawn.alpha(x, y) == 255 && !covered[y * mask.getWidth() + x];
                if (colors[y * mask.getWidth() + x] != (visible ? color : 0)) {
                    wrong++;
                }
            }
        }
        return wrong;
    }

    @Test
    void polygonsAreTheSilhouettesOfTheirThings() {
        forEach(Mark.Polygon.class, drawn -> {
            Path2D polygon = path(drawn.coordinates());
            List<String> wrong = new ArrayList<>();
            // A pixel is painted in steps of an eighth.
            double slack = 0.125;
            double side = 1 + 2 * slack;
            forEachPixel(polygon.getBounds2D(), drawn.scene, (x, y) -> {
                int alpha = drawn.alpha(x, y);
                if (alpha < 255 && polygon.contains(x - slack, y - slack, side, side)
                        || alpha > 0 && !polygon.intersects(x - slack, y - slack, side, side)) {
                    wrong.add(x + "," + y);
                }
            });
            assertThat(wrong).as(drawn.what).isEmpty();
            assertThat(polygon.getBounds2D()).as(drawn.what)
                    .satisfies(bounds -> assertThat(grown(bounds).contains(painted(drawn))).isTrue());
        });
    }

    @Test
    void polygonsHaveTheAreaThatWasPainted() {
        forEach(Mark.Polygon.class, drawn -> {
            double painted = 0;
            BufferedImage body = paint(drawn.scene, graphics -> {
                graphics.setColor(Color.BLACK);
                graphics.fill(drawn.thing.sketch().body());
            });
            for (int y = 0; y < body.getHeight(); y++) {
                for (int x = 0; x < body.getWidth(); x++) {
                    painted += (body.getRGB(x, y) >>> 24) / 255.0;
                }
            }
            double area = 0;
            for (JsonNode ring : drawn.coordinates()) {
                double ringArea = Math.abs(shoelace(ring));
                area += area == 0 ? ringArea : -ringArea;
            }
            assertThat(area).as(drawn.what).isGreaterThan(20).isCloseTo(painted, Offset.offset(1 + area * 0.003));
        });
    }

    @Test
    void boxesFitTightly() {
        forEach(Mark.Box.class, drawn -> {
            Rectangle2D box = box(drawn.coordinates());
            Rectangle painted = painted(drawn);
            assertThat(grown(box).contains(painted)).as(drawn.what).isTrue();
            assertThat(painted.width).as(drawn.what).isGreaterThan((int) box.getWidth() - 2);
            assertThat(painted.height).as(drawn.what).isGreaterThan((int) box.getHeight() - 2);
        });
    }

    @Test
    void turnedBoxesFitTightlyWhenTurnedBack() {
        forEach(Mark.TurnedBox.class, drawn -> {
            Rectangle2D box = box(drawn.coordinates());
            double angle = Math.toRadians(drawn.coordinates().path(2).asDouble());
            Drawn back = new Drawn(drawn.what, drawn.scene, drawn.thing, drawn.annotation, paint(drawn.scene, graphics -> {
                graphics.rotate(-angle, box.getCenterX(), box.getCenterY());
                drawn.thing.paint(graphics);
            }));
            Rectangle painted = painted(back);
            assertThat(grown(box).contains(painted)).as(drawn.what).isTrue();
            assertThat(painted.width).as(drawn.what).isGreaterThan((int) box.getWidth() - 2);
            assertThat(painted.height).as(drawn.what).isGreaterThan((int) box.getHeight() - 2);
        });
    }

    @Test
    void ellipsesAreFilledAndNothingIsOutside() {
        forEach(Mark.Ellipse.class, drawn -> {
            Shape inner = ellipse(drawn.coordinates(), -1.5);
            Shape outer = ellipse(drawn.coordinates(), 1.5);
            List<String> wrong = new ArrayList<>();
            forEachPixel(new Rectangle(drawn.scene.width(), drawn.scene.height()), drawn.scene, (x, y) -> {
                int alpha = drawn.alpha(x, y);
                if (alpha < 255 && inner.contains(x + 0.5, y + 0.5) || alpha > 0 && !outer.contains(x + 0.5, y + 0.5)) {
                    wrong.add(x + "," + y);
                }
            });
            assertThat(wrong).as(drawn.what).isEmpty();
        });
    }

    @Test
    void pointsAndLinesLieOnPaint() {
        forEach(Mark.Dot.class, drawn -> assertThat(drawn.mostAlphaAround(point(drawn.coordinates()))).as(drawn.what).isGreaterThan(80));
        forEach(Mark.Line.class, drawn -> drawn.coordinates().path(0)
                .forEach(point -> assertThat(drawn.mostAlphaAround(point(point))).as(drawn.what + point).isGreaterThan(80)));
    }

    @Test
    void keyPointsLieOnTheFigure() {
        for (Shown shown : PICTURES) {
            for (Drawn drawn : drawn(shown, Mark.Pose.class::isInstance)) {
                assertThat(shown.json.path("annotations").valueStream()
                        .filter(point -> point.at("/metadata/system/parentId").equals(drawn.annotation.path("id"))))
                        .hasSize(DemoLabels.POSE.size())
                        .allSatisfy(point -> assertThat(drawn.mostAlphaAround(point(point.path("coordinates")))).as(drawn.what)
                                .isEqualTo(255));
            }
        }
    }

    @Test
    void everyAnnotationIsInsideItsPicture() {
        for (Shown shown : PICTURES) {
            Rectangle2D frame = new Rectangle2D.Double(0, 0, shown.scene.width(), shown.scene.height());
            for (JsonNode annotation : shown.json.path("annotations")) {
                assertThat(extent(annotation))
                        .as("%s %s", shown.picture.filename(), annotation.path("label"))
                        .allSatisfy(point -> assertThat(frame.outcode(point)).isZero());
            }
        }
    }

    /** Points that span an annotation. */
    private static List<Point2D> extent(JsonNode annotation) {
        JsonNode at = annotation.path("coordinates");
        return switch (annotation.path("type").asString()) {
            case "box" -> corners(at.size() == 3
                    ? AffineTransform.getRotateInstance(
                            Math.toRadians(at.path(2).asDouble()), box(at).getCenterX(), box(at).getCenterY())
                            .createTransformedShape(box(at))
                    : box(at));
            case "segment", "polyline" -> at.valueStream().flatMap(JsonNode::valueStream).map(JsonShapes::point)
                    .toList();
            case "point" -> List.of(point(at));
            case "ellipse" -> corners(ellipse(at, 0).getBounds2D());
            case "binary", "class", "pose" -> List.of();
            default -> throw new AssertionError("An annotation of another type: " + annotation);
        };
    }

    private static List<Point2D> corners(Shape shape) {
        Rectangle2D bounds = shape.getBounds2D();
        return List.of(new Point2D.Double(bounds.getMinX(), bounds.getMinY()),
                new Point2D.Double(bounds.getMaxX(), bounds.getMaxY()));
    }

    private static <M extends Mark> void forEach(Class<M> kind, Consumer<Drawn> check) {
        int checked = 0;
        for (Shown shown : PICTURES) {
            List<Drawn> all = drawn(shown, kind::isInstance);
            all.forEach(check);
            checked += all.size();
        }
        assertThat(checked).isPositive();
    }

    /** The things of a picture with some marks, and their annotations: they stand in the same order. */
    private static List<Drawn> drawn(Shown shown, Predicate<Mark> marks) {
        Scene scene = shown.scene;
        var annotations =
                shown.json.path("annotations").valueStream().filter(a -> !a.at("/metadata/system/parentId").isString())
                        .iterator();
        List<Drawn> drawn = new ArrayList<>();
        for (Thing thing : scene.things()) {
            JsonNode annotation = thing.mark() instanceof Mark.None ? new JsonMapper().nullNode() : annotations.next();
            if (marks.test(thing.mark())) {
                drawn.add(new Drawn(shown.picture.filename() + " " + thing.label(), scene, thing, annotation,
                        paint(scene, thing::paint)));
            }
        }
        assertThat(annotations).isExhausted();
        return drawn;
    }

    private static BufferedImage paint(Scene scene, Consumer<Graphics2D> painter) {
        var canvas = new BufferedImage(scene.width(), scene.height(), BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = canvas.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        painter.accept(graphics);
        graphics.dispose();
        return canvas;
    }

    /** The bounds of the pixels that a thing touches. */
    private static Rectangle painted(Drawn drawn) {
        Rectangle painted = new Rectangle(-1, -1);
        forEachPixel(new Rectangle(drawn.scene.width(), drawn.scene.height()), drawn.scene, (x, y) -> {
            if (drawn.alpha(x, y) > 0) {
                painted.add(new Rectangle(x, y, 1, 1));
            }
        });
        return painted;
    }

    private static Rectangle grown(Rectangle2D bounds) {
        Rectangle grown = bounds.getBounds();
        grown.grow(1, 1);
        return grown;
    }

    private interface Pixel {
        void at(int x, int y);
    }

    private static void forEachPixel(Rectangle2D bounds, Scene scene, Pixel pixel) {
        Rectangle area = grown(bounds).intersection(new Rectangle(scene.width(), scene.height()));
        for (int y = area.y; y < area.y + area.height; y++) {
            for (int x = area.x; x < area.x + area.width; x++) {
                pixel.at(x, y);
            }
        }
    }

    private static BufferedImage decode(String dataUri) throws Exception {
        assertThat(dataUri).startsWith("data:image/png;base64,");
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(dataUri.substring(22))));
    }
}
