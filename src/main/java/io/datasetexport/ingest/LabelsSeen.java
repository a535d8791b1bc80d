package io.datasetexport.ingest;

import io.datasetexport.model.CodePoints;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The labels that annotations of one import name. */
final class LabelsSeen {

    private static final int MOST = ImportLimits.LABELS;

    private final Set<String> paths = new HashSet<>();

    void add(String path) {
        if (paths.add(path) && paths.size() > MOST) {
            throw new BadRecord("The import names more than " + MOST + " labels.");
        }
    }

    /** In code-point order. */
    Collection<String> paths() {
        TreeSet<String> sorted = new TreeSet<>(CodePoints.ORDER);
        sorted.addAll(paths);
        return sorted;
    }
}
