package io.datasetexport.format.source;

import io.datasetexport.format.Reason;
import io.datasetexport.format.source.Geometry.Box;
import io.datasetexport.format.source.Geometry.Unreadable;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The box of one object of a video: where it is from frame to frame.
 *
 * <p>The annotation's own coordinates hold from its first frame on, each snapshot's from its frame on: a step from one to the next,
 * nothing between. A snapshot without coordinates keeps those before it, one without a label the annotation's.
 *
 * @param objectId which object of the video; -1 when the annotation names none
 * @param last its last frame, counted from 0 and included; -1 for the last one of the video
 * @param steps by frame; the first one is at the annotation's first frame, others may be behind the last
 */
public record Track(long objectId, int last, List<Step> steps) {

    /**
     * What holds from a frame on.
     *
     * @param box what the geometry reader made of the coordinates: a {@link Box} or {@link Unreadable}
     * @param label null for the annotation's
     */
    public record Step(int frame, boolean visible, Geometry box, @Nullable String label) {}

    public Track {
        steps = List.copyOf(steps);
    }

    /**
     * Reads the track of a box.
     *
     * @param own what its own coordinates make
     */
    public static Track of(Annotation annotation, Geometry own) {
        return new Reading(annotation, own).track();
    }

    /** Members as they come: what the first step is made of may stand behind the snapshots. */
    private static final class Reading {
        private final Annotation annotation;
        private final Geometry own;
        private final List<Step> snapshots = new ArrayList<>();
        private long objectId = -1;
        private int frame;
        private int endFrame = -1;
        private boolean visible = true;

        Reading(Annotation annotation, Geometry own) {
            this.annotation = annotation;
            this.own = own;
        }

        Track track() {
            byte[] system = PlatformJson.member(annotation.metadata(), "system");
            if (system != null) {
                try (JsonParser json = PlatformJson.parser(system)) {
                    if (json.nextToken() == JsonToken.START_OBJECT) {
                        members(json, system);
                    }
                } catch (JacksonException malformed) {
                    snapshots.clear();
                }
            }
            snapshots.removeIf(snapshot -> snapshot.frame() < frame);
            snapshots.sort(Comparator.comparingInt(Step::frame));
            List<Step> steps = new ArrayList<>();
            steps.add(new Step(frame, visible, own, null));
            for (Step snapshot : snapshots) {
                boolean without = snapshot.box() instanceof Unreadable(Reason reason) && reason == Reason.EMPTY_GEOMETRY;
                steps.add(without ? new Step(snapshot.frame(), snapshot.visible(), steps.getLast().box(), snapshot.label()) : snapshot);
            }
            return new Track(objectId, endFrame, steps);
        }

        private void members(JsonParser json, byte[] system) {
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                JsonToken token = json.nextToken();
                switch (name) {
                    case "objectId" -> objectId = number(json, token);
                    case "frame" -> frame = (int) Math.max(0, number(json, token));
                    case "endFrame" -> endFrame = (int) number(json, token);
                    case "objectVisible" -> visible = token != JsonToken.VALUE_FALSE;
                    case "snapshots_" -> {
                        if (token == JsonToken.START_ARRAY) {
                            while (json.nextToken() == JsonToken.START_OBJECT) {
                                snapshot(json, system);
                            }
                        }
                    }
                    default -> {}
                }
                json.skipChildren();
            }
        }

        private void snapshot(JsonParser json, byte[] system) {
            int at = -1;
            boolean seen = true;
            String label = null;
            Geometry box = new Unreadable(Reason.EMPTY_GEOMETRY);
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                JsonToken token = json.nextToken();
                switch (name) {
                    case "frame" -> at = (int) number(json, token);
                    case "objectVisible" -> seen = token != JsonToken.VALUE_FALSE;
                    case "label" -> label = token == JsonToken.VALUE_STRING ? json.getString() : null;
                    case "data" -> {
                        int from = (int) json.currentTokenLocation().getByteOffset();
                        json.skipChildren();
                        json.finishToken();
                        byte[] data = Arrays.copyOfRange(system, from, (int) json.currentLocation().getByteOffset());
                        box = new GeometryReader().read(Shape.BOX, data);
                    }
                    default -> json.skipChildren();
                }
            }
            if (at >= 0) {
                snapshots.add(new Step(at, seen, box, label));
            }
        }

        /** A whole number from 0, also as text; -1 for anything else. */
        private static long number(JsonParser json, JsonToken token) {
            if (token == JsonToken.VALUE_STRING) {
                String text = json.getString();
                return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
            }
            double number = token.isNumeric() ? json.getDoubleValue() : -1;
            return number >= 0 && number <= Integer.MAX_VALUE && number == Math.rint(number) ? (long) number : -1;
        }
    }
}
