package io.datasetexport.format.source;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a pose consists of: a template of the dataset's recipe.
 *
 * @param points names of its points, in its order
 * @param arcs pairs of places in {@code points}, from 0
 */
public record PoseTemplate(String id, String name, List<String> points, List<int[]> arcs) {

    public PoseTemplate {
        points = List.copyOf(points);
        arcs = List.copyOf(arcs);
    }

    /** The templates of a recipe, {@code metadata.system.collectionTemplates}; none where there is no recipe. */
    public static List<PoseTemplate> of(@Nullable String recipe) {
        List<PoseTemplate> templates = new ArrayList<>();
        if (recipe == null) {
            return templates;
        }
        JsonNode list;
        try {
            list = JsonMapper.shared().readTree(recipe).at("/metadata/system/collectionTemplates");
        } catch (JacksonException malformed) {
            return templates;
        }
        for (JsonNode template : list) {
            List<String> points = new ArrayList<>();
            template.path("order").forEach(point -> points.add(point.asString("")));
            List<int[]> arcs = new ArrayList<>();
            for (JsonNode arc : template.path("arcs")) {
                int from = place(arc.path(0), points);
                int to = place(arc.path(1), points);
                if (from >= 0 && to >= 0) {
                    arcs.add(new int[] {from, to});
                }
            }
            String id = template.path("id").asString("");
            templates.add(new PoseTemplate(id, template.path("name").asString(id), points, arcs));
        }
        return templates;
    }

    /** An end of an arc is a point's name, or its place. */
    private static int place(JsonNode end, List<String> points) {
        if (end.isString()) {
            return points.indexOf(end.stringValue());
        }
        return end.canConvertToInt() && end.intValue() < points.size() ? end.intValue() : -1;
    }
}
