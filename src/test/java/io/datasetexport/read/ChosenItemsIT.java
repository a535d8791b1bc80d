package io.datasetexport.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.TestDatabase;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.json.StrictJson;
import io.datasetexport.model.Annotation;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.QueryLimits;
import io.datasetexport.selection.QueryParser;
import io.datasetexport.selection.Resource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Five thousand items, whose order is against their keys; item 7 does not fit in memory and has a row over the limit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChosenItemsIT {

    private static final ReadLimits TINY = new ReadLimits(100_000, 20_000, 60_000);

    private final TestDatabase database = TestDatabase.fresh();
    private final RowMemory memory = new RowMemory(64 << 20);

    @BeforeAll
    void store() throws SQLException {
        sql("insert into dataset (id, project_key, name) select new.id, key, 'D' from project, (values ('d'), ('other')) new(id)");
        for (int dataset = 1; dataset <= 2; dataset++) {
            sql("insert into item (dataset_key, id, filename, dir, name, hidden, type, metadata) select " + dataset
                    + ", 'i' || g, '/d/' || (10000 - g), '/d', '' || g, g % 10 = 0, case when g % 11 = 0 then 'dir' else 'file' end,"
                    + " jsonb_build_object('user', jsonb_build_object('n', g, 'pad', repeat('x', case when g = 8 then 20000 else 0 end)))"
                    + " from generate_series(1, 5000) g");
        }
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label) select key, o, dataset_key, id || '-' || o, 'box',"
                + " (array['cat', 'dog'])[1 + o % 2] from item, generate_series(0, 3) o");
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates) select key, o, dataset_key, id || '-' || o,"
                + " 'binary', (array['cat', 'dog'])[1 + o % 2], to_json(repeat('A', 20000)) from item, generate_series(10, 17) o where id = 'i7'");
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates) select key, o, dataset_key, id || '-' || o,"
                + " 'binary', (array['cat', 'dog'])[1 + o % 2], to_json(repeat('A', 200000)) from item, generate_series(20, 21) o where id = 'i7'");
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates) select key, o, dataset_key, id || '-' || o,"
                + " 'binary', (array['cat', 'dog'])[1 + o % 2], to_json(repeat('A', 9000)) from item, generate_series(10, 11) o where id = 'i9'");
        sql("analyze");
    }

    @AfterAll
    void drop() {
        database.close();
    }

    @Test
    void theWholeDatasetIsItsFilesThatAreNotHidden() throws Exception {
        List<String> expected = ids(IntStream.rangeClosed(1, 5000).filter(g -> g % 10 != 0 && g % 11 != 0));

        assertThat(read(snapshot -> {}).items).isEqualTo(expected);
    }

    @Test
    void itemsComeByIdInExportOrderHiddenOnesToo() throws Exception {
        Seen seen = read(snapshot -> assertThat(snapshot.chooseItems(List.of("i1", "i20", "i22", "i3", "nobody", "also nobody")))
                .containsExactly("nobody", "also nobody"));

        assertThat(seen.items).containsExactly("i22", "i20", "i3", "i1");
        assertThat(seen.missing).containsExactly("nobody", "also nobody");
    }

    @Test
    void thousandsOfIdsStayInOrder() throws Exception {
        List<String> ids = ids(IntStream.rangeClosed(1, 5000));
        List<String> asked = new ArrayList<>(ids);
        Collections.shuffle(asked, new java.util.Random(1));

        assertThat(read(snapshot -> snapshot.chooseItems(asked)).items).isEqualTo(ids);
    }

    @Test
    void aQueryFindsFew() throws Exception {
        Seen seen = read(snapshot -> snapshot.chooseItems(items("{\"metadata.user.n\":{\"$in\":[5,4999,10,11]}}")));

        assertThat(seen.items).containsExactly("i4999", "i5");
        assertThat(seen.annotations.get("i5")).containsExactly("i5-0", "i5-1", "i5-2", "i5-3");
    }

    @Test
    void aQueryFindsMany() throws Exception {
        Seen seen = read(snapshot -> snapshot.chooseItems(items("{\"metadata.user.n\":{\"$gt\":500},\"hidden\":{\"$in\":[true,false]}}")));

        assertThat(seen.items).isEqualTo(ids(IntStream.rangeClosed(501, 5000).filter(g -> g % 11 != 0)));
    }

    @Test
    void aQueryFindsNone() throws Exception {
        assertThat(read(snapshot -> snapshot.chooseItems(items("{\"name\":\"nothing\"}"))).items).isEmpty();
    }

    @Test
    void annotationsAreKeptByQueryAndItemsStay() throws Exception {
        Seen seen = read(snapshot -> {
            snapshot.chooseItems(List.of("i7", "i8", "i9"));
            snapshot.chooseAnnotations(annotations("{\"filter\":{\"label\":\"cat\"}}"));
        });

        assertThat(seen.items).containsExactly("i9", "i8", "i7");
        assertThat(seen.annotations.get("i8")).containsExactly("i8-0", "i8-2");
        assertThat(seen.annotations.get("i9")).as("wide rows").containsExactly("i9-0", "i9-2", "i9-10");
        assertThat(seen.annotations.get("i7")).as("slices").containsExactly("i7-0", "i7-2", "i7-10", "i7-12", "i7-14", "i7-16");
        assertThat(seen.oversized.get("i7")).containsExactly("i7-20");
        assertThat(seen.byLabel.get("i7")).isEqualTo(seen.annotations.get("i7"));
    }

    @Test
    void annotationsAreKeptByTheirItemToo() throws Exception {
        Seen seen = read(snapshot -> {
            snapshot.chooseItems(List.of("i5", "i7", "i9"));
            snapshot.chooseAnnotations(annotations("{\"filter\":{\"label\":\"dog\"},\"join\":{\"on\":{\"resource\":\"items\",\"local\":\"id\","
                    + "\"forigen\":\"itemId\"},\"filter\":{\"metadata.user.n\":{\"$gte\":7}}},\"except\":{\"query\":{\"filter\":{\"itemId\":\"i9\"}}}}"));
        });

        assertThat(seen.annotations.get("i5")).isEmpty();
        assertThat(seen.annotations.get("i9")).isEmpty();
        assertThat(seen.annotations.get("i7")).containsExactly("i7-1", "i7-3", "i7-11", "i7-13", "i7-15", "i7-17");
        assertThat(seen.oversized.get("i7")).containsExactly("i7-21");
    }

    @Test
    void aValueThatCannotBeComparedIsTheQuerysFault() throws SQLException {
        sql("update annotation set metadata = ('{\"x\":' || repeat('9', 200000) || '}')::json where id = 'i100-0'");

        assertThatThrownBy(() -> read(snapshot -> snapshot.chooseItems(new QueryParser(LIMITS).parse(
                StrictJson.object("{\"filter\":{\"hidden\":true},\"join\":{\"on\":{\"resource\":\"annotations\",\"local\":\"itemId\",\"forigen\":\"id\"},"
                        + "\"filter\":{\"metadata.x\":1}}}"),
                Resource.ITEMS))))
                .isInstanceOfSatisfying(SnapshotFailed.class, failed -> assertThat(Objects.requireNonNull(failed.refusal("/x")).type().id())
                        .isEqualTo("invalid-filter"));
        sql("update annotation set metadata = '{}' where id = 'i100-0'");
    }

    @Test
    void aQueryThatTakesTooLongIsCut() throws SQLException {
        String query = "{\"filter\":{\"hidden\":true},\"join\":{\"on\":{\"resource\":\"annotations\",\"local\":\"itemId\",\"forigen\":\"id\"},"
                + "\"filter\":{\"metadata.x\":1}}}";
        Query slow = new QueryParser(LIMITS).parse(StrictJson.object(query), Resource.ITEMS);
        ReadLimits hasty = new ReadLimits(100_000, 20_000, 60_000, Duration.ofMillis(200));
        DatasetRef dataset = new DatasetRef(1, "d", 1, "default");
        try (TestDatabase sleepy = TestDatabase.fresh()) {
            try (var connection = sleepy.connect(); var sql = connection.createStatement()) {
                sql.execute("create or replace function searchable(document json) returns jsonb language sql as $$ select '{}'::jsonb from pg_sleep(5) $$");
                sql.execute("insert into dataset (id, project_key, name) select 'd', key, 'D' from project");
                sql.execute("insert into item (dataset_key, id, filename, dir, name, hidden) values (1, 'i', '/i', '/', 'i', true)");
                sql.execute("insert into annotation (item_key, ordinal, dataset_key, id, type) values (1, 0, 1, 'a', 'box')");
            }
            assertThatThrownBy(() -> new QueryPages(sleepy.dataSource(), hasty).items(dataset, slow, item -> {}))
                    .satisfies(ChosenItemsIT::isATimeout);
            assertThatThrownBy(() -> {
                try (Snapshot snapshot = new Snapshots(sleepy.dataSource(), memory, hasty).open(dataset)) {
                    snapshot.chooseItems(slow);
                }
            }).satisfies(ChosenItemsIT::isATimeout);
        }
    }

    private static void isATimeout(Throwable failure) {
        assertThat(failure).isInstanceOfSatisfying(SnapshotFailed.class, failed -> assertThat(
                Objects.requireNonNull(failed.refusal("/filter")).type().status()).isEqualTo(504));
    }

    private static final QueryLimits LIMITS = new QueryLimits(20, 500, 10_000);

    private static Query items(String filter) {
        return new QueryParser(LIMITS).parse(StrictJson.object("{\"filter\":" + filter + "}"), Resource.ITEMS);
    }

    private static Query annotations(String query) {
        return new QueryParser(LIMITS).parse(StrictJson.object(query), Resource.ANNOTATIONS);
    }

    /** Names of items by number, in export order. */
    private static List<String> ids(IntStream numbers) {
        return numbers.boxed().sorted(java.util.Comparator.comparing((Integer g) -> "/d/" + (10_000 - g))).map(g -> "i" + g).toList();
    }

    private interface Choice {
        void in(Snapshot snapshot) throws IOException;
    }

    private Seen read(Choice choice) throws Exception {
        Seen seen = new Seen();
        try (Snapshot snapshot = new Snapshots(database.dataSource(), memory, TINY).open(new DatasetRef(1, "d", 1, "default"))) {
            choice.in(snapshot);
            snapshot.read(seen);
        }
        assertThat(memory.used()).isZero();
        return seen;
    }

    private void sql(String statement) throws SQLException {
        try (var connection = database.connect(); var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static final class Seen implements ItemVisitor {

        final List<String> missing = new ArrayList<>();
        final List<String> items = new ArrayList<>();
        final Map<String, List<String>> annotations = new LinkedHashMap<>();
        final Map<String, List<String>> byLabel = new LinkedHashMap<>();
        final Map<String, List<String>> oversized = new LinkedHashMap<>();

        @Override
        public void missingItems(List<String> ids) {
            missing.addAll(ids);
        }

        @Override
        public void items(List<AnnotatedItem> run, RowMemory.Lease lease) {
            for (AnnotatedItem item : run) {
                items.add(item.item().id());
                annotations.put(item.item().id(), names(item.annotations()));
                oversized.put(item.item().id(), names(item.oversized()));
            }
            lease.close();
        }

        @Override
        public void bigItem(AnnotatedItem item, AnnotationSlices slices) throws IOException, InterruptedException {
            String id = item.item().id();
            items.add(id);
            oversized.put(id, names(item.oversized()));
            slices.inSourceOrder((part, last, lease) -> {
                annotations.computeIfAbsent(id, any -> new ArrayList<>()).addAll(names(part));
                lease.close();
            });
            slices.byLabel((part, last, lease) -> {
                byLabel.computeIfAbsent(id, any -> new ArrayList<>()).addAll(names(part));
                lease.close();
            });
        }

        private static List<String> names(List<Annotation> annotations) {
            return annotations.stream().map(Annotation::idText).toList();
        }
    }
}
