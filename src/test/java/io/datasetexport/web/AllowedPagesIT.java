package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.datasetexport.OneAtATime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** What pages of the allowed origin get in a browser, and those of others do not. */
@TokenMode
@OneAtATime
@DisabledIf(value = "io.datasetexport.web.Chromium#isMissing", disabledReason = "there is no Chromium on the PATH")
class AllowedPagesIT {

    private static final String ALLOWED = "https://app.example";
    private static final String DATASET = "/api/v1/datasets/demo";
    private static final String ITEM = "65d0a7a5e7de000000001400";
    private static final String EXPORT = DATASET + "/export?include=yolo&itemIds=" + ITEM;

    @LocalServerPort private int port;

    private Chromium chromium;
    private HttpResponse<byte[]> archive;

    @BeforeEach
    void start() throws Exception {
        chromium = Chromium.shared();
        try (HttpClient client = HttpClient.newHttpClient()) {
            archive = client.send(
                    HttpRequest.newBuilder(URI.create(service() + EXPORT)).header("Authorization", "Bearer " + TokenMode.BOOTSTRAP).build(),
                    BodyHandlers.ofByteArray());
        }
        assertThat(archive.statusCode()).isEqualTo(200);
    }

    @Test
    void aPageReadsAnArchiveAndItsHeaders() throws Exception {
        chromium.open(ALLOWED);
        JsonNode got = chromium.evaluate("""
                fetch(%s, {headers: {Authorization: %s}}).then(async answer => ({
                    status: answer.status,
                    headers: ['Content-Disposition', 'ETag', 'X-Export-Id'].map(name => answer.headers.get(name)),
                    body: btoa(String.fromCharCode(...new Uint8Array(await answer.arrayBuffer())))}))
                """.formatted(Chromium.quoted(service() + EXPORT), Chromium.quoted("Bearer " + TokenMode.BOOTSTRAP)));

        assertThat(got.get("status").intValue()).isEqualTo(200);
        assertThat(Base64.getDecoder().decode(got.get("body").stringValue())).isEqualTo(archive.body());
        assertThat(got.at("/headers/0").stringValue()).isEqualTo(archive.headers().firstValue("Content-Disposition").orElseThrow());
        assertThat(got.at("/headers/1").stringValue()).isEqualTo(archive.headers().firstValue("ETag").orElseThrow());
        assertThat(got.at("/headers/2").stringValue()).hasSize(36);
    }

    @Test
    void aPageLeadsToADownload() throws Exception {
        chromium.open(ALLOWED);
        Path downloads = chromium.downloads("by-link");
        String link = link("/export/links", "{\"include\":[\"yolo\"],\"filename\":\"by-link\",\"scope\":{\"type\":\"items\",\"itemIds\":[\"" + ITEM + "\"]}}");
        chromium.evaluate("Object.assign(document.createElement('a'), {href: %s}).click()".formatted(Chromium.quoted(link)));

        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(Chromium.whole(downloads)).hasSize(1));
        Path file = Chromium.whole(downloads).getFirst();
        assertThat(file).hasFileName("by-link.zip");
        assertThat(Files.readAllBytes(file)).isEqualTo(archive.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {ALLOWED, "https://evil.example", "http://app.example", "https://app.example.evil.example"})
    void pagesOfOtherOriginsReadNothing(String origin) throws Exception {
        boolean allowed = origin.equals(ALLOWED);
        chromium.open(ALLOWED);
        String mask = link("/items/" + ITEM + "/links", "{\"file\":\"mask\"}");

        chromium.open(origin);

        String withToken = "fetch(%s, {headers: {Authorization: %s}})".formatted(
                Chromium.quoted(service() + DATASET), Chromium.quoted("Bearer " + TokenMode.BOOTSTRAP));
        assertThat(status(withToken)).isEqualTo(allowed ? "200" : "TypeError");
        assertThat(status("fetch(%s)".formatted(Chromium.quoted(service() + DATASET)))).isEqualTo(allowed ? "401" : "TypeError");
        assertThat(status("fetch(%s)".formatted(Chromium.quoted(mask)))).isEqualTo(allowed ? "200" : "TypeError");
        assertThat(status("fetch(%s, {mode: 'no-cors'})".formatted(Chromium.quoted(mask)))).as("embedded").isEqualTo("TypeError");
    }

    private String status(String fetch) throws Exception {
        return chromium.evaluate(fetch + ".then(answer => '' + answer.status, failure => failure.name)").stringValue();
    }

    /** What the page gets for its request for a link. */
    private String link(String path, String body) throws Exception {
        return service() + chromium.evaluate("""
                fetch(%s, {method: 'POST', headers: {Authorization: %s, 'Content-Type': 'application/json'}, body: %s})
                    .then(answer => answer.json()).then(link => link.url)
                """.formatted(Chromium.quoted(service() + DATASET + path), Chromium.quoted("Bearer " + TokenMode.BOOTSTRAP), Chromium.quoted(body)))
                .stringValue();
    }

    private String service() {
        return "http://127.0.0.1:" + port;
    }
}
