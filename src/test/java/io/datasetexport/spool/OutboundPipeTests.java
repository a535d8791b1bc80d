package io.datasetexport.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboundPipeTests {

    private static final OutboundPipe.Patience PATIENT = new OutboundPipe.Patience(1, Duration.ofSeconds(30));

    @TempDir Path folder;

    @Test
    void aReaderThatStartsLateGetsEveryByteInOrder() throws Exception {
        SpoolStore store = new SpoolStore(folder, 1L << 30);
        byte[] sent = new byte[40 << 20];
        new Random(3).nextBytes(sent);
        try (OutboundPipe pipe = new OutboundPipe(store, PATIENT)) {
            Random random = new Random(4);
            for (int at = 0; at < sent.length;) {
                int count = Math.min(random.nextInt(200_000), sent.length - at);
                pipe.write(sent, at, count);
                at += count;
            }
            pipe.finish();
            assertThat(store.used()).isGreaterThan(30 << 20);

            assertThat(readAll(pipe)).isEqualTo(sent);
            assertThat(store.used()).isZero();
        }
    }

    @Test
    void aReaderThatTakesTurnsWithTheDiskGetsEveryByteInOrder() throws Exception {
        SpoolStore store = new SpoolStore(folder, 1L << 30);
        byte[] sent = new byte[30 << 20];
        new Random(5).nextBytes(sent);
        try (OutboundPipe pipe = new OutboundPipe(store, PATIENT)) {
            var received = CompletableFuture.supplyAsync(() -> readSlowly(pipe));
            for (int at = 0; at < sent.length; at += 10_000) {
                pipe.write(sent, at, Math.min(10_000, sent.length - at));
                pipe.flush();
            }
            pipe.finish();

            assertThat(received.get()).isEqualTo(sent);
            assertThat(store.used()).isZero();
        }
    }

    @Test
    void theWriterWaitsWhenTheQuotaIsUsedUp() throws Exception {
        SpoolStore store = new SpoolStore(folder, 1 << 20);
        byte[] sent = new byte[8 << 20];
        new Random(6).nextBytes(sent);
        try (OutboundPipe pipe = new OutboundPipe(store, PATIENT)) {
            var writing = CompletableFuture.runAsync(() -> writeAll(pipe, sent));
            Thread.sleep(100);
            assertThat(writing).isNotDone();
            assertThat(store.used()).isLessThanOrEqualTo(1 << 20);

            assertThat(readAll(pipe)).isEqualTo(sent);
            writing.get();
        }
    }

    @Test
    void aClientThatTakesTooLittleIsGivenUp() {
        SpoolStore store = new SpoolStore(folder, 1 << 20);
        try (OutboundPipe pipe = new OutboundPipe(store, new OutboundPipe.Patience(1000, Duration.ofMillis(300)))) {
            assertThatThrownBy(() -> pipe.write(new byte[8 << 20], 0, 8 << 20)).isInstanceOf(SlowClient.class);
        }
        assertThat(store.used()).isZero();
    }

    @Test
    void theReaderLearnsOfAFailureAtOnce() throws Exception {
        SpoolStore store = new SpoolStore(folder, 1 << 20);
        try (OutboundPipe pipe = new OutboundPipe(store, PATIENT)) {
            var reading = CompletableFuture.supplyAsync(() -> readSlowly(pipe));
            pipe.fail(new IOException("no disk"));

            assertThatThrownBy(reading::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("no disk");
        }
    }

    @Test
    void nothingIsLeftOnDiskWhenTheClientHasGone() throws Exception {
        SpoolStore store = new SpoolStore(folder, 1L << 30);
        OutboundPipe pipe = new OutboundPipe(store, PATIENT);
        pipe.write(new byte[20 << 20], 0, 20 << 20);
        pipe.close();

        assertThat(store.used()).isZero();
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".lock"))).isEmpty();
        }
        assertThatThrownBy(() -> pipe.write(new byte[1 << 20], 0, 1 << 20)).isInstanceOf(IOException.class);
    }

    @Test
    void whatAKilledProcessLeftBehindIsDeletedAtTheNextStart() throws Exception {
        Path left = Files.createDirectories(folder.resolve("spool-gone")).resolve("1");
        Files.write(left, new byte[10]);
        Files.createFile(folder.resolve("spool-gone.lock"));
        SpoolStore alive = new SpoolStore(folder, 1 << 20);
        try (Spool used = new Spool(alive)) {
            used.append(new byte[200_000]);

            try (SpoolStore next = new SpoolStore(folder, 1 << 20)) {
                assertThat(left).doesNotExist();
                ByteArrayOutputStream content = new ByteArrayOutputStream();
                used.copyTo(content);
                assertThat(content.size()).isEqualTo(200_000);
            }
        }
    }

    private static byte[] readAll(OutboundPipe pipe) throws IOException, InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] chunk = pipe.take(); chunk != null; chunk = pipe.take()) {
            all.write(chunk);
        }
        return all.toByteArray();
    }

    private static byte[] readSlowly(OutboundPipe pipe) {
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (byte[] chunk = pipe.take(); chunk != null; chunk = pipe.take()) {
                all.write(chunk);
                if (all.size() % 7 == 0) {
                    Thread.sleep(1);
                }
            }
            return all.toByteArray();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void writeAll(OutboundPipe pipe, byte[] bytes) {
        try {
            pipe.write(bytes, 0, bytes.length);
            pipe.finish();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
