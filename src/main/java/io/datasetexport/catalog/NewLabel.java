package io.datasetexport.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A label that has no number yet.
 *
 * @param segments its tags from the root of the label tree
 * @param color as the caller spells it
 */
public record NewLabel(List<String> segments, @Nullable String color) {

    public NewLabel {
        segments = List.copyOf(segments);
    }

    /** The full dotted path. */
    public String path() {
        return String.join(".", segments);
    }
}
