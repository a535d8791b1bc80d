package io.datasetexport.demo;

import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A picture as an item: its file is painted, and its annotations are read off the painted things. */
record DrawnPicture(Picture picture) implements DemoItem {

    @Override
    public String id() {
        return new ItemJson(picture.number()).id();
    }

    @Override
    public String filename() {
        return picture.filename();
    }

    @Override
    public boolean hasFile() {
        return true;
    }

    @Override
    public void writeFile(OutputStream out) throws IOException {
        out.write(file(picture.scene()));
    }

    @Override
    public byte[] json() {
        Scene scene = picture.scene();
        ItemJson json = new ItemJson(picture.number());
        annotate(scene, json);
        Object annotated = switch (picture.review()) {
            case DONE -> true;
            case WAITING -> false;
            case DISCARDED -> "discarded";
        };
        return ItemJson.bytes(json.item(filename(), picture.description(), annotated, metadata(scene, json)));
    }

    private byte[] file(Scene scene) {
        return PictureFile.encode(scene.paint(), filename(), picture.orientation());
    }

    private Map<String, Object> metadata(Scene scene, ItemJson json) {
        boolean turned = picture.orientation() == Picture.TURNED_RIGHT;
        String[] path = filename().split("/");
        Map<String, Object> system = new LinkedHashMap<>();
        system.put("originalname", path[path.length - 1]);
        system.put("size", file(scene).length);
        system.put("encoding", "7bit");
        system.put("taskStatusLog", List.of());
        system.put("mimetype", PictureFile.isJpeg(filename()) ? "image/jpeg" : "image/png");
        system.put("refs", List.of());
        system.put("isBinary", true);
        system.put("channels", 3);
        system.put("exif", turned ? Map.of("Orientation", picture.orientation()) : Map.of());
        system.put("height", turned ? scene.width() : scene.height());
        system.put("width", turned ? scene.height() : scene.width());
        system.put("tags", json.split());
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("system", system);
        metadata.put("user", Map.of("place", path[1]));
        return metadata;
    }

    private static void annotate(Scene scene, ItemJson json) {
        int[] owners = scene.owners();
        int objects = 0;
        for (int i = 0; i < scene.things().size(); i++) {
            Thing thing = scene.things().get(i);
            if (thing.mark() instanceof Mark.None) {
                continue;
            }
            Map<String, Object> system = ItemJson.system(thing.values());
            system.put("objectId", String.valueOf(++objects));
            system.put("automated", thing.confidence() != null);
            Map<String, Object> user = thing.confidence() == null
                    ? Map.of()
                    : Map.of("model", inOrder("name", "sketch-detector", "confidence", thing.confidence()));
            Map<String, Object> annotation = json.annotation(type(thing.mark()), thing.label(), thing.tags(), system, user);
            switch (thing.mark()) {
                case Mark.None() -> {}
                case Mark.Class() -> {}
                case Mark.Box(var bounds) -> annotation.put("coordinates", corners(bounds));
                case Mark.TurnedBox(var bounds, double degrees) -> {
                    List<Map<String, Object>> corners = corners(bounds);
                    annotation.put("coordinates", List.of(corners.getFirst(), corners.getLast(), number(degrees)));
                }
                case Mark.Polygon(var rings) -> annotation.put("coordinates", rings.stream().map(DrawnPicture::points).toList());
                case Mark.Line(var points) -> annotation.put("coordinates", List.of(points(points)));
                case Mark.Dot(var point) -> annotation.put("coordinates", point3(point));
                case Mark.Ellipse(var centre, double rx, double ry, double degrees) -> annotation.put("coordinates",
                        inOrder("center", point3(centre), "rx", number(rx), "ry", number(ry), "angle", number(degrees)));
                case Mark.Mask() -> annotation.put("coordinates",
                        PictureFile.dataUri(scene.mask(owners, i, DemoLabels.rgb(thing.label()))));
                case Mark.Pose(var keyPoints) -> {
                    String pose = String.valueOf(annotation.get("id"));
                    annotation.put("coordinates", inOrder("templateId", DemoLabels.POSE_TEMPLATE, "instanceId", pose));
                    keyPoints.forEach((name, point) -> keyPoint(json, pose, name, point));
                }
            }
        }
    }

    private static void keyPoint(ItemJson json, String pose, String name, Point2D point) {
        Map<String, Object> system = ItemJson.system(Map.of());
        system.put("parentId", pose);
        json.annotation("point", name, List.of("visible"), system, Map.of()).put("coordinates", point3(point));
    }

    private static String type(Mark mark) {
        return switch (mark) {
            case Mark.Box _, Mark.TurnedBox _ -> "box";
            case Mark.Polygon _ -> "segment";
            case Mark.Mask _ -> "binary";
            case Mark.Ellipse _ -> "ellipse";
            case Mark.Dot _ -> "point";
            case Mark.Line _ -> "polyline";
            case Mark.Pose _ -> "pose";
            case Mark.Class _ -> "class";
            case Mark.None _ -> throw new IllegalArgumentException("Decoration has no annotation");
        };
    }

    static List<Map<String, Object>> corners(Rectangle2D bounds) {
        return List.of(
                point3(new Point2D.Double(bounds.getMinX(), bounds.getMinY())),
                point3(new Point2D.Double(bounds.getMaxX(), bounds.getMaxY())));
    }

    private static List<Map<String, Object>> points(List<Point2D> points) {
        return points.stream().map(point -> inOrder("x", number(point.getX()), "y", number(point.getY()))).toList();
    }

    private static Map<String, Object> point3(Point2D point) {
        return inOrder("x", number(point.getX()), "y", number(point.getY()), "z", 0);
    }

    /** Whole numbers without a fraction, as a web client writes them. */
    private static Number number(double value) {
        return value == Math.rint(value) ? (Number) (long) value : value;
    }

    private static Map<String, Object> inOrder(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
