package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import io.datasetexport.export.ExportPermits;
import io.datasetexport.export.ExportRequest;
import io.datasetexport.export.ExportSettings;
import io.datasetexport.export.ExportWriters;
import io.datasetexport.format.AnnotationOrder;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.LongEntry;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.raster.RasterBudget;
import io.datasetexport.read.RowMemory;
import io.datasetexport.spool.SpoolStore;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import tools.jackson.databind.JsonNode;

/** The whole service over HTTP, as its clients see it on good and on bad days. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "dataset-export.data-dir=target/export-it",
    "dataset-export.limits.exports-per-caller=16",
    "dataset-export.demo=false"
})
@Import({DatabaseTestConfiguration.class, ExportIT.Faults.class})
@OneAtATime
class ExportIT {

    private static final String SMALL = "/api/v1/datasets/small/export?include=json,coco";
    private static final String LARGE = "/api/v1/datasets/large/export";

    @LocalServerPort private int port;

    @Autowired private TestDatabase database;

    @Autowired private Faults faults;

    @Autowired private ExportPermits permits;

    @Autowired private SpoolStore spool;

    @Autowired private RowMemory memory;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void createDatasets(@Autowired TestDatabase database) throws SQLException {
        SyntheticDataset.create(database, "small", 300, 6);
        // Compresses to some 30 MB: far more than sockets and pipes hold.
        SyntheticDataset.create(database, "large", 2400, 2);
        SyntheticDataset.execute(database, "update item set metadata = jsonb_set(metadata, '{user}', to_jsonb("
                + "(select string_agg(md5(random()::text || item.id || n), '') from generate_series(1, 620) n)))"
                + " where dataset_key = (select key from dataset where id = 'large')");
    }

    @AfterEach
    void nothingIsLeftOver() {
        faults.place = Fault.NONE;
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            assertThat(permits.taken()).as("permits").isZero();
            assertThat(spool.used()).as("bytes in the spool").isZero();
            assertThat(memory.used()).as("memory for rows").isZero();
            assertThat(openSnapshots()).as("transactions").isZero();
        });
        client.close();
    }

    @Test
    void aDatasetArrivesWhole() throws Exception {
        HttpResponse<byte[]> response = get(SMALL);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/zip");
        assertThat(response.headers().firstValue("Content-Disposition").orElseThrow()).startsWith("attachment; filename=\"small-json-coco-r");
        Archive archive = Archive.of(response.body());
        JsonNode manifest = archive.manifest();
        assertThat(manifest.get("complete").asBoolean()).isTrue();
        assertThat(manifest.get("items").asInt()).isEqualTo(300);
        assertThat(manifest.get("annotations").asInt()).isEqualTo(1800);
        assertThat(manifest.get("entries").asInt()).isEqualTo(archive.entries().size());
        assertThat(archive.entries().keySet().stream().filter(name -> name.startsWith("json/"))).hasSize(300);
        assertCocoIsWhole(archive.json("coco/coco.json"), 300, 1800);
        assertThat(SyntheticDataset.count(database, "select count(*) from export where state = 'complete' and items = 300 and id = '"
                + response.headers().firstValue("X-Export-Id").orElseThrow() + "'"))
                .isEqualTo(1);
    }

    @Test
    void theSameDataGivesTheSameBytesUnderTheSameTag() throws Exception {
        HttpResponse<byte[]> first = get(SMALL);
        HttpResponse<byte[]> second = get(SMALL);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("ETag")).isEqualTo(first.headers().firstValue("ETag"));
    }

    @Test
    void aFormatIsTheSameAloneAndInCompany() throws Exception {
        Map<String, byte[]> together = Archive.of(get("/api/v1/datasets/small/export?include=json,masks,coco,yolo,voc").body()).entries();
        Map<String, byte[]> alone = new HashMap<>();
        for (String format : List.of("json", "masks", "coco", "yolo", "voc")) {
            alone.putAll(Archive.of(get("/api/v1/datasets/small/export?include=" + format).body()).entries());
        }
        alone.keySet().removeIf(name -> name.startsWith("_export/"));
        together.keySet().removeIf(name -> name.startsWith("_export/"));

        assertThat(together.keySet()).containsExactlyInAnyOrderElementsOf(alone.keySet());
        together.forEach((name, content) -> assertThat(content).as(name).isEqualTo(alone.get(name)));
        assertThat(together).containsKeys("yolo/train/00000001.txt", "voc/train/00000001.xml");
    }

    @Test
    void anUnchangedDatasetIsNotSentAgainUntilAnyoneChangesIt() throws Exception {
        String tag = get(SMALL).headers().firstValue("ETag").orElseThrow();
        assertThat(conditional(tag).statusCode()).isEqualTo(304);
        SyntheticDataset.execute(database, "create role writer" + port);
        SyntheticDataset.execute(database, "grant all on all tables in schema public to writer" + port);
        SyntheticDataset.execute(database, "set role writer" + port + ";"
                + " update annotation set label = 'label1' where item_key = (select min(key) from item) and ordinal = 0");

        HttpResponse<byte[]> changed = conditional(tag);

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(tag);
    }

    @Test
    void headTellsWhatGetWouldSendAndStartsNothing() throws Exception {
        long before = SyntheticDataset.count(database, "select count(*) from export");
        HttpResponse<Void> head = client.send(
                HttpRequest.newBuilder(uri(SMALL)).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.discarding());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(SyntheticDataset.count(database, "select count(*) from export")).isEqualTo(before);
        assertThat(head.headers().firstValue("ETag")).isEqualTo(get(SMALL).headers().firstValue("ETag"));
    }

    @Test
    void headAndATagReadNoItem() throws Exception {
        URI unknown = uri(SMALL.replaceFirst("\\?.*", "") + "?itemIds=no-such");
        HttpResponse<Void> head = client.send(HttpRequest.newBuilder(unknown).HEAD().build(), BodyHandlers.discarding());
        assertThat(head.statusCode()).isEqualTo(200);
        String tag = head.headers().firstValue("ETag").orElseThrow();

        HttpRequest conditional = HttpRequest.newBuilder(unknown).header("If-None-Match", tag).build();
        assertThat(client.send(conditional, BodyHandlers.discarding()).statusCode()).isEqualTo(304);
        assertThat(client.send(HttpRequest.newBuilder(unknown).build(), BodyHandlers.discarding()).statusCode()).isEqualTo(404);
    }

    /** Where something breaks. */
    enum Fault {
        NONE,
        FORMATTER,
        BETWEEN_ENTRIES,
        LAST_ENTRY,
        READER,
        /** The database's connection ends as a client's does; a server that crashes looks so. */
        END_OF_FILE
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFailureAfterTheFirstByteNeverLooksWhole(Fault place) throws Exception {
        faults.place = place;
        byte[] received = raw("GET " + LARGE + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(new String(received, 0, 15, StandardCharsets.US_ASCII)).as("it had begun").isEqualTo("HTTP/1.1 200 \r\n");
        assertThat(new String(received, received.length - 5, 5, StandardCharsets.US_ASCII)).as("no last chunk").isNotEqualTo("0\r\n\r\n");
        assertThatThrownBy(() -> get(LARGE)).as("a client that reads the body").isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Archive.of(received)).isInstanceOf(IOException.class);
        await().untilAsserted(() -> assertThat(SyntheticDataset.count(
                database, "select count(*) from export where state = 'failed' and reason in ('internal', 'database')"))
                .isGreaterThanOrEqualTo(2));
        await().untilAsserted(() -> assertThat(SyntheticDataset.count(
                database, "select count(*) from audit_event where act = 'export' and outcome = 'aborted' and bytes > 0 and dataset_id = 'large'"))
                .isGreaterThanOrEqualTo(2));
    }

    @Test
    void aClientThatReadsNothingDoesNotKeepTheTransactionOpen() throws Exception {
        try (Socket stalled = connect("GET " + LARGE + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            await().untilAsserted(() -> assertThat(permits.taken()).isEqualTo(1));
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                assertThat(openSnapshots()).isZero();
                assertThat(spool.used()).isGreaterThan(10 << 20);
            });
            assertThat(permits.taken()).as("the export still waits for its client").isEqualTo(1);
            assertThat(stalled.isClosed()).isFalse();
        }
    }

    @Test
    void aFullHouseRefusesAtOnceAndDisturbsNobodyElse() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                stalled.add(connect("GET " + LARGE + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            }
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(permits.taken()).isEqualTo(16));

            HttpResponse<byte[]> refused = get(SMALL);

            assertThat(refused.statusCode()).isIn(429, 503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(get("/actuator/health").statusCode()).isEqualTo(200);
            assertThat(get("/api/v1/datasets").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void aClientThatLeavesFreesEverything() throws Exception {
        try (Socket leaving = connect("GET " + LARGE + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            leaving.getInputStream().readNBytes(100_000);
            leaving.setSoLinger(true, 0);
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(SyntheticDataset.count(
                database, "select count(*) from export where state = 'failed' and reason = 'client-gone'"))
                .isPositive());
    }

    @Test
    void editsDuringAnExportDoNotShowInIt() throws Exception {
        int runs = Boolean.getBoolean("soak") ? 100 : 8;
        SyntheticDataset.create(database, "edited", 200, 4);
        try (Editors editors = new Editors(database, "edited", 200, uri("/api/v1/datasets/edited"))) {
            Map<String, byte[]> byTag = new HashMap<>();
            for (int run = 0; run < runs; run++) {
                HttpResponse<byte[]> response = get("/api/v1/datasets/edited/export?include=json,coco");
                Archive archive = Archive.of(response.body());
                JsonNode manifest = archive.manifest();
                long items = archive.entries().keySet().stream().filter(name -> name.startsWith("json/")).count();
                long annotations = archive.entries().keySet().stream()
                        .filter(name -> name.startsWith("json/"))
                        .mapToLong(name -> archive.json(name).get("annotations").size())
                        .sum();
                assertThat(manifest.get("items").asLong()).isEqualTo(items);
                assertThat(manifest.get("annotations").asLong()).isEqualTo(annotations);
                assertCocoIsWhole(archive.json("coco/coco.json"), (int) items, (int) annotations);
                assertThat(annotations).as("each transaction leaves four to an item").isEqualTo(4 * items);
                byte[] before = byTag.putIfAbsent(response.headers().firstValue("ETag").orElseThrow(), response.body());
                if (before != null) {
                    assertThat(response.body()).as("equal tags are equal bytes").isEqualTo(before);
                }
            }
            assertThat(editors.bySql()).as("edits by SQL").isPositive();
            assertThat(editors.byApi()).as("edits through the API").isPositive();
            assertThat(editors.faults()).as("edits that failed").isZero();
        }
    }

    private static void assertCocoIsWhole(JsonNode coco, int images, int annotations) {
        assertThat(coco.get("images")).hasSize(images);
        assertThat(coco.get("annotations")).hasSize(annotations);
        for (int i = 0; i < images; i++) {
            assertThat(coco.get("images").get(i).get("id").asInt()).isEqualTo(i);
        }
        for (int i = 0; i < annotations; i++) {
            JsonNode annotation = coco.get("annotations").get(i);
            assertThat(annotation.get("id").asInt()).isEqualTo(i);
            assertThat(annotation.get("image_id").asInt()).isBetween(0, images - 1);
            assertThat(annotation.get("category_id").asInt()).isBetween(1, 10);
        }
    }

    private long openSnapshots() throws SQLException {
        return SyntheticDataset.count(database, "select count(*) from pg_stat_activity where datname = current_database()"
                + " and application_name = 'dataset-export export' and xact_start is not null");
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> conditional(String tag) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(SMALL)).header("If-None-Match", tag).build(), BodyHandlers.ofByteArray());
    }

    private Socket connect(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Everything that comes until the connection ends. */
    private byte[] raw(String request) throws IOException {
        try (Socket socket = connect(request); InputStream in = socket.getInputStream()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] chunk = new byte[64 * 1024];
            try {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    all.write(chunk, 0, read);
                }
            } catch (SocketException e) {
                // A reset: what came before it is what the client has.
                return all.toByteArray();
            }
            return all.toByteArray();
        }
    }

    /** Breaks writers on demand, far behind the first byte. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Faults {

        volatile Fault place = Fault.NONE;

        @Bean
        @Primary
        ExportWriters breakableWriters(ExportSettings settings, RasterBudget rasters, TestDatabase database) {
            return new ExportWriters(settings, rasters) {
                @Override
                public List<FormatWriter> of(ExportRequest request, DatasetFacts dataset) {
                    return super.of(request, dataset).stream().map(writer -> (FormatWriter) new Breakable(writer, place, database)).toList();
                }
            };
        }
    }

    private record Breakable(FormatWriter writer, Fault place, TestDatabase database) implements FormatWriter {

        @Override
        public ExportFormat format() {
            return writer.format();
        }

        @Override
        public List<LongEntry> longEntries() {
            return writer.longEntries();
        }

        @Override
        public AnnotationOrder order() {
            return writer.order();
        }

        @Override
        public void item(ItemSlice slice, FormatOutput out) {
            if (slice.item().filename().endsWith("1800.jpg")) {
                switch (place) {
                    case FORMATTER -> throw new IllegalStateException("A fault in the formatter");
                    case READER -> terminateBackends();
                    case END_OF_FILE -> throw new UncheckedIOException(new EOFException());
                    case BETWEEN_ENTRIES -> out.entry("../outside", out.scratch());
                    case NONE, LAST_ENTRY -> {}
                }
            }
            writer.item(slice, out);
        }

        @Override
        public void end(FormatOutput out) {
            if (place == Fault.LAST_ENTRY) {
                throw new IllegalStateException("A fault in the last entry");
            }
            writer.end(out);
        }

        private void terminateBackends() {
            try {
                SyntheticDataset.execute(database, "select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where datname = current_database() and application_name = 'dataset-export export'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
