package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Three thousand items, one in five hidden, each with a cat or a dog. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class QueryIT {

    private static final String DATASET = "/api/v1/datasets/d";

    @LocalServerPort private int port;

    @Autowired private JdbcClient jdbc;

    private Wire wire;

    @BeforeEach
    void store() throws IOException {
        wire = new Wire(port);
        if (wire.get(DATASET).status() == 200) {
            return;
        }
        wire.post("/api/v1/datasets", "{\"id\":\"d\",\"name\":\"D\"}");
        String items = IntStream.rangeClosed(1, 3000)
                .mapToObj(i -> "{\"id\":\"i" + i + "\",\"filename\":\"/" + i % 7 + "/" + i + ".jpg\",\"hidden\":" + (i % 5 == 0) + ",\"createdAt\":"
                        + (i % 3 == 0 ? "null" : "\"2022-05-0" + (1 + i % 9) + "T00:00:00.000Z\"") + ",\"creator\":\"u" + i % 4
                        + "\",\"metadata\":{\"user\":{\"n\":" + i
                        + "}},\"annotations\":[{\"id\":\"a" + i + "\",\"type\":\"box\",\"label\":\"" + (i % 2 == 0 ? "cat" : "dog")
                        + "\",\"attributes\":[],\"coordinates\":[{\"x\":1.0,\"y\":2},{\"x\":3,\"y\":4}],\"metadata\":{}}]}")
                .collect(Collectors.joining("\n"));
        Wire.Answer loaded = wire.send(
                "POST", DATASET + "/import", "Content-Type: application/x-ndjson\r\n", items.getBytes(StandardCharsets.UTF_8));
        assertThat(loaded.status()).as(loaded.body()).isEqualTo(200);
    }

    @Test
    void aPageHoldsItemsAsTheyAreExportedButWithoutAnnotations() throws IOException {
        Wire.Answer answer = items("{\"filter\":{\"id\":\"i8\"}}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        JsonNode page = answer.json();
        assertThat(page.get("totalItemsCount").intValue()).isEqualTo(1);
        assertThat(page.get("totalPagesCount").intValue()).isEqualTo(1);
        assertThat(page.get("hasNextPage").booleanValue()).isFalse();
        JsonNode item = page.get("items").get(0);
        assertThat(item.get("filename").stringValue()).isEqualTo("/1/8.jpg");
        assertThat(item.get("datasetId").stringValue()).isEqualTo("d");
        assertThat(item.get("metadata").get("user").get("n").intValue()).isEqualTo(8);
        assertThat(item.has("annotations")).isFalse();
    }

    @Test
    void annotationsComeWithTheirItemsId() throws IOException {
        JsonNode page = annotations("{\"filter\":{\"label\":\"cat\"},\"pageSize\":3}").json();

        assertThat(page.get("totalItemsCount").intValue()).isEqualTo(1500);
        assertThat(page.get("totalPagesCount").intValue()).isEqualTo(500);
        assertThat(page.get("hasNextPage").booleanValue()).isTrue();
        assertThat(page.get("items").values().stream().map(a -> a.get("itemId").stringValue() + " " + a.get("id").stringValue()))
                .containsExactly("i1008 a1008", "i1022 a1022", "i1036 a1036");
        assertThat(annotations("{\"filter\":{\"label\":\"cat\"},\"pageSize\":3}").body()).contains("\"coordinates\":[{\"x\":1.0,\"y\":2},{\"x\":3,\"y\":4}]");
    }

    /** The driver changes how it sends and reads a statement that it has seen a few times. */
    @Test
    void aQueryThatIsAskedOftenKeepsItsAnswer() throws IOException {
        for (String query : List.of("{\"filter\":{\"label\":\"cat\"},\"pageSize\":3}", "{\"filter\":{\"id\":\"a8\"}}")) {
            String first = annotations(query).body();
            for (int i = 0; i < 12; i++) {
                assertThat(annotations(query).body()).isEqualTo(first);
            }
        }
    }

    @Test
    void totalsAreLeftOutWhenNobodyWantsThem() throws IOException {
        JsonNode page = items("{\"filter\":{},\"countTotal\":false,\"pageSize\":2}").json();

        assertThat(page.propertyNames()).containsExactlyInAnyOrder("hasNextPage", "items");
        assertThat(page.get("hasNextPage").booleanValue()).isTrue();
    }

    @Test
    void aPageOfNothingCounts() throws IOException {
        JsonNode page = items("{\"filter\":{},\"pageSize\":0}").json();

        assertThat(page.get("totalItemsCount").intValue()).isEqualTo(2400);
        assertThat(page.get("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"filter\":{}",
        "\"filter\":{\"hidden\":{\"$in\":[true,false]}}",
        "\"filter\":{\"metadata.user.n\":{\"$lte\":700}}",
        "\"filter\":{},\"sort\":{\"id\":\"descending\"}",
        "\"filter\":{},\"sort\":{\"createdAt\":\"descending\"}",
        "\"filter\":{},\"sort\":{\"creator\":\"ascending\",\"filename\":\"descending\"}",
        "\"filter\":{\"hidden\":{\"$in\":[true,false]}},\"sort\":{\"dir\":\"ascending\",\"name\":\"ascending\"}",
        "\"filter\":{\"metadata.user.n\":{\"$lte\":700}},\"sort\":{\"createdAt\":\"ascending\"}"
    })
    void pagesHoldEachRowOnceInOrder(String query) throws IOException {
        List<String> whole = new ArrayList<>();
        for (int page = 0; page < 3; page++) {
            whole.addAll(ids(items("{" + query + ",\"pageSize\":1000,\"page\":" + page + "}")));
        }
        // Forwards each page knows where the one before ended; backwards none does.
        List<String> forwards = new ArrayList<>();
        List<String> backwards = new ArrayList<>();
        for (int page = 0; page * 190 < whole.size(); page++) {
            forwards.addAll(ids(items("{" + query + ",\"pageSize\":190,\"page\":" + page + "}")));
        }
        for (int page = 30; page >= 0; page--) {
            backwards.addAll(0, ids(items("{" + query + ",\"pageSize\":110,\"page\":" + page + "}")));
        }

        assertThat(whole).doesNotHaveDuplicates().hasSizeGreaterThan(500);
        assertThat(forwards).isEqualTo(whole);
        assertThat(backwards).isEqualTo(whole);
    }

    @Test
    void pagesOfAnnotationsHoldEachOnce() throws IOException {
        for (String sort : List.of("", ",\"sort\":{\"label\":\"descending\"}")) {
            List<String> pages = new ArrayList<>();
            for (int page = 0; page < 4; page++) {
                pages.addAll(ids(annotations("{\"filter\":{}" + sort + ",\"pageSize\":900,\"page\":" + page + "}")));
            }
            assertThat(pages).hasSize(3000).doesNotHaveDuplicates();
        }
    }

    @Test
    void aPageAfterAChangeIsNotOutOfDate() throws IOException {
        String second = "{\"filter\":{\"hidden\":{\"$in\":[true,false]}},\"pageSize\":10,\"page\":1}";
        items(second.replace("\"page\":1", "\"page\":0"));
        List<String> before = ids(items(second));
        jdbc.sql("insert into item (dataset_key, id, filename, dir, name) select key, 'first', '/', '/', 'first' from dataset where id = 'd'").update();
        try {
            List<String> after = ids(items(second));

            assertThat(after.subList(1, 10)).isEqualTo(before.subList(0, 9));
        } finally {
            jdbc.sql("delete from item where id = 'first'").update();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"filter\":{}}",
        "{\"filter\":{\"metadata.user.n\":{\"$gt\":2900}}}",
        "{\"filter\":{},\"join\":{\"on\":{\"resource\":\"annotations\",\"local\":\"itemId\",\"forigen\":\"id\"},\"filter\":{\"label\":\"cat\"}}}"
    })
    void anExportHoldsWhatThePagesList(String query) throws Exception {
        List<String> listed = new ArrayList<>();
        for (int page = 0; page < 3; page++) {
            listed.addAll(ids(items(query.replaceFirst("\\{", "{\"page\":" + page + ","))));
        }

        assertThat(exported("{\"scope\":{\"type\":\"query\",\"query\":" + query + "}}")).isEqualTo(listed);
        assertThat(exportedByLink("query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))).isEqualTo(listed);
    }

    @Test
    void aSearchTextIsAQueryToo() throws Exception {
        String text = "metadata.user.n > 2990 AND dir IN ('/1','/2')";
        List<String> listed = ids(items("{\"filter\":\"" + text + "\"}"));

        assertThat(listed).hasSizeBetween(1, 5);
        assertThat(exported("{\"scope\":{\"type\":\"query\",\"query\":\"" + text + "\"}}")).isEqualTo(listed);
        assertThat(exportedByLink("query=" + URLEncoder.encode(text, StandardCharsets.UTF_8))).isEqualTo(listed);
        assertThat(ids(annotations("{\"filter\":\"label = 'cat'\",\"pageSize\":2}"))).hasSize(2);
    }

    @Test
    void anExportOfSelectedItemsHoldsThemAndListsTheMissing() throws Exception {
        assertThat(exported("{\"scope\":{\"type\":\"items\",\"itemIds\":[\"i7\",\"i5\"]}}")).containsExactly("i7", "i5");
        assertThat(exportedByLink("itemIds=i7,i5")).containsExactly("i7", "i5");

        Wire.Answer refused = wire.post(DATASET + "/export", "{\"scope\":{\"type\":\"items\",\"itemIds\":[\"i7\""
                + IntStream.range(0, 30).mapToObj(i -> ",\"x" + i + "\"").collect(Collectors.joining()) + "]}}");
        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.problem()).isEqualTo("items-not-found");
        assertThat(refused.json().get("count").intValue()).isEqualTo(30);
        assertThat(refused.json().get("items")).hasSize(20);

        Map<String, String> entries = entries(archive("{\"scope\":{\"type\":\"items\",\"itemIds\":[\"i7\",\"nobody\"]},\"options\":{\"missing\":\"report\"}}"));
        assertThat(entries.get("_export/skipped.ndjson"))
                .isEqualTo("{\"format\":\"json\",\"effect\":\"left-out\",\"reason\":\"missing-item\",\"item\":\"nobody\"}\n");
        JsonNode manifest = JsonMapper.shared().readTree(entries.get("_export/manifest.json"));
        assertThat(manifest.get("items").intValue()).isEqualTo(1);
        assertThat(manifest.get("formats").get("json").get("leftOut").get("missing-item").intValue()).isEqualTo(1);
    }

    @Test
    void anExportKeepsTheAnnotationsThatAQueryFinds() throws Exception {
        Map<String, String> entries = entries(archive("{\"scope\":{\"type\":\"items\",\"itemIds\":[\"i7\",\"i8\"]},"
                + "\"annotationsQuery\":{\"filter\":{\"label\":\"cat\"}}}"));

        assertThat(JsonMapper.shared().readTree(entries.get("json/0/7.jpg.json")).get("annotations")).isEmpty();
        assertThat(JsonMapper.shared().readTree(entries.get("json/1/8.jpg.json")).get("annotations")).hasSize(1);
        assertThat(JsonMapper.shared().readTree(entries.get("_export/manifest.json")).get("request").get("annotationsQuery").toString())
                .isEqualTo("{\"filter\":{\"label\":\"cat\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"filter\":{\"$where\":1}}", "{\"filter\":{},\"limit\":5}", "{\"filter\":{},\"update\":{}}", "{}", "[]",
        "{\"filter\":{},\"page\":-1}"})
    void aWrongQueryIsRefused(String query) throws IOException {
        assertThat(items(query).status()).isEqualTo(400);
        assertThat(annotations(query).status()).isEqualTo(400);
    }

    @Test
    void aDatasetThatIsNotThereHasNoPages() throws IOException {
        assertThat(wire.post("/api/v1/datasets/nobody/items/query", "{\"filter\":{}}").status()).isEqualTo(404);
    }

    private Wire.Answer items(String query) throws IOException {
        return wire.post(DATASET + "/items/query", query);
    }

    private Wire.Answer annotations(String query) throws IOException {
        return wire.post(DATASET + "/annotations/query", query);
    }

    private static List<String> ids(Wire.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().get("items").values().stream().map(item -> item.get("id").stringValue()).toList();
    }

    private List<String> exported(String request) throws Exception {
        return ids(entries(archive(request)));
    }

    private List<String> exportedByLink(String parameters) throws Exception {
        return ids(entries(send(HttpRequest.newBuilder(uri("/export?" + parameters)).build())));
    }

    private byte[] archive(String request) throws Exception {
        return send(HttpRequest.newBuilder(uri("/export"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request))
                .build());
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + DATASET + path);
    }

    private static byte[] send(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).as(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo(200);
            return response.body();
        }
    }

    private static List<String> ids(Map<String, String> entries) {
        return entries.get("_export/items.csv").lines().skip(1).map(line -> line.split(",")[0]).toList();
    }

    private static Map<String, String> entries(byte[] archive) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }
}
