package io.datasetexport.read;

import com.zaxxer.hikari.HikariDataSource;
import io.datasetexport.selection.SqlCondition;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a snapshot, in its one transaction: read-only, REPEATABLE READ, by cursor or by {@code COPY}.
 *
 * <p>Used by one thread, except for {@link #cancel()}.
 */
final class Session implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Session.class);

    private final DataSource pool;
    private final Connection connection;
    private volatile boolean cancelled;
    private boolean closed;
    /** A copy failed: the driver leaves the connection open, and may take what the server still sends for its next answer. */
    private boolean outOfStep;

    /** Without sorts and joins in memory the plan is the one by the index, whose first row comes at once. */
    static final String ROW_BY_ROW = "set local enable_sort = off; set local enable_hashjoin = off;"
            + " set local enable_material = off; set local max_parallel_workers_per_gather = 0; ";

    private Session(DataSource pool, Connection connection) {
        this.pool = pool;
        this.connection = connection;
    }

    static Session open(DataSource pool) throws SQLException {
        Connection connection = pool.getConnection();
        try {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            return new Session(pool, connection);
        } catch (SQLException | RuntimeException e) {
            discard(connection);
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    PreparedStatement prepare(String sql) throws SQLException {
        return connection.prepareStatement(sql);
    }

    Array array(String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    boolean cancelled() {
        return cancelled;
    }

    void requireNotCancelled() throws SQLException {
        if (cancelled) {
            throw new SQLException("The export was cancelled", "57014");
        }
    }

    /** Returns the index of the next parameter. */
    static int bind(SqlCondition condition, PreparedStatement statement, int from) throws SQLException {
        int index = from;
        for (Object value : condition.values()) {
            statement.setObject(index++, value);
        }
        return index;
    }

    void set(String settings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
        }
    }

    PreparedStatement cursor(String sql, int rowsPerFetch) throws SQLException {
        PreparedStatement statement =
                connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, ResultSet.CLOSE_CURSORS_AT_COMMIT);
        statement.setFetchSize(rowsPerFetch);
        return statement;
    }

    ResultSet run(PreparedStatement statement) throws SQLException {
        requireNotCancelled();
        return statement.executeQuery();
    }

    /**
     * Has the server send what a query finds, row after row without being asked; until the last one was read the session can do nothing
     * else. {@code COPY} takes no parameters, so the values lie in settings of the transaction: no character of them is in the statement.
     *
     * <p>It may take as long as its reader: the statement timeout is off until it is set again, and the driver's own for each read remains.
     *
     * @param query with a {@code ?} for each value, which the planner does not see, and no other one
     * @param values strings, whole numbers and flags
     */
    Copy copy(String query, List<Object> values) throws SQLException {
        StringBuilder settings = new StringBuilder("select set_config('statement_timeout', '0', true)");
        StringBuilder copy = new StringBuilder("copy (");
        int from = 0;
        for (int i = 0; i < values.size(); i++) {
            int mark = query.indexOf('?', from);
            String setting = "'dataset_export.value" + i + "'";
            settings.append(", set_config(").append(setting).append(", ?, true)");
            copy.append(query, from, mark).append("(select current_setting(").append(setting).append(")::").append(type(values.get(i))).append(")");
            from = mark + 1;
        }
        copy.append(query, from, query.length()).append(") to stdout (format binary)");
        try (PreparedStatement statement = prepare(settings.toString())) {
            for (int i = 0; i < values.size(); i++) {
                statement.setString(i + 1, values.get(i).toString());
            }
            run(statement).close();
        }
        try {
            return new Copy(connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copy.toString()));
        } catch (SQLException e) {
            outOfStep = true;
            throw e;
        }
    }

    /** What the server sends, one row after the other; closing it waits for the last one. */
    final class Copy implements AutoCloseable {

        private final CopyOut rows;

        private Copy(CopyOut rows) {
            this.rows = rows;
        }

        byte @Nullable [] next() throws SQLException {
            try {
                return rows.readFromCopy();
            } catch (SQLException e) {
                outOfStep = true;
                throw e;
            }
        }

        @Override
        public void close() throws SQLException {
            while (rows.isActive()) {
                next();
            }
        }
    }

    private static String type(Object value) {
        return switch (value) {
            case String _ -> "text";
            case Long _, Integer _ -> "bigint";
            case Boolean _ -> "boolean";
            default -> throw new IllegalArgumentException("No value of COPY: " + value.getClass());
        };
    }

    /** Makes the thread that reads fail soon. Safe to call from any thread, at any time, also after {@link #close()}. */
    void cancel() {
        cancelled = true;
        synchronized (connection) {
            if (closed) {
                return;
            }
            try {
                connection.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException e) {
                log.debug("Nothing to cancel", e);
            }
        }
    }

    @Override
    public void close() {
        synchronized (connection) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (cancelled || outOfStep) {
            dropFromPool();
        } else {
            discard(connection);
        }
    }

    /** A cancel request may reach the server late and hit the next user, and what is left of a failed copy would answer him: there is none. */
    private void dropFromPool() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("A connection was broken already", e);
        }
        if (pool instanceof HikariDataSource hikari) {
            hikari.evictConnection(connection);
        } else {
            discard(connection);
        }
    }

    private static void discard(Connection connection) {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            log.debug("A broken connection was dropped", e);
        }
    }
}
