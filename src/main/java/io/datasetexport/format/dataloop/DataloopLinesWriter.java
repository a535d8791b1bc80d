package io.datasetexport.format.dataloop;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemFacts;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.LongEntry;
import io.datasetexport.format.Outcome;
import io.datasetexport.text.Utf8Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Dataloop JSON in one entry, {@code json/items.ndjson}: a line for each item, UTF-8, ended by {@code \n}.
 *
 * <p>A line is what {@link DataloopWriter} makes of the item, but for line breaks between its tokens, which become spaces. One long entry
 * compresses one item by what the one before it said, so the archive is a fifth smaller than with an entry for each.
 */
public final class DataloopLinesWriter implements FormatWriter {

    private static final VarHandle EIGHT_BYTES = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final DataloopWriter items;
    private final LongEntry.Section lines = new LongEntry.Section(new byte[0], new byte[0]);
    private final LongEntry file = new LongEntry("json/items.ndjson", List.of(lines), new byte[0], LongEntry.Effort.SMALL);

    /** @param items makes each line */
    public DataloopLinesWriter(DataloopWriter items) {
        this.items = items;
    }

    @Override
    public ExportFormat format() {
        return ExportFormat.JSON;
    }

    @Override
    public List<LongEntry> longEntries() {
        return List.of(file);
    }

    @Override
    public Outcome outcome(ItemFacts item, AnnotationFacts annotation) {
        return items.outcome(item, annotation);
    }

    @Override
    public boolean holdsEmptyItems() {
        return items.holdsEmptyItems();
    }

    @Override
    public Weight weight() {
        return new Weight(80, 25, 0.27);
    }

    @Override
    public void item(ItemSlice slice, FormatOutput out) {
        Utf8Buffer line = out.element(lines);
        int start = line.length();
        items.item(slice, line);
        unbreak(line.array(), start, line.length());
        if (slice.last()) {
            line.append('\n');
        }
        if (slice.first()) {
            out.countItem();
            out.heldBy(file);
        }
        out.countAnnotations(slice.annotations().size());
    }

    /** JSON that another program stored may have line breaks, between tokens only: in strings they are escaped. */
    private static void unbreak(byte[] json, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            if (holdsControls((long) EIGHT_BYTES.get(json, at))) {
                unbreakEach(json, at, at + Long.BYTES);
            }
        }
        unbreakEach(json, at, to);
    }

    /** Whether one of eight bytes is under 0x20: Anderson, Bit Twiddling Hacks, "hasless". */
    private static boolean holdsControls(long bytes) {
        return (bytes - 0x2020202020202020L & ~bytes & 0x8080808080808080L) != 0;
    }

    private static void unbreakEach(byte[] json, int from, int to) {
        for (int i = from; i < to; i++) {
            if (json[i] == '\n' || json[i] == '\r') {
                json[i] = ' ';
            }
        }
    }
}
