package io.datasetexport.read;

import io.datasetexport.access.DatasetRef;
import java.io.IOException;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Opens snapshots of datasets on the export pool. */
@Component
public class Snapshots {

    private final DataSource pool;
    private final RowMemory memory;
    private final ReadLimits limits;

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
        return Snapshot.open(pool, memory, limits, dataset);
    }
}
