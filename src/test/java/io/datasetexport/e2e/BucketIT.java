package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.blob.FaultyProxy;
import io.datasetexport.blob.FaultyProxy.Fault;
import io.datasetexport.blob.S3Server;
import io.datasetexport.export.ExportPermits;
import io.datasetexport.spool.SpoolStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Item files in a bucket: the store may fail in any way, and an archive is whole or visibly not. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "dataset-export.data-dir=target/bucket-it",
    "dataset-export.files.s3.bucket=service",
    "dataset-export.files.s3.path-style=true",
    "dataset-export.files.s3.prefix=some/",
    "dataset-export.demo=false"
})
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class BucketIT {

    private static final int SIZE = 3_000_000;
    private static FaultyProxy proxy;

    @LocalServerPort private int port;

    @Autowired private ExportPermits permits;

    @Autowired private SpoolStore spool;

    private final HttpClient client = HttpClient.newHttpClient();
    private final byte[] file = new byte[SIZE];

    @DynamicPropertySource
    static void bucket(DynamicPropertyRegistry registry) throws Exception {
        proxy = S3Server.before("service");
        registry.add("dataset-export.files.s3.endpoint", proxy::endpoint);
    }

    @BeforeEach
    void load() throws Exception {
        new Random(3).nextBytes(file);
        send("DELETE", "files", BodyPublishers.noBody());
        assertThat(send("POST", "", BodyPublishers.ofString("{\"id\": \"files\", \"name\": \"Files\"}")).statusCode()).isEqualTo(201);
        assertThat(send("POST", "files/import", BodyPublishers.ofString("[{\"id\": \"a\", \"filename\": \"/a.bin\", \"annotations\": []}]")).statusCode())
                .isEqualTo(200);
        assertThat(send("PUT", "files/items/a/content", BodyPublishers.ofByteArray(file)).statusCode()).isEqualTo(200);
        proxy.reads();
    }

    @AfterEach
    void nothingIsLeftOver() {
        proxy.heal();
        await().untilAsserted(() -> {
            assertThat(permits.taken()).as("permits").isZero();
            assertThat(spool.used()).as("bytes in the spool").isZero();
        });
        client.close();
    }

    @Test
    void aFileComesBackAsItWent() throws Exception {
        assertThat(get("files/items/a/content").body()).isEqualTo(file);
        HttpResponse<byte[]> part = client.send(
                HttpRequest.newBuilder(uri("files/items/a/content")).header("Range", "bytes=2000000-2000009").build(), BodyHandlers.ofByteArray());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(file, 2_000_000, 2_000_010));
        assertThat(Archive.of(get("files/export?include=items").body()).entries().get("items/a.bin")).isEqualTo(file);
    }

    static Stream<List<Fault>> passing() {
        return Stream.of(
                List.of(new Fault.Unavailable(), new Fault.Unavailable()),
                List.of(new Fault.Cut(0)),
                List.of(new Fault.Cut(SIZE / 2)),
                List.of(new Fault.Cut(SIZE - 1)));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatPassesIsHealed(List<Fault> faults) throws Exception {
        proxy.fail(faults.toArray(Fault[]::new));

        assertThat(Archive.of(get("files/export?include=items").body()).entries().get("items/a.bin")).isEqualTo(file);
        assertThat(proxy.reads()).isEqualTo(faults.size() + 1);
    }

    /** More than the store tries again: a reset may arrive before the head of the answer, and then counts as an answer that never came. */
    private static final int FOR_GOOD = 30;

    static Stream<List<Fault>> lasting() {
        return Stream.of(
                Collections.<Fault>nCopies(FOR_GOOD, new Fault.Cut(0)),
                Stream.<Fault>concat(Stream.of(new Fault.Cut(SIZE - 1)), Collections.<Fault>nCopies(FOR_GOOD, new Fault.Cut(0)).stream()).toList(),
                List.of(new Fault.WrongLength(-1)),
                List.of(new Fault.WrongLength(1)),
                List.of(new Fault.Cut(SIZE / 2, true, () -> everyObject(Harm.CHANGED))),
                List.of(new Fault.Cut(SIZE / 2, true, () -> everyObject(Harm.GONE))));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void whatLastsNeverArrivesAsAWholeArchive(List<Fault> faults) throws Exception {
        proxy.fail(faults.toArray(Fault[]::new));

        try {
            assertThat(get("files/export?include=items").statusCode()).as("what was known before the first byte").isEqualTo(500);
        } catch (IOException e) {
            assertThat(e).as("what was known later").isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anObjectThatIsNotWhatWasStoredNeverArrivesAsAWholeArchive(Harm harm) throws Exception {
        everyObject(harm);

        assertThatThrownBy(() -> Archive.of(get("files/export?include=items").body())).isInstanceOf(IOException.class);
    }

    @Test
    void aCancelledDownloadLeavesTheRestInTheBucket() throws Exception {
        byte[] large = new byte[40_000_000];
        assertThat(send("PUT", "files/items/a/content", BodyPublishers.ofByteArray(large)).statusCode()).isEqualTo(200);
        proxy.sent();
        HttpResponse<InputStream> response =
                client.send(HttpRequest.newBuilder(uri("files/export?include=items")).build(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            assertThat(body.readNBytes(5000)).hasSize(5000);
        }

        await().untilAsserted(() -> assertThat(permits.taken()).isZero());
        assertThat(proxy.sent()).as("what was in flight").isLessThan(30_000_000);
    }

    /** What somebody else can do to an object. */
    enum Harm {
        CHANGED,
        SHORTER,
        LONGER,
        GONE
    }

    private static void everyObject(Harm harm) {
        try (S3Client direct = S3Server.direct()) {
            for (S3Object object : direct.listObjectsV2(list -> list.bucket("service")).contents()) {
                switch (harm) {
                    case CHANGED -> put(direct, object, SIZE);
                    case SHORTER -> put(direct, object, SIZE - 1);
                    case LONGER -> put(direct, object, SIZE + 1);
                    case GONE -> direct.deleteObject(delete -> delete.bucket("service").key(object.key()));
                }
            }
        }
    }

    private static void put(S3Client direct, S3Object object, int size) {
        direct.putObject(put -> put.bucket("service").key(object.key()), RequestBody.fromBytes(new byte[size]));
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> send(String method, String path, HttpRequest.BodyPublisher body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path)).method(method, body).header("Content-Type", "application/json").build(),
                BodyHandlers.ofByteArray());
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + "/api/v1/datasets" + (path.isEmpty() ? "" : "/" + path));
    }
}
