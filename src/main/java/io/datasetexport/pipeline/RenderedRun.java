package io.datasetexport.pipeline;

import io.datasetexport.archive.EncodedEntry;
import io.datasetexport.model.Storage;
import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of items after rendering: ready entries, pieces of longer ones, and counts.
 *
 * <p>What rows become is mostly about as large as they are, and their lease covers it. Pictures and run lengths may be a thousand times
 * larger: what is over a fixed size waits in the spool. Written by one thread, then read by another one, which closes it.
 */
final class RenderedRun implements AutoCloseable {

    /** Bytes of ready entries that are kept in memory. */
    static final int KEPT = 1 << 20;

    final List<EntryPiece> pieces = new ArrayList<>();
    final List<FileEntry> files = new ArrayList<>();
    final List<DocumentKeeper.Rendered> documents = new ArrayList<>();
    final @Nullable SectionFragment[] fragments;
    final RunNumbers numbers;
    final Tally tally = new Tally();
    int copied;
    RunNumbers.Taken taken = new RunNumbers.Taken(List.of(), List.of());
    private final SpoolStore store;
    private final List<EncodedEntry> entries = new ArrayList<>();
    private final List<SpooledEntry> spooled = new ArrayList<>();
    private @Nullable Spool spool;
    private long kept;

    RenderedRun(int sections, RunNumbers numbers, SpoolStore store) {
        this.fragments = new SectionFragment[sections];
        this.numbers = numbers;
        this.store = store;
    }

    /** An item's file, to be sent when all rows are through. */
    record FileEntry(String path, Storage.Own file) {}

    /** The next piece of a big item's entry. */
    record EntryPiece(String path, byte[] content) {}

    /** An entry whose bytes are the next {@code length} ones in the spool. */
    private record SpooledEntry(String path, int method, long crc, long size, int length) {}

    /** Takes the entries in order. */
    interface EntryVisitor {
        void entry(EncodedEntry entry) throws IOException;
    }

    void add(EncodedEntry entry) {
        kept += entry.data().length;
        if (kept <= KEPT) {
            entries.add(entry);
            return;
        }
        if (spool == null) {
            spool = new Spool(store);
        }
        try {
            spool.append(entry.data());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        spooled.add(new SpooledEntry(entry.path(), entry.method(), entry.crc(), entry.size(), entry.data().length));
    }

    SectionFragment fragment(int index, byte[] separator) {
        SectionFragment fragment = fragments[index];
        if (fragment == null) {
            fragment = new SectionFragment(separator, store);
            fragments[index] = fragment;
        }
        return fragment;
    }

    /** Shows the entries in the order in which they were added. */
    void entries(EntryVisitor visitor) throws IOException {
        for (EncodedEntry entry : entries) {
            visitor.entry(entry);
        }
        if (spool != null) {
            try (InputStream in = spool.open()) {
                for (SpooledEntry entry : spooled) {
                    visitor.entry(new EncodedEntry(entry.path(), entry.method(), entry.crc(), entry.size(), in.readNBytes(entry.length())));
                }
            }
        }
    }

    /** Frees what is in the spool. */
    @Override
    public void close() {
        if (spool != null) {
            spool.close();
        }
        for (SectionFragment fragment : fragments) {
            if (fragment != null) {
                fragment.close();
            }
        }
    }
}
