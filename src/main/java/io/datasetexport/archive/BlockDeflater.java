package io.datasetexport.archive;

import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;

/**
 * Compresses content of unknown length into a spool: blocks of a fixed size, several at a time, so that the blocks of several deflaters one
 * after the other are one stream.
 *
 * <p>The bytes depend on the content alone, not on how it was cut into calls or on the number of threads. Used by one thread at a time.
 */
public final class BlockDeflater implements AutoCloseable {

    /** A thread's deflaters, by level. */
    private static final ThreadLocal<Map<Integer, PieceDeflater>> DEFLATERS = ThreadLocal.withInitial(HashMap::new);
    private static final int BLOCK = 256 * 1024;
    private static final int AHEAD = 4;

    private final Executor executor;
    private final int level;
    private final Spool spool;
    private final ArrayDeque<CompletableFuture<Block>> running = new ArrayDeque<>();
    private byte[] block = new byte[4 * 1024];
    private int filled;
    private long crc;
    private long size;

    private record Block(byte[] compressed, long crc, int size) {}

    /**
     * @param executor runs the compression of blocks
     * @param level one of {@link DeflateCodec}'s
     */
    public BlockDeflater(SpoolStore store, Executor executor, int level) {
        this.spool = new Spool(store);
        this.executor = executor;
        this.level = level;
    }

    /** Bytes of content so far. */
    public long contentSize() {
        return size + filled + running.size() * (long) BLOCK;
    }

    public void append(byte[] content, int from, int count) throws IOException {
        int at = from;
        int left = count;
        while (left > 0) {
            int room = Math.min(left, BLOCK - filled);
            if (filled + room > block.length) {
                block = Arrays.copyOf(block, Math.min(BLOCK, Math.max(filled + room, block.length * 2)));
            }
            System.arraycopy(content, at, block, filled, room);
            filled += room;
            at += room;
            left -= room;
            if (filled == BLOCK) {
                start();
                if (running.size() >= AHEAD) {
                    settle();
                }
            }
        }
    }

    public void append(byte[] content) throws IOException {
        append(content, 0, content.length);
    }

    /** Compresses what is left; nothing can be appended after it. */
    DeflatedContent finish() throws IOException {
        if (filled > 0) {
            start();
        }
        while (!running.isEmpty()) {
            settle();
        }
        return new DeflatedContent(spool, crc, size);
    }

    private void start() {
        byte[] content = block;
        int count = filled;
        block = new byte[BLOCK];
        filled = 0;
        running.add(CompletableFuture.supplyAsync(() -> compress(content, count, level), executor));
    }

    private void settle() throws IOException {
        Block done;
        try {
            done = running.remove().join();
        } catch (CompletionException e) {
            throw new IOException("A block can't be compressed", e.getCause());
        }
        spool.append(done.compressed());
        crc = Crc32.combine(crc, done.crc(), done.size());
        size += done.size();
    }

    private static Block compress(byte[] content, int count, int level) {
        CRC32 crc = new CRC32();
        crc.update(content, 0, count);
        return new Block(DEFLATERS.get().computeIfAbsent(level, PieceDeflater::new).deflate(content, count), crc.getValue(), count);
    }

    @Override
    public void close() {
        running.clear();
        spool.close();
    }
}
