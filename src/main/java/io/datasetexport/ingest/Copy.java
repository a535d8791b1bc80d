package io.datasetexport.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Sends rows to one table in PostgreSQL's binary COPY format, a few megabytes a statement: its triggers hold what one statement wrote. */
final class Copy {

    private static final int STATEMENT_BYTES = 4 << 20;
    private static final int LARGEST = 48 << 20;
    private static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};

    private final Connection connection;
    private final String statement;
    private final int columns;
    private final RowBuffer rows = new RowBuffer(1 << 20, LARGEST);

    /** @param columns comma-separated */
    Copy(Connection connection, String table, String columns) {
        this.connection = connection;
        this.columns = columns.split(",").length;
        statement = "copy " + table + " (" + columns + ") from stdin (format binary)";
    }

    /** Starts a row: its fields go to the returned buffer, in the order of the columns. */
    RowBuffer row() throws SQLException {
        if (rows.length() >= STATEMENT_BYTES) {
            send();
        }
        if (rows.length() == 0) {
            rows.raw(HEADER, 0, HEADER.length);
        }
        rows.int16(columns);
        return rows;
    }

    /** Sends what is left. */
    void send() throws SQLException {
        if (rows.length() == 0) {
            return;
        }
        rows.int16(-1);
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
        try {
            copy.writeToCopy(rows.array(), 0, rows.length());
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        rows.clear();
    }
}
