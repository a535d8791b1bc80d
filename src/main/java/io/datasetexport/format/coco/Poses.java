package io.datasetexport.format.coco;

import io.datasetexport.format.Changes;
import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Attributes;
import io.datasetexport.format.source.KeyPoint;
import io.datasetexport.format.source.PoseTemplate;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Shape;
import io.datasetexport.text.PythonText;
import io.datasetexport.text.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The poses of one image and their points, which may come in any order: gathered until all are there, then written.
 *
 * <p>Only what is written or listed is kept of them, and of not more than {@value #MOST} annotations.
 */
final class Poses {

    /** More than an item that is handed over whole can have. */
    static final int MOST = 25_000;

    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.US_ASCII);

    /** A pose that waits for its points. */
    private record Pose(Annotation annotation, @Nullable String template, boolean attributes) {}

    /** A point that waits for its pose. */
    private record Point(Annotation annotation, KeyPoint place) {}

    /** Takes what becomes of the poses. */
    interface Sink {

        /** The buffer holds the members of a pose up to its key points; {@code annotations} are the pose and its points. */
        void pose(Utf8Buffer json, int category, int annotations);

        Utf8Buffer buffer();

        void leftOut(Reason reason, Annotation annotation);
    }

    private final List<Pose> poses = new ArrayList<>();
    private final Map<String, List<Point>> points = new LinkedHashMap<>();
    private int kept;

    /** What became of an annotation. */
    enum Kept {
        YES,
        NO_POSE,
        TOO_MANY
    }

    /** Whether {@link #keep} may take an annotation. */
    static boolean mayKeep(Shape shape) {
        return shape == Shape.POSE || shape == Shape.POINT;
    }

    /** Keeps a pose, or a point of one. */
    Kept keep(Annotation annotation) {
        KeyPoint point = mayKeep(annotation.shape()) ? KeyPoint.of(annotation) : null;
        if (point == null && annotation.shape() != Shape.POSE) {
            return Kept.NO_POSE;
        }
        if (kept == MOST) {
            return Kept.TOO_MANY;
        }
        kept++;
        Annotation slim = slim(annotation);
        if (point == null) {
            poses.add(new Pose(slim, KeyPoint.template(annotation), Attributes.present(annotation)));
        } else {
            points.computeIfAbsent(point.pose(), any -> new ArrayList<>()).add(new Point(slim, point));
        }
        return Kept.YES;
    }

    /** What a line of {@code skipped.ndjson} needs. */
    private static Annotation slim(Annotation annotation) {
        return new Annotation(
                annotation.ordinal(), annotation.id(), annotation.type(), annotation.label(), null, null, NOTHING, null, null, null, null, null,
                null, 0);
    }

    /** Writes the poses; {@code categories} are the ids of the templates, by the templates' own. */
    void write(Map<String, PoseTemplate> templates, Map<String, Integer> categories, Changes changes, Sink sink) {
        for (Pose pose : poses) {
            PoseTemplate template = pose.template() == null ? null : templates.get(pose.template());
            Integer category = pose.template() == null ? null : categories.get(pose.template());
            if (template == null || category == null) {
                sink.leftOut(Reason.UNKNOWN_LABEL, pose.annotation());
                continue;
            }
            List<Point> all = points.getOrDefault(pose.annotation().idText(), List.of());
            Map<String, Point> byName = byName(all, template);
            Utf8Buffer json = sink.buffer();
            Reason reason = byName == null ? Reason.EMPTY_GEOMETRY : append(json, template, byName);
            if (byName == null || reason != null) {
                sink.leftOut(reason == null ? Reason.EMPTY_GEOMETRY : reason, pose.annotation());
                continue;
            }
            all.removeIf(point -> byName.get(KeyPoint.name(point.annotation())) == point);
            changes.noteIf(pose.attributes(), Reason.ATTRIBUTES);
            changes.noteIf(!template.name().equals(pose.annotation().labelText()), Reason.UNKNOWN_LABEL);
            byName.values().forEach(point -> changes.noteIf(point.place().otherAttributes(), Reason.ATTRIBUTES));
            sink.pose(json, category, 1 + byName.size());
        }
        // What no pose took: points of poses that were left out, of none, or that their template does not name.
        points.values().forEach(left -> left.forEach(point -> sink.leftOut(Reason.UNSUPPORTED_SHAPE, point.annotation())));
    }

    /** The points that a template names; null when one is missing or there twice. */
    private static @Nullable Map<String, Point> byName(List<Point> points, PoseTemplate template) {
        Set<String> names = Set.copyOf(template.points());
        Map<String, Point> byName = HashMap.newHashMap(names.size());
        for (Point point : points) {
            String name = KeyPoint.name(point.annotation());
            if (names.contains(name) && byName.put(name, point) != null) {
                return null;
            }
        }
        return !byName.isEmpty() && byName.size() == names.size() ? byName : null;
    }

    private static @Nullable Reason append(Utf8Buffer json, PoseTemplate template, Map<String, Point> byName) {
        double left = Double.POSITIVE_INFINITY;
        double top = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double bottom = Double.NEGATIVE_INFINITY;
        for (Point point : byName.values()) {
            left = Math.min(left, point.place().x());
            right = Math.max(right, point.place().x());
            top = Math.min(top, point.place().y());
            bottom = Math.max(bottom, point.place().y());
        }
        double area = (right - left) * (bottom - top);
        if (!Double.isFinite(area)) {
            return Reason.NON_FINITE;
        }
        CocoShapes.bbox(json, left, top, right - left, bottom - top);
        json.append("[], \"area\": ");
        PythonText.appendFloat(json, area);
        json.append(", \"iscrowd\": 0, \"keypoints\": ");
        char separator = '[';
        int labelled = 0;
        for (String name : template.points()) {
            KeyPoint point = Objects.requireNonNull(byName.get(name)).place();
            json.append(separator);
            PythonText.appendFloat(json, point.x());
            json.append(',');
            PythonText.appendFloat(json, point.y());
            json.append(',').append((long) point.visibility());
            labelled += point.visibility() > 0 ? 1 : 0;
            separator = ',';
        }
        json.append("], \"num_keypoints\": ").append((long) labelled);
        return null;
    }
}
