package io.datasetexport.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * One item in the platform's JSON, members in the order of its server.
 *
 * <p>Ids look like the platform's own: 24 hexadecimal digits that count up. There is no clock: an item was made some minutes
 * after the one before.
 */
final class ItemJson {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant FIRST = Instant.parse("2026-03-02T08:00:00Z");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String[] ANNOTATORS = {"ada@example.com", "jonas@example.com", "mei@example.com"};
    private static final int MOST_ANNOTATIONS = 255;

    private final int number;
    private final Instant created;
    private final List<Map<String, Object>> annotations = new ArrayList<>();

    ItemJson(int number) {
        this.number = number;
        this.created = FIRST.plus(Duration.ofMinutes(11L * number));
    }

    static byte[] bytes(Map<String, Object> json) {
        return JSON.writeValueAsBytes(json);
    }

    String id() {
        return id(0);
    }

    private String id(int ordinal) {
        return String.format(Locale.ROOT, "65d0a7a5e7de%012x", 0x100 * number + ordinal);
    }

    /** The next annotation, still without coordinates; its id is in the map. */
    Map<String, Object> annotation(String type, String label, List<String> tags, Map<String, Object> system,
            Map<String, Object> user) {
        int ordinal = annotations.size() + 1;
        if (ordinal > MOST_ANNOTATIONS) {
            throw new IllegalStateException("Too many annotations for the ids of item " + number);
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("system", system);
        metadata.put("user", user);
        String annotator = ANNOTATORS[(number + ordinal) % ANNOTATORS.length];
        Map<String, Object> annotation = new LinkedHashMap<>();
        annotation.put("id", id(ordinal));
        annotation.put("datasetId", DemoScenes.ID);
        annotation.put("itemId", id());
        annotation.put("type", type);
        annotation.put("label", label);
        annotation.put("attributes", tags);
        annotation.put("coordinates", List.of());
        annotation.put("metadata", metadata);
        annotation.put("creator", annotator);
        annotation.put("createdAt", TIME.format(created.plusSeconds(86_400 + 20L * ordinal)));
        annotation.put("updatedBy", annotator);
        annotation.put("updatedAt", TIME.format(created.plusSeconds(86_400 + 20L * ordinal)));
        annotation.put("hash", null);
        annotation.put("source", user.isEmpty() ? "ui" : "sdk");
        annotations.add(annotation);
        return annotation;
    }

    /** What every annotation's {@code metadata.system} holds. */
    static Map<String, Object> system(Map<Attribute, Object> values) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        values.forEach((attribute, value) -> attributes.put(attribute.key(), value));
        Map<String, Object> system = new LinkedHashMap<>();
        system.put("status", null);
        system.put("startTime", 0);
        system.put("endTime", 1);
        system.put("frame", 0);
        system.put("endFrame", 1);
        system.put("snapshots_", List.of());
        system.put("parentId", null);
        system.put("clientId", null);
        system.put("automated", false);
        system.put("objectId", null);
        system.put("isOpen", false);
        system.put("isOnlyLocal", false);
        system.put("attributes", attributes);
        system.put("system", false);
        return system;
    }

    /** The whole item. */
    Map<String, Object> item(String filename, String description, Object annotated, Map<String, Object> metadata) {
        int slash = filename.lastIndexOf('/');
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("id", id());
        item.put("datasetId", DemoScenes.ID);
        item.put("createdAt", TIME.format(created));
        item.put("dir", slash == 0 ? "/" : filename.substring(0, slash));
        item.put("filename", filename);
        item.put("type", "file");
        item.put("hidden", false);
        item.put("metadata", metadata);
        item.put("name", filename.substring(slash + 1));
        item.put("creator", ANNOTATORS[0]);
        item.put("updatedAt", TIME.format(created.plusSeconds(90_000)));
        item.put("updatedBy", ANNOTATORS[number % ANNOTATORS.length]);
        if (!description.isEmpty()) {
            item.put("description", description);
        }
        item.put("annotations", annotations);
        item.put("annotationsCount", annotations.size());
        item.put("annotated", annotated);
        return item;
    }

    /** The machine-learning split: four of five items train. */
    Map<String, Object> split() {
        return Map.of(number % 10 == 4 ? "validation" : number % 10 == 9 ? "test" : "train", true);
    }
}
