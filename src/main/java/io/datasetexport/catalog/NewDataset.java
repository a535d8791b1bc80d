package io.datasetexport.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dataset to be created, without items.
 *
 * @param id null for one that the service makes
 * @param labels in any order; no path twice
 * @param ontology the platform's JSON, verbatim
 * @param recipe the platform's JSON, verbatim
 */
public record NewDataset(
        @Nullable String id, String name, List<NewLabel> labels, @Nullable String ontology, @Nullable String recipe) {

    public NewDataset {
        labels = List.copyOf(labels);
    }
}
