package io.datasetexport.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.info.BuildProperties;

class EditionTests {

    private static final Edition PLAIN = edition("1.0.0", Map.of());

    @ParameterizedTest
    @CsvSource({"public-url, https://export.example.com", "picture-memory, 32MB", "limits.annotation, 1MB"})
    void isAnotherOneWhereASettingChangesBytes(String name, String value) {
        assertThat(edition("1.0.0", Map.of("dataset-export." + name, value)).key()).isNotEqualTo(PLAIN.key());
    }

    @ParameterizedTest
    @CsvSource({"workers, 7", "kept-json, 1MB", "limits.exports, 3"})
    void isTheSameWhereASettingChangesNone(String name, String value) {
        assertThat(edition("1.0.0", Map.of("dataset-export." + name, value)).key()).isEqualTo(PLAIN.key());
    }

    @Test
    void isAnotherOneInTheNextVersion() {
        Edition next = edition("1.0.1", Map.of());
        assertThat(next.key()).isNotEqualTo(PLAIN.key());
        assertThat(next.program()).isEqualTo("dataset-export 1.0.1");
    }

    private static Edition edition(String version, Map<String, String> properties) {
        Properties build = new Properties();
        build.setProperty("artifact", "dataset-export");
        build.setProperty("version", version);
        Binder binder = new Binder(new MapConfigurationPropertySource(properties));
        return new Edition(
                binder.bindOrCreate("dataset-export", ExportSettings.class),
                binder.bindOrCreate("dataset-export.limits", Limits.class),
                new BuildProperties(build));
    }
}
