package io.datasetexport.e2e;

import io.datasetexport.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that change a dataset by plain SQL; each transaction adds an annotation and removes another one. */
final class Editors implements AutoCloseable {

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong transactions = new AtomicLong();
    private volatile boolean stopped;

    Editors(TestDatabase database, String dataset, int count) {
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(() -> edit(database, dataset)));
        }
    }

    long transactions() {
        return transactions.get();
    }

    private void edit(TestDatabase database, String dataset) {
        while (!stopped) {
            int ordinal = 1000 + ThreadLocalRandom.current().nextInt(1_000_000);
            try {
                SyntheticDataset.execute(database, """
                        begin;
                        with gone as (
                          delete from annotation where (item_key, ordinal) = (
                            select a.item_key, a.ordinal from annotation a join dataset d on d.key = a.dataset_key
                            where d.id = '%1$s' order by random() limit 1 for update of a skip locked)
                          returning *)
                        insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates, metadata)
                        select item_key, %2$d, dataset_key, id, type, label, coordinates, metadata from gone;
                        commit""".formatted(dataset, ordinal));
                transactions.incrementAndGet();
            } catch (SQLException e) {
                // Two editors met on a row: the transaction left nothing behind.
                continue;
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
