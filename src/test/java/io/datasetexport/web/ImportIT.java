package io.datasetexport.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.io.IOException;
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

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "server.tomcat.connection-timeout=2s")
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class ImportIT {

    private static final String IMPORT = "/api/v1/datasets/cats/import";
    private static final String JSON = "application/json";

    @LocalServerPort private int port;

    @Autowired private JdbcClient jdbc;

    private Wire wire;

    @BeforeEach
    void aDataset() throws IOException {
        wire = new Wire(port);
        jdbc.sql("delete from dataset").update();
        wire.post("/api/v1/datasets", "{\"id\":\"cats\",\"name\":\"Cats\"}");
    }

    @Test
    void answersWhatWasImported() throws IOException {
        Wire.Answer answer = send(IMPORT, "application/x-ndjson; charset=utf-8",
                "{\"id\":\"i\",\"annotations\":[{\"type\":\"class\",\"label\":\"cat\"}]}\n{\"id\":\"j\"}\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(
                "{\"items\":2,\"annotations\":1,\"created\":2,\"replaced\":0,\"files\":0,\"labelsAdded\":[\"cat\"],\"labelsUnknown\":[],\"lost\":[]}");
        assertThat(wire.get("/api/v1/datasets/cats").json().get("annotations").intValue()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "/api/v1/datasets/dogs/import|application/json|{}|404|not-found",
        "?format=voc|application/json|{}|400|unknown-format",
        "?labels=some|application/json|{}|400|validation",
        "?lables=add|application/json|{}|400|unknown-field",
        "|text/csv|{}|415|unsupported-media-type",
        "||{}|415|unsupported-media-type",
        "|application/json; charset=utf-16|{}|415|unsupported-charset",
        "|application/json||400|malformed-json",
        "|application/json|{|400|malformed-json",
        "|application/json|[{'id':'a'},{}]|422|bad-record",
    })
    void refusesAWrongRequest(String target, String type, String body, int status, String problem) throws IOException {
        String path = target == null ? IMPORT : target.startsWith("?") ? IMPORT + target : target;
        Wire.Answer answer = send(path, type, body == null ? "" : body.replace('\'', '"'));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.problem()).isEqualTo(problem);
        assertThat(jdbc.sql("select count(*) from item").query(Long.class).single()).isZero();
    }

    @Test
    void saysWhichRecordIsBadAndWhere() throws IOException {
        Wire.Answer answer = send(IMPORT, JSON, "[{\"id\":\"a\"},{\"id\":\"b\",\"annotations\":[{\"label\":\"x\"}]}]");

        assertThat(answer.json().get("record").intValue()).isEqualTo(2);
        assertThat(answer.body()).contains("/1/annotations/0").contains("The annotation has no type.");
    }

    @Test
    void answersAClientThatIsStillSending() throws IOException {
        String body = "[1," + "{\"id\":\"a\"},".repeat(1_000_000) + "{}]";

        assertThat(send(IMPORT, JSON, body).problem()).isEqualTo("bad-record");
    }

    @Test
    void changesNothingWhenTheClientStopsInTheMiddle() throws IOException {
        Wire.Answer answer = wire.raw(("POST " + IMPORT + " HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{\"id\":\"a\"},").getBytes(UTF_8));

        assertThat(answer.status()).isEqualTo(408);
        assertThat(jdbc.sql("select count(*) from item").query(Long.class).single()).isZero();
    }

    @Test
    void changesLabelsAndDeletes() throws IOException {
        send(IMPORT, JSON, "{\"id\":\"a b\",\"annotations\":[{\"type\":\"class\",\"label\":\"cat\"}]}");
        Wire.Answer labels = put("{\"labels\":[{\"tag\":\"feline\",\"number\":0,\"children\":[{\"tag\":\"lynx\"}]}]}");

        assertThat(labels.status()).as(labels.body()).isEqualTo(200);
        assertThat(labels.json().get("labels").values().stream().map(l -> l.get("number").intValue() + " " + l.get("path").stringValue()))
                .containsExactly("0 feline", "1 feline.lynx");
        assertThat(put("{\"labels\":[{\"tag\":\"\"}]}").problem()).isEqualTo("validation");
        assertThat(put("{\"labels\":[{\"name\":\"x\"}]}").problem()).isEqualTo("unknown-field");
        assertThat(delete("/api/v1/datasets/cats/items/nope").status()).isEqualTo(404);
        assertThat(delete("/api/v1/datasets/cats/items/a%20b").status()).isEqualTo(204);
        assertThat(delete("/api/v1/datasets/cats").status()).isEqualTo(204);
        assertThat(delete("/api/v1/datasets/cats").status()).isEqualTo(404);
    }

    private Wire.Answer send(String target, String type, String body) throws IOException {
        return wire.send("POST", target, type == null ? "" : "Content-Type: " + type + "\r\n", body.getBytes(UTF_8));
    }

    private Wire.Answer put(String body) throws IOException {
        return wire.send("PUT", "/api/v1/datasets/cats/labels", "Content-Type: application/json\r\n", body.getBytes(UTF_8));
    }

    private Wire.Answer delete(String target) throws IOException {
        return wire.send("DELETE", target, "", new byte[0]);
    }
}
