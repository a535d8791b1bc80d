package io.datasetexport.ingest;

import io.datasetexport.json.JsonPlace;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a source says and a dataset can't hold. */
final class Lost {

    private static final int KINDS = 200;

    private final Map<String, Long> counts = new TreeMap<>();

    /** @param object what has the member; empty for the whole file */
    void member(String object, String member) {
        count((object.isEmpty() ? "" : object + ".") + JsonPlace.shown(member));
    }

    void count(String what) {
        counts.merge(counts.size() < KINDS || counts.containsKey(what) ? what : "other", 1L, Long::sum);
    }

    /** Each with its number, in code-point order. */
    List<String> lines() {
        return counts.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue()).toList();
    }
}
