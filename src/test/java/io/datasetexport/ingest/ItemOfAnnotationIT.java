package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a foreign key would promise, of triggers that run once for each statement, whoever writes. */
class ItemOfAnnotationIT {

    private static final String NO_SUCH_KEY = "23503";
    private static final String ANNOTATION = "insert into annotation (item_key, ordinal, dataset_key, id, type) ";

    private final TestDataset dataset = new TestDataset();

    @BeforeEach
    void fill() {
        dataset.create("d2");
        fill("d1", 9);
        fill("d2", 9);
    }

    private void fill(String id, int items) {
        dataset.execute("insert into item (dataset_key, id, filename, dir, name) select d.key, 'i' || n, '/' || n, '/', n::text from dataset d,"
                + " generate_series(1, " + items + ") n where d.id = '" + id + "' on conflict do nothing");
        dataset.execute(ANNOTATION + "select key, 0, dataset_key, id, 'class' from item on conflict do nothing");
    }

    @AfterEach
    void drop() {
        dataset.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        ANNOTATION + "select 0, 1, key, 'a', 'class' from dataset where id = 'd1'",
        ANNOTATION + "select i.key, 1, d.key, 'a', 'class' from item i join dataset d on d.key <> i.dataset_key where i.id = 'i7'",
        ANNOTATION + "select v.k, 1, d.key, 'a', 'class' from dataset d, lateral (values ((select min(key) from item)), (0)) v (k) where d.id = 'd1'",
        "update annotation set item_key = 0 where item_key = (select min(key) from item)",
        "update annotation set dataset_key = 0 where id = 'i7'",
        "update item set key = default where id = 'i7'",
    })
    void refusesWhatWouldHaveNone(String sql) {
        String before = dataset.fingerprint();

        assertThatThrownBy(() -> run(sql)).hasFieldOrPropertyWithValue("SQLState", NO_SUCH_KEY);

        assertThat(dataset.fingerprint()).isEqualTo(before);
    }

    @Test
    void goesWithTheItem() throws SQLException {
        fill("d1", 2500);
        run("delete from item i using dataset d where d.key = i.dataset_key and d.id = 'd1' and i.id > 'i2'");
        assertThat(left()).isEqualTo(Long.parseLong(dataset.one("select count(*) from item")));

        run("delete from dataset where id = 'd2'");
        assertThat(left()).isEqualTo(Long.parseLong(dataset.one("select count(*) from item"))).isPositive();
    }

    @Test
    void isNotWrittenWhileTheItemIsDeleted() throws Exception {
        try (Connection deleting = dataset.database().connect()) {
            deleting.setAutoCommit(false);
            run(deleting, "delete from item where id = 'i7'");
            CompletableFuture<Void> writing = start(ANNOTATION + "select key, 1, dataset_key, 'late', 'class' from item where id = 'i7'");
            awaitWaiting();
            deleting.commit();

            assertThatThrownBy(writing::join).isInstanceOf(CompletionException.class).cause()
                    .hasFieldOrPropertyWithValue("SQLState", NO_SUCH_KEY);
        }
        assertThat(dataset.one("select count(*) from annotation where id = 'late'")).isEqualTo("0");
    }

    @Test
    void isDeletedByWhoDidNotSeeItComing() throws Exception {
        try (Connection writing = dataset.database().connect()) {
            writing.setAutoCommit(false);
            run(writing, ANNOTATION + "select key, 1, dataset_key, 'late', 'class' from item where id = 'i7'");
            CompletableFuture<Void> deleting = start("delete from item where id = 'i7'");
            awaitWaiting();
            writing.commit();
            deleting.join();
        }
        assertThat(dataset.one("select count(*) from annotation where id = 'late'")).isEqualTo("0");
    }

    @Test
    void isTruncatedWithTheItemsOrTheyStay() throws SQLException {
        assertThatThrownBy(() -> run("truncate item cascade")).hasMessageContaining("annotation refers to item");
        assertThat(left()).isEqualTo(18);

        run("truncate item, annotation cascade");
        assertThat(left()).isZero();
    }

    private long left() {
        return Long.parseLong(dataset.one("select count(*) from annotation"));
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = dataset.database().connect()) {
            run(connection, sql);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private CompletableFuture<Void> start(String sql) {
        return CompletableFuture.runAsync(() -> {
            try {
                run(sql);
            } catch (SQLException e) {
                throw new CompletionException(e);
            }
        });
    }

    /** Until some transaction waits for another. */
    private void awaitWaiting() throws InterruptedException {
        while (dataset.one("select count(*) from pg_locks where not granted").equals("0")) {
            Thread.sleep(10);
        }
    }
}
