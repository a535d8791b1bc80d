package io.datasetexport.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;

// A name of its own makes it start here, where its log is read, and not be taken over from another class.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = {"dataset-export.demo=true", "dataset-export.instance=demo-dataset-it"})
@Import(DatabaseTestConfiguration.class)
@ExtendWith(OutputCaptureExtension.class)
@DirtiesContext
@OneAtATime
class DemoDatasetIT {

    @Autowired JdbcClient jdbc;

    @Autowired DemoDataset demo;

    @LocalServerPort int port;

    @Test
    void isLoadedBeforeTheServiceSaysThatItIsReady(CapturedOutput output) {
        String ready = "Ready. Try: curl -OJ \"http://localhost:" + port + "/api/v1/datasets/demo/export?include=json,coco\"";
        assertThat(output.getAll()).containsOnlyOnce("Ready. Try").containsSubsequence("annotations into demo, ", ready);
    }

    @Test
    void isLoadedOnlyOnce() throws Exception {
        jdbc.sql("delete from item where filename like '/park/%'").update();
        long left = count("item");
        demo.run(new DefaultApplicationArguments());
        assertThat(count("item")).isEqualTo(left).isLessThan(DemoScenes.items().size());
    }

    @Test
    void aStartThatWasCutShortIsMadeGood() throws Exception {
        jdbc.sql("delete from item").update();
        demo.run(new DefaultApplicationArguments());
        assertThat(count("item")).isEqualTo(DemoScenes.items().size());
        assertThat(count("annotation")).isGreaterThan(500);
        assertThat(count("label")).isEqualTo(DemoLabels.all().size());
    }

    private long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }
}
