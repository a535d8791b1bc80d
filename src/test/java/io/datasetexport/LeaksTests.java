package io.datasetexport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LeaksTests {

    private static final Logger log = LoggerFactory.getLogger(LeaksTests.class);

    @ParameterizedTest
    @ValueSource(strings = {
        "dxp_AbCdEfGhIjKl", "/api/v1/exports/links/dxl_AbCdEfGhIjKl", "eyJhbGciOiJSUzI1NiJ9.e30.x", "Authorization: bearer AbCdEfGhIjKl",
        "SQL [select key from dataset where id = ?]", "INSERT INTO item values", "update item set key = 1", "delete from item where"
    })
    void findsTokensAndStatements(String text) {
        assertThat(Leaks.in("before " + text + " after")).hasSize(1);
    }

    @Test
    void findsWhereFilesAre() {
        Path here = Path.of("target", "data", "files").toAbsolutePath();
        assertThat(Leaks.in("NoSuchFileException: " + here)).isNotEmpty();
        assertThat(Leaks.in("No spring.datasource.url is set: using the embedded PostgreSQL in " + here + " at jdbc:postgresql://localhost/x")).isEmpty();
        assertThat(Leaks.in("The spool is in " + here)).isNotEmpty();
    }

    @Test
    void readsTheLogAndWhatWasThrown() {
        log.error("Authorization: Bearer AbCdEfGhIjKl");
        log.error("It failed", new IllegalStateException("because", new IllegalStateException("of select key from dataset ")));
        log.info("Nothing is wrong");
        assertThat(LogWatch.found()).hasSize(2);
    }
}
