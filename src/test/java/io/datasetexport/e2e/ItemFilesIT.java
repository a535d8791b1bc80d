package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import io.datasetexport.access.Caller;
import io.datasetexport.export.ExportPermits;
import io.datasetexport.read.RowMemory;
import io.datasetexport.spool.SpoolStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Files of one item, beside the archive that holds the same ones. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "dataset-export.data-dir=target/item-files-it",
    "dataset-export.public-url=https://data.example.com",
    "dataset-export.files.largest=3MB",
    "dataset-export.demo=false"
})
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class ItemFilesIT {

    /** {@code /mix/all-types.png} of the golden dataset. */
    private static final String ALL = "mixed/items/0000000000000000000003f3";

    @LocalServerPort private int port;

    @Autowired private ExportPermits permits;

    @Autowired private SpoolStore spool;

    @Autowired private RowMemory memory;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void load(@LocalServerPort int port, @Autowired TestDatabase database) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            GoldenDataset.named("mixed").load(client, port);
        }
        SyntheticDataset.create(database, "big", 1, 16_000);
    }

    @AfterEach
    void nothingIsLeftOver() {
        await().untilAsserted(() -> {
            assertThat(permits.taken()).as("permits").isZero();
            assertThat(spool.used()).as("bytes in the spool").isZero();
            assertThat(memory.used()).as("memory for rows").isZero();
        });
        client.close();
    }

    @Test
    void annotationsAreTheBytesOfTheArchive() throws Exception {
        Archive archive = Archive.of(get("mixed/export?include=json").body());
        int compared = 0;
        for (String entry : archive.entries().keySet().stream().filter(name -> name.startsWith("json/")).toList()) {
            HttpResponse<byte[]> file = get("mixed/items/" + archive.json(entry).get("id").asString() + "/annotations");
            assertThat(file.statusCode()).isEqualTo(200);
            assertThat(file.body()).as(entry).isEqualTo(archive.entries().get(entry));
            compared++;
        }
        assertThat(compared).isEqualTo(14);
    }

    @Test
    void annotationsAreADownload() throws Exception {
        HttpResponse<byte[]> file = get(ALL + "/annotations");
        assertThat(header(file, "Content-Type")).isEqualTo("application/json");
        assertThat(header(file, "Content-Disposition")).startsWith("attachment; filename=\"all-types.png.json\"");
        assertThat(header(file, "Content-Length")).isEqualTo(Integer.toString(file.body().length));
        assertThat(file.headers().firstValue("X-Left-Out")).isEmpty();
    }

    @Test
    void anItemLargerThanMemoryShouldHoldIsTheSameToo() throws Exception {
        Archive archive = Archive.of(get("big/export?include=json").body());
        HttpResponse<byte[]> file = get("big/items/000000000000000000000001/annotations");
        assertThat(file.body()).hasSizeGreaterThan(10 << 20).isEqualTo(archive.entries().get("json/train/00000001.jpg.json"));
    }

    @Test
    void anItemIsItsJsonWithoutAnnotations() throws Exception {
        HttpResponse<byte[]> file = get(ALL);
        assertThat(header(file, "Content-Type")).isEqualTo("application/json");
        assertThat(file.headers().firstValue("Content-Disposition")).isEmpty();
        JsonNode whole = JsonMapper.shared().readTree(get(ALL + "/annotations").body());
        JsonNode item = JsonMapper.shared().readTree(file.body());
        assertThat(whole.get("annotations")).hasSize(14);
        ((ObjectNode) whole).remove("annotations");
        assertThat(item).isEqualTo(whole);
        assertThat(item.get("stream").asString()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',masks/combined/", "?label=cat,masks/labels/cat/", "?label=person,masks/labels/person/"})
    void aMaskIsTheBytesOfTheArchive(String query, String folder) throws Exception {
        Archive archive = Archive.of(get("mixed/export?include=masks").body());
        HttpResponse<byte[]> file = get(ALL + "/mask" + query);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(header(file, "Content-Type")).isEqualTo("image/png");
        assertThat(header(file, "Content-Disposition")).startsWith("attachment; filename=\"all-types.png.png\"");
        assertThat(file.body()).isEqualTo(archive.entries().get(folder + "mix/all-types.png.png"));
    }

    @ParameterizedTest
    @CsvSource({
        "mixed/items/0000000000000000000003f3/mask?label=dog,            404, not-found,     label",
        "mixed/items/0000000000000000000003f3/mask?label=no-such,        404, not-found,     label",
        "mixed/items/00000000000000000000040a/mask,                      404, not-found,     ",
        "mixed/items/00000000000000000000041e/mask,                      404, not-found,     ",
        "mixed/items/000000000000000000000407/mask,                      404, not-found,     ",
        "mixed/items/no-such/mask,                                       404, not-found,     ",
        "mixed/items/no-such/annotations,                                404, not-found,     ",
        "mixed/items/no-such,                                            404, not-found,     ",
        "no-such/items/0000000000000000000003f3,                         404, not-found,     ",
        "mixed/items/0000000000000000000003f3/mask?labl=cat,             400, unknown-field, labl",
        "mixed/items/0000000000000000000003f3/mask?label=cat&label=dog,  400, duplicate-key, label",
        "mixed/items/0000000000000000000003f3/annotations?label=cat,     400, unknown-field, label",
    })
    void refusesWhatIsNotThere(String path, int status, String problem, String place) throws Exception {
        HttpResponse<byte[]> refused = get(path);
        JsonNode body = JsonMapper.shared().readTree(refused.body());
        assertThat(refused.statusCode()).isEqualTo(status);
        assertThat(header(refused, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(body.get("type").asString()).isEqualTo("/problems/" + problem);
        assertThat(body.at("/errors/0/pointer").asString("")).isEqualTo(place == null ? "" : place);
    }

    @Test
    void saysHowManyAnnotationsItLeavesOut(@Autowired TestDatabase database) throws Exception {
        SyntheticDataset.create(database, "wide", 1, 4);
        SyntheticDataset.execute(database, "update annotation set coordinates = to_json(repeat('x', 9000000)), type = 'binary'"
                + " where ordinal = 1 and dataset_key = (select key from dataset where id = 'wide')");
        HttpResponse<byte[]> file = get("wide/items/000000000000000000000001/annotations");
        assertThat(header(file, "X-Left-Out")).isEqualTo("1");
        assertThat(JsonMapper.shared().readTree(file.body()).get("annotations")).hasSize(3);
        HttpResponse<byte[]> mask = get("wide/items/000000000000000000000001/mask");
        assertThat(mask.statusCode()).isEqualTo(422);
        assertThat(JsonMapper.shared().readTree(mask.body()).get("leftOut").asInt()).isEqualTo(1);
    }

    @Test
    void takesAPermitOrIsRefusedAtOnce() throws Exception {
        List<ExportPermits.Permit> taken = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                taken.add(permits.take(new Caller("someone-" + i, false)));
            }
            HttpResponse<byte[]> refused = get(ALL + "/annotations");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        } finally {
            taken.forEach(ExportPermits.Permit::close);
        }
        assertThat(get(ALL + "/annotations").statusCode()).isEqualTo(200);
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/api/v1/datasets/" + path)).build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
