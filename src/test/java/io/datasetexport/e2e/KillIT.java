package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} while clients download: each has a part, and no part passes for an archive. */
class KillIT {

    private static final boolean SOAK = Boolean.getBoolean("soak");
    private static final int ROUNDS = SOAK ? 20 : 1;
    /** Bytes: more than the sockets of a download hold. */
    private static final int SOCKETS = 12 << 20;
    private static final int DOWNLOADS = SOAK ? 10 : 4;

    @TempDir Path folder;

    @Test
    void aKilledServiceLeavesNoArchive() throws Exception {
        Random random = new Random(11);
        try (TestDatabase database = TestDatabase.fresh()) {
            SyntheticDataset.create(database, "large", 5_000, 2);
            // Text that hardly compresses: few rows make an archive that no socket holds.
            SyntheticDataset.execute(database, "update annotation set metadata = json_build_object('user', json_build_object("
                    + "'note', (select string_agg(md5(annotation.id || n), '') from generate_series(1, 100) n)))");
            long whole = 0;
            for (int round = 0; round < ROUNDS; round++) {
                List<Path> parts = new ArrayList<>();
                List<Thread> clients = new ArrayList<>();
                CountDownLatch arrived = new CountDownLatch(DOWNLOADS);
                CountDownLatch killed = new CountDownLatch(1);
                try (ServiceProcess service = start(database)) {
                    whole = whole == 0 ? size(service) : whole;
                    for (int i = 0; i < DOWNLOADS; i++) {
                        Path part = folder.resolve("part-" + round + "-" + i + ".zip");
                        parts.add(part);
                        long pauseAt = (long) (random.nextDouble() * (whole - SOCKETS));
                        clients.add(Thread.ofVirtual().start(() -> download(service, part, pauseAt, arrived, killed)));
                    }
                    assertThat(arrived.await(4, TimeUnit.MINUTES)).as("every download is under way").isTrue();
                    service.kill();
                    killed.countDown();
                }
                for (Thread client : clients) {
                    client.join();
                }
                for (Path part : parts) {
                    assertThat(Files.size(part)).isPositive().isLessThan(whole);
                    assertNoArchive(part);
                    Files.delete(part);
                }
            }
        }
    }

    private ServiceProcess start(TestDatabase database) throws IOException {
        return ServiceProcess.start(
                database, folder, "256m", "--dataset-export.demo=false", "--dataset-export.limits.exports-per-caller=" + DOWNLOADS);
    }

    private static long size(ServiceProcess service) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(service.uri("/api/v1/datasets/large/export")).build();
            return client.send(request, BodyHandlers.ofByteArray()).body().length;
        }
    }

    /** Downloads up to a place, says so, waits for the end of the service, and reads what the connection still holds. */
    private static void download(
            ServiceProcess service, Path part, long pauseAt, CountDownLatch arrived, CountDownLatch killed) {
        AtomicLong received = new AtomicLong();
        try (HttpClient client = HttpClient.newHttpClient(); OutputStream out = Files.newOutputStream(part)) {
            HttpRequest request = HttpRequest.newBuilder(service.uri("/api/v1/datasets/large/export")).build();
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] chunk = new byte[8 * 1024];
                boolean there = false;
                for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                    out.write(chunk, 0, read);
                    if (!there && received.addAndGet(read) >= pauseAt) {
                        there = true;
                        arrived.countDown();
                        killed.await();
                    }
                }
            }
        } catch (IOException | InterruptedException e) {
            // The service is gone: that is the point. One that fails earlier shows as a part of no bytes.
            arrived.countDown();
        }
    }

    private static void assertNoArchive(Path part) throws IOException, InterruptedException {
        assertThat(accepts(part)).as("the JDK accepts %s of %s bytes", part.getFileName(), Files.size(part)).isFalse();
        for (List<String> reader : List.of(
                List.of("unzip", "-tqq", part.toString()),
                List.of("7z", "t", part.toString()),
                List.of("python3", "-c", "import sys, zipfile; zipfile.ZipFile(sys.argv[1])", part.toString()))) {
            try {
                Process process = new ProcessBuilder(reader).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
                assertThat(process.waitFor()).as("%s on %s bytes", reader.getFirst(), Files.size(part)).isNotZero();
            } catch (IOException e) {
                // Not on this machine; the JDK's reader has spoken.
                continue;
            }
        }
    }

    private static boolean accepts(Path part) {
        try {
            Archive.of(part);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
