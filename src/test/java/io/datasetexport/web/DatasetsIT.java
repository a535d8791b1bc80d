package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class DatasetsIT {

    private static final String DATASETS = "/api/v1/datasets";

    @LocalServerPort private int port;

    @Autowired private JdbcClient jdbc;

    private Wire wire;

    @BeforeEach
    void nothing() {
        wire = new Wire(port);
        jdbc.sql("delete from dataset").update();
    }

    @Test
    void createsADatasetAndSaysWhereItIs() throws IOException {
        Wire.Answer created = wire.post(DATASETS, "{\"name\":\"Cats\"}");
        assertThat(created.status()).isEqualTo(201);
        String id = created.json().get("id").stringValue();
        assertThat(id).matches("[0-9a-f]{24}");
        assertThat(created.header("location")).isEqualTo(DATASETS + "/" + id);
        assertThat(wire.get(created.header("location")).body()).isEqualTo(created.body());
        JsonNode dataset = created.json();
        assertThat(dataset.get("name").stringValue()).isEqualTo("Cats");
        assertThat(dataset.get("projectId").stringValue()).isEqualTo("default");
        assertThat(dataset.get("storage").stringValue()).isEqualTo("own");
        assertThat(dataset.get("items").intValue()).isZero();
        assertThat(dataset.get("annotations").intValue()).isZero();
        assertThat(dataset.get("ontology").isNull()).isTrue();
    }

    @Test
    void numbersLabelsInCodePointOrderOfTheirPaths() throws IOException {
        JsonNode dataset = wire.post(
                DATASETS,
                "{\"name\":\"n\",\"labels\":[{\"tag\":\"dog\",\"color\":\"#00ff00\",\"children\":[{\"tag\":\"white\"},{\"tag\":\"black\"}]},"
                        + "{\"tag\":\"Zebra\"},{\"tag\":\"cat\",\"color\":\"rgb(7,8,9)\"},{\"tag\":\"é/è\"},{\"tag\":\"😀\"},{\"tag\":\"\uff5a\"}]}")
                .json();
        assertThat(dataset.get("labels").values().stream().map(l -> l.get("number").intValue() + " " + l.get("path").stringValue()))
                .containsExactly("0 Zebra", "1 cat", "2 dog", "3 dog.black", "4 dog.white", "5 é/è", "6 \uff5a", "7 😀");
        assertThat(dataset.get("labels").get(1).get("color").stringValue()).isEqualTo("rgb(7,8,9)");
        assertThat(dataset.get("labels").get(3).get("segments")).hasSize(2);
        assertThat(dataset.get("labels").get(5).get("folder").stringValue()).isEqualTo("é_è");
        assertThat(jdbc.sql("select next_label_number from dataset").query(Integer.class).single()).isEqualTo(8);
    }

    @Test
    void labelsWhoseFoldersWouldMeetGetTheirOwn() throws IOException {
        JsonNode labels = wire.post(DATASETS, "{\"name\":\"n\",\"labels\":[{\"tag\":\"a:b\"},{\"tag\":\"A?b\"},{\"tag\":\"a*b\"}]}").json().get("labels");
        assertThat(labels.values().stream().map(l -> l.get("folder").stringValue().toLowerCase(Locale.ROOT))).doesNotHaveDuplicates();
    }

    @Test
    void keepsOntologyAndRecipeAsTheyAre() throws IOException {
        String ontology =
                "{ \"roots\": [{\"value\":{\"tag\":\"cat\",\"color\":\"#FF0000\",\"x\":1.0},\"children\":[{\"value\":{\"tag\":\"ear\"},\"children\":[]}]}],"
                        + " \"metadata\":{\"n\":1e5} }";
        String recipe = "{\"id\" : \"r\"}";
        Wire.Answer created = wire.post(DATASETS, "{\"name\":\"n\",\"ontology\":" + ontology + ",\"recipe\":" + recipe + "}");
        assertThat(created.body()).contains("\"ontology\":" + ontology, "\"recipe\":" + recipe);
        assertThat(created.json().get("labels").values().stream().map(l -> l.get("path").stringValue())).containsExactly("cat", "cat.ear");
    }

    @Test
    void countsWhatPlainSqlWritesAndMovesTheRevision() throws IOException {
        String first = wire.post(DATASETS, "{\"id\":\"d\",\"name\":\"n\"}").json().get("revision").stringValue();
        jdbc.sql("insert into item (dataset_key, id, filename, dir, name) select key, i::text, '/' || i, '/', i::text from dataset, generate_series(1, 3) i")
                .update();
        jdbc.sql("insert into annotation (item_key, ordinal, dataset_key, id, type) select i.key, o, i.dataset_key, o::text, 'box' from item i,"
                + " generate_series(1, 2) o").update();
        JsonNode dataset = wire.get(DATASETS + "/d").json();
        assertThat(dataset.get("items").intValue()).isEqualTo(3);
        assertThat(dataset.get("annotations").intValue()).isEqualTo(6);
        assertThat(dataset.get("revision").stringValue()).isNotEqualTo(first);
        jdbc.sql("delete from annotation where ordinal = 1").update();
        assertThat(wire.get(DATASETS + "/d").json().get("annotations").intValue()).isEqualTo(3);
    }

    @Test
    void listsDatasetsById() throws IOException {
        wire.post(DATASETS, "{\"id\":\"b\",\"name\":\"B\"}");
        wire.post(DATASETS, "{\"id\":\"a\",\"name\":\"A\"}");
        wire.post(DATASETS, "{\"id\":\"Z\",\"name\":\"Z\"}");
        assertThat(wire.get(DATASETS).json().values().stream().map(d -> d.get("id").stringValue())).containsExactly("Z", "a", "b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{}                                                        | 400 | validation    | /name",
        "{\"name\":\" \"}                                          | 400 | validation    | /name",
        "{\"name\":\"a\\nb\"}                                      | 400 | validation    | /name",
        "{\"name\":\"n\",\"id\":\"a/b\"}                           | 400 | validation    | /id",
        "{\"name\":\"n\",\"id\":\"..\"}                            | 400 | validation    | /id",
        "{\"name\":\"n\",\"id\":\"\"}                              | 400 | validation    | /id",
        "{\"name\":\"n\",\"id\":\"taken\"}                         | 409 | conflict      | /id",
        "{\"name\":\"n\",\"projectId\":\"no-such\"}                | 404 | not-found     | /projectId",
        "{\"name\":\"n\",\"label\":[]}                             | 400 | unknown-field | /label",
        "{\"name\":\"n\",\"labels\":{}}                            | 400 | validation    | /labels",
        "{\"name\":\"n\",\"labels\":[{}]}                          | 400 | validation    | /labels/0/tag",
        "{\"name\":\"n\",\"labels\":[{\"tag\":\"a\",\"colour\":\"#fff\"}]} | 400 | unknown-field | /labels/0/colour",
        "{\"name\":\"n\",\"labels\":[{\"tag\":\"a\"},{\"tag\":\"a\"}]} | 400 | validation | /labels/1/tag",
        "{\"name\":\"n\",\"labels\":[{\"tag\":\"a\",\"children\":[{\"tag\":\"b\"}]},{\"tag\":\"a.b\"}]} | 400 | validation | /labels/1/tag",
        "{\"name\":\"n\",\"ontology\":[]}                          | 400 | validation    | /ontology",
        "{\"name\":\"n\",\"ontology\":{\"roots\":[{\"value\":{}}]}} | 400 | validation   | /ontology/roots/0/value/tag",
        "{\"name\":\"n\",\"recipe\":\"r\"}                         | 400 | validation    | /recipe",
    })
    void refusesAWrongDataset(String body, int status, String type, String pointer) throws IOException {
        wire.post(DATASETS, "{\"id\":\"taken\",\"name\":\"n\"}");
        Wire.Answer answer = wire.post(DATASETS, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.problem()).isEqualTo(type);
        assertThat(answer.json().get("errors").get(0).get("pointer").stringValue()).isEqualTo(pointer);
        assertThat(jdbc.sql("select count(*) from dataset").query(Integer.class).single()).isEqualTo(1);
    }

    @Test
    void saysWhichLimitsAreInForce() throws IOException {
        JsonNode limits = wire.get("/api/v1/limits").json();
        assertThat(limits.get("concurrentExports").intValue()).isEqualTo(16);
        assertThat(limits.get("concurrentExportsPerCaller").intValue()).isEqualTo(4);
        assertThat(limits.get("itemIds").intValue()).isEqualTo(10_000);
        assertThat(limits.get("bodyBytes").intValue()).isEqualTo(1 << 20);
        assertThat(limits.get("annotationBytes").intValue()).isEqualTo(8 << 20);
    }
}
