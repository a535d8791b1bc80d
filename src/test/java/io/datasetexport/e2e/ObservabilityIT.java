package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** What an operator sees of an export: its numbers, and its lines in the log. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "dataset-export.data-dir=target/export-it",
    "dataset-export.limits.exports-per-caller=16",
    "dataset-export.demo=false"
})
@Import({DatabaseTestConfiguration.class, ExportIT.Faults.class})
@OneAtATime
class ObservabilityIT {

    private static final String EXPORT = "/api/v1/datasets/observed/export?include=coco,json";

    @LocalServerPort private int port;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void createDataset(@Autowired TestDatabase database) throws SQLException {
        // Compresses to some 10 MB: more than sockets hold.
        SyntheticDataset.create(database, "observed", 800, 2);
        SyntheticDataset.execute(database, "update item set metadata = jsonb_set(metadata, '{user}', to_jsonb("
                + "(select string_agg(md5(random()::text || item.id || n), '') from generate_series(1, 620) n)))"
                + " where dataset_key = (select key from dataset where id = 'observed')");
    }

    @Test
    void aScrapeShowsTheNumbersOfAnExport() throws Exception {
        Map<String, Double> before = scrape();
        HttpResponse<byte[]> response = get(EXPORT, Map.of());
        Map<String, Double> after = await().until(this::scrape, now -> grew(before, now, "dataset_export_seconds_count", "complete") == 1);

        assertThat(after).containsKey("dataset_export_seconds_count{formats=\"json+coco\",outcome=\"complete\",reason=\"none\"}");
        assertThat(grew(before, after, "dataset_export_items_total", "")).isEqualTo(800);
        assertThat(grew(before, after, "dataset_export_annotations_total", "")).isEqualTo(1600);
        assertThat(grew(before, after, "dataset_export_sent_bytes_total", "")).isEqualTo(response.body().length);
        assertThat(after).containsEntry("dataset_export_permits_limit", 16.0).containsEntry("dataset_export_permits_used", 0.0)
                .containsEntry("dataset_spool_used_bytes", 0.0).containsEntry("dataset_snapshot_open", 0.0);
        assertThat(grew(before, after, "dataset_export_seconds_count", "aborted")).isZero();
    }

    @Test
    void anAbortedExportCountsAsAbortedAndIsSeenWhileItRuns() throws Exception {
        Map<String, Double> before = scrape();
        try (Socket leaving = new Socket(InetAddress.getLoopbackAddress(), port)) {
            leaving.getOutputStream().write(("GET " + EXPORT + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            leaving.getInputStream().readNBytes(100_000);
            Map<String, Double> running = scrape();
            assertThat(running).containsEntry("dataset_export_permits_used", 1.0);
            await().untilAsserted(() -> assertThat(scrape().get("dataset_spool_used_bytes")).isPositive());
            leaving.setSoLinger(true, 0);
        }
        Map<String, Double> after = await().atMost(Duration.ofSeconds(20))
                .until(this::scrape, now -> grew(before, now, "dataset_export_seconds_count", "aborted") == 1);

        assertThat(grew(before, after, "dataset_export_seconds_count", "client-gone")).isEqualTo(1);
        assertThat(grew(before, after, "dataset_export_seconds_count", "complete")).isZero();
        assertThat(after).containsEntry("dataset_export_permits_used", 0.0);
    }

    @Test
    void anImportCountsByItsOutcome() throws Exception {
        Map<String, Double> before = scrape();
        importItems("{\"id\":\"extra\",\"filename\":\"/extra.jpg\",\"annotations\":[{\"type\":\"class\",\"label\":\"label1\",\"coordinates\":[]}]}");
        importItems("{\"id\":\"extra\",\"filename\":\"/extra.jpg\",\"annotations\":5}");
        client.send(HttpRequest.newBuilder(uri("/api/v1/datasets/observed/items/extra")).DELETE().build(), BodyHandlers.discarding());
        Map<String, Double> after = scrape();

        assertThat(grew(before, after, "dataset_import_items_total", "")).isEqualTo(1);
        assertThat(grew(before, after, "dataset_import_annotations_total", "")).isEqualTo(1);
        assertThat(grew(before, after, "dataset_import_seconds_count", "complete")).isEqualTo(1);
        assertThat(grew(before, after, "dataset_import_seconds_count", "refused")).isEqualTo(1);
    }

    @Test
    void aLineOfTheLogHasTheCallersTraceAndTheExportsId() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("io.datasetexport");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        HttpResponse<byte[]> response;
        try {
            response = get(EXPORT, Map.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
            try (Socket leaving = new Socket(InetAddress.getLoopbackAddress(), port)) {
                leaving.getOutputStream().write(("GET " + EXPORT + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "traceparent: 00-aaaa2f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                leaving.getInputStream().readNBytes(100_000);
                leaving.setSoLinger(true, 0);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> log.list.stream().anyMatch(line -> line.getFormattedMessage().contains("was cut")));
        } finally {
            logger.detachAppender(log);
        }
        ILoggingEvent complete = log.list.stream().filter(line -> line.getFormattedMessage().contains("is complete")).findFirst().orElseThrow();
        assertThat(complete.getMDCPropertyMap())
                .containsEntry("traceId", "4bf92f3577b34da6a3ce929d0e0e4736")
                .containsEntry("exportId", response.headers().firstValue("X-Export-Id").orElseThrow())
                .containsEntry("requestId", response.headers().firstValue("X-Request-Id").orElseThrow());
        ILoggingEvent cut = log.list.stream().filter(line -> line.getFormattedMessage().contains("was cut")).findFirst().orElseThrow();
        assertThat(cut.getMDCPropertyMap()).containsEntry("traceId", "aaaa2f3577b34da6a3ce929d0e0e4736").containsKeys("exportId", "requestId");
    }

    /** How much all series of a name together have grown whose labels hold a text. */
    private static double grew(Map<String, Double> before, Map<String, Double> after, String name, String label) {
        return after.entrySet().stream()
                .filter(series -> (series.getKey() + "{").startsWith(name + "{") && series.getKey().contains(label))
                .mapToDouble(series -> series.getValue() - before.getOrDefault(series.getKey(), 0.0))
                .sum();
    }

    private Map<String, Double> scrape() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get("/actuator/prometheus", Map.of());
        assertThat(response.statusCode()).isEqualTo(200);
        Map<String, Double> series = new HashMap<>();
        List<String> lines = new String(response.body(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).toList();
        lines.forEach(line -> series.put(line.substring(0, line.lastIndexOf(' ')), Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
        return series;
    }

    private void importItems(String body) throws IOException, InterruptedException {
        client.send(HttpRequest.newBuilder(uri("/api/v1/datasets/observed/import")).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)).build(), BodyHandlers.discarding());
    }

    private HttpResponse<byte[]> get(String path, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        headers.forEach(request::header);
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }
}
