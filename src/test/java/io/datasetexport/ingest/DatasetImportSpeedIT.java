package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.OneAtATime;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.LoggerFactory;

/** How fast a large file of items goes in: {@code -Dimport.file=items.ndjson}. */
@EnabledIfSystemProperty(named = "import.file", matches = ".+")
@OneAtATime
class DatasetImportSpeedIT {

    @Test
    void writesFiftyThousandAnnotationsASecond() throws IOException {
        Path file = Path.of(System.getProperty("import.file"));
        try (TestDataset dataset = new TestDataset()) {
            for (int round = 1; round <= 2; round++) {
                long start = System.nanoTime();
                ImportReport report;
                try (var in = new BufferedInputStream(Files.newInputStream(file))) {
                    report = dataset.load(in, ImportOptions.Body.NDJSON, ImportOptions.Labels.AUTO);
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                double rate = report.annotations() / seconds;
                LoggerFactory.getLogger(getClass()).info(
                        "Round {}: {} items, {} annotations, {} MB in {} s: {} annotations a second", round, report.items(),
                        report.annotations(), Files.size(file) / 1_000_000, Math.round(seconds * 10) / 10.0, Math.round(rate));
                assertThat(round == 1 ? report.created() : report.replaced()).isEqualTo(report.items());
                if (round == 1) {
                    assertThat(rate).isGreaterThan(Double.parseDouble(System.getProperty("import.rate", "50000")));
                }
            }
        }
    }
}
