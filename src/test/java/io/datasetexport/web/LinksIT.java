package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import io.datasetexport.access.Caller;
import io.datasetexport.export.StartRates;
import io.datasetexport.problem.RequestRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What browsers need, what the audit says of it, and how often it may be had. */
@TokenMode
@OneAtATime
class LinksIT {

    private static final String LINKS = "/api/v1/datasets/demo/export/links";
    private static final String ITEM = "/api/v1/datasets/demo/items/65d0a7a5e7de000000001400";
    private static final String MARY = TokenMode.ISSUER.token("mary");

    @LocalServerPort private int port;

    @Autowired private TestDatabase database;

    @Autowired private StartRates rates;

    private JdbcClient jdbc;

    @BeforeEach
    void maryIsAnEngineer() throws IOException {
        jdbc = JdbcClient.create(database.dataSource());
        assertThat(as(TokenMode.BOOTSTRAP, "PUT", "/api/v1/projects/default/members/mary", "{\"role\":\"engineer\"}").status()).isEqualTo(200);
    }

    @Test
    void aLinkIsFollowedWithoutAHeader() throws IOException {
        String url = link(MARY, LINKS, "{\"scope\":{\"type\":\"query\",\"query\":{\"filter\":{\"dir\":\"/park*\"}}}}");
        Wire.Answer answer = plain("GET", url);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/zip");
        assertThat(answer.header("content-disposition")).startsWith("attachment");
        assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
        assertThat(plain("HEAD", url).status()).isEqualTo(200);
        assertThat(plain("GET", url.substring(0, url.length() - 1)).status()).isEqualTo(401);
    }

    @Test
    void aLinkLeadsToOneFileOfAnItem() throws IOException {
        assertThat(plain("GET", link(MARY, ITEM + "/links", "{\"file\":\"mask\",\"label\":\"sky\"}")).header("content-type")).isEqualTo("image/png");
        Wire.Answer annotations = plain("GET", link(MARY, ITEM + "/links", "{\"file\":\"annotations\"}"));
        assertThat(annotations.header("content-disposition")).startsWith("attachment");
        assertThat(as(MARY, "POST", ITEM + "/links", "{\"file\":\"content\"}").status()).isEqualTo(403);
        assertThat(as(TokenMode.BOOTSTRAP, "POST", "/api/v1/datasets", "{\"id\":\"files\",\"name\":\"Files\"}").status()).isEqualTo(201);
        as(TokenMode.BOOTSTRAP, "POST", "/api/v1/datasets/files/import", "[{\"id\":\"i\",\"filename\":\"/i.png\",\"annotations\":[]}]");
        assertThat(as(TokenMode.BOOTSTRAP, "PUT", "/api/v1/datasets/files/items/i/content", "picture").status()).isEqualTo(200);
        String file = link(TokenMode.BOOTSTRAP, "/api/v1/datasets/files/items/i/links", "{\"file\":\"content\"}");
        assertThat(plain("GET", file).body()).isEqualTo("picture");
    }

    /** {@link io.datasetexport.LogWatch} reads what is logged of it. */
    @Test
    void aLinkWhoseDownloadIsCutIsNotInTheLog() throws IOException {
        as(TokenMode.BOOTSTRAP, "POST", "/api/v1/datasets", "{\"id\":\"cut\",\"name\":\"Cut\"}");
        as(TokenMode.BOOTSTRAP, "POST", "/api/v1/datasets/cut/import", "[{\"id\":\"i\",\"filename\":\"/i.bin\",\"annotations\":[]}]");
        as(TokenMode.BOOTSTRAP, "PUT", "/api/v1/datasets/cut/items/i/content", "x".repeat(8_000_000));
        String key = jdbc.sql("select i.storage_key from item i join dataset d on d.key = i.dataset_key where d.id = 'cut'").query(String.class).single();
        Files.writeString(Path.of("target/token-mode-it/files", key.substring(0, 2), key), "x".repeat(7_999_999) + "y");

        String url = link(TokenMode.BOOTSTRAP, "/api/v1/datasets/cut/export/links", "{\"include\":[\"items\"]}");
        assertThatThrownBy(() -> plain("GET", url)).isInstanceOf(IOException.class);
        await().untilAsserted(
                () -> assertThat(jdbc.sql("select outcome from audit_event where dataset_id = 'cut' and act = 'export'").query(String.class).list())
                        .containsExactly("aborted"));
    }

    @Test
    void whoeverMadeItMustStillBeAllowed() throws IOException {
        String url = link(MARY, LINKS, "{}");
        as(TokenMode.BOOTSTRAP, "PUT", "/api/v1/projects/default/members/mary", "{\"role\":\"annotator\"}");
        assertThat(plain("GET", url).status()).isEqualTo(403);
        as(TokenMode.BOOTSTRAP, "DELETE", "/api/v1/projects/default/members/mary", "");
        assertThat(plain("GET", url).status()).isEqualTo(403);
    }

    @Test
    void endsWhenItIsRevokedOrOverOrItsTokenIs() throws IOException {
        String revoked = link(MARY, LINKS, "{}");
        assertThat(as(TokenMode.BOOTSTRAP, "DELETE", revoked, "").status()).isEqualTo(404);
        assertThat(as(MARY, "DELETE", revoked, "").status()).isEqualTo(204);
        assertThat(plain("GET", revoked).status()).isEqualTo(401);

        JsonNode token = as(MARY, "POST", "/api/v1/tokens", "{\"name\":\"t\",\"scopes\":[\"datasets:export\"]}").json();
        String ofToken = link(token.get("token").stringValue(), LINKS, "{}");
        assertThat(plain("HEAD", ofToken).status()).isEqualTo(200);
        as(MARY, "DELETE", "/api/v1/tokens/" + token.get("id").stringValue(), "");
        assertThat(plain("HEAD", ofToken).status()).isEqualTo(401);

        String over = link(MARY, LINKS, "{}");
        jdbc.sql("update download_link set expires_at = now() where subject = 'mary'").update();
        assertThat(plain("GET", over).status()).isEqualTo(401);
    }

    @Test
    void isNoTokenForAnythingElse() throws IOException {
        String url = link(MARY, LINKS, "{}");
        String secret = url.substring(url.lastIndexOf('/') + 1);
        assertThat(as(secret, "GET", "/api/v1/datasets", "").status()).isEqualTo(401);
        assertThat(plain("GET", "/api/v1/exports/links/" + TokenMode.BOOTSTRAP).status()).isEqualTo(401);
        assertThat(jdbc.sql("select l::text from download_link l").query(String.class).list()).noneMatch(row -> row.contains(secret.substring(4)));
        Wire.Answer refused = plain("GET", "/api/v1/exports/links/" + secret + "x");
        assertThat(refused.body()).doesNotContain(secret);
    }

    @Test
    void ownersReadWhatWasDone() throws IOException {
        as(MARY, "GET", "/api/v1/datasets/demo/export?include=yolo", "");
        as(MARY, "GET", "/api/v1/projects/default/audit", "");
        as(TokenMode.ISSUER.token("stranger"), "GET", "/api/v1/datasets/demo/export?include=voc", "");
        await().untilAsserted(() -> {
            JsonNode acts = as(TokenMode.BOOTSTRAP, "GET", "/api/v1/projects/default/audit?limit=3", "").json();
            assertThat(acts).hasSize(3);
            assertThat(acts.get(0).get("subject").stringValue()).isEqualTo("stranger");
            assertThat(acts.get(0).get("outcome").stringValue()).isEqualTo("refused");
            assertThat(acts.get(0).get("status").intValue()).isEqualTo(404);
            JsonNode export = acts.get(1);
            assertThat(export.get("act").stringValue()).isEqualTo("export");
            assertThat(export.get("subject").stringValue()).isEqualTo("mary");
            assertThat(export.get("outcome").stringValue()).isEqualTo("finished");
            assertThat(export.get("datasetId").stringValue()).isEqualTo("demo");
            assertThat(export.get("bytes").longValue()).isGreaterThan(1000);
            assertThat(export.get("request").stringValue()).contains("\"include\":[\"yolo\"]");
            assertThat(acts.get(2).get("act").stringValue()).isEqualTo("put-member");
            assertThat(acts.get(2).get("target").stringValue()).isEqualTo("mary");
        });
    }

    @Test
    void aCallerStartsOnlySoOften() throws IOException {
        Caller greedy = new Caller("greedy", false);
        String token = TokenMode.ISSUER.token("greedy");
        jdbc.sql("insert into project_member (project_key, subject, role) select key, 'greedy', 'engineer' from project where id = 'default'"
                + " on conflict do nothing").update();
        assertThat(as(token, "HEAD", "/api/v1/datasets/demo/export", "").status()).isEqualTo(200);
        assertThat(takeAll(greedy)).isBetween(500, 1500);
        // There is one more every 100 ms: soon enough this one comes too early.
        Wire.Answer answer = as(token, "HEAD", "/api/v1/datasets/demo/export", "");
        for (int i = 0; i < 50 && answer.status() != 429; i++) {
            takeAll(greedy);
            answer = as(token, "HEAD", "/api/v1/datasets/demo/export", "");
        }
        assertThat(answer.status()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.header("retry-after"))).isPositive();
        for (int i = 0; i < 2000; i++) {
            rates.take(Caller.LOCAL);
        }
    }

    private int takeAll(Caller caller) {
        for (int taken = 0;; taken++) {
            try {
                rates.take(caller);
            } catch (RequestRefused refused) {
                assertThat(refused.type().id()).isEqualTo("too-many-requests");
                return taken;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example,      true", "https://evil.example, false", "http://app.example, false", "https://app.example.evil.example, false", "null, false"
    })
    void pagesOfAllowedOriginsMayCall(String origin, boolean allowed) throws IOException {
        String page = "Origin: " + origin + "\r\n";
        Wire.Answer preflight = send("OPTIONS", "/api/v1/datasets/demo/export", page
                + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization,content-type\r\n");
        Wire.Answer answer = send("GET", "/api/v1/datasets", page + "Authorization: Bearer " + MARY + "\r\n");
        Wire.Answer refused = send("GET", "/api/v1/datasets", page);
        assertThat(preflight.status()).isEqualTo(allowed ? 200 : 403);
        assertThat(answer.status()).isEqualTo(allowed ? 200 : 403);
        assertThat(refused.status()).isEqualTo(allowed ? 401 : 403);
        for (Wire.Answer each : new Wire.Answer[] {preflight, answer, refused}) {
            assertThat(each.header("access-control-allow-origin")).isEqualTo(allowed ? origin : "");
            assertThat(each.header("access-control-allow-credentials")).isEmpty();
            assertThat(each.header("vary")).contains("Origin");
            isInert(each);
        }
        if (allowed) {
            assertThat(answer.header("access-control-expose-headers")).contains("Content-Disposition", "ETag", "X-Export-Id", "Retry-After");
        } else {
            assertThat(answer.problem()).isEqualTo("forbidden");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET /api/v1/%zz", "GET /api/v1/datasets/%2e%2e%2fetc", "GET /no/such/path", "BREW /api/v1/datasets", "GET /error"})
    void everyAnswerIsInert(String request) throws IOException {
        isInert(send(request.split(" ")[0], request.split(" ")[1], ""));
        isInert(send(request.split(" ")[0], request.split(" ")[1], "Authorization: Bearer " + MARY + "\r\n"));
    }

    private static void isInert(Wire.Answer answer) {
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(answer.header("content-security-policy")).isEqualTo("default-src 'none'; sandbox");
        assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
        assertThat(answer.header("cross-origin-resource-policy")).isEqualTo("same-site");
        assertThat(answer.header("cache-control")).startsWith("private, no-");
    }

    private String link(String token, String path, String body) throws IOException {
        Wire.Answer made = as(token, "POST", path, body);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(made.json().get("expiresAt").stringValue()).isNotBlank();
        return made.json().get("url").stringValue();
    }

    private Wire.Answer as(String token, String method, String path, String body) throws IOException {
        return new Wire(port).send(method, path, "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\n",
                body.getBytes(StandardCharsets.UTF_8));
    }

    private Wire.Answer plain(String method, String path) throws IOException {
        return send(method, path, "");
    }

    private Wire.Answer send(String method, String path, String headers) throws IOException {
        return new Wire(port).send(method, path, headers, new byte[0]);
    }
}
