package io.datasetexport.web;

import io.datasetexport.catalog.NewDataset;
import io.datasetexport.catalog.NewLabel;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The body of a new dataset: {@code name}, and if wanted {@code id}, {@code projectId}, {@code labels} (a tree of {@code tag},
 * {@code color}, {@code children}) and the platform's {@code ontology} and {@code recipe}, which are kept character by character.
 * Without {@code labels} the ontology's are taken.
 */
record DatasetBody(String projectId, NewDataset dataset) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int NAME = 255;
    private static final int TAG = 200;
    private static final int PATH = 1000;

    static DatasetBody of(String text) {
        JsonPlace body = StrictJson.object(text).only(Set.of("id", "name", "projectId", "labels", "ontology", "recipe"));
        JsonPlace id = body.member("id");
        if (id != null && (!ID.matcher(id.text()).matches() || id.text().equals(".") || id.text().equals(".."))) {
            throw id.refuse("must be 1 to 64 letters, digits, dots, underscores and hyphens");
        }
        JsonPlace projectId = body.member("projectId");
        JsonPlace tree = body.member("labels");
        JsonPlace ontology = body.member("ontology");
        JsonPlace recipe = body.member("recipe");
        if (recipe != null) {
            recipe.object();
        }
        Labels labels = new Labels();
        if (tree != null) {
            labels.addTree(tree, List.of());
        } else if (ontology != null) {
            labels.addOntology(ontology.object());
        }
        return new DatasetBody(
                projectId == null ? "default" : projectId.text(),
                new NewDataset(
                        id == null ? null : id.text(),
                        line(body.required("name"), NAME),
                        labels.found,
                        ontology == null ? null : StrictJson.verbatim(text, "ontology"),
                        recipe == null ? null : StrictJson.verbatim(text, "recipe")));
    }

    private static String line(JsonPlace place, int limit) {
        String text = place.text();
        if (text.isBlank() || text.codePointCount(0, text.length()) > limit || text.chars().anyMatch(Character::isISOControl)) {
            throw place.refuse("must be a line of 1 to " + limit + " characters");
        }
        return text;
    }

    private static final class Labels {

        private final List<NewLabel> found = new ArrayList<>();
        private final Set<String> paths = new HashSet<>();

        void addTree(JsonPlace labels, List<String> parent) {
            for (JsonPlace label : labels.elements()) {
                label.only(Set.of("tag", "color", "children"));
                add(label, label, parent);
            }
        }

        /** An ontology's members are the platform's: those that are not read here are none of our business. */
        void addOntology(JsonPlace ontology) {
            JsonPlace roots = ontology.member("roots");
            if (roots != null) {
                addRoots(roots, List.of());
            }
        }

        private void addRoots(JsonPlace roots, List<String> parent) {
            for (JsonPlace root : roots.elements()) {
                add(root, root.required("value"), parent);
            }
        }

        private void add(JsonPlace label, JsonPlace value, List<String> parent) {
            JsonPlace tag = value.required("tag");
            List<String> segments = new ArrayList<>(parent);
            segments.add(line(tag, TAG));
            JsonPlace color = value.member("color");
            NewLabel added = new NewLabel(segments, color == null ? null : line(color, TAG));
            if (added.path().length() > PATH) {
                throw tag.refuse("makes a path of more than " + PATH + " characters");
            }
            if (!paths.add(added.path())) {
                throw new RequestRefused(
                        ProblemType.VALIDATION, "The label " + JsonPlace.shown(added.path()) + " is there twice.", tag.pointer());
            }
            found.add(added);
            JsonPlace children = label.member("children");
            if (children != null) {
                if (label.equals(value)) {
                    addTree(children, segments);
                } else {
                    addRoots(children, segments);
                }
            }
        }
    }
}
