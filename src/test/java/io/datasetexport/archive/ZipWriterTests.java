package io.datasetexport.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.spool.SpoolStore;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipWriterTests {

    @TempDir Path folder;

    private SpoolStore store;

    @BeforeEach
    void openStore() {
        store = new SpoolStore(folder.resolve("spool"), 1L << 30);
    }

    @Test
    void everyReaderGetsBackWhatWasWritten() throws IOException {
        byte[] text = "{\"label\":\"кот\"}".repeat(100).getBytes(UTF_8);
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        Path file = folder.resolve("a.zip");
        try (OutputStream out = Files.newOutputStream(file); ZipWriter zip = new ZipWriter(out, store)) {
            zip.add(new DeflateCodec().encode("json/ünï côde/a b.json", text, 0, text.length));
            zip.add(new DeflateCodec().encode("json/noise", noise, 0, noise.length));
            zip.add(new DeflateCodec().encode("json/empty", noise, 0, 0));
            zip.add(DeflateCodec.stored("masks/a.png", noise));
            zip.add("coco/coco.json", List.of(deflater(text), deflater(noise), deflater(new byte[0])));
            zip.complete();
            assertThat(zip.written()).isEqualTo(Files.size(file));
        }

        byte[] joined = new byte[text.length + noise.length];
        System.arraycopy(text, 0, joined, 0, text.length);
        System.arraycopy(noise, 0, joined, text.length, noise.length);
        List<byte[]> expected = List.of(text, noise, new byte[0], noise, joined);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<byte[]> contents = new ArrayList<>();
            for (ZipEntry entry : zip.stream().toList()) {
                contents.add(zip.getInputStream(entry).readAllBytes());
                assertThat(entry.getSize()).isEqualTo(contents.getLast().length);
            }
            assertThat(contents).usingRecursiveComparison().isEqualTo(expected);
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly("json/ünï côde/a b.json", "json/noise", "json/empty", "masks/a.png", "coco/coco.json");
        }
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (byte[] content : expected) {
                ZipEntry entry = zip.getNextEntry();
                assertThat(entry.getSize()).as("size in the local header of %s", entry.getName()).isEqualTo(content.length);
                assertThat(zip.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Test
    void moreEntriesThanSixteenBitsCount() throws IOException {
        Path file = folder.resolve("many.zip");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file)); ZipWriter zip = new ZipWriter(out, store)) {
            for (int i = 0; i < 70_000; i++) {
                zip.add(DeflateCodec.stored("json/" + i, new byte[] {(byte) i}));
            }
            zip.complete();
        }

        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.size()).isEqualTo(70_000);
            assertThat(zip.getInputStream(zip.getEntry("json/65535")).readAllBytes()).containsExactly(0xFF);
        }
    }

    /** Nothing of the large entries is wanted, so none of their bytes is needed. */
    @Test
    void theLengthIsKnownBeforehand() throws IOException {
        long large = 3L << 30;
        for (int entries : new int[] {0, 1, 4, 70_000}) {
            try (ZipWriter zip = new ZipWriter(OutputStream.nullOutputStream(), store)) {
                zip.add(DeflateCodec.stored("first", new byte[10]));
                ZipWriter.Forecast forecast = zip.forecast();
                for (int i = 0; i < entries; i++) {
                    forecast.add("é" + i, large * (i % 3), large * (i % 3));
                }
                zip.continueOn(OutputStream.nullOutputStream(), Long.MAX_VALUE, Long.MAX_VALUE);
                for (int i = 0; i < entries; i++) {
                    zip.add("é" + i, large * (i % 3), 0, (_, _, _) -> {});
                }
                zip.complete();

                assertThat(zip.written()).isEqualTo(forecast.length());
                assertThat(zip.entries()).isEqualTo(forecast.entries());
            }
        }
    }

    @Test
    void anyPartCanBeWritten() throws IOException {
        byte[] whole = twoFiles(0, Integer.MAX_VALUE);
        assertThat(whole).hasSizeGreaterThan(200);
        for (int first = 0; first <= whole.length; first++) {
            assertThat(twoFiles(first, Integer.MAX_VALUE)).isEqualTo(Arrays.copyOfRange(whole, first, whole.length));
            assertThat(twoFiles(0, first)).isEqualTo(Arrays.copyOf(whole, first));
            int end = Math.min(first + 7, whole.length);
            assertThat(twoFiles(first, end)).isEqualTo(Arrays.copyOfRange(whole, first, end));
        }
    }

    private byte[] twoFiles(int first, int end) throws IOException {
        byte[] content = "0123456789".getBytes(UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipWriter zip = new ZipWriter(out, store); BlockDeflater deflated = deflater(content)) {
            zip.continueOn(out, first, end);
            zip.add("a", 10, 0, (to, from, count) -> to.write(content, (int) from, (int) count));
            zip.add("b", 0, 0, (_, _, _) -> {});
            zip.add("c", List.of(deflated));
            zip.complete();
        }
        return out.toByteArray();
    }

    @Test
    void contentOfAnotherLengthIsRefusedWithoutAByteTooMany() throws IOException {
        for (int actual : new int[] {0, 9, 11, 500}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ZipWriter zip = new ZipWriter(out, store)) {
                assertThatThrownBy(() -> zip.add("a", 10, 0, (to, _, _) -> to.write(new byte[actual])))
                        .isInstanceOf(IOException.class);
            }
            assertThat(out.size()).isLessThanOrEqualTo(30 + 1 + 10);
        }
    }

    @Test
    void anArchiveThatWasNotCompletedIsNoArchive() throws IOException {
        Path file = folder.resolve("cut.zip");
        try (OutputStream out = Files.newOutputStream(file); ZipWriter zip = new ZipWriter(out, store)) {
            zip.add(DeflateCodec.stored("json/a", new byte[10]));
        }

        assertThatThrownBy(() -> new ZipFile(file.toFile()).close()).isInstanceOf(ZipException.class);
    }

    @Test
    void equalContentGivesEqualBytesHoweverItWasCut() throws IOException {
        byte[] content = new byte[700_000];
        Random random = new Random(2);
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) ('a' + random.nextInt(8));
        }
        try (BlockDeflater whole = deflater(content); BlockDeflater pieces = deflater(new byte[0])) {
            for (int at = 0; at < content.length; at += 1013) {
                pieces.append(content, at, Math.min(1013, content.length - at));
            }

            assertThat(bytes(pieces)).isEqualTo(bytes(whole));
        }
    }

    @Test
    void refusesNamesThatLeaveTheFolder() {
        for (String name : List.of("", "/a", "a/../b", "..", "a//b", "a/", "a\\b", "C:x", "a\nb", "a\u007f", "x".repeat(2000))) {
            assertThatThrownBy(() -> EntryPath.check(name)).as(name).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(EntryPath.check("json/..a/b..json")).isEqualTo("json/..a/b..json");
    }

    private BlockDeflater deflater(byte[] content) throws IOException {
        BlockDeflater deflater = new BlockDeflater(store, Runnable::run, DeflateCodec.FAST_LEVEL);
        deflater.append(content);
        return deflater;
    }

    private byte[] bytes(BlockDeflater deflater) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipWriter zip = new ZipWriter(out, store)) {
            zip.add("a", List.of(deflater));
            zip.complete();
        }
        assertThat(new ZipInputStream(new ByteArrayInputStream(out.toByteArray())).getNextEntry()).isNotNull();
        return out.toByteArray();
    }
}
