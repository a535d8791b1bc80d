package io.datasetexport.ingest;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What PostgreSQL's planner knows of the big tables. It learns by itself, but up to a minute late; until then it may take a wrong index,
 * and the deletion of a large dataset, which asks once for each item, takes hours instead of seconds.
 */
final class Statistics {

    private static final Logger log = LoggerFactory.getLogger(Statistics.class);

    private static final String UNKNOWN =
            "select count(*) < 2 from pg_stats where tablename in ('item', 'annotation') and attname = 'dataset_key'";

    private Statistics() {}

    /** Lets the planner look at the tables now. A failure is only a slower service. */
    static void refresh(DataSource database) {
        try (Connection connection = database.getConnection()) {
            refresh(connection);
        } catch (SQLException e) {
            log.warn("The tables could not be analyzed", e);
        }
    }

    /** As {@link #refresh}, if the planner knows nothing at all. */
    static void refreshIfUnknown(DataSource database) {
        try (Connection connection = database.getConnection()) {
            boolean unknown;
            try (Statement select = connection.createStatement(); ResultSet rows = select.executeQuery(UNKNOWN)) {
                unknown = rows.next() && rows.getBoolean(1);
            }
            if (unknown) {
                refresh(connection);
            }
        } catch (SQLException e) {
            log.warn("The tables could not be analyzed", e);
        }
    }

    private static void refresh(Connection connection) throws SQLException {
        try (Statement analyze = connection.createStatement()) {
            analyze.execute("analyze item");
            analyze.execute("analyze annotation");
        }
    }
}
