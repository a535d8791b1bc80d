package io.datasetexport.read;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** The database broke off while a snapshot was read. */
public final class SnapshotFailed extends IOException {

    SnapshotFailed(SQLException cause) {
        super("The database failed with SQLState " + cause.getSQLState(), cause);
    }

    /** Whether there was no connection to start with. */
    public boolean noConnection() {
        return getCause() instanceof SQLTransientConnectionException;
    }
}
