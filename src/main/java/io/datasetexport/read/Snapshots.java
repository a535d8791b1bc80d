package io.datasetexport.read;

import io.datasetexport.access.DatasetRef;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Opens snapshots of datasets on the export pool. */
@Component
public class Snapshots {

    private final DataSource pool;
    private final RowMemory memory;
    private final ReadLimits limits;
    private final Map<Snapshot, Long> opened = new ConcurrentHashMap<>();

    public Snapshots(@Qualifier("export") DataSource pool, RowMemory memory, ReadLimits limits) {
        this.pool = pool;
        this.memory = memory;
        this.limits = limits;
    }

    /**
     * Opens a snapshot of a dataset that the caller may read.
     *
     * @throws DatasetGone when the dataset was deleted meanwhile
     * @throws SnapshotFailed when no connection can be had, or the database fails
     */
    public Snapshot open(DatasetRef dataset) throws IOException {
        long start = System.nanoTime();
        Snapshot snapshot = Snapshot.open(pool, memory, limits, dataset, opened::remove);
        opened.put(snapshot, start);
        return snapshot;
    }

    /** How many are open. */
    public int open() {
        return opened.size();
    }

    /** For how long the oldest of them has been open; zero when none is. */
    public Duration oldest() {
        long now = System.nanoTime();
        return Duration.ofNanos(opened.values().stream().mapToLong(start -> now - start).max().orElse(0));
    }
}
