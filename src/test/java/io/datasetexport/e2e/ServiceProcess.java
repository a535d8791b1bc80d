package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.Leaks;
import io.datasetexport.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The packaged service as its own process, so that a test can bound its heap, look at its memory and kill it. */
final class ServiceProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(4);

    private final Process process;
    private final int port;
    private final Path log;

    private ServiceProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts the service on a free port and waits until it is healthy.
     *
     * @param folder for its data and its log
     * @param heap as in {@code -Xmx}
     * @param arguments in Spring Boot's form
     */
    static ServiceProcess start(TestDatabase database, Path folder, String heap, String... arguments) throws IOException {
        return startUnder(List.of(), database, folder, heap, arguments);
    }

    /** Starts it with a command before its own, which must run what follows it in its own place. */
    static ServiceProcess startUnder(List<String> before, TestDatabase database, Path folder, String heap, String... arguments)
            throws IOException {
        int port = freePort();
        Path log = Files.createTempFile(folder, "service", ".log");
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Unpacked.JAR.toString(),
                "--server.port=" + port,
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(),
                "--dataset-export.data-dir=" + folder.resolve("data")));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        ServiceProcess service = new ServiceProcess(process, port, log);
        service.awaitHealthy();
        return service;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** {@code kill -9}: nothing is flushed, nothing is said. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        assertThat(Leaks.in(log())).as("what its log holds and must not").isEmpty();
    }

    private void awaitHealthy() throws IOException {
        Instant until = Instant.now().plus(START);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (Instant.now().isBefore(until) && process.isAlive()) {
                try {
                    if (client.send(HttpRequest.newBuilder(uri("/actuator/health")).build(), BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // Not listening yet.
                }
                Thread.sleep(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
        throw new IOException("The service did not start:\n" + log());
    }

    /** The packaged service as its container image runs it: it starts a quarter faster. */
    private static final class Unpacked {

        static final Path JAR = Path.of("target", "unpacked", "dataset-export.jar").toAbsolutePath();

        static {
            try {
                Process unpacking = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Djarmode=tools",
                        "-jar",
                        Path.of("target", "dataset-export.jar").toString(),
                        "extract",
                        "--force",
                        "--destination",
                        JAR.getParent().toString())
                        .inheritIO().start();
                if (unpacking.waitFor() != 0) {
                    throw new IOException("The packaged service can't be unpacked");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
