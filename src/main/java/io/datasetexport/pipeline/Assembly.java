package io.datasetexport.pipeline;

import io.datasetexport.archive.BlockDeflater;
import io.datasetexport.archive.DeflateCodec;
import io.datasetexport.archive.EncodedEntry;
import io.datasetexport.archive.ZipWriter;
import io.datasetexport.blob.BlobStore;
import io.datasetexport.format.LongEntry;
import io.datasetexport.format.LongEntry.Effort;
import io.datasetexport.format.RunningNumber;
import io.datasetexport.spool.SpoolStore;
import io.datasetexport.text.Utf8Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Puts rendered runs together, in order: ready entries go out, pieces gather in spools until their entry is whole.
 *
 * <p>Used by one thread at a time. Closing it frees the spools and completes nothing.
 */
final class Assembly implements AutoCloseable {

    private final Layout layout;
    private final SpoolStore store;
    private final Executor blocks;
    private final ZipWriter zip;
    private final List<GrowingSection> sections;
    private final Map<RunningNumber, Long> next = new IdentityHashMap<>();
    private final Map<String, BlockDeflater> open = new LinkedHashMap<>();
    private final FileList files;
    private final Tally tally = new Tally();

    Assembly(Layout layout, OutputStream out, SpoolStore store, Executor blocks) {
        this.layout = layout;
        this.store = store;
        this.blocks = blocks;
        this.zip = new ZipWriter(out, store);
        this.files = new FileList(store);
        this.sections = layout.longEntries.stream()
                .flatMap(entry -> entry.sections().stream().map(section -> new GrowingSection(section, deflater(entry.effort()))))
                .toList();
    }

    /** A section as it grows: its head is written before the first fragment, its separator between two. */
    private static final class GrowingSection {
        final LongEntry.Section section;
        final BlockDeflater content;
        private boolean any;

        GrowingSection(LongEntry.Section section, BlockDeflater content) {
            this.section = section;
            this.content = content;
        }

        void append(SectionFragment fragment, long[] bases) throws IOException {
            content.append(any ? section.separator() : section.head());
            any = true;
            fragment.appendTo(content, bases);
        }

        BlockDeflater end() throws IOException {
            if (!any) {
                content.append(section.head());
            }
            return content;
        }
    }

    private BlockDeflater deflater(Effort effort) {
        return new BlockDeflater(store, blocks, switch (effort) {
            case FAST -> DeflateCodec.FAST_LEVEL;
            case SMALL -> DeflateCodec.SMALL_LEVEL;
        });
    }

    Tally tally() {
        return tally;
    }

    long entries() {
        return zip.entries();
    }

    long written() {
        return zip.written();
    }

    void add(RenderedRun run) throws IOException {
        run.entries(zip::add);
        for (RenderedRun.EntryPiece piece : run.pieces) {
            open.computeIfAbsent(piece.path(), any -> deflater(Effort.FAST)).append(piece.content());
        }
        for (RenderedRun.FileEntry file : run.files) {
            files.add(file);
        }
        long[] bases = run.numbers.bases(run.taken, next);
        for (int i = 0; i < run.fragments.length; i++) {
            SectionFragment fragment = run.fragments[i];
            if (fragment != null) {
                sections.get(i).append(fragment, bases);
            }
        }
        tally.add(run.tally);
    }

    /** Writes the entries that gathered piece by piece: their item is through. */
    void closePieces() throws IOException {
        for (Map.Entry<String, BlockDeflater> entry : open.entrySet()) {
            zip.add(entry.getKey(), List.of(entry.getValue()));
            entry.getValue().close();
        }
        open.clear();
    }

    /** Writes the long entries: the last item is through. */
    void writeLongEntries() throws IOException {
        for (LongEntry entry : layout.longEntries) {
            List<BlockDeflater> parts = new ArrayList<>();
            for (LongEntry.Section section : entry.sections()) {
                parts.add(sections.get(layout.indexOf(section)).end());
            }
            parts.getLast().append(entry.tail());
            zip.add(entry.path(), parts);
        }
    }

    /**
     * Writes what follows the rows, to another stream: the files of the items, each checked on its way, {@code last}, and the central
     * directory.
     *
     * @param first byte of the archive that is wanted; files before it are not read
     * @param end the byte behind the last one that is wanted
     */
    void completeOn(OutputStream out, long first, long end, BlobStore blobs, EncodedEntry last) throws IOException {
        zip.continueOn(out, first, end);
        try (ReadAhead content = new ReadAhead(files, blobs)) {
            long[] next = {0};
            files.forEach(entry -> zip.add(entry.path(), entry.file().bytes(), entry.file().crc32(), content.file(next[0]++)));
        }
        zip.add(last);
        zip.complete();
    }

    /** The archive as it will be when only the files and then {@code last} follow. */
    ZipWriter.Forecast forecast(EncodedEntry last) throws IOException {
        ZipWriter.Forecast forecast = zip.forecast();
        files.forEach(entry -> forecast.add(entry.path(), entry.file().bytes(), entry.file().bytes()));
        forecast.add(last.path(), last.size(), last.data().length);
        return forecast;
    }

    long files() {
        return files.count();
    }

    void add(String path, Utf8Buffer content) throws IOException {
        zip.add(encode(path, content));
    }

    static EncodedEntry encode(String path, Utf8Buffer content) {
        return new DeflateCodec().encode(path, content.array(), 0, content.length());
    }

    @Override
    public void close() {
        sections.forEach(section -> section.content.close());
        open.values().forEach(BlockDeflater::close);
        files.close();
        zip.close();
    }
}
