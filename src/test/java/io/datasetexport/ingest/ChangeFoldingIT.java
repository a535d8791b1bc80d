package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ChangeFoldingIT {

    private static final String REVISION = "select dataset_revision(key) from dataset where id = 'd'";
    private static final String ROWS = "select count(*) from dataset_change c join dataset d on d.key = c.dataset_key where d.id = 'd'";

    private static TestDatabase database;
    private static ChangeFolding folding;

    @BeforeAll
    static void start() {
        database = TestDatabase.fresh();
        folding = new ChangeFolding(JdbcClient.create(database.dataSource()));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void create() throws SQLException {
        try (Connection connection = database.connect()) {
            execute(connection, "delete from dataset");
            execute(connection, "insert into dataset (id, project_key, name) select 'd', key, 'D' from project");
            for (int i = 0; i < 5; i++) {
                rename(connection, "D" + i);
            }
        }
    }

    @Test
    void noRevisionMoves() throws SQLException {
        try (Connection before = database.connect(); Connection after = database.connect()) {
            before.setAutoCommit(false);
            before.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            assertThat(number(before, REVISION)).isEqualTo(6);

            folding.fold(0);

            assertThat(number(after, ROWS)).isZero();
            assertThat(number(after, REVISION)).isEqualTo(6);
            assertThat(number(before, REVISION)).as("of a snapshot from before").isEqualTo(6);
            rename(after, "other");
            assertThat(number(after, REVISION)).isEqualTo(7);
        }
    }

    @Test
    void aDatasetThatIsLockedIsLeftForLater() throws SQLException {
        try (Connection busy = database.connect()) {
            busy.setAutoCommit(false);
            execute(busy, "select from dataset where id = 'd' for no key update");

            folding.fold(0);

            assertThat(number(busy, ROWS)).isEqualTo(6);
        }
    }

    @Test
    void aFewChangesAreNotWorthIt() throws SQLException {
        folding.fold(6);
        try (Connection connection = database.connect()) {
            assertThat(number(connection, ROWS)).isEqualTo(6);
        }
    }

    @Test
    void everyChangeOfManyWritersCountsOnceWhileTheirRowsAreFolded() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicInteger changes = new AtomicInteger();
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            writers.add(Thread.ofVirtual().start(() -> {
                try (Connection connection = database.connect()) {
                    while (!stopped.get()) {
                        String label = "l" + changes.incrementAndGet();
                        execute(connection, "insert into label (dataset_key, number, path, segments, folder, folder_key)"
                                + " select key, substr('" + label + "', 2)::integer, '" + label + "', '{l}', '" + label + "', '" + label
                                + "' from dataset where id = 'd'");
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        try (Connection reader = database.connect()) {
            long last = 0;
            for (int i = 0; i < 100; i++) {
                folding.fold(0);
                long revision = number(reader, REVISION);
                assertThat(revision).isGreaterThanOrEqualTo(last);
                last = revision;
            }
            stopped.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(changes.get()).isPositive();
            assertThat(number(reader, REVISION)).isEqualTo(6 + changes.get());
        }
    }

    private static void rename(Connection connection, String name) throws SQLException {
        execute(connection, "update dataset set name = '" + name + "' where id = 'd'");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
