package io.datasetexport.pipeline;

import io.datasetexport.archive.BlockDeflater;
import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolStore;
import io.datasetexport.text.Utf8Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run of items adds to a section: text with gaps for numbers that are known when all runs before it are through.
 *
 * <p>Rendered by one thread, then appended by another one. Whole elements go to the spool when they are too much for memory.
 */
final class SectionFragment implements AutoCloseable {

    /** Bytes of text that are kept in memory, and what is in the last chunk. */
    static final int KEPT = 1 << 20;
    /**
     * A chunk is full with so many, and takes the element that is over. An array of 512 KiB is as long as half a region of the smallest heap:
     * the collector would give it regions of its own, and mark all the heap again and again to get them back.
     */
    private static final int CHUNK = 192 * 1024;

    private final byte[] separator;
    private final SpoolStore store;
    /** Chunks that are full, and the bytes in them. */
    private final List<Utf8Buffer> full = new ArrayList<>();
    private int fullBytes;
    private Utf8Buffer text = new Utf8Buffer();
    private @Nullable Spool spool;
    /** Bytes of text in the spool: all before those in memory. */
    private long spooled;
    /** For each gap the place in the whole text, the sequence and the ticket. */
    private long[] gaps = new long[0];
    private int gapCount;
    private boolean started;

    SectionFragment(byte[] separator, SpoolStore store) {
        this.separator = separator;
        this.store = store;
    }

    Utf8Buffer element() {
        if (text.length() > CHUNK) {
            full.add(text);
            fullBytes += text.length();
            text = new Utf8Buffer(CHUNK + CHUNK / 8);
        }
        if (fullBytes > KEPT) {
            spill();
        }
        if (started) {
            text.append(separator);
        }
        started = true;
        return text;
    }

    private void spill() {
        if (spool == null) {
            spool = new Spool(store);
        }
        try {
            for (Utf8Buffer chunk : full) {
                spool.append(chunk.array(), 0, chunk.length());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        spooled += fullBytes;
        full.clear();
        fullBytes = 0;
    }

    /** Leaves a gap here for number {@code ticket} of sequence {@code sequence}. */
    void gap(int sequence, int ticket) {
        if (gaps.length < 3 * gapCount + 3) {
            gaps = Arrays.copyOf(gaps, Math.max(48, gaps.length * 2));
        }
        int at = 3 * gapCount++;
        gaps[at] = length();
        gaps[at + 1] = sequence;
        gaps[at + 2] = ticket;
    }

    private long length() {
        return spooled + fullBytes + text.length();
    }

    /** Appends the text, each gap filled: {@code bases} holds the first number of the run in each sequence. */
    void appendTo(BlockDeflater target, long[] bases) throws IOException {
        Utf8Buffer number = new Utf8Buffer(24);
        try (InputStream before = spool == null ? InputStream.nullInputStream() : spool.open()) {
            long from = 0;
            for (int i = 0; i < gapCount; i++) {
                long at = gaps[3 * i];
                copy(before, from, at, target);
                from = at;
                number.clear();
                number.append(bases[(int) gaps[3 * i + 1]] + gaps[3 * i + 2]);
                target.append(number.array(), 0, number.length());
            }
            copy(before, from, length(), target);
        }
    }

    private void copy(InputStream before, long from, long to, BlockDeflater target) throws IOException {
        long at = from;
        if (at < spooled) {
            byte[] chunk = new byte[(int) Math.min(64 * 1024, Math.min(to, spooled) - at)];
            while (at < Math.min(to, spooled)) {
                int count = before.readNBytes(chunk, 0, (int) Math.min(chunk.length, Math.min(to, spooled) - at));
                target.append(chunk, 0, count);
                at += count;
            }
        }
        long start = spooled;
        for (Utf8Buffer chunk : full) {
            at = copy(chunk, start, at, to, target);
            start += chunk.length();
        }
        copy(text, start, at, to, target);
    }

    /** Appends what a chunk that starts at {@code start} holds of the text from {@code at} to {@code to}; returns where that ends. */
    private static long copy(Utf8Buffer chunk, long start, long at, long to, BlockDeflater target) throws IOException {
        long end = Math.min(to, start + chunk.length());
        if (at >= end) {
            return at;
        }
        target.append(chunk.array(), (int) (at - start), (int) (end - at));
        return end;
    }

    @Override
    public void close() {
        if (spool != null) {
            spool.close();
        }
    }
}
