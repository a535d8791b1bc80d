package io.datasetexport.format.source;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A point of a pose: an annotation of its own, whose metadata names the pose and whose label is the point's name in the pose's template.
 *
 * @param pose id of the pose's annotation
 * @param x in pixels from the left, as the platform gave it; NaN when the coordinates are no two finite numbers
 * @param y in pixels from the top, as {@code x}
 * @param visibility 2 visible, 1 there but covered, 0 not said, or said both ways: as COCO counts
 * @param otherAttributes whether it has attributes that do not speak of visibility
 */
public record KeyPoint(String pose, double x, double y, int visibility, boolean otherAttributes) {

    private static final byte[] PARENT = PlatformJson.quoted("parentId");

    /** The point of a pose that an annotation is; null when it is none. */
    public static @Nullable KeyPoint of(Annotation annotation) {
        if (annotation.shape() != Shape.POINT || !PlatformJson.mayHold(annotation.metadata(), PARENT)) {
            return null;
        }
        String pose = PlatformJson.textMember(annotation.metadata(), "system", "parentId");
        if (pose == null) {
            return null;
        }
        double[] point = new GeometryReader().point(annotation.coordinates());
        Words words = Words.of(Attributes.json(annotation));
        int visibility = words.visible == words.hidden ? 0 : words.visible ? 2 : 1;
        return new KeyPoint(pose, point[0], point[1], visibility, words.others);
    }

    /** What the attributes say: a list of words, or a map with a word as value. */
    private record Words(boolean visible, boolean hidden, boolean others) {

        static Words of(byte @Nullable [] attributes) {
            boolean visible = false;
            boolean hidden = false;
            boolean others = false;
            if (attributes == null) {
                return new Words(false, false, false);
            }
            try (JsonParser json = PlatformJson.parser(attributes)) {
                boolean map = json.nextToken() == JsonToken.START_OBJECT;
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    if (token == JsonToken.VALUE_STRING) {
                        String word = json.getString();
                        visible |= word.equals(map ? "Visible" : "visible");
                        hidden |= !map && (word.equals("not-visible") || word.equals("not_visible"));
                        others |= !word.toLowerCase(Locale.ROOT).replace('_', '-').matches("(not-)?visible");
                    } else if (token.isScalarValue()) {
                        others = true;
                    }
                }
            } catch (JacksonException malformed) {
                others = true;
            }
            return new Words(visible, hidden, others);
        }
    }

    /** The id of the template that a pose follows; null when it names none. */
    public static @Nullable String template(Annotation pose) {
        byte[] coordinates = pose.coordinates();
        return coordinates == null ? null : PlatformJson.textMember(coordinates, "templateId");
    }

    /** The point's name in its template. */
    public static String name(Annotation point) {
        return point.label() == null ? "" : new String(point.label(), StandardCharsets.UTF_8);
    }
}
