package io.datasetexport.format.voc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.text.Utf8Buffer;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PythonValuesTests {

    @Test
    void spellsContainersAsPythonDoes() throws IOException {
        try (InputStream vectors = getClass().getResourceAsStream("/golden/vectors/python-container-repr.json")) {
            JsonNode records = JsonMapper.shared().readTree(vectors);
            assertThat(records).hasSize(10);
            for (JsonNode record : records) {
                JsonNode value = record.get("value");
                String json = value.isString() ? "[" + value + "]" : value.toString();
                assertThat(repr(json)).isEqualTo(record.get("repr").asString());
            }
        }
    }

    @Test
    void keepsWholeNumbersOfAnySize() {
        assertThat(repr("[12345678901234567890123, -0, 1e400, -0.0]")).isEqualTo("[12345678901234567890123, 0, inf, -0.0]");
    }

    @Test
    void appendsNothingOfDamagedJson() {
        Utf8Buffer out = new Utf8Buffer().append('x');
        assertThat(PythonValues.append(out, "[\"a\", ".getBytes(UTF_8))).isFalse();
        assertThat(out).hasToString("x");
    }

    private static String repr(String json) {
        Utf8Buffer out = new Utf8Buffer();
        assertThat(PythonValues.append(out, json.getBytes(UTF_8))).isTrue();
        return out.toString();
    }
}
