package io.datasetexport.read;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** The database broke off while a snapshot was read. */
public final class SnapshotFailed extends IOException {

    SnapshotFailed(SQLException cause) {
        super("The database failed with SQLState " + cause.getSQLState(), cause);
    }

    /** Whether a statement ran longer than it may. */
    public boolean tooSlow() {
        return "57014".equals(sqlState());
    }

    /** Whether a stored value can't be compared as a query asks for. */
    public boolean badValue() {
        return sqlState().startsWith("22");
    }

    private String sqlState() {
        String state = getCause() instanceof SQLException cause ? cause.getSQLState() : null;
        return state == null ? "" : state;
    }

    /** Whether there was no connection to start with. */
    public boolean noConnection() {
        return getCause() instanceof SQLTransientConnectionException;
    }
}
