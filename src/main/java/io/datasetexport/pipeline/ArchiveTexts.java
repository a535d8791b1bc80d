package io.datasetexport.pipeline;

import io.datasetexport.text.Utf8Buffer;

/** The entries that speak of the export itself. */
public interface ArchiveTexts {

    /** {@code _export/dataset.json}, the first entry: what an import needs to rebuild the dataset around its items. */
    Utf8Buffer dataset();

    /** {@code _export/manifest.json}, the last entry: it says that the archive is whole. */
    Utf8Buffer manifest(Tally tally, long entries);
}
