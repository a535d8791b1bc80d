package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.datasetexport.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that takes 4 MB of the spool and no more. */
class SpoolDiskFullIT {

    /** A small file system over the folder where one may be mounted; elsewhere files may not become larger. */
    private static final String ON_A_SMALL_DISK = "mount -t tmpfs -o size=4m none \"$0\" && exec \"$@\"";
    private static final String WITH_SMALL_FILES = "ulimit -f 8192; exec \"$@\"";

    @TempDir Path folder;

    @Test
    void aFullDiskCutsTheArchiveAndIsGivenBack() throws Exception {
        try (TestDatabase database = TestDatabase.fresh()) {
            SyntheticDataset.create(database, "small", 20, 2);
            SyntheticDataset.create(database, "large", 2500, 1);
            // Text that hardly compresses: some 30 MB, more than sockets and the disk hold.
            SyntheticDataset.execute(database, "update annotation set metadata = json_build_object('user', json_build_object('note',"
                    + " (select string_agg(md5(annotation.id || n), '') from generate_series(1, 620) n)))"
                    + " where dataset_key = (select key from dataset where id = 'large')");
            try (ServiceProcess service = ServiceProcess.startUnder(
                    smallDisk(Files.createDirectories(folder.resolve("data"))),
                    database,
                    folder,
                    "256m",
                    "--dataset-export.demo=false",
                    "--dataset-export.limits.exports-per-caller=1")) {
                for (int run = 1; run <= 2; run++) {
                    byte[] part = downloadLate(service, database);

                    assertThat(new String(part, 0, 15, StandardCharsets.US_ASCII)).as("it had begun").isEqualTo("HTTP/1.1 200 \r\n");
                    assertThat(new String(part, part.length - 5, 5, StandardCharsets.US_ASCII)).as("no last chunk").isNotEqualTo("0\r\n\r\n");
                    assertThatThrownBy(() -> Archive.of(part)).isInstanceOf(IOException.class);
                }
                assertThat(spooled(service)).as("files in the spool").isZero();
                assertThat(SyntheticDataset.count(database, "select count(*) from export where state = 'failed' and reason = 'spool-disk'"))
                        .isEqualTo(2);
                assertThat(small(service).manifest().get("items").asInt()).isEqualTo(20);
                assertThat(service.log().lines().filter(line -> line.contains("was cut"))).hasSize(2).allSatisfy(line -> assertThat(line)
                        .containsPattern("Export .* of dataset large was cut, spool-disk: .*(No space left on device|File too large)"));
                assertThat(service.log()).doesNotContain("\tat ");
            }
        }
    }

    private static List<String> smallDisk(Path disk) throws IOException, InterruptedException {
        List<String> mount = List.of("unshare", "-rm", "sh", "-c", ON_A_SMALL_DISK, disk.toString());
        try {
            if (new ProcessBuilder(Stream.concat(mount.stream(), Stream.of("true")).toList()).start().waitFor() == 0) {
                return mount;
            }
        } catch (IOException e) {
            // No unshare on this system.
            return List.of("sh", "-c", WITH_SMALL_FILES, "sh");
        }
        return List.of("sh", "-c", WITH_SMALL_FILES, "sh");
    }

    /** Asks for the large dataset and reads next to nothing until its transaction is over; then all that the connection still holds. */
    private static byte[] downloadLate(ServiceProcess service, TestDatabase database) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port()); InputStream in = socket.getInputStream()) {
            socket.getOutputStream().write("GET /api/v1/datasets/large/export HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream part = new ByteArrayOutputStream();
            part.write(in.readNBytes(20));
            await().atMost(Duration.ofMinutes(4)).until(() -> transactions(database) == 0);
            byte[] chunk = new byte[64 * 1024];
            try {
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    part.write(chunk, 0, read);
                }
            } catch (SocketException e) {
                // A reset: what came before it is what the client has.
                return part.toByteArray();
            }
            return part.toByteArray();
        }
    }

    private static long transactions(TestDatabase database) throws SQLException {
        return SyntheticDataset.count(database, "select count(*) from pg_stat_activity where datname = current_database()"
                + " and application_name = 'dataset-export export' and xact_start is not null");
    }

    /** Its files, as the process sees them. */
    private long spooled(ServiceProcess service) throws IOException {
        Path data = Path.of("/proc", Long.toString(service.pid()), "root").resolve(folder.resolve("data").toString().substring(1));
        try (Stream<Path> files = Files.walk((Files.exists(data) ? data : folder.resolve("data")).resolve("spool"))) {
            return files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".lock")).count();
        }
    }

    private static Archive small(ServiceProcess service) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(service.uri("/api/v1/datasets/small/export")).build();
            return Archive.of(client.send(request, BodyHandlers.ofByteArray()).body());
        }
    }
}
