package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** The revision and the marks of changes, while many write at the same time and some commit late. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "dataset-export.data-dir=target/export-it",
    "dataset-export.limits.exports-per-caller=16",
    "dataset-export.demo=false"
})
@Import({DatabaseTestConfiguration.class, ExportIT.Faults.class})
@OneAtATime
class RevisionIT {

    private static final int SNAPSHOTS = Boolean.getBoolean("soak") ? 300 : 60;
    private static final int ITEMS = 40;

    /** Each item with a fingerprint of all that it holds. */
    private static final String CONTENT = """
            select i.id, md5(concat_ws('|', i.filename, i.metadata, (
              select string_agg(concat_ws(':', a.ordinal, a.id, a.label, a.coordinates, a.metadata), ';' order by a.ordinal)
              from annotation a where a.item_key = i.key)))
            from item i join dataset d on d.key = i.dataset_key where d.id = 'revised'""";

    /** What a reader asks who has an earlier snapshot: items that were written or deleted since. */
    private static final String CHANGED_SINCE = """
            select i.id from item i join dataset d on d.key = i.dataset_key
            where d.id = 'revised' and not pg_visible_in_snapshot(i.changed, ?::pg_snapshot)
            union select t.item_id from tombstone t join dataset d on d.key = t.dataset_key
            where d.id = 'revised' and not pg_visible_in_snapshot(t.deleted, ?::pg_snapshot)""";

    @LocalServerPort private int port;

    @Autowired private TestDatabase database;

    private final HttpClient client = HttpClient.newHttpClient();

    private record Moment(String cursor, long revision, Map<String, String> content) {}

    @Test
    void equalRevisionsAreEqualDataAndNoChangeIsMissed() throws Exception {
        SyntheticDataset.create(database, "revised", ITEMS, 4);
        List<Moment> moments = new ArrayList<>();
        Map<String, byte[]> archives = new HashMap<>();
        int sameArchives = 0;
        try (Editors some = editors(); Editors more = editors(); LateCommitters late = new LateCommitters(database)) {
            for (int i = 0; i < SNAPSHOTS; i++) {
                moments.add(look(moments));
                if (i % 10 == 0) {
                    sameArchives += keep(archives, export()) + keep(archives, export());
                }
            }
            assertThat(some.bySql() + more.bySql()).as("written by SQL").isPositive();
            assertThat(some.byApi() + more.byApi()).as("written by the API").isPositive();
            assertThat(late.commits.get()).as("committed late").isPositive();
        }
        moments.add(look(moments));
        moments.add(look(moments));
        sameArchives += keep(archives, export()) + keep(archives, export());

        Map<Long, Map<String, String>> byRevision = new HashMap<>();
        int equal = 0;
        for (Moment moment : moments) {
            Map<String, String> before = byRevision.putIfAbsent(moment.revision, moment.content);
            if (before != null) {
                assertThat(moment.content).as("data of revision " + moment.revision).isEqualTo(before);
                equal++;
            }
        }
        assertThat(equal).as("snapshots of a revision that was seen before").isPositive();
        assertThat(sameArchives).as("archives of a revision that was exported before").isPositive();
        assertThat(byRevision).as("revisions").hasSizeGreaterThan(SNAPSHOTS / 10);
        assertThat(moments).extracting(Moment::revision).isSorted();
    }

    /** Looks at all data in one snapshot, and asks in it what has changed since earlier ones. */
    private Moment look(List<Moment> earlier) throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            Map<String, String> content = new HashMap<>();
            try (var statement = connection.createStatement(); ResultSet rows = statement.executeQuery(CONTENT)) {
                while (rows.next()) {
                    content.put(rows.getString(1), rows.getString(2));
                }
            }
            Moment now;
            try (var statement = connection.createStatement(); ResultSet row = statement.executeQuery(
                    "select pg_current_snapshot()::text, dataset_revision(key) from dataset where id = 'revised'")) {
                row.next();
                now = new Moment(row.getString(1), row.getLong(2), content);
            }
            for (int back : new int[] {1, 2, 10, ThreadLocalRandom.current().nextInt(1, earlier.size() + 2)}) {
                if (back <= earlier.size()) {
                    Moment then = earlier.get(earlier.size() - back);
                    assertThat(changedSince(connection, then)).as("what changed since " + then.cursor).containsAll(difference(then, now));
                }
            }
            connection.rollback();
            return now;
        }
    }

    private static Set<String> changedSince(Connection connection, Moment then) throws SQLException {
        Set<String> changed = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(CHANGED_SINCE)) {
            statement.setString(1, then.cursor);
            statement.setString(2, then.cursor);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    changed.add(rows.getString(1));
                }
            }
        }
        return changed;
    }

    private static Set<String> difference(Moment then, Moment now) {
        Set<String> ids = new HashSet<>(then.content.keySet());
        ids.addAll(now.content.keySet());
        ids.removeIf(id -> Objects.equals(then.content.get(id), now.content.get(id)));
        return ids;
    }

    private static int keep(Map<String, byte[]> archives, HttpResponse<byte[]> response) throws IOException {
        assertThat(response.statusCode()).isEqualTo(200);
        String revision = Archive.of(response.body()).manifest().get("revision").asString();
        byte[] before = archives.putIfAbsent(revision, response.body());
        if (before == null) {
            return 0;
        }
        assertThat(Arrays.equals(response.body(), before)).as("archives of revision " + revision + " are equal").isTrue();
        return 1;
    }

    private HttpResponse<byte[]> export() throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(dataset() + "/export?include=json,coco")).build(), BodyHandlers.ofByteArray());
    }

    private Editors editors() {
        return new Editors(database, "revised", ITEMS, URI.create(dataset()));
    }

    private String dataset() {
        return "http://localhost:" + port + "/api/v1/datasets/revised";
    }

    /** Two who write at once and commit after others that began later: what a sequence or a time stamp would miss. */
    private static final class LateCommitters implements AutoCloseable {

        final AtomicInteger commits = new AtomicInteger();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final List<Thread> threads = new ArrayList<>();

        LateCommitters(TestDatabase database) {
            for (int i = 0; i < 2; i++) {
                threads.add(Thread.ofVirtual().start(() -> write(database)));
            }
        }

        private void write(TestDatabase database) {
            while (!stopped.get()) {
                try {
                    SyntheticDataset.execute(database, """
                            begin;
                            update annotation set label = 'label' || floor(random() * 10)::int where (item_key, ordinal) = (
                              select a.item_key, a.ordinal from annotation a join dataset d on d.key = a.dataset_key
                              where d.id = 'revised' order by random() limit 1 for update of a skip locked);
                            select pg_sleep(random() * 0.2);
                            commit""");
                    commits.incrementAndGet();
                } catch (SQLException e) {
                    // It met another one on a row: the transaction left nothing behind.
                    continue;
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopped.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}
