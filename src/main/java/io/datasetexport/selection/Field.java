package io.datasetexport.selection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in an item's or an annotation's JSON that a condition speaks of. */
public sealed interface Field {

    /** A member whose value is a string, a flag or a date. */
    record Column(Member member) implements Field {}

    /**
     * A place in a JSON document. Lists on the way are looked through: the place is then as many places as there are elements.
     *
     * @param root the member that holds the document; null for the element of a list that {@code $match} looks at
     * @param path names of members, from the document's root
     */
    record Path(@Nullable Member root, List<String> path) implements Field {
        public Path {
            path = List.copyOf(path);
        }

        Path then(List<String> more) {
            List<String> whole = new java.util.ArrayList<>(path);
            whole.addAll(more);
            return new Path(root, whole);
        }
    }
}
