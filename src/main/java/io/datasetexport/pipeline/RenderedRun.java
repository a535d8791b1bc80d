package io.datasetexport.pipeline;

import io.datasetexport.archive.EncodedEntry;
import io.datasetexport.model.Storage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run of items after rendering: ready entries, pieces of longer ones, and counts. */
final class RenderedRun {

    final List<EncodedEntry> entries = new ArrayList<>();
    final List<EntryPiece> pieces = new ArrayList<>();
    final List<FileEntry> files = new ArrayList<>();
    final @Nullable SectionFragment[] fragments;
    final RunNumbers numbers;
    final Tally tally = new Tally();
    RunNumbers.Taken taken = new RunNumbers.Taken(List.of(), List.of());

    RenderedRun(int sections, RunNumbers numbers) {
        this.fragments = new SectionFragment[sections];
        this.numbers = numbers;
    }

    /** An item's file, to be sent when all rows are through. */
    record FileEntry(String path, Storage.Own file) {}

    /** The next piece of a big item's entry. */
    record EntryPiece(String path, byte[] content) {}
}
