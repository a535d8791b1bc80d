package io.datasetexport.demo;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The attributes that the ontology defines. Annotations name them by their {@link #key}. */
enum Attribute {
    COLOUR("Colour", "options", List.of("red", "green", "yellow", "blue", "white", "violet"), "vehicle"),
    PASSENGERS("Passengers", "range", List.of(), "vehicle"),
    ROOF("Roof", "radio_button", List.of("flat", "gable", "stepped"), "building.house"),
    MATERIAL("Material", "options", List.of("wood", "stone"), "building"),
    CHECKED("Checked this year", "boolean", List.of(), "life buoy"),
    DRINK("In the cup", "checkbox", List.of("coffee", "tea", "hot", "cold"), "tableware.cup"),
    NOTE("Note", "freeText", List.of(), "tree");

    private final String title;
    private final String type;
    private final List<String> values;
    private final String scope;

    Attribute(String title, String type, List<String> values, String scope) {
        this.title = title;
        this.type = type;
        this.values = values;
        this.scope = scope;
    }

    String key() {
        return String.valueOf(ordinal() + 1);
    }

    /** The definition as an ontology holds it. */
    Map<String, Object> definition() {
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put("key", key());
        definition.put("title", title);
        definition.put("type", type);
        definition.put("values", values);
        if (this == PASSENGERS) {
            Map<String, Object> range = new LinkedHashMap<>();
            range.put("min", 0);
            range.put("max", 250);
            range.put("step", 1);
            definition.put("range", range);
        }
        definition.put("scope", List.of(scope));
        definition.put("optional", true);
        definition.put("multi", this == DRINK);
        return definition;
    }
}
