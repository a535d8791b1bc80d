package io.datasetexport.pipeline;

import io.datasetexport.archive.ZipWriter;
import io.datasetexport.blob.BlobStore;
import io.datasetexport.blob.WholeBlob;
import io.datasetexport.model.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of an archive one after the other on a thread of its own, a megabyte ahead of the one who sends them: a store and a client
 * are both waited for, but not in turn.
 *
 * <p>Used by one thread, in the order of the list. What the reading throws is thrown where the bytes before it end.
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

    ReadAhead(FileList files, BlobStore blobs) {
        this.files = files;
        this.blobs = blobs;
    }

    /** A part of a file; only the last one may be empty. */
    private record Piece(byte[] bytes, int count, boolean last, @Nullable Throwable failure) {}

    /**
     * What a file holds, each byte as it was stored when it is read from the first one to the end.
     *
     * @param number of the file in the list; after the first one that is read each is the next one, from its first byte, until one is not
     *     read to its end
     */
    ZipWriter.Content file(long number, Storage.Own file) {
        return (out, from, count) -> {
            start(number, from);
            boolean toItsEnd = from + count == file.bytes();
            long left = count;
            boolean last = false;
            while (!last && (toItsEnd || left > 0)) {
                Piece piece = next();
                int wanted = toItsEnd ? piece.count() : (int) Math.min(piece.count(), left);
                out.write(piece.bytes(), 0, wanted);
                left -= wanted;
                last = piece.last();
                free.add(piece.bytes());
            }
        };
    }

    private void start(long number, long from) {
        if (!started) {
            started = true;
            for (int i = 0; i < PIECES; i++) {
                free.add(new byte[PIECE]);
            }
            reader.execute(() -> readFrom(number, from));
        }
    }

    private void readFrom(long number, long from) {
        try {
            try {
                long[] next = {0};
                files.forEach(entry -> {
                    long current = next[0]++;
                    if (current >= number) {
                        readFile(entry.file(), current == number ? from : 0);
                    }
                });
            } catch (IOException | RuntimeException | Error e) {
                read.put(new Piece(new byte[0], 0, true, e));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void readFile(Storage.Own file, long from) throws IOException {
        // The CRC of a file that was begun in an earlier answer can't be checked in this one.
        try (InputStream in = from == 0 ? WholeBlob.open(blobs, file.key(), file.bytes(), file.crc32()) : blobs.open(file.key(), from)) {
            int count;
            do {
                byte[] bytes = free.take();
                count = in.readNBytes(bytes, 0, PIECE);
                read.put(new Piece(bytes, count, count < PIECE, null));
            } while (count == PIECE);
        } catch (InterruptedException e) {
            throw stopped();
        }
    }

    private static InterruptedIOException stopped() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("Nobody wants the rest");
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

    /** Stops reading and waits for it. */
    @Override
    public void close() {
        reader.shutdownNow();
        reader.close();
    }
}
