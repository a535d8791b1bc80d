package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** Exports of a dataset that was exported before: fast by what was kept, and as true as the first one. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "dataset-export.data-dir=target/repeated-export-it", "dataset-export.demo=false"
})
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class RepeatedExportIT {

    private static final AtomicInteger COUNT = new AtomicInteger();

    @LocalServerPort private int port;

    @Autowired private TestDatabase database;

    @Autowired private MeterRegistry meters;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String id = "d" + COUNT.incrementAndGet();

    @BeforeEach
    void create() throws Exception {
        SyntheticDataset.create(database, id, 20, 4);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void theFirstExportKeepsNothingAndTheSecondOneAll() throws Exception {
        byte[] first = export("json");
        assertThat(kept()).isZero();
        byte[] second = export("json");
        awaitKept(20);
        double before = meters.counter("dataset.export.copied").count();
        byte[] third = export("json");

        assertThat(meters.counter("dataset.export.copied").count() - before).isEqualTo(20);
        assertThat(second).isEqualTo(first);
        assertThat(third).isEqualTo(first);
    }

    @Test
    void whatIsKeptIsWhatIsCopied() throws Exception {
        keepAll();
        sql("update item_json k set (crc32, size, document) = (select o.crc32, o.size, o.document from item_json o"
                + " where o.dataset_key = k.dataset_key order by o.item_key limit 1) where dataset_key = (select key from dataset where id = '%s')");

        assertThat(json("json")).hasSize(20).allSatisfy((name, document) -> assertThat(document).contains("/train/00000001.jpg"));
        assertThat(json("json,voc")).as("with another format rows are read")
                .satisfies(documents -> assertThat(documents.get("json/train/00000002.jpg.json")).contains("/train/00000002.jpg"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "update item set description = 'new' where id like '%%7' and dataset_key = %d",
        "update item set hidden = true where id like '%%7' and dataset_key = %d",
        "update item set filename = '/other.jpg', name = 'other.jpg', entry_path = null, entry_stem = null, flat_name = null"
                + " where id like '%%7' and dataset_key = %d",
        "update annotation set label = 'label9' where ordinal = 2 and dataset_key = %d",
        "update annotation set coordinates = '[{\"x\":1,\"y\":1},{\"x\":2,\"y\":2}]' where ordinal = 0 and dataset_key = %d",
        "insert into annotation (item_key, ordinal, dataset_key, id, type) select key, 99, dataset_key, id || 'x', 'class' from item"
                + " where id like '%%7' and dataset_key = %d",
        "delete from annotation where ordinal = 1 and dataset_key = %d",
        "delete from item where id like '%%7' and dataset_key = %d",
        "update dataset set id = id || 'renamed' where key = %d; update dataset set id = replace(id, 'renamed', '')",
        "truncate annotation",
    })
    void aChangeByAnyoneIsInTheNextExport(String change) throws Exception {
        keepAll();
        long key = SyntheticDataset.count(database, "select key from dataset where id = '" + id + "'");

        SyntheticDataset.execute(database, change.formatted(key));

        assertThat(json("json")).isEqualTo(json("json,voc"));
        assertThat(json("json")).as("what was rendered again is kept again, and right").isEqualTo(json("json,voc"));
    }

    @Test
    void aDatasetsOwnIdIsInItsDocuments() throws Exception {
        keepAll();
        sql("update dataset set id = id || '-new' where id = '%s'");

        String renamed = Archive.of(send("/api/v1/datasets/" + id + "-new/export?include=json")).text("json/train/00000001.jpg.json");

        assertThat(renamed).contains("\"datasetId\":\"" + id + "-new\"");
    }

    @Test
    void selectedAnnotationsAreNotKeptAndNotCopied() throws Exception {
        keepAll();
        sql("delete from item_json");
        String body = """
                {"annotationsQuery": {"filter": {"$and": [{"label": "label1"}]}, "resource": "annotations"}}""";
        String query = """
                {"scope": {"type": "query", "query": {"filter": {"$and": [{"dir": "/train"}]}}}}""";

        Archive some = Archive.of(send(body));
        assertThat(some.manifest().get("annotations").asInt()).isLessThan(80);
        assertThat(kept()).isZero();

        Archive.of(send(query));
        awaitKept(20);
        assertThat(Archive.of(send(body)).entries().keySet()).isEqualTo(some.entries().keySet());
        assertThat(Archive.of(send(body)).text("json/train/00000001.jpg.json")).isEqualTo(some.text("json/train/00000001.jpg.json"));
        assertThat(Archive.of(send(query)).manifest().get("annotations").asInt()).isEqualTo(80);
    }

    @Test
    void linesAreRenderedAnew() throws Exception {
        String lines = Archive.of(export("json&json.layout=lines")).text("json/items.ndjson");
        keepAll();

        assertThat(Archive.of(export("json&json.layout=lines")).text("json/items.ndjson")).isEqualTo(lines);
        assertThat(lines).isEqualTo(String.join("\n", json("json").values()) + "\n");
    }

    @Test
    void whatBelongedToADeletedItemGoesWithIt() throws Exception {
        keepAll();

        sql("delete from item i using dataset d where d.key = i.dataset_key and d.id = '%s' and i.filename > '/train/00000005.jpg'");

        assertThat(kept()).isEqualTo(5);
    }

    private void keepAll() throws Exception {
        export("json");
        export("json");
        awaitKept(20);
    }

    private void awaitKept(int documents) {
        await().untilAsserted(() -> assertThat(kept()).isEqualTo(documents));
    }

    private long kept() throws Exception {
        return SyntheticDataset.count(
                database, "select count(*) from item_json k join dataset d on d.key = k.dataset_key where d.id like '" + id + "%'");
    }

    private void sql(String statement) throws Exception {
        SyntheticDataset.execute(database, statement.formatted(id));
    }

    private Map<String, String> json(String include) throws Exception {
        Archive archive = Archive.of(export(include));
        Map<String, String> documents = new TreeMap<>();
        archive.entries().keySet().stream().filter(name -> name.startsWith("json/")).forEach(name -> documents.put(name, archive.text(name)));
        return documents;
    }

    private byte[] export(String include) throws Exception {
        return send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/datasets/" + id + "/export?include=" + include)));
    }

    private byte[] send(String body) throws Exception {
        return body.startsWith("/")
                ? send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + body)))
                : send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/datasets/" + id + "/export"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private byte[] send(HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).as(() -> new String(response.body())).isEqualTo(200);
        return response.body();
    }
}
