package io.datasetexport.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.TestDatabase;
import io.datasetexport.access.DatasetRef;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two thousand items with an annotation each, in an order against their keys, and a kept document of each that is its id. */
@Timeout(60)
class KeptCopyIT {

    private static final long VARIANT = 7;

    private final TestDatabase database = TestDatabase.fresh();
    private final RowMemory memory = new RowMemory(64 << 20);

    @BeforeEach
    void keep() throws SQLException {
        sql("insert into dataset (id, project_key, name) select new.id, key, 'D' from project, (values ('d'), ('other')) new(id)");
        for (int dataset = 1; dataset <= 2; dataset++) {
            sql("insert into item (dataset_key, id, filename, dir, name, entry_path, entry_stem, flat_name, entry_path_key, entry_stem_key, flat_name_key)"
                    + " select " + dataset + ", g::text, '/' || (9000 - g), '/', g::text, g || '.jpg', g::text, g || '.jpg', g, g, g"
                    + " from generate_series(1, 2000) g");
        }
        // Copies begin behind the 200th, the 600th and the 1400th.
        sql("update item set filename = filename || E' '' \" ? $1 \\\\ %s \\u00e9 \\U0001F600' where id in ('1801', '1401', '601')");
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label) select key, 0, dataset_key, id, 'box', 'cat' from item");
        sql("insert into item_json select key, dataset_key, changed, " + VARIANT + ", 1, 2, 3, convert_to(id, 'UTF8') from item");
        sql("analyze");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "false", "id = '2000'", "id = '1'", "id in ('1802', '1801', '1800')", "item_key % 7 = 0", "id::int between 900 and 1500", "id::int < 1700", "true"
    })
    void everyItemComesOnceAndInOrderWhicheverWereKept(String notKept) throws Exception {
        sql("delete from item_json using (select key, id from item) i where item_key = i.key and (" + notKept + ")");

        assertThat(read(any -> {})).isEqualTo(shown(notKept));
    }

    @Test
    void anItemThatChangedIsReadFromItsRowAndSoIsOneThatNobodyHasNamed() throws Exception {
        sql("update item set description = 'new' where id = '1500'");
        sql("update item set entry_path = null, entry_stem = null, flat_name = null, entry_path_key = null, entry_stem_key = null, flat_name_key = null"
                + " where id = '1000'");
        sql("update item_json k set item_changed = i.changed from item i where i.key = k.item_key and i.id = '1000'");
        sql("update item_json k set variant = 8 from item i where i.key = k.item_key and i.id = '500'");

        assertThat(read(any -> {})).isEqualTo(shown("id in ('1500', '1000', '500')"));
    }

    @Test
    void whatComesBehindAnItemThatWasNotKeptWaitsOnlyUntilItIsMuch() throws Exception {
        sql("delete from item_json using item i where item_key = i.key and i.id = '1300'");
        sql("update item_json set size = 700000, document = convert_to(repeat('x', 700000), 'UTF8') from item i"
                + " where item_key = i.key and i.id::int between 1000 and 1299 and i.id::int % 10 = 0");

        List<String> seen = read(any -> {});

        assertThat(seen).hasSize(2000).doesNotHaveDuplicates();
        assertThat(seen.stream().filter(line -> line.endsWith("x"))).hasSize(30);
        assertThat(seen.stream().map(line -> line.split(" ")[0]).toList()).isEqualTo(IntStream.range(0, 2000).mapToObj(n -> "" + (2000 - n)).toList());
    }

    @Test
    void hiddenItemsStayHidden() throws Exception {
        sql("update item set hidden = true where id::int % 2 = 0");

        assertThat(read(any -> {})).isEqualTo(shown("false").stream().filter(line -> Integer.parseInt(line.split(" ")[0]) % 2 == 1).toList());
    }

    @Test
    void aSnapshotThatIsCancelledWhileItIsSentFailsAndGivesAllBack() throws SQLException {
        sql("update item_json set document = convert_to(repeat('x', 100000), 'UTF8')");

        assertThatThrownBy(() -> read(Snapshot::cancel)).isInstanceOf(SnapshotFailed.class);

        assertThat(memory.used()).isZero();
    }

    @Test
    void aBackendThatIsTerminatedWhileItSendsIsNotWaitedFor() throws SQLException {
        sql("update item_json set document = convert_to(repeat('x', 100000), 'UTF8')");

        assertThatThrownBy(() -> read(any -> terminate())).isInstanceOf(SnapshotFailed.class);

        assertThat(memory.used()).isZero();
    }

    private void terminate() {
        try {
            sql("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What {@link #read} is to see, as the database says. */
    private List<String> shown(String notKept) throws SQLException {
        try (var connection = database.connect(); var statement = connection.createStatement();
                var rows = statement.executeQuery("select id || case when " + notKept + " then ' row of 1' else ' kept ' || id end"
                        + " from (select key as item_key, id, filename from item where dataset_key = 1) i order by filename, id")) {
            List<String> lines = new ArrayList<>();
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
            assertThat(lines).hasSize(2000);
            return lines;
        }
    }

    /** A line for each item: its id, and its document or how many annotations it has. */
    private List<String> read(Consumer<Snapshot> atFirst) throws IOException, InterruptedException {
        List<String> seen = new ArrayList<>();
        try (Snapshot snapshot = new Snapshots(database.dataSource(), memory, new ReadLimits(100_000, 20_000, 60_000))
                .open(new DatasetRef(1, "d", 1, "default"))) {
            snapshot.showKept(VARIANT);
            snapshot.read(new ItemVisitor() {
                @Override
                public void missingItems(List<String> ids) {
                    throw new AssertionError(ids);
                }

                @Override
                public void items(List<AnnotatedItem> items, RowMemory.Lease lease) {
                    if (seen.isEmpty()) {
                        atFirst.accept(snapshot);
                    }
                    for (AnnotatedItem item : items) {
                        seen.add(item.item().id() + (item.document() == null
                                ? " row of " + item.annotations().size() : " kept " + new String(item.document().deflated(), UTF_8)));
                    }
                    lease.close();
                }

                @Override
                public void bigItem(AnnotatedItem item, AnnotationSlices slices) {
                    throw new AssertionError(item.item().id());
                }
            });
        }
        return seen;
    }

    private void sql(String statement) throws SQLException {
        try (var connection = database.connect(); var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }
}
