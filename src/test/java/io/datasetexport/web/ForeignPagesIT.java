package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** In local mode, which asks nobody for a token: what a page that somebody opens in a browser on this machine can do. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
@DisabledIf(value = "io.datasetexport.web.Chromium#isMissing", disabledReason = "there is no Chromium on the PATH")
class ForeignPagesIT {

    private static final String DATASETS = "/api/v1/datasets";
    private static final String EXPORT = DATASETS + "/pages/export";

    @LocalServerPort private int port;

    @Autowired private TestDatabase database;

    private Chromium chromium;

    @BeforeEach
    void load() throws Exception {
        chromium = Chromium.shared();
        assertThat(new Wire(port).post(DATASETS, "{\"id\":\"pages\",\"name\":\"Pages\"}").status()).isEqualTo(201);
    }

    @AfterEach
    void remove() throws Exception {
        new Wire(port).send("DELETE", DATASETS + "/pages", "", new byte[0]);
    }

    @Test
    void aPageOfTheServiceItselfMayDoAll() throws Exception {
        chromium.open("http://localhost:" + port);

        assertThat(get(EXPORT)).isEqualTo("200");
        assertThat(exports()).isOne();
        assertThat(create("own")).startsWith("201 ");
        assertThat(new Wire(port).send("DELETE", DATASETS + "/own", "", new byte[0]).status()).isEqualTo(204);
    }

    @Test
    void aForeignPageReadsNothingAndStartsNothing() throws Exception {
        chromium.open("https://evil.example");

        String service = "http://localhost:" + port;
        assertThat(get(service + DATASETS)).isEqualTo("TypeError");
        assertThat(get(service + EXPORT)).isEqualTo("TypeError");
        assertThat(chromium.evaluate("fetch(%s, {mode: 'no-cors'}).then(() => 'read', failure => failure.name)"
                .formatted(Chromium.quoted(service + EXPORT))).stringValue()).isEqualTo("TypeError");
        assertThat(chromium.evaluate("new Promise(done => Object.assign(new Image(), {src: %s, onload: () => done('shown'), onerror: () => done('not shown')}))"
                .formatted(Chromium.quoted(service + EXPORT))).stringValue()).isEqualTo("not shown");
        assertThat(exports()).isZero();
    }

    /** The page's own name leads here: to the browser its requests stay at home, and go out without a preflight. */
    @Test
    void aPageWhoseNameWasReboundReadsNothingAndChangesNothing() throws Exception {
        chromium.open("http://" + Chromium.REBOUND + ":" + port);

        assertThat(get(DATASETS)).isEqualTo("403");
        assertThat(get(EXPORT)).isEqualTo("403");
        assertThat(create("evil")).startsWith("403 ").contains("/problems/forbidden");
        assertThat(exports()).isZero();
        assertThat(new Wire(port).get(DATASETS + "/evil").status()).isEqualTo(404);
    }

    private String get(String address) throws Exception {
        return chromium.evaluate("fetch(%s).then(answer => answer.arrayBuffer().then(() => '' + answer.status), failure => failure.name)"
                .formatted(Chromium.quoted(address))).stringValue();
    }

    private String create(String id) throws Exception {
        return chromium.evaluate("""
                fetch(%s, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: %s})
                    .then(async answer => answer.status + ' ' + await answer.text())
                """.formatted(Chromium.quoted(DATASETS), Chromium.quoted("{\"id\":\"" + id + "\",\"name\":\"n\"}"))).stringValue();
    }

    private int exports() {
        return JdbcClient.create(database.dataSource())
                .sql("select count(*) from export e join dataset d on d.key = e.dataset_key where d.id = 'pages'")
                .query(Integer.class)
                .single();
    }
}
