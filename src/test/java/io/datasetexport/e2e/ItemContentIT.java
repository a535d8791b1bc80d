package io.datasetexport.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import io.datasetexport.content.UnusedBlobs;
import io.datasetexport.export.ExportPermits;
import io.datasetexport.spool.SpoolStore;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The files of items: into the service, out of it one by one, and in archives; and nothing wrong ever as a whole. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "dataset-export.data-dir=target/item-files-it",
    "dataset-export.public-url=https://data.example.com",
    "dataset-export.files.largest=3MB",
    "dataset-export.demo=false"
})
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class ItemContentIT {

    private static final Path STORE = Path.of("target/item-files-it/files");

    /** Two of them have one name. */
    private static final String ITEMS = """
            [{"id": "a1", "filename": "/x/a.bin", "annotations": []}, {"id": "a2", "filename": "/y/a.bin", "annotations": []},
             {"id": "b", "filename": "/y/b.bin", "annotations": []}]""";

    @LocalServerPort private int port;

    @Autowired private TestDatabase database;

    @Autowired private UnusedBlobs unused;

    @Autowired private ExportPermits permits;

    @Autowired private SpoolStore spool;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, byte[]> files = new HashMap<>();

    @BeforeEach
    void load() throws Exception {
        send("DELETE", "files", null, "");
        assertThat(send("POST", "", "application/json", "{\"id\": \"files\", \"name\": \"Files\"}").statusCode()).isEqualTo(201);
        assertThat(send("POST", "files/import", "application/json", ITEMS).statusCode()).isEqualTo(200);
        Random random = new Random(7);
        for (String id : List.of("a1", "a2", "b")) {
            byte[] file = new byte[id.equals("b") ? 0 : 200_000 + random.nextInt(100_000)];
            random.nextBytes(file);
            files.put(id, file);
            assertThat(upload(id, file).statusCode()).isEqualTo(200);
        }
    }

    @AfterEach
    void nothingIsLeftOver() {
        await().untilAsserted(() -> {
            assertThat(permits.taken()).as("permits").isZero();
            assertThat(spool.used()).as("bytes in the spool").isZero();
        });
        client.close();
    }

    @Test
    void aFileComesBackAsItWent() throws Exception {
        HttpResponse<byte[]> whole = get("files/items/a1/content");

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(files.get("a1"));
        assertThat(whole.headers().firstValue("Content-Disposition")).hasValue("attachment; filename=\"a.bin\"; filename*=UTF-8''a.bin");
        assertThat(whole.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(whole.headers().firstValue("Accept-Ranges")).hasValue("bytes");
        String etag = whole.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> again = get("files/items/a1/content", "If-None-Match", etag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        HttpResponse<byte[]> head = send("HEAD", "files/items/a1/content", null, "");
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(files.get("a1").length);
        assertThat(head.headers().firstValue("ETag")).hasValue(etag);
        assertThat(get("files/items/b/content").body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 206, 0, 10",
        "bytes=1000-, 206, 1000, -1",
        "bytes=-7, 206, -7, 7",
        "bytes=5-5, 206, 5, 1",
        "bytes=10-99999999, 206, 10, -1",
        "bytes=-99999999, 206, 0, -1",
        "bytes=99999999-, 416, 0, 0",
        "bytes=-0, 416, 0, 0",
        "bytes=5-2, 200, 0, -1",
        "bytes=abc, 200, 0, -1",
        "items=0-1, 200, 0, -1",
        "'bytes=0-1,5-6', 200, 0, -1",
        "bytes=0-99999999999999999999, 200, 0, -1",
    })
    void aPartIsWhatTheRangeSays(String range, int status, int from, int count) throws Exception {
        byte[] file = files.get("a1");
        int first = from < 0 ? file.length + from : from;
        byte[] wanted = Arrays.copyOfRange(file, first, count < 0 ? file.length : first + count);

        HttpResponse<byte[]> part = get("files/items/a1/content", "Range", range);

        assertThat(part.statusCode()).isEqualTo(status);
        assertThat(part.body()).isEqualTo(wanted);
        assertThat(part.headers().firstValue("Content-Range")).isEqualTo(switch (status) {
            case 206 -> Optional.of("bytes " + first + "-" + (first + wanted.length - 1) + "/" + file.length);
            case 416 -> Optional.of("bytes */" + file.length);
            default -> Optional.empty();
        });
    }

    @Test
    void aPartOfAnotherFileThanTheClientHasIsNotSent() throws Exception {
        String etag = get("files/items/a1/content").headers().firstValue("ETag").orElseThrow();
        assertThat(get("files/items/a1/content", "Range", "bytes=5-", "If-Range", etag).statusCode()).isEqualTo(206);
        upload("a1", files.get("a2"));

        HttpResponse<byte[]> changed = get("files/items/a1/content", "Range", "bytes=5-", "If-Range", etag);

        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.body()).isEqualTo(files.get("a2"));
    }

    @Test
    void anArchiveHoldsTheFilesWithoutTheirFolders() throws Exception {
        HttpResponse<byte[]> response = get("files/export?include=items,json");
        Archive archive = Archive.of(response.body());

        assertThat(archive.entries().get("items/a.bin")).isEqualTo(files.get("a1"));
        assertThat(archive.entries().get("items/a (1).bin")).isEqualTo(files.get("a2"));
        assertThat(archive.entries().get("items/b.bin")).isEmpty();
        assertThat(archive.text("_export/items.csv")).contains("a2,/y/a.bin,json/y/a.bin.json,,\"items/a (1).bin\",,\r\n");
        assertThat(archive.manifest().at("/formats/items/items").asInt()).isEqualTo(3);
        // Read as a stream: sizes and CRC stand before the bytes.
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(response.body()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().startsWith("items/")) {
                    assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
                    assertThat(zip.readAllBytes()).hasSize((int) entry.getSize());
                }
            }
        }
    }

    @Test
    void theTreeIsKeptWhereItIsAskedFor() throws Exception {
        assertThat(Archive.of(get("files/export?include=items&flatten=none").body()).entries())
                .containsKeys("items/x/a.bin", "items/y/a.bin", "items/y/b.bin");
    }

    @Test
    void anArchiveBringsItsFilesBack() throws Exception {
        byte[] archive = get("files/export?include=items,json").body();
        assertThat(send("POST", "", "application/json", "{\"id\": \"copy\", \"name\": \"Copy\"}").statusCode()).isEqualTo(201);
        try {
            HttpRequest load = HttpRequest.newBuilder(uri("copy/import")).header("Content-Type", "application/zip")
                    .POST(BodyPublishers.ofByteArray(archive)).build();
            assertThat(json(client.send(load, BodyHandlers.ofByteArray())).get("files").asInt()).isEqualTo(3);

            Map<String, byte[]> copy = Archive.of(get("copy/export?include=items").body()).entries();
            assertThat(copy.get("items/a.bin")).isEqualTo(files.get("a1"));
            assertThat(copy.get("items/a (1).bin")).isEqualTo(files.get("a2"));
            assertThat(copy.get("items/b.bin")).isEmpty();
        } finally {
            send("DELETE", "copy", null, "");
        }
    }

    @Test
    void anArchiveOfFilesIsResumedWhereItWasCut() throws Exception {
        HttpResponse<byte[]> whole = get("files/export?include=items");
        byte[] archive = whole.body();
        String etag = whole.headers().firstValue("ETag").orElseThrow();
        assertThat(whole.headers().firstValueAsLong("Content-Length")).hasValue(archive.length);
        assertThat(whole.headers().firstValue("Accept-Ranges")).hasValue("bytes");
        Archive.of(archive);

        for (int cut : new int[] {0, 1, 5000, archive.length / 2, archive.length - 1}) {
            HttpResponse<byte[]> rest = get("files/export?include=items", "Range", "bytes=" + cut + "-", "If-Range", etag);
            assertThat(rest.statusCode()).isEqualTo(206);
            assertThat(rest.headers().firstValue("Content-Range")).hasValue("bytes " + cut + "-" + (archive.length - 1) + "/" + archive.length);
            assertThat(rest.body()).as("from byte %s", cut).isEqualTo(Arrays.copyOfRange(archive, cut, archive.length));
            int last = Math.min(cut + 999, archive.length - 1);
            assertThat(get("files/export?include=items", "Range", "bytes=" + cut + "-" + last).body())
                    .isEqualTo(Arrays.copyOfRange(archive, cut, last + 1));
        }
        HttpResponse<byte[]> behind = get("files/export?include=items", "Range", "bytes=" + archive.length + "-");
        assertThat(behind.statusCode()).isEqualTo(416);
        assertThat(behind.body()).isEmpty();
        assertThat(behind.headers().firstValue("Content-Range")).hasValue("bytes */" + archive.length);

        upload("b", new byte[] {1});
        HttpResponse<byte[]> changed = get("files/export?include=items", "Range", "bytes=1000-", "If-Range", etag);
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(Archive.of(changed.body()).entries().get("items/b.bin")).containsExactly(1);
    }

    @Test
    void aPartIsNotWrittenDownAsTheWhole() throws Exception {
        int archive = get("files/export?include=items").body().length;
        get("files/export?include=items", "Range", "bytes=5-");
        get("files/export?include=items", "Range", "bytes=0-");
        get("files/export?include=items", "Range", "bytes=99999999-");
        get("files/items/a1/content", "Range", "bytes=0-9");
        get("files/items/a1/content", "Range", "bytes=0-");

        int file = files.get("a1").length;
        await().untilAsserted(() -> {
            assertThat(rows("select state || coalesce(' ' || bytes, '') || coalesce(' items ' || items, '') from export e"
                    + " join dataset d on d.key = e.dataset_key where d.id = 'files' order by started_at"))
                    .containsExactly("complete " + archive + " items 3", "partial " + (archive - 5), "complete " + archive + " items 3", "failed");
            assertThat(rows("select act || ' ' || outcome || ' ' || status || ' ' || bytes from audit_event where dataset_id = 'files'"
                    + " and id > (select max(id) from audit_event where act = 'upload') order by id"))
                    .containsExactly(
                            "export finished 200 " + archive, "export partial 206 " + (archive - 5), "export finished 206 " + archive, "export refused 416 0",
                            "item-file partial 206 10", "item-file finished 206 " + file);
        });
        String metrics = client.send(HttpRequest.newBuilder(uri("").resolve("/actuator/prometheus")).build(), BodyHandlers.ofString()).body();
        assertThat(metrics).contains("dataset_export_seconds_count{formats=\"items\",outcome=\"partial\",reason=\"none\"}");
    }

    private List<String> rows(String query) {
        return JdbcClient.create(database.dataSource()).sql(query).query(String.class).list();
    }

    /** As people do it: curl asks for what it does not have. */
    @ParameterizedTest
    @CsvSource({"files/export?include=items", "files/items/a1/content"})
    void curlResumes(String path) throws Exception {
        byte[] whole = get(path).body();
        Path download = Files.createTempFile(Path.of("target"), "resumed", ".part");
        for (int cut : new Random(21).ints(20, 1, whole.length).toArray()) {
            Files.write(download, Arrays.copyOf(whole, cut));

            Process curl = new ProcessBuilder("curl", "-sS", "--fail", "-C", "-", "-o", download.toString(), uri(path).toString()).start();

            assertThat(curl.waitFor()).isZero();
            assertThat(Files.readAllBytes(download)).isEqualTo(whole);
        }
        Files.delete(download);
    }

    @Test
    void aFileBeforeTheRangeIsNotRead() throws Exception {
        byte[] archive = get("files/export?include=items").body();
        damage(blob("a1"), Damage.GONE);

        int from = archive.length - files.get("a2").length;
        assertThat(get("files/export?include=items", "Range", "bytes=" + from + "-").body())
                .isEqualTo(Arrays.copyOfRange(archive, from, archive.length));
        assertThat(get("files/export?include=items", "Range", "bytes=5000-").statusCode()).as("nothing was sent yet").isEqualTo(500);
    }

    @Test
    void anUploadIsAChangeOfTheDataset() throws Exception {
        String before = get("files/export?include=items").headers().firstValue("ETag").orElseThrow();
        upload("b", new byte[] {1, 2, 3});

        assertThat(get("files/export?include=items", "If-None-Match", before).statusCode()).isEqualTo(200);
    }

    @Test
    void theFileTellsWhatTheItemDoesNot() throws Exception {
        send("POST", "files/import", "application/json", """
                [{"id": "p", "filename": "/p", "metadata": {"system": {"width": 7}}, "annotations": []}]""");
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_4BYTE_ABGR), "png", png);

        upload("p", png.toByteArray());

        JsonNode system = json(get("files/items/p")).at("/metadata/system");
        assertThat(system.get("width").asInt()).as("the item's own word").isEqualTo(7);
        assertThat(system.get("height").asInt()).isEqualTo(20);
        assertThat(system.get("channels").asInt()).isEqualTo(4);
        assertThat(system.get("mimetype").asString()).isEqualTo("image/png");
        assertThat(system.get("size").asInt()).isEqualTo(png.size());
        assertThat(get("files/items/p/content").headers().firstValue("Content-Type")).hasValue("image/png");
    }

    @Test
    void filesThatCantBeSentAreCountedBeforeTheFirstByteOrListed() throws Exception {
        send("POST", "files/import", "application/json", """
                [{"id": "none", "filename": "/z/none.jpg", "annotations": []},
                 {"id": "link", "filename": "/z/link.json", "annotations": [], "metadata": {"system": {"shebang": {"dltype": "link",
                   "linkInfo": {"type": "url", "ref": "https://example.com/a.jpg"}}}}}]""");

        HttpResponse<byte[]> refused = get("files/export?include=items");
        assertThat(refused.statusCode()).isEqualTo(409);
        JsonNode problem = json(refused);
        assertThat(problem.get("type").asString()).endsWith("/external-items");
        assertThat(problem.get("external").asInt()).isEqualTo(1);
        assertThat(problem.get("missing").asInt()).isEqualTo(1);
        assertThat(problem.get("items")).extracting(JsonNode::asString).containsExactly("link", "none");

        Archive archive = Archive.of(get("files/export?include=items,json&unavailable=report").body());
        assertThat(archive.entries().keySet().stream().filter(name -> name.startsWith("items/"))).hasSize(3);
        assertThat(archive.entries()).containsKey("json/z/link.json.json");
        assertThat(archive.text("_export/media.ndjson"))
                .isEqualTo("{\"item\":\"link\",\"path\":\"/z/link.json\",\"reference\":\"https://example.com/a.jpg\"}\n");
        assertThat(archive.text("_export/skipped.ndjson")).contains("\"reason\":\"external-file\"").contains("\"reason\":\"missing-file\"");
        assertThat(get("files/items/link/content").statusCode()).isEqualTo(409);
        assertThat(get("files/items/none/content").statusCode()).isEqualTo(404);
        assertThat(upload("link", new byte[1]).statusCode()).isEqualTo(409);
    }

    /** What can become of a file on a disk. */
    enum Damage {
        SHORTER,
        LONGER,
        CHANGED,
        GONE,
        LINK,
        PIPE,
        FOLDER,
        UNREADABLE
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedFileNeverArrivesAsAWholeOne(Damage damage) throws Exception {
        damage(blob("a2"), damage);

        assertThatThrownBy(() -> Archive.of(get("files/export?include=items").body())).isInstanceOf(IOException.class);
        switch (damage) {
            case SHORTER, LONGER, CHANGED ->
                    assertThatThrownBy(() -> get("files/items/a2/content")).as("cut behind its first byte").isInstanceOf(IOException.class);
            case GONE, LINK, PIPE, FOLDER, UNREADABLE -> {
                HttpResponse<byte[]> alone = get("files/items/a2/content");
                assertThat(alone.statusCode()).isEqualTo(500);
                assertThat(new String(alone.body(), UTF_8)).doesNotContain(STORE.toString()).contains("\"type\":\"/problems/internal\"");
            }
        }
        assertThat(get("files/items/a1/content").body()).as("the others").isEqualTo(files.get("a1"));
        assertThat(SyntheticDataset.count(database, "select count(*) from export where dataset_id = 'files' and reason = 'item-file'"))
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({"../../../../etc/passwd", "/etc/passwd", "00/11", "''"})
    void aKeyThatIsNotOursOpensNothing(String key) throws Exception {
        SyntheticDataset.execute(database, "update item set storage_key = '" + key + "', content_bytes = 10 where id = 'a2'");

        assertThat(get("files/items/a2/content").statusCode()).isEqualTo(500);
        assertThatThrownBy(() -> Archive.of(get("files/export?include=items").body())).isInstanceOf(IOException.class);
    }

    @Test
    void anUploadThatBreaksOffChangesNothing() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(("PUT /api/v1/datasets/files/items/a1/content HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n"
                    + "x".repeat(1_900_000)).getBytes(UTF_8));
        }
        await().untilAsserted(() -> assertThat(unfinished()).isZero());
        assertThat(get("files/items/a1/content").body()).isEqualTo(files.get("a1"));
    }

    @Test
    void aFileThatIsTooLargeIsRefused() throws Exception {
        byte[] large = new byte[(3 << 20) + 1];
        assertThat(upload("a1", large).statusCode()).isEqualTo(413);
        HttpRequest chunked = HttpRequest.newBuilder(uri("files/items/a1/content"))
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build();
        assertThat(client.send(chunked, BodyHandlers.ofByteArray()).statusCode()).isEqualTo(413);
        assertThat(get("files/items/a1/content").body()).isEqualTo(files.get("a1"));
        assertThat(upload("unknown", new byte[1]).statusCode()).isEqualTo(404);
    }

    @Test
    void whatNoItemHasAnyMoreIsDeletedAfterItsTime() throws Exception {
        Path replaced = blob("a1");
        Path deleted = blob("a2");
        upload("a1", new byte[] {1});
        assertThat(send("DELETE", "files/items/a2", null, "").statusCode()).isEqualTo(204);
        unused.sweep();
        assertThat(replaced).as("an export may be reading it").exists();

        SyntheticDataset.execute(database, "update unused_blob set since = since - interval '25 hours'");
        assertThat(unused.sweep()).isGreaterThanOrEqualTo(2);

        assertThat(replaced).doesNotExist();
        assertThat(deleted).doesNotExist();
        assertThat(blob("a1")).exists();
        assertThat(SyntheticDataset.count(database, "select count(*) from unused_blob")).isZero();
    }

    private static void damage(Path file, Damage how) throws IOException, InterruptedException {
        switch (how) {
            case SHORTER -> Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100_000));
            case LONGER -> Files.write(file, new byte[1], StandardOpenOption.APPEND);
            case CHANGED -> {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
            case GONE -> Files.delete(file);
            case LINK -> {
                Path elsewhere = Files.move(file, file.resolveSibling("elsewhere"));
                Files.createSymbolicLink(file, elsewhere.toAbsolutePath());
            }
            case PIPE -> {
                Files.delete(file);
                assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
            }
            case FOLDER -> {
                Files.delete(file);
                Files.createDirectory(file);
            }
            case UNREADABLE -> {
                Files.setPosixFilePermissions(file, Set.of());
                assumeFalse(Files.isReadable(file), "This user may read every file.");
            }
        }
    }

    private Path blob(String item) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("select storage_key from item where id = '" + item + "'")) {
            row.next();
            String key = row.getString(1);
            return STORE.resolve(key.substring(0, 2)).resolve(key);
        }
    }

    private static long unfinished() throws IOException {
        try (Stream<Path> all = Files.walk(STORE)) {
            return all.filter(file -> file.toString().endsWith(".unfinished")).count();
        }
    }

    private HttpResponse<byte[]> upload(String item, byte[] file) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri("files/items/" + item + "/content")).PUT(BodyPublishers.ofByteArray(file)).build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> send(String method, String path, String type, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.ofString(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + "/api/v1/datasets" + (path.isEmpty() ? "" : "/" + path));
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return new JsonMapper().readTree(response.body());
    }
}
