package io.datasetexport.ingest;

import java.util.List;

/**
 * What an import did.
 *
 * @param created items that were not there before
 * @param replaced items whose annotations and members were replaced
 * @param files that came in the same archive and are their items' now
 * @param labelsAdded dotted paths, in the order of their numbers
 * @param labelsUnknown dotted paths that annotations name and the dataset does not know, in code-point order
 * @param lost what the source says and the dataset can't hold, one sentence each
 */
public record ImportReport(
        long items,
        long annotations,
        long created,
        long replaced,
        long files,
        List<String> labelsAdded,
        List<String> labelsUnknown,
        List<String> lost) {

    public ImportReport {
        labelsAdded = List.copyOf(labelsAdded);
        labelsUnknown = List.copyOf(labelsUnknown);
        lost = List.copyOf(lost);
    }
}
