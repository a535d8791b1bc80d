package io.datasetexport.pipeline;

import io.datasetexport.archive.DeflateCodec;
import io.datasetexport.archive.EncodedEntry;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.LongEntry;
import io.datasetexport.format.Reason;
import io.datasetexport.format.RunningNumber;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.KeptDocument;
import io.datasetexport.model.Storage;
import io.datasetexport.read.AnnotatedItem;
import io.datasetexport.text.Utf8Buffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Renders one run of items in all formats of an export: entries are compressed at once, long entries get their fragments.
 *
 * <p>One instance renders one run on one thread. What a format says about an item it can't hold becomes a line of
 * {@code _export/skipped.ndjson}; each item becomes a line of {@code _export/items.csv}.
 */
final class RunRenderer {

    /** A thread's compressor and buffer, kept from run to run. */
    private record Tools(DeflateCodec codec, Utf8Buffer scratch) {}

    private static final ThreadLocal<Tools> TOOLS = ThreadLocal.withInitial(() -> new Tools(new DeflateCodec(), new Utf8Buffer(64 * 1024)));

    private static final int LARGEST_KEPT_BUFFER = 4 << 20;

    private final Layout layout;
    private final RenderedRun run;
    private final DeflateCodec codec;
    private Utf8Buffer scratch;
    private Map<ExportFormat, String> entryOf = new EnumMap<>(ExportFormat.class);
    /** The item that is rendered whole and by one writer, if one is. */
    private @Nullable AnnotatedItem keepable;

    private RunRenderer(Layout layout, RunNumbers numbers) {
        this.layout = layout;
        this.run = new RenderedRun(layout.sections().size(), numbers, layout.store);
        this.codec = TOOLS.get().codec();
        this.scratch = TOOLS.get().scratch();
        if (scratch.array().length > LARGEST_KEPT_BUFFER) {
            scratch = new Utf8Buffer(64 * 1024);
            TOOLS.set(new Tools(codec, scratch));
        }
    }

    /** Renders whole items. */
    static RenderedRun items(Layout layout, List<AnnotatedItem> items) {
        RunRenderer renderer = new RunRenderer(layout, new RunNumbers());
        RenderedRun run = renderer.render(() -> items.forEach(renderer::item));
        layout.keeper.keep(run.documents);
        return run;
    }

    /** Renders the lines of items that were asked for and are not there. */
    static RenderedRun missing(Layout layout, List<String> ids) {
        RunRenderer renderer = new RunRenderer(layout, new RunNumbers());
        return renderer.render(() -> ids.forEach(renderer::missing));
    }

    private void missing(String id) {
        for (FormatWriter writer : layout.writers) {
            Utf8Buffer line = element(Layout.SKIPPED_LINES);
            line.append("{\"format\":\"").append(writer.format().id()).append("\",\"effect\":\"left-out\",\"reason\":\"");
            line.append(Reason.MISSING_ITEM.id()).append("\",\"item\":").appendJsonString(id).append("}\n");
            run.tally.of(writer.format()).leftOut.merge(Reason.MISSING_ITEM, 1L, Long::sum);
        }
    }

    /** Renders what the writers have to say when all items are through. */
    static RenderedRun end(Layout layout) {
        RunRenderer renderer = new RunRenderer(layout, new RunNumbers());
        return renderer.render(() -> layout.writers.forEach(writer -> writer.end(renderer.new Output(writer.format(), null))));
    }

    /** Renders the next slice of a big item for the writers that want this order. */
    static RenderedRun slice(Layout layout, BigItem big, BigItem.Slice slice) {
        RunRenderer renderer = new RunRenderer(layout, big.numbers());
        renderer.entryOf = big.entryOf();
        return renderer.render(() -> renderer.slice(big, slice));
    }

    private void slice(BigItem big, BigItem.Slice slice) {
        if (slice.opens()) {
            run.tally.count(1, big.item().oversized().size());
            reportOversized(big.item());
        }
        if (slice.counts()) {
            run.tally.count(0, slice.annotations().size());
        }
        for (FormatWriter writer : layout.writers) {
            if (writer.order() == slice.order() && !big.item().itemOversized()) {
                ItemSlice given = ItemSlice.part(
                        big.item().item(), slice.annotations(), slice.first(), slice.last(), big.carry().get(writer));
                writer.item(given, new Output(writer.format(), big));
                Object carry = given.carry();
                if (carry != null) {
                    big.carry().put(writer, carry);
                }
            }
        }
        if (slice.closes()) {
            big.changes().forEach((loss, count) -> changedLine(loss.format(), loss.reason(), big.item().item(), count));
            itemLine(big.item().item());
        }
    }

    /** The run that the work makes; nothing of it is left when the work fails. */
    private RenderedRun render(Runnable work) {
        boolean done = false;
        try {
            work.run();
            run.taken = run.numbers.taken();
            done = true;
            return run;
        } finally {
            if (!done) {
                run.close();
            }
        }
    }

    private void item(AnnotatedItem item) {
        entryOf.clear();
        if (item.document() != null) {
            copy(item.item(), item.document());
            return;
        }
        run.tally.count(1, item.annotations().size() + item.oversized().size());
        reportOversized(item);
        keepable = layout.writers.size() == 1 && item.oversized().isEmpty() ? item : null;
        if (!item.itemOversized()) {
            for (FormatWriter writer : layout.writers) {
                // A slice of its own: what one writer leaves in it is not for the next.
                writer.item(ItemSlice.whole(item.item(), item.annotations()), new Output(writer.format(), null));
            }
        }
        itemLine(item.item());
    }

    private void copy(Item item, KeptDocument document) {
        FormatWriter writer = layout.writers.getFirst();
        String path = Objects.requireNonNull(writer.onlyEntry(item), "Nothing was kept of this format");
        run.tally.count(1, document.annotations());
        run.copied++;
        Output output = new Output(writer.format(), null);
        output.countItem();
        output.countAnnotations(document.annotations());
        entryOf.put(writer.format(), path);
        run.add(EncodedEntry.deflated(path, document.crc32(), document.size(), document.deflated()));
        itemLine(item);
    }

    /** Leaves an entry to the keeper where it is all of its item. */
    private void keep(AnnotatedItem item, EncodedEntry entry) {
        if (entry.isDeflated() && layout.keeper.wants(entry.data().length)
                && entry.path().equals(layout.writers.getFirst().onlyEntry(item.item()))) {
            KeptDocument document =
                    new KeptDocument(entry.crc(), Math.toIntExact(entry.size()), item.annotations().size(), entry.data());
            run.documents.add(new DocumentKeeper.Rendered(item.item().key(), item.changed(), document));
        }
    }

    private void reportOversized(AnnotatedItem item) {
        for (FormatWriter writer : layout.writers) {
            Output output = new Output(writer.format(), null);
            if (item.itemOversized()) {
                output.leftOut(Reason.ROW_TOO_LARGE, item.item(), null);
            } else {
                item.oversized().forEach(annotation -> output.leftOut(Reason.ROW_TOO_LARGE, item.item(), annotation));
            }
        }
    }

    private void itemLine(Item item) {
        Utf8Buffer line = element(Layout.ITEM_LINES);
        csvCell(line, item.id()).append(',');
        csvCell(line, item.filename());
        for (ExportFormat format : CSV_COLUMNS) {
            line.append(',');
            csvCell(line, entryOf.getOrDefault(format, ""));
        }
        line.append("\r\n");
    }

    private static final List<ExportFormat> CSV_COLUMNS =
            List.of(ExportFormat.JSON, ExportFormat.MASKS, ExportFormat.ITEMS, ExportFormat.YOLO, ExportFormat.VOC);

    private static final String NEEDS_QUOTES = ",\" \r\n";

    private static Utf8Buffer csvCell(Utf8Buffer line, String cell) {
        for (int i = 0; i < cell.length(); i++) {
            if (NEEDS_QUOTES.indexOf(cell.charAt(i)) >= 0) {
                return line.append('"').append(cell.replace("\"", "\"\"")).append('"');
            }
        }
        return line.append(cell);
    }

    private Utf8Buffer skippedLine(ExportFormat format, String effect, Reason reason, Item item) {
        Utf8Buffer line = element(Layout.SKIPPED_LINES);
        line.append("{\"format\":\"").append(format.id()).append("\",\"effect\":\"").append(effect);
        line.append("\",\"reason\":\"").append(reason.id()).append("\",\"item\":").appendJsonString(item.id());
        return line.append(",\"path\":").appendJsonString(item.filename());
    }

    private void changedLine(ExportFormat format, Reason reason, Item item, int count) {
        skippedLine(format, "changed", reason, item).append(",\"count\":").append(count).append("}\n");
        run.tally.of(format).changed.merge(reason, (long) count, Long::sum);
    }

    private Utf8Buffer element(LongEntry.Section section) {
        return fragment(layout.indexOf(section), section).element();
    }

    private SectionFragment fragment(int index, LongEntry.Section section) {
        return run.fragment(index, section.separator());
    }

    /** One format's door to the run. */
    private final class Output implements FormatOutput {

        private final ExportFormat format;
        private final @Nullable BigItem big;
        private @Nullable SectionFragment current;

        Output(ExportFormat format, @Nullable BigItem big) {
            this.format = format;
            this.big = big;
        }

        @Override
        public Utf8Buffer scratch() {
            scratch.clear();
            return scratch;
        }

        @Override
        public void entry(String path, Utf8Buffer body, ItemSlice slice) {
            entryOf.putIfAbsent(format, path);
            if (slice.whole()) {
                EncodedEntry encoded = codec.encode(path, body.array(), 0, body.length());
                run.add(encoded);
                if (keepable != null) {
                    keep(keepable, encoded);
                }
            } else {
                run.pieces.add(new RenderedRun.EntryPiece(path, Arrays.copyOf(body.array(), body.length())));
            }
        }

        @Override
        public void entry(String path, Utf8Buffer body) {
            run.add(codec.encode(path, body.array(), 0, body.length()));
        }

        @Override
        public void stored(String path, byte[] content) {
            // The last one of an item holds all that the ones before it hold.
            entryOf.put(format, path);
            run.add(DeflateCodec.stored(path, content));
        }

        @Override
        public void heldBy(LongEntry entry) {
            entryOf.put(format, entry.path());
        }

        @Override
        public void file(String path, Storage.Own file) {
            entryOf.put(format, path);
            run.files.add(new RenderedRun.FileEntry(path, file));
        }

        @Override
        public Utf8Buffer element(LongEntry.Section section) {
            SectionFragment fragment = fragment(layout.indexOf(section), section);
            current = fragment;
            return fragment.element();
        }

        @Override
        public int next(RunningNumber sequence) {
            return run.numbers.take(sequence);
        }

        @Override
        public void number(RunningNumber sequence, int ticket) {
            Objects.requireNonNull(current, "No element was started").gap(run.numbers.indexOf(sequence), ticket);
        }

        @Override
        public void countItem() {
            run.tally.of(format).items++;
        }

        @Override
        public void countAnnotations(int annotations) {
            run.tally.of(format).annotations += annotations;
        }

        @Override
        public void leftOut(Reason reason, Item item, @Nullable Annotation annotation) {
            Utf8Buffer line = skippedLine(format, "left-out", reason, item);
            if (annotation != null) {
                line.append(",\"annotation\":").appendJsonString(annotation.id());
                if (annotation.label() != null) {
                    line.append(",\"label\":").appendJsonString(annotation.label());
                }
            }
            line.append("}\n");
            run.tally.of(format).leftOut.merge(reason, 1L, Long::sum);
        }

        @Override
        public void changed(Reason reason, Item item, int count) {
            if (big != null) {
                big.changes().merge(new BigItem.Loss(format, reason), count, Integer::sum);
            } else {
                changedLine(format, reason, item, count);
            }
        }
    }
}
