package io.datasetexport.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReadyLineTests {

    @Test
    void namesTheExportOfTheDemoDataset() throws Exception {
        assertThat(arguments(ReadyLine.command(8080, "", true, true)))
                .containsExactly("-OJ", "http://localhost:8080/api/v1/datasets/demo/export?include=json,coco");
    }

    @Test
    void namesTheDatasetsWhenThereIsNoDemo() throws Exception {
        assertThat(arguments(ReadyLine.command(81, "/de", false, true))).containsExactly("http://localhost:81/de/api/v1/datasets");
    }

    @Test
    void leavesRoomForATokenWhereOneIsAskedFor() throws Exception {
        assertThat(arguments(ReadyLine.command(8080, "", true, false))).contains("-H", "Authorization: Bearer ");
    }

    /** What a shell makes of the command. */
    private static String[] arguments(String command) throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", command.replaceFirst("^curl ", "printf '%s\\\\n' ")).start();
        String[] arguments = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n");
        assertThat(shell.waitFor()).isZero();
        assertThat(URI.create(arguments[arguments.length - 1]).getPath()).contains("/api/v1/datasets");
        return arguments;
    }
}
