package io.datasetexport.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a whole dataset is, as one snapshot saw it.
 *
 * @param key the database's own key, never used twice
 * @param id unique in the service
 * @param revision changes with every committed change of the dataset's items, annotations or labels
 * @param ontology the platform's JSON, verbatim
 * @param recipe the platform's JSON, verbatim
 * @param labels by number, retired ones included
 */
public record DatasetFacts(
        long key, String id, String name, long revision, @Nullable String ontology, @Nullable String recipe, List<Label> labels) {

    public DatasetFacts {
        labels = List.copyOf(labels);
    }
}
