package io.datasetexport.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.datasetexport.TestDatabase;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.KeptDocument;
import io.datasetexport.pipeline.DocumentKeeper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.info.BuildProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.unit.DataSize;

class KeptJsonIT {

    private static final DataSize MUCH = DataSize.ofGigabytes(1);

    private final TestDatabase database = TestDatabase.fresh();
    private final JdbcTemplate sql = new JdbcTemplate(database.dataSource());
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());

    @BeforeEach
    void store() {
        for (String id : List.of("a", "b")) {
            sql.update("insert into dataset (id, project_key, name) select ?, key, 'D' from project", id);
            sql.update("insert into item (dataset_key, id, filename, dir, name) select key, 'i' || n, '/' || n, '/', n::text"
                    + " from dataset, generate_series(1, 100) n where id = '" + id + "'");
        }
    }

    @AfterEach
    void drop() {
        writer.shutdownNow();
        database.close();
    }

    @Test
    void keepsADocumentForTheItemAsItWasRendered() {
        keep(MUCH, "a");

        assertThat(kept("a")).isEqualTo(100);
        assertThat(sql.queryForList("select distinct k.annotations, k.size, k.crc32 from item_json k join item i on i.key = k.item_key"
                + " where i.changed = k.item_changed and length(k.document) = 5000"))
                .singleElement().satisfies(row -> assertThat(row.values()).map(Object::toString).containsExactly("3", "20000", "4294967295"));
    }

    @Test
    void replacesWhatIsOutOfDate() {
        keep(MUCH, "a");
        sql.update("update item set description = 'new'");
        keep(MUCH, "a");

        assertThat(sql.queryForObject("select count(*) from item_json k join item i on i.key = k.item_key and i.changed = k.item_changed", Long.class))
                .isEqualTo(100);
    }

    @Test
    void writesNothingThatIsThereAlready() {
        keep(MUCH, "a");
        List<String> before = rows();
        keep(MUCH, "a");

        assertThat(rows()).isEqualTo(before);
    }

    private List<String> rows() {
        return sql.queryForList("select xmin::text || ctid::text from item_json order by item_key", String.class);
    }

    @Test
    void keepsNothingForAnItemThatChangedMeanwhile() {
        List<DocumentKeeper.Rendered> documents = rendered("a");
        sql.update("update item set description = 'new' where id = 'i1'");
        sql.update("delete from item where id = 'i2'");

        keep(MUCH, "a", documents);

        assertThat(kept("a")).isEqualTo(98);
    }

    @Test
    void theDatasetThatWasExportedLongAgoMakesRoom() {
        exported("a", "1 hour");
        exported("b", "1 minute");
        keep(MUCH, "a");
        keep(MUCH, "b");

        keep(DataSize.ofKilobytes(700), "b");

        assertThat(kept("a")).isZero();
        assertThat(kept("b")).isEqualTo(100);
    }

    @Test
    void whereThereIsNoRoomNothingIsAdded() {
        exported("a", "1 minute");
        keep(MUCH, "a");
        sql.update("delete from item_json where item_key % 2 = 0");

        keep(DataSize.ofKilobytes(100), "a");

        assertThat(kept("a")).isEqualTo(50);
    }

    @Test
    void aDatabaseThatFailsCostsNothingButTheCopies() {
        sql.execute("alter table item_json rename column crc32 to other");
        KeptJson json = keptJson(MUCH, null);
        DocumentKeeper keeper = shelf(json, "a").keeper();

        keeper.keep(rendered("a"));
        await().until(() -> writer.getActiveCount() == 0 && writer.getQueue().isEmpty());
        sql.execute("alter table item_json rename column other to crc32");
        keeper.keep(rendered("a"));
        await().until(() -> writer.getActiveCount() == 0 && writer.getQueue().isEmpty());

        assertThat(kept("a")).as("not tried again at once").isZero();
    }

    @Test
    void nothingIsKeptWhereExportsReadAReplicaOrNoRoomIsGiven() {
        assertThat(keptJson(MUCH, "jdbc:postgresql://replica/db").shelf(json(), facts("a"))).isNull();
        assertThat(keptJson(DataSize.ofBytes(0), null).shelf(json(), facts("a"))).isNull();
    }

    @Test
    void otherBytesAreAnotherVariant() {
        long variant = shelf(keptJson(MUCH, null), "a").variant();

        assertThat(shelf(keptJson(MUCH, null), "a").variant()).isEqualTo(variant);
        assertThat(shelf(keptJson(MUCH, null), "b").variant()).isNotEqualTo(variant);
        assertThat(keptJson(settings(MUCH, "https://public"), null).shelf(json(), facts("a")).variant()).isNotEqualTo(variant);
    }

    private void keep(DataSize room, String dataset) {
        keep(room, dataset, rendered(dataset));
    }

    private void keep(DataSize room, String dataset, List<DocumentKeeper.Rendered> documents) {
        shelf(keptJson(room, null), dataset).keeper().keep(documents);
        await().until(() -> writer.getActiveCount() == 0 && writer.getQueue().isEmpty());
    }

    private List<DocumentKeeper.Rendered> rendered(String dataset) {
        return sql.query("select i.key, i.changed::text from item i join dataset d on d.key = i.dataset_key where d.id = ? order by i.key desc",
                (row, any) -> new DocumentKeeper.Rendered(
                        row.getLong(1), row.getLong(2), new KeptDocument(0xFFFFFFFFL, 20_000, 3, new byte[5000])),
                dataset);
    }

    private void exported(String dataset, String ago) {
        sql.update("insert into export (id, dataset_key, dataset_id, project_key, caller, request, revision, state, instance, started_at)"
                + " select gen_random_uuid(), key, id, project_key, 'c', '{}', 1, 'complete', 'i', now() - ?::interval from dataset where id = ?", ago,
                dataset);
    }

    private long kept(String dataset) {
        return sql.queryForObject("select count(*) from item_json k join dataset d on d.key = k.dataset_key where d.id = ?", Long.class, dataset);
    }

    private KeptJson.Shelf shelf(KeptJson json, String dataset) {
        KeptJson.Shelf shelf = json.shelf(json(), facts(dataset));
        assertThat(shelf).isNotNull();
        return shelf;
    }

    private KeptJson keptJson(DataSize room, @Nullable String replica) {
        return keptJson(settings(room, null), replica);
    }

    private KeptJson keptJson(ExportSettings settings, @Nullable String replica) {
        Limits limits = new Limits(
                16, 4, 60, 10_000, DataSize.ofMegabytes(1), Duration.ofSeconds(30), 20, 500, 10_000, Duration.ofSeconds(30), DataSize.ofMegabytes(8),
                Duration.ofSeconds(20), DataSize.ofKilobytes(32), Duration.ofSeconds(60));
        return new KeptJson(sql, writer, settings, new Edition(settings, limits, new BuildProperties(new Properties())), replica);
    }

    private static ExportSettings settings(DataSize room, @Nullable String publicUrl) {
        return new ExportSettings(Path.of("."), publicUrl, 0, DataSize.ofMegabytes(1), null, room, new ExportSettings.Spool(null, DataSize.ofMegabytes(1)));
    }

    private static ExportRequest json() {
        return ExportRequest.wholeDataset(EnumSet.of(ExportFormat.JSON));
    }

    private static DatasetFacts facts(String id) {
        return new DatasetFacts(1, id, "D", 1, null, null, List.of());
    }
}
