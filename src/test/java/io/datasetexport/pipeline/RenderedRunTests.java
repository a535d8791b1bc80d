package io.datasetexport.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.archive.BlockDeflater;
import io.datasetexport.archive.DeflateCodec;
import io.datasetexport.archive.ZipWriter;
import io.datasetexport.spool.SpoolStore;
import io.datasetexport.text.Utf8Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderedRunTests {

    private static final byte[] SEPARATOR = ",\n".getBytes(UTF_8);

    private SpoolStore store;

    @BeforeEach
    void open(@TempDir Path folder) {
        store = new SpoolStore(folder, 100 << 20);
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(store.used()).isZero();
        store.close();
    }

    @Test
    void entriesOverTheLimitWaitInTheSpoolAndComeInOrder() throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        byte[][] pictures = new byte[40][];
        Random random = new Random(1);
        try (RenderedRun run = new RenderedRun(0, new RunNumbers(), store); ZipWriter zip = new ZipWriter(archive, store)) {
            for (int i = 0; i < pictures.length; i++) {
                pictures[i] = new byte[random.nextInt(200_000)];
                random.nextBytes(pictures[i]);
                run.add(DeflateCodec.stored(i + ".png", pictures[i]));
            }
            assertThat(store.used()).isPositive();
            run.entries(zip::add);
            zip.complete();
        }
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive.toByteArray()))) {
            for (int i = 0; i < pictures.length; i++) {
                assertThat(in.getNextEntry().getName()).isEqualTo(i + ".png");
                assertThat(in.readAllBytes()).isEqualTo(pictures[i]);
            }
        }
    }

    @Test
    void elementsOverTheLimitKeepTheirNumbers() throws Exception {
        String long1 = "x".repeat(700_000);
        StringBuilder wanted = new StringBuilder();
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (SectionFragment fragment = new SectionFragment(SEPARATOR, store);
                BlockDeflater target = new BlockDeflater(store, Runnable::run, DeflateCodec.FAST_LEVEL);
                ZipWriter zip = new ZipWriter(archive, store)) {
            for (int i = 0; i < 9; i++) {
                Utf8Buffer element = fragment.element().append("{\"id\":");
                fragment.gap(0, i);
                element.append(",\"runs\":\"").append(i % 2 == 0 ? long1 : "").append("\",\"image\":");
                fragment.gap(1, i / 2);
                element.append('}');
                wanted.append(i == 0 ? "" : ",\n").append("{\"id\":").append(100 + i).append(",\"runs\":\"").append(i % 2 == 0 ? long1 : "")
                        .append("\",\"image\":").append(7 + i / 2).append('}');
            }
            assertThat(store.used()).isPositive();
            fragment.appendTo(target, new long[] {100, 7});
            zip.add("coco.json", List.of(target));
            zip.complete();
        }
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive.toByteArray()))) {
            in.getNextEntry();
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(wanted.toString());
        }
    }
}
