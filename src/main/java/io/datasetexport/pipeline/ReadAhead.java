package io.datasetexport.pipeline;

import io.datasetexport.archive.ZipWriter;
import io.datasetexport.blob.BlobStore;
import io.datasetexport.blob.WholeBlob;
import io.datasetexport.model.Storage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of an archive one after the other on a thread of its own, a megabyte ahead of the one who sends them: a store and a client
 * are both waited for, but not in turn. Small files change hands together.
 *
 * <p>Used by one thread, in the order of the list.
 */
final class ReadAhead implements AutoCloseable {

    private static final int PIECE = 256 * 1024;
    private static final int PIECES = 4;

    private final FileList files;
    private final BlobStore blobs;
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(PIECES);
    private final BlockingQueue<Piece> read = new ArrayBlockingQueue<>(PIECES + 1);
    private final ExecutorService reader = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("export-files").factory());
    private boolean started;
    private Piece current = new Piece(new byte[0], 0, null);
    private int taken;

    ReadAhead(FileList files, BlobStore blobs) {
        this.files = files;
        this.blobs = blobs;
    }

    /** What comes next of the files, laid end to end; or why nothing comes. */
    private record Piece(byte[] bytes, int count, @Nullable Throwable failure) {}

    /**
     * What a file holds: its last byte is there only when it is what was stored.
     *
     * @param number of the file in the list; after the first one that is read each is the next one, from its first byte, until one is not
     *     read to its end
     */
    ZipWriter.Content file(long number) {
        return (out, from, count) -> {
            start(number, from);
            for (long left = count; left > 0;) {
                if (taken == current.count()) {
                    current = next();
                    taken = 0;
                }
                int wanted = (int) Math.min(left, current.count() - taken);
                out.write(current.bytes(), taken, wanted);
                left -= wanted;
                taken += wanted;
                if (taken == current.count()) {
                    free.add(current.bytes());
                }
            }
        };
    }

    private void start(long number, long from) {
        if (!started) {
            started = true;
            for (int i = 0; i < PIECES; i++) {
                free.add(new byte[PIECE]);
            }
            reader.execute(() -> new Reading().files(number, from));
        }
    }

    private Piece next() throws IOException {
        try {
            Piece next = read.take();
            switch (next.failure()) {
                case null -> {
                    return next;
                }
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(next.failure());
            }
        } catch (InterruptedException e) {
            throw stopped();
        }
    }

    /** What the reader's thread does. */
    private final class Reading {

        private byte[] bytes = new byte[0];
        private int count;

        void files(long number, long from) {
            try {
                try {
                    bytes = free.take();
                    long[] next = {0};
                    files.forEach(entry -> {
                        long current = next[0]++;
                        if (current >= number) {
                            file(entry.file(), current == number ? from : 0);
                        }
                    });
                    handOver();
                } catch (IOException | RuntimeException | Error e) {
                    read.put(new Piece(new byte[0], 0, e));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void file(Storage.Own file, long from) throws IOException {
            try (WholeBlob in = WholeBlob.open(blobs, file.key(), from, file.bytes(), file.crc32())) {
                long left = file.bytes() - from;
                while (left > 0) {
                    int got = in.readNBytes(bytes, count, (int) Math.min(PIECE - count, left));
                    left -= got;
                    count += got;
                    if (left == 0) {
                        in.expectEnd();
                    }
                    if (count == PIECE || left == 0 && read.isEmpty()) {
                        handOver();
                        bytes = free.take();
                    }
                }
            } catch (InterruptedException e) {
                throw stopped();
            }
        }

        private void handOver() throws InterruptedException {
            read.put(new Piece(bytes, count, null));
            count = 0;
        }
    }

    private static InterruptedIOException stopped() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("Nobody wants the rest");
    }

    /** Stops reading and waits for it. */
    @Override
    public void close() {
        reader.shutdownNow();
        reader.close();
    }
}
