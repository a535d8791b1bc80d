package io.datasetexport.export;

import io.datasetexport.export.ExportRequest.ClassNumbers;
import io.datasetexport.export.ExportRequest.Given;
import io.datasetexport.export.ExportRequest.Pinned;
import io.datasetexport.export.ExportRequest.Sorted;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.model.CodePoints;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Label;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives a dataset's labels the class numbers that a request asks for.
 *
 * <p>Sorted numbers are those of the labels in force; a map numbers the labels that it names and must name all in force. A retired label
 * without a number is unknown to a format, which says so of its annotations.
 */
final class ClassLabels {

    private ClassLabels() {}

    /** @throws RequestRefused when a map has no number for a label in force, or one for a label that is not there */
    static DatasetFacts numbered(DatasetFacts dataset, ClassNumbers classes) {
        return switch (classes) {
            case Pinned _ -> dataset;
            case Sorted _ -> with(dataset, sorted(dataset.labels()));
            case Given given -> with(dataset, given(dataset.labels(), given));
        };
    }

    /**
     * Refuses class numbers that do not fit the labels.
     *
     * @throws RequestRefused as {@link #numbered} does
     */
    static void check(List<Label> labels, ClassNumbers classes) {
        if (classes instanceof Given given) {
            given(labels, given);
        }
    }

    private static List<Label> sorted(List<Label> labels) {
        List<Label> inForce = labels.stream()
                .filter(label -> !label.retired())
                .sorted(Comparator.comparing(Label::path, CodePoints.ORDER))
                .toList();
        List<Label> numbered = new ArrayList<>(inForce.size());
        for (Label label : inForce) {
            numbered.add(numbered(label, numbered.size()));
        }
        return numbered;
    }

    private static List<Label> given(List<Label> labels, Given given) {
        List<Label> numbered = new ArrayList<>();
        for (Label label : labels) {
            Integer number = given.byLabel().get(label.path());
            if (number != null) {
                numbered.add(numbered(label, number));
            } else if (!label.retired()) {
                throw refused(label.path(), "The label \"" + JsonPlace.shown(label.path()) + "\" has no class number.", "/options/classes");
            }
        }
        for (String path : given.byLabel().keySet()) {
            if (labels.stream().noneMatch(label -> label.path().equals(path))) {
                throw refused(
                        path,
                        "The dataset has no label \"" + JsonPlace.shown(path) + "\".",
                        "/options/classes/" + path.replace("~", "~0").replace("/", "~1"));
            }
        }
        numbered.sort(Comparator.comparingInt(Label::number));
        return numbered;
    }

    private static RequestRefused refused(String label, String sentence, String pointer) {
        return new RequestRefused(ProblemType.CLASS_NUMBERS, sentence, pointer).with("label", label);
    }

    private static Label numbered(Label label, int number) {
        return new Label(number, label.path(), label.segments(), label.color(), label.folder(), label.retired());
    }

    private static DatasetFacts with(DatasetFacts dataset, List<Label> labels) {
        return new DatasetFacts(
                dataset.key(), dataset.id(), dataset.name(), dataset.revision(), dataset.ontology(), dataset.recipe(), labels);
    }
}
