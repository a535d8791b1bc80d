package io.datasetexport.web;

import io.datasetexport.ingest.LabelSpec;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The body of a change of labels: {@code {"labels":[{"tag","color","number","children"}]}}, the whole tree. With {@code number} a label is
 * renamed, without it is found by its path.
 */
final class LabelsBody {

    private static final int TAG = 200;

    private LabelsBody() {}

    static List<LabelSpec> of(String text) {
        JsonPlace body = StrictJson.object(text).only(Set.of("labels"));
        List<LabelSpec> labels = new ArrayList<>();
        add(body.required("labels"), List.of(), labels);
        return labels;
    }

    private static void add(JsonPlace tree, List<String> parent, List<LabelSpec> labels) {
        for (JsonPlace label : tree.elements()) {
            label.only(Set.of("tag", "color", "number", "children"));
            List<String> segments = new ArrayList<>(parent);
            segments.add(line(label.required("tag")));
            JsonPlace number = label.member("number");
            JsonPlace color = label.member("color");
            labels.add(new LabelSpec(
                    number == null ? null : number.integer(), segments, color == null ? null : line(color), null, false));
            JsonPlace children = label.member("children");
            if (children != null) {
                add(children, segments, labels);
            }
        }
    }

    private static String line(JsonPlace place) {
        String text = place.text();
        if (text.isBlank() || text.codePointCount(0, text.length()) > TAG || text.chars().anyMatch(Character::isISOControl)) {
            throw place.refuse("must be a line of 1 to " + TAG + " characters");
        }
        return text;
    }
}
