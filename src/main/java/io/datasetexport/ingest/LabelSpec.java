package io.datasetexport.ingest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A label as a caller asks for it.
 *
 * @param number the label that is meant, or the number that a new dataset shall keep; null where a new label gets the next one
 * @param segments tags from the root; the dotted path is all of them
 * @param color as the caller spells it
 * @param folder the name that the label's folder had in an archive; null where it is made from the path
 */
public record LabelSpec(
        @Nullable Integer number, List<String> segments, @Nullable String color, @Nullable String folder, boolean retired) {

    public LabelSpec {
        segments = List.copyOf(segments);
    }

    /** A new label. */
    public static LabelSpec of(List<String> segments, @Nullable String color) {
        return new LabelSpec(null, segments, color, null, false);
    }

    /** A label that is known by its dotted path only. */
    static LabelSpec ofPath(String path) {
        List<String> segments = List.of(path.split("\\.", -1));
        return of(segments.contains("") ? List.of(path) : segments, null);
    }

    public String path() {
        return String.join(".", segments);
    }
}
