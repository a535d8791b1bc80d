package io.datasetexport.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

/** Every kind of wrong request gets its status and its type: a row each. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"dataset-export.limits.body-time=2s", "server.tomcat.connection-timeout=1s"})
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class WrongRequestsIT {

    private static final String EXPORT = "/api/v1/datasets/cats/export";

    private static final String POST = "POST " + EXPORT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    @LocalServerPort private int port;

    private Wire wire;

    @BeforeEach
    void aDataset() throws IOException {
        wire = new Wire(port);
        wire.post("/api/v1/datasets", "{\"id\":\"cats\",\"name\":\"Cats\"}");
    }

    static Stream<Arguments> bodies() {
        String json = "Content-Type: application/json\r\n";
        return Stream.of(
                body("1 empty body", json, "", 400, "malformed-json"),
                body("2 cut off", json, "{\"scope\":", 400, "malformed-json"),
                body("3 root list", json, "[]", 400, "malformed-json"),
                body("3 root null", json, "null", 400, "malformed-json"),
                body("3 root string", json, "\"x\"", 400, "malformed-json"),
                body("3 root number", json, "5", 400, "malformed-json"),
                body("4 trailing token", json, "{\"scope\":{\"type\":\"dataset\"}} {\"x\":1}", 400, "malformed-json"),
                body("5 comment", json, "{/* all */}", 400, "malformed-json"),
                body("6 NaN", json, "{\"n\":NaN}", 400, "malformed-json"),
                body("6 Infinity", json, "{\"n\":Infinity}", 400, "malformed-json"),
                arguments("7 not UTF-8", json, "{\"filename\":\"\u00ff\u00fe\"}".getBytes(ISO_8859_1), 400, "malformed-json"),
                body("8 control character", json, "{\"filename\":\"a\u0001\"}", 400, "malformed-json"),
                arguments("9 UTF-16", json, "{}".getBytes(UTF_16), 400, "unsupported-charset"),
                body("9 byte order mark", json, "\ufeff{}", 400, "unsupported-charset"),
                body("10 Latin-1", "Content-Type: application/json;charset=iso-8859-1\r\n", "{}", 415, "unsupported-charset"),
                body("11 misspelt member", json, "{\"filtr\":{}}", 400, "unknown-field"),
                body("12 member twice", json, "{\"scope\":{\"type\":\"dataset\"},\"scope\":{\"type\":\"dataset\"}}", 400, "duplicate-key"),
                body("13 long key", json, "{\"" + "k".repeat(60_000) + "\":1}", 400, "malformed-json"),
                body("14 long string", json, "{\"filename\":\"" + "a".repeat(25_000_000) + "\"}", 413, "payload-too-large"),
                arguments("15 large body", json, new byte[100_000_000], 413, "payload-too-large"),
                body("17 too deep", json, "{\"annotationsQuery\":" + "[".repeat(40) + "]".repeat(40) + "}", 400, "too-deep"),
                body("18 deep and unclosed", json, "[".repeat(100_000), 400, "malformed-json"),
                body("19 long number", json, "{\"annotationsQuery\":{\"n\":" + "7".repeat(2000) + "}}", 400, "malformed-json"),
                body("20 huge exponent", json, "{\"annotationsQuery\":{\"n\":1e1000000000}}", 400, "number-out-of-range"),
                arguments("21 gzip", json + "Content-Encoding: gzip\r\n", gzip("{}"), 415, "unsupported-encoding"),
                body("22 no type", "", "{}", 415, "unsupported-media-type"),
                body("23 text", "Content-Type: text/plain\r\n", "{}", 415, "unsupported-media-type"),
                body("23 form", "Content-Type: application/x-www-form-urlencoded\r\n", "include=json", 415, "unsupported-media-type"),
                body("23 XML", "Content-Type: application/xml\r\n", "<a/>", 415, "unsupported-media-type"),
                body("23 no media type", "Content-Type: /\r\n", "{}", 415, "unsupported-media-type"),
                body("24 other Accept", json + "Accept: image/png\r\n", "{}", 406, "not-acceptable"),
                body("25 no Accept", json + "Accept: ///\r\n", "{}", 406, "not-acceptable"),
                body("30 scope by name", json, "{\"scope\":\"all\"}", 400, "validation"),
                body("30 unknown scope", json, "{\"scope\":{\"type\":\"all\"}}", 400, "validation"),
                body("31 scope number", json, "{\"scope\":5}", 400, "validation"),
                body("32 scope null", json, "{\"scope\":null}", 400, "validation"),
                body("33 no ids", json, "{\"scope\":{\"type\":\"items\"}}", 400, "validation"),
                body("34 empty ids", json, "{\"scope\":{\"type\":\"items\",\"itemIds\":[]}}", 400, "validation"),
                body("35 null id", json, "{\"scope\":{\"type\":\"items\",\"itemIds\":[null]}}", 400, "validation"),
                body("36 fraction as id", json, "{\"scope\":{\"type\":\"items\",\"itemIds\":[1.7]}}", 400, "validation"),
                body("37 ids in a string", json, "{\"scope\":{\"type\":\"items\",\"itemIds\":\"1,2\"}}", 400, "validation"),
                body("37 ids true", json, "{\"scope\":{\"type\":\"items\",\"itemIds\":true}}", 400, "validation"),
                body("38 number as id", json, "{\"scope\":{\"type\":\"items\",\"itemIds\":[-1]}}", 400, "validation"),
                body("39 too many ids", json, "{\"scope\":{\"type\":\"items\",\"itemIds\":[" + "\"a\",".repeat(10_000) + "\"a\"]}}", 400, "too-many-ids"),
                body("44 query without query", json, "{\"scope\":{\"type\":\"query\"}}", 400, "validation"),
                body("46 query and ids", json, "{\"scope\":{\"type\":\"query\",\"query\":{},\"itemIds\":[\"a\"]}}", 400, "validation"),
                body("47 no formats", json, "{\"include\":[]}", 400, "validation"),
                body("48 format twice", json, "{\"include\":[\"coco\",\"coco\"]}", 400, "validation"),
                body("49 unknown format", json, "{\"include\":[\"pdf\"]}", 400, "unknown-format"),
                body("50 formats in a string", json, "{\"include\":\"json\"}", 400, "validation"),
                body("51 path as file name", json, "{\"filename\":\"../../x\"}", 400, "invalid-file-name"),
                body("51 header in file name", json, "{\"filename\":\"a\\r\\nX: y\"}", 400, "invalid-file-name"),
                body("51 device as file name", json, "{\"filename\":\"CON\"}", 400, "invalid-file-name"),
                body("51 long file name", json, "{\"filename\":\"" + "a".repeat(300) + "\"}", 400, "invalid-file-name"),
                body("51 empty file name", json, "{\"filename\":\"\"}", 400, "invalid-file-name"),
                body("51 reversed file name", json, "{\"filename\":\"\\u202egpj.exe\"}", 400, "invalid-file-name"),
                body("52 level", json, "{\"compressionLevel\":42}", 400, "unknown-field"),
                body("53 callback", json, "{\"callbackUrl\":\"http://169.254.169.254/\"}", 400, "unknown-field"),
                query("54 operator in a filter", "{\"$where\":\"1\"}", "unknown-operator"),
                query("55 operator of a field", "{\"name\":{\"$expr\":1}}", "unknown-operator"),
                query("55 operator of a field", "{\"name\":{\"$lookup\":{}}}", "unknown-operator"),
                query("56 __proto__", "{\"__proto__\":1}", "unknown-field"),
                query("56 constructor", "{\"constructor\":1}", "unknown-field"),
                query("57 SQL in a path", "{\"metadata.user.x'); drop table items;--\":1}", "invalid-field-path"),
                query("58 quotes in a path", "{\"metadata.\\\"a\\\"\":1}", "invalid-field-path"),
                query("58 arrow in a path", "{\"metadata.a->>'b'\":1}", "invalid-field-path"),
                query("58 braces in a path", "{\"metadata.{a,b}\":1}", "invalid-field-path"),
                query("59 long path", "{\"metadata" + ".a".repeat(32) + "\":1}", "invalid-field-path"),
                query("59 empty segment", "{\"metadata.a..b\":1}", "invalid-field-path"),
                query("59 leading dot", "{\".metadata\":1}", "invalid-field-path"),
                query("60 password", "{\"password\":1}", "unknown-field"),
                query("60 project", "{\"projectId\":1}", "unknown-field"),
                query("61 empty $or", "{\"$or\":[]}", "invalid-filter"),
                query("61 empty $and", "{\"$and\":[]}", "invalid-filter"),
                query("62 tautology", "{\"$or\":[{}]}", "invalid-filter"),
                query("63 too deep", "{\"$not\":".repeat(21) + "{}" + "}".repeat(21), "too-deep"),
                query("64 too many nodes", "{\"$or\":[" + "{\"name\":\"a\"},".repeat(500) + "{\"name\":\"a\"}]}", "filter-too-complex"),
                query("65 too many values", "{\"id\":{\"$in\":[" + "1,".repeat(10_000) + "1]}}", "filter-too-complex"),
                query("68 NaN", "{\"metadata.user.x\":{\"$gt\":\"NaN\"}}", "number-out-of-range"),
                query("68 1e400", "{\"metadata.user.x\":{\"$gt\":1e400}}", "number-out-of-range"),
                query("69 no such day", "{\"createdAt\":{\"$gt\":\"2024-13-45\"}}", "type-mismatch"),
                query("69 no date", "{\"createdAt\":\"now() - interval\"}", "type-mismatch"),
                query("70 far future", "{\"createdAt\":\"300000-01-01\"}", "type-mismatch"),
                body("71 U+0000", json, "{\"annotationsQuery\":{\"a\":\"\\u0000\"}}", 400, "validation"),
                body("72 lone surrogate", json, "{\"annotationsQuery\":{\"a\":\"\\ud800\"}}", 400, "validation"),
                query("73 stars", "{\"name\":\"" + "*".repeat(1000) + "\"}", "invalid-pattern"),
                query("75 regex", "{\"name\":{\"$regex\":\"(\"}}", "unknown-operator"),
                body("41 unknown id", json, "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"a\"]}}", 404, "items-not-found"),
                body("not yet: profile", json, "{\"profile\":\"trainer\"}", 422, "not-available"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    void refusesABody(String row, String headers, byte[] body, int status, String type) throws IOException {
        check(wire.send("POST", EXPORT, headers, body), status, type);
    }

    private static Arguments query(String row, String filter, String type) {
        return body(row, "Content-Type: application/json\r\n", "{\"scope\":{\"type\":\"query\",\"query\":{\"filter\":" + filter + "}}}", 400, type);
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                arguments("11 misspelt parameter", "GET", EXPORT + "?inclde=json", 400, "unknown-field"),
                arguments("48 format twice", "GET", EXPORT + "?include=json,json", 400, "validation"),
                arguments("49 unknown format", "GET", EXPORT + "?include=json&include=pdf", 400, "unknown-format"),
                arguments("51 file name", "GET", EXPORT + "?filename=a%0d%0ab", 400, "invalid-file-name"),
                arguments("12 parameter twice", "GET", EXPORT + "?filename=a&filename=b", 400, "duplicate-key"),
                arguments("broken escape in a parameter", "GET", EXPORT + "?include=%zz", 400, "bad-request"),
                arguments("unknown class", "GET", EXPORT + "?classes=%7B%22cat%22:0%7D", 422, "class-numbers"),
                arguments("26 DELETE", "DELETE", EXPORT, 405, "method-not-allowed"),
                arguments("26 PUT", "PUT", "/api/v1/limits", 405, "method-not-allowed"),
                arguments("27 TRACE", "TRACE", "/api/v1/limits", 405, "method-not-allowed"),
                arguments("27 unknown method", "BREW", "/api/v1/limits", 405, "method-not-allowed"),
                arguments("28 unknown path", "GET", "/api/v1/nothing", 404, "not-found"),
                arguments("28 root", "GET", "/", 404, "not-found"),
                arguments("28 trailing slash", "GET", "/api/v1/datasets/", 404, "not-found"),
                arguments("28 trailing slash after an id", "GET", "/api/v1/datasets/cats/", 404, "not-found"),
                arguments("28 wrong case", "GET", "/api/v1/Datasets", 404, "not-found"),
                arguments("28 two slashes", "GET", "/api//v1/datasets", 404, "not-found"),
                arguments("28 error page", "GET", "/error", 404, "not-found"),
                arguments("81 unknown id", "GET", "/api/v1/datasets/abc", 404, "not-found"),
                arguments("82 long number as id", "GET", "/api/v1/datasets/99999999999999999999", 404, "not-found"),
                arguments("83 negative id", "GET", "/api/v1/datasets/-1", 404, "not-found"),
                arguments("81 unknown dataset", "GET", "/api/v1/datasets/abc/export", 404, "not-found"),
                arguments("86 path parameter", "GET", "/api/v1/datasets/cats;x=1", 400, "invalid-path"),
                arguments("86 path parameter inside", "GET", "/api/v1;x/datasets", 400, "invalid-path"),
                arguments("87 hidden traversal", "GET", "/api/v1/datasets/%2e%2e%2fetc", 400, "bad-request"),
                arguments("87 traversal above the root", "GET", "/../../etc", 400, "bad-request"),
                arguments("88 %00", "GET", "/api/v1/datasets/%00", 400, "bad-request"),
                arguments("88 %5c", "GET", "/api/v1/datasets/%5c", 400, "bad-request"),
                arguments("88 %zz", "GET", "/api/v1/datasets/%zz", 400, "bad-request"),
                arguments("88 raw space", "GET", "/api/v1/data sets", 400, "bad-request"),
                arguments("not UTF-8", "GET", "/api/v1/datasets/%ff%fe", 400, "bad-request"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("targets")
    void refusesATarget(String row, String method, String target, int status, String type) throws IOException {
        check(wire.send(method, target, "", new byte[0]), status, type);
    }

    static Stream<Arguments> wires() {
        String host = "Host: localhost\r\n";
        return Stream.of(
                arguments("89 no Host", "GET /api/v1/limits HTTP/1.1\r\n\r\n", 400),
                arguments("89 two Hosts", "GET /api/v1/limits HTTP/1.1\r\n" + host + host + "\r\n", 400),
                arguments("89 target of another host", "GET http://example.org/api/v1/limits HTTP/1.1\r\n" + host + "\r\n", 400),
                arguments("89 Host that is none", "GET /api/v1/limits HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
                arguments("90 two lengths", "POST " + EXPORT + " HTTP/1.1\r\n" + host + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
                arguments("90 negative length", "POST " + EXPORT + " HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400),
                arguments(
                        "92 bad chunk",
                        "POST " + EXPORT + " HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nZZ\r\n{}\r\n",
                        400),
                arguments("93 long header", "GET /api/v1/limits HTTP/1.1\r\n" + host + "X-Long: " + "a".repeat(20_000) + "\r\n\r\n", 400),
                arguments("94 TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n", 400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wires")
    void refusesWhatIsNoHttp(String row, String request, int status) throws IOException {
        check(wire.raw(request.getBytes(ISO_8859_1)), status, "bad-request");
    }

    /** 91: Tomcat reads the chunks, forgets the length and closes; what follows is never taken for a request. */
    @Test
    void closesAConnectionWithTwoReadingsOfOneBody() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("POST " + EXPORT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/v1/limits HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .getBytes(UTF_8));
            check(Wire.answer(socket.getInputStream()), 400, "malformed-json");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusesABodyThatStops() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write((POST + "Content-Length: 100\r\n\r\n{").getBytes(UTF_8));
            check(Wire.answer(socket.getInputStream()), 408, "request-timeout");
        }
    }

    /** 16: each byte comes in time, the body never. */
    @Test
    void refusesABodyThatNeverEnds() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            var out = socket.getOutputStream();
            out.write((POST + "Transfer-Encoding: chunked\r\n\r\n").getBytes(UTF_8));
            socket.setSoTimeout(200);
            long start = System.nanoTime();
            while (socket.getInputStream().available() == 0 && System.nanoTime() - start < 10_000_000_000L) {
                out.write("1\r\n \r\n".getBytes(UTF_8));
                out.flush();
                LockSupport.parkNanos(200_000_000);
            }
            check(Wire.answer(socket.getInputStream()), 408, "request-timeout");
        }
    }

    @ParameterizedTest
    @MethodSource("methodsOfExport")
    void saysWhichMethodsThereAre(String path, List<String> methods) throws IOException {
        assertThat(wire.send("DELETE", path, "", new byte[0]).header("allow").split(", *")).containsAll(methods);
    }

    static Stream<Arguments> methodsOfExport() {
        return Stream.of(
                arguments(EXPORT, List.of("GET", "HEAD", "POST")), arguments("/api/v1/datasets", List.of("GET", "POST")));
    }

    @ParameterizedTest
    @MethodSource("http10")
    void refusesAStreamOverHttp10(String request) throws IOException {
        Wire.Answer answer = wire.raw(request.getBytes(UTF_8));
        check(answer, 426, "upgrade-required");
        assertThat(answer.header("upgrade")).isEqualTo("HTTP/1.1");
    }

    static Stream<String> http10() {
        return Stream.of(
                "GET " + EXPORT + " HTTP/1.0\r\n\r\n",
                "GET " + EXPORT + " HTTP/1.0\r\nHost: localhost\r\n\r\n",
                "POST " + EXPORT + " HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    }

    @Test
    void otherAnswersGoOverHttp10() throws IOException {
        assertThat(wire.raw("GET /api/v1/limits HTTP/1.0\r\n\r\n".getBytes(UTF_8)).status()).isEqualTo(200);
    }

    @Test
    void namesThePlaceOfAMistake() throws IOException {
        var problem = wire.post(EXPORT, "{\"options\":{\"coco\":{\"polygon\":\"rle\"}}}").json();
        assertThat(problem.get("errors").get(0).get("pointer").stringValue()).isEqualTo("/options/coco/polygon");
        assertThat(problem.get("errors").get(0).get("code").stringValue()).isEqualTo("unknown-field");
        assertThat(problem.get("instance").stringValue()).isEqualTo(EXPORT);
    }

    /** The shape that every refusal has, whoever made it. */
    private static void check(Wire.Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.problem()).as(answer.body()).isEqualTo(type);
        var problem = answer.json();
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("title").stringValue()).isNotBlank();
        assertThat(problem.get("instance").isString()).isTrue();
        assertThat(problem.get("requestId").stringValue()).isEqualTo(answer.header("x-request-id"));
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(answer.header("content-security-policy")).isEqualTo("default-src 'none'; sandbox");
        assertThat(answer.header("content-disposition")).isEmpty();
        assertThat(answer.body()).doesNotContain("Exception", "io.datasetexport", "org.", "java.", "select ", "\tat ");
    }

    private static Arguments body(String row, String headers, String body, int status, String type) {
        return arguments(row, headers, body.getBytes(UTF_8), status, type);
    }

    private static byte[] gzip(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
