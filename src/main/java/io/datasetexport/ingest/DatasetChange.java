package io.datasetexport.ingest;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * A change of one dataset: one transaction, which is the only one that changes the dataset's rows through this service. A second one is
 * refused at once, with conflict.
 */
final class DatasetChange {

    private static final Logger log = LoggerFactory.getLogger(DatasetChange.class);

    private DatasetChange() {}

    /** What is done inside the transaction. */
    interface Work<T> {

        /** @param external whether the dataset's files are with the customer */
        T run(Connection connection, boolean external) throws SQLException;
    }

    static <T> T run(DataSource database, DatasetRef dataset, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.run(connection, lock(connection, dataset));
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                undo(connection, e);
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw refusalOf(e);
        }
    }

    private static boolean lock(Connection connection, DatasetRef dataset) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "select storage = 'external' from dataset where key = ? for no key update nowait")) {
            lock.setLong(1, dataset.key());
            try (ResultSet rows = lock.executeQuery()) {
                if (!rows.next()) {
                    throw new RequestRefused(ProblemType.NOT_FOUND, "There is no such dataset.");
                }
                return rows.getBoolean(1);
            }
        }
    }

    private static void undo(Connection connection, Throwable failure) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** What the caller can do about a failed statement. */
    private static RuntimeException refusalOf(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (state) {
            case "55P03" -> new RequestRefused(
                    ProblemType.CONFLICT, "Another import or change is running in this dataset; try again when it is done.");
            case "23503", "23505", "40001", "40P01" -> new RequestRefused(
                    ProblemType.CONFLICT, "Somebody else changed the dataset at the same time; nothing was done, try again.");
            default -> {
                if (state.startsWith("22") || state.startsWith("54")) {
                    log.warn("PostgreSQL refused a value", e);
                    yield new RequestRefused(ProblemType.BAD_RECORD, "A record holds a value that the database can't store.");
                }
                yield new DataAccessResourceFailureException("The change failed in the database", e);
            }
        };
    }
}
