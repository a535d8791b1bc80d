package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.DatasetExportApplication;
import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
@OneAtATime
class StartupIT {

    private final TestDatabase database = TestDatabase.fresh();

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void refusesToListenForOthersAndSaysTheWayOut(CapturedOutput output) {
        assertThatThrownBy(() -> start("--server.address=0.0.0.0")).isInstanceOf(Exception.class);
        assertThat(output.getAll())
                .contains("APPLICATION FAILED TO START", "0.0.0.0", "dataset-export.access.trusted-network=true")
                .doesNotContain("\tat ");
    }

    @Test
    void listensForATrustedNetwork() throws IOException {
        try (var application = start("--server.address=0.0.0.0", "--dataset-export.access.trusted-network=true")) {
            int port = Integer.parseInt(application.getEnvironment().getProperty("local.server.port", "0"));
            Wire.Answer answer = new Wire(port)
                    .raw("GET /api/v1/datasets HTTP/1.1\r\nHost: export.example\r\nOrigin: https://export.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    private ConfigurableApplicationContext start(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--server.port=0");
        all.add("--spring.datasource.url=" + database.jdbcUrl());
        all.add("--spring.datasource.username=" + database.user());
        all.add("--spring.datasource.password=" + database.password());
        return SpringApplication.run(DatasetExportApplication.class, all.toArray(String[]::new));
    }
}
