package io.datasetexport.ingest;

import io.datasetexport.spool.SpoolStore;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads and writes at the same time: while the database takes one batch, the reader fills the other. */
final class Loading implements AutoCloseable {

    private final ItemLoad load;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("import-writer").factory());
    private Batch filling;
    private Batch spare;
    private @Nullable Future<?> writing;

    /** @param store where very big items are kept for a moment */
    Loading(ItemLoad load, SpoolStore store) {
        this.load = load;
        filling = new Batch(store);
        spare = new Batch(store);
    }

    /** Where the next item goes. */
    Batch batch() {
        return filling;
    }

    /** Hands the batch over when it is full. */
    void itemRead() throws SQLException, IOException {
        if (filling.isFull()) {
            flush();
        }
    }

    /** Waits until everything so far is in the database; then its connection is free until the next item is read. */
    void finish() throws SQLException, IOException {
        flush();
        await();
    }

    private void flush() throws SQLException, IOException {
        await();
        Batch full = filling;
        filling = spare;
        spare = full;
        writing = writer.submit(() -> {
            load.write(full);
            full.clear();
            return null;
        });
    }

    private void await() throws SQLException, IOException {
        Future<?> running = writing;
        if (running == null) {
            return;
        }
        try {
            running.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case SQLException failed -> throw failed;
                case IOException failed -> throw failed;
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The import was stopped", e);
        } finally {
            writing = null;
        }
    }

    /** Waits for the writer, so that nobody else uses its connection at the same time. */
    @Override
    public void close() {
        writer.close();
        filling.clear();
        spare.clear();
    }
}
