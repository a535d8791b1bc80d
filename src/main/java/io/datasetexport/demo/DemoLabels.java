package io.datasetexport.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The labels of the demo dataset with their colours, its attributes, and the template of its poses. */
final class DemoLabels {

    static final String POSE_TEMPLATE = "65d0a7a5e7de000000000003";

    /** The key points of a person, in the template's order. */
    static final List<String> POSE = List.of(
            "head", "neck", "left elbow", "left hand", "right elbow", "right hand",
            "hips", "left knee", "left foot", "right knee", "right foot");

    private static final String[][] BONES = {
        {"head", "neck"}, {"neck", "left elbow"}, {"left elbow", "left hand"}, {"neck", "right elbow"},
        {"right elbow", "right hand"},
        {"neck", "hips"}, {"hips", "left knee"}, {"left knee", "left foot"}, {"hips", "right knee"}, {"right knee", "right foot"}
    };

    private static final String ONTOLOGY = "65d0a7a5e7de000000000001";
    private static final String RECIPE = "65d0a7a5e7de000000000002";

    private record Tag(String name, String color, List<Tag> children) {}

    private static final List<Tag> ROOTS = List.of(
            tag("ball", "#ff8552"),
            tag("bench", "#b5835a"),
            tag("bird", "#4a5266"),
            tag("building", "#d9a5a0", tag("bridge", "#c9564a"), tag("gate", "#d1493f"), tag("house", "#e8b89a"),
                    tag("lighthouse", "#f25f5c")),
            tag("buoy", "#3e9c7c"),
            tag("carp", "#f08a4b"),
            tag("dog", "#a9714b"),
            tag("food", "#e9c46a", tag("apple", "#d9534f"), tag("crêpe", "#efc47a"), tag("doughnut", "#e58fa3"),
                    tag("lemon", "#f6d96b")),
            tag("ground", "#9c8f7a", tag("grass", "#94bb7e"), tag("pavement", "#dcd3c4"), tag("quay", "#cdbfa8"),
                    tag("road", "#727a8c")),
            tag("kite", "#6d7fb3", tag("string", "#6b6478")),
            tag("lamp", "#ffd166"),
            tag("lane", "#f3ebda"),
            tag("lantern", "#9aa0a3"),
            tag("life buoy", "#e2574c"),
            tag("moon", "#fbefcb"),
            tag("mountain", "#6f86a8"),
            tag("napkin", "#2a9d8f"),
            tag("path", "#e8d7b4"),
            tag("person", "#ef476f"),
            tag("plant", "#6fa36b", tag("flower", "#f0a8b8"), tag("lily pad", "#5f9480")),
            tag("rope", "#c8a96a"),
            tag("scene", "#7b6d9c", tag("day", "#a9d6e5"), tag("dusk", "#f7b58a"), tag("night", "#3a4a7a")),
            tag("sky", "#bfe0ea"),
            tag("sun", "#e9705a"),
            tag("table", "#c99a6b"),
            tag("tablecloth", "#f4a3a0"),
            tag("tableware", "#8fb8bf",
                    tag("cup", "#118ab2"), tag("fork", "#a3aebc"), tag("knife", "#7d8797"), tag("plate", "#b8d4d8"),
                    tag("spoon", "#c3cad4")),
            tag("traffic light", "#ffb703"),
            tag("tree", "#5c946e", tag("broadleaf", "#7fa66a"), tag("cherry", "#f4a6b7"), tag("conifer", "#4f8577")),
            tag("vehicle", "#5d79b5",
                    tag("bicycle", "#8338ec"),
                    tag("boat", "#33618a", tag("ferry", "#264653"), tag("motor", "#219ebc"), tag("sailing", "#8ecae6")),
                    tag("bus", "#fb8500"), tag("car", "#3a86ff"), tag("truck", "#8e6c8a")),
            tag("water", "#2f9fb3"));

    /** @param segments tags from the root down */
    record Label(List<String> segments, String color) {}

    private static final List<Label> ALL = new ArrayList<>();
    private static final Map<String, Integer> COLORS = new HashMap<>();

    static {
        ROOTS.forEach(root -> collect(List.of(), root));
    }

    private DemoLabels() {}

    private static Tag tag(String name, String color, Tag... children) {
        return new Tag(name, color, Arrays.asList(children));
    }

    private static void collect(List<String> parents, Tag tag) {
        List<String> segments = new ArrayList<>(parents);
        segments.add(tag.name);
        ALL.add(new Label(List.copyOf(segments), tag.color));
        COLORS.put(String.join(".", segments), Integer.parseInt(tag.color.substring(1), 16));
        tag.children.forEach(child -> collect(segments, child));
    }

    /** Every label, those that only group others included. */
    static List<Label> all() {
        return List.copyOf(ALL);
    }

    /** The colour of a label as {@code 0xrrggbb}. */
    static int rgb(String label) {
        Integer color = COLORS.get(label);
        if (color == null) {
            throw new IllegalArgumentException("No such label: " + label);
        }
        return color;
    }

    /** The ontology in the platform's shape. */
    static Map<String, Object> ontology(String title) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("system", Map.of());
        metadata.put("attributes", Arrays.stream(Attribute.values()).map(Attribute::definition).toList());
        Map<String, Object> ontology = new LinkedHashMap<>();
        ontology.put("id", ONTOLOGY);
        ontology.put("title", title);
        ontology.put("roots", ROOTS.stream().map(DemoLabels::node).toList());
        ontology.put("metadata", metadata);
        return ontology;
    }

    private static Map<String, Object> node(Tag tag) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("tag", tag.name);
        value.put("displayLabel", Character.toUpperCase(tag.name.charAt(0)) + tag.name.substring(1));
        value.put("color", tag.color);
        value.put("attributes", List.of());
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("value", value);
        node.put("children", tag.children.stream().map(DemoLabels::node).toList());
        return node;
    }

    /** The recipe in the platform's shape: it holds the template of a person's pose. */
    static Map<String, Object> recipe(String title) {
        List<List<String>> arcs = new ArrayList<>();
        for (String[] bone : BONES) {
            arcs.add(List.of(bone));
        }
        Map<String, Object> template = new LinkedHashMap<>();
        template.put("id", POSE_TEMPLATE);
        template.put("name", "person");
        template.put("order", POSE);
        template.put("arcs", arcs);
        Map<String, Object> recipe = new LinkedHashMap<>();
        recipe.put("id", RECIPE);
        recipe.put("title", title);
        recipe.put("ontologyIds", List.of(ONTOLOGY));
        recipe.put("metadata", Map.of("system", Map.of("collectionTemplates", List.of(template))));
        return recipe;
    }
}
