package io.datasetexport.ingest;

import io.datasetexport.model.SafeNames;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Names items that another back end wrote without entry names, in the background: by filename and id, some at a time, each run in a
 * transaction of its own. A dataset that is being imported into is left for the next pass.
 */
@Component
public class EntryNaming {

    private static final Logger log = LoggerFactory.getLogger(EntryNaming.class);
    private static final int RUN = 1000;

    private static final String DATASETS = "select d.key from dataset d where exists (select from item i where i.dataset_key = d.key and i.entry_path is null)";
    private static final String LOCK = "select from dataset where key = ? for no key update skip locked";
    private static final String UNNAMED =
            """
            select key, filename, name, entry_path is null, entry_stem is null, flat_name is null from item
            where dataset_key = ? and entry_path is null order by filename, id limit ?
            """;

    private final DataSource database;

    public EntryNaming(DataSource database) {
        this.database = database;
    }

    @Scheduled(initialDelayString = "PT10S", fixedDelayString = "PT30S")
    void nameQuietly() {
        try {
            nameAll();
        } catch (SQLException e) {
            log.warn("Items could not be named; the next pass tries again", e);
        }
    }

    /** Names every item that has no names; returns how many. */
    public long nameAll() throws SQLException {
        long named = 0;
        try (Connection connection = database.getConnection()) {
            List<Long> datasets = new ArrayList<>();
            try (Statement select = connection.createStatement(); ResultSet rows = select.executeQuery(DATASETS)) {
                while (rows.next()) {
                    datasets.add(rows.getLong(1));
                }
            }
            connection.setAutoCommit(false);
            try {
                for (long dataset : datasets) {
                    int run = nameSome(connection, dataset);
                    while (run > 0) {
                        named += run;
                        run = nameSome(connection, dataset);
                    }
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
        if (named > 0) {
            log.info("Named {} items that were stored without entry names", named);
        }
        return named;
    }

    private static int nameSome(Connection connection, long dataset) throws SQLException {
        List<NameDecision.Unnamed> run = new ArrayList<>();
        try (Statement settings = connection.createStatement();
                PreparedStatement lock = connection.prepareStatement(LOCK);
                PreparedStatement select = connection.prepareStatement(UNNAMED)) {
            lock.setLong(1, dataset);
            try (ResultSet locked = lock.executeQuery()) {
                if (!locked.next()) {
                    connection.rollback();
                    return 0;
                }
            }
            select.setLong(1, dataset);
            select.setInt(2, RUN);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    run.add(new NameDecision.Unnamed(
                            rows.getLong(1),
                            SafeNames.of(rows.getString(2), rows.getString(3)),
                            new String[3],
                            new boolean[] {rows.getBoolean(4), rows.getBoolean(5), rows.getBoolean(6)}));
                }
            }
            settings.execute(NameDecision.ALWAYS_BY_INDEX);
            new NameDecision(connection, dataset).name(run);
        }
        connection.commit();
        return run.size();
    }
}
