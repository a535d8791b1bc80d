package io.datasetexport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.datasetexport.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The packaged service with a heap of 256 MB, over datasets that are larger than it. */
class HeapIT {

    private static final Logger log = LoggerFactory.getLogger(HeapIT.class);
    private static final boolean SOAK = Boolean.getBoolean("soak");
    private static final int LARGE = SOAK ? 100_000 : 4_000;
    private static final int EMPTY = SOAK ? 1_000_000 : 10_000;
    private static final int EVERY = SOAK ? 100_000 : 100;
    private static final int WIDE = SOAK ? 20_000 : 50;
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private static TestDatabase database;
    private static ServiceProcess service;

    @TempDir static Path folder;

    @BeforeAll
    static void start() throws Exception {
        database = TestDatabase.fresh();
        SyntheticDataset.create(database, "small", LARGE / 10, 10);
        SyntheticDataset.create(database, "large", LARGE, 10);
        SyntheticDataset.create(database, "empty", EMPTY, 0);
        SyntheticDataset.create(database, "heavy", 3, 1);
        SyntheticDataset.create(database, "every", EVERY, 4);
        SyntheticDataset.create(database, "wide", WIDE, 1);
        SyntheticDataset.execute(database, "update item set metadata = jsonb_set(jsonb_set(metadata, '{system,width}', '16384'), '{system,height}',"
                + " '512') where dataset_key = (select key from dataset where id = 'wide')");
        // Some 80 kB of runs for 400 bytes of row: the polygon's edge is in another row in every column.
        SyntheticDataset.execute(database, "update annotation set type = 'segment', coordinates = '[[{\"x\":0,\"y\":0},{\"x\":16383,\"y\":511},"
                + "{\"x\":0,\"y\":300}]]' where dataset_key = (select key from dataset where id = 'wide')");
        SyntheticDataset.execute(database, "delete from annotation where dataset_key = (select key from dataset where id = 'heavy')");
        SyntheticDataset.addAnnotations(database, "heavy", "i.filename like '%00000002.jpg'", SOAK ? 1_000_000 : 15_000);
        SyntheticDataset.execute(database, "analyze");
        service = ServiceProcess.start(database, folder, "256m", "--dataset-export.demo=false");
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        database.close();
    }

    @Test
    void theHeapDoesNotGrowWithTheDataset() throws Exception {
        export("large", "json,coco");
        export("small", "json,coco");
        long afterSmall = usedHeap();
        assertThat(export("large", "json,coco").get("annotations").asInt()).isEqualTo(10 * LARGE);
        long afterLarge = usedHeap();

        log.info("Heap after GC: {} MB after {} items, {} MB after {} items", afterSmall >> 20, LARGE / 10, afterLarge >> 20, LARGE);
        assertThat(afterLarge - afterSmall).as("bytes of heap that a tenfold dataset leaves behind").isLessThan(20 << 20);
    }

    @Test
    void allFormatsAtOnceFitIntoTheHeap() throws Exception {
        long start = System.nanoTime();
        JsonNode manifest = export("every", "json,coco,yolo,voc,masks&masks.polygons=true&coco.polygons=rle");
        log.info("All formats of {} items in {} s, heap after GC: {} MB", EVERY, (System.nanoTime() - start) / 1_000_000_000, usedHeap() >> 20);

        assertThat(manifest.get("annotations").asInt()).isEqualTo(4 * EVERY);
        assertThat(manifest.at("/formats/masks/annotations").asInt()).isEqualTo(2 * EVERY);
        assertThat(manifest.at("/formats/coco/annotations").asInt()).isEqualTo(4 * EVERY);
        assertThat(manifest.at("/formats/yolo/annotations").asInt()).isEqualTo(2 * EVERY);
    }

    @Test
    void smallRowsMayBecomeLargePictures() throws Exception {
        JsonNode manifest = export("wide", "coco,masks&masks.polygons=true&coco.polygons=rle");

        assertThat(manifest.at("/formats/masks/annotations").asInt()).isEqualTo(WIDE);
        assertThat(manifest.at("/formats/coco/annotations").asInt()).isEqualTo(WIDE);
    }

    @Test
    void itemsWithoutAnnotationsCostNoHeap() throws Exception {
        JsonNode manifest = export("empty", "json,coco");

        assertThat(manifest.get("items").asInt()).isEqualTo(EMPTY);
        assertThat(manifest.get("formats").get("coco").get("items").asInt()).isEqualTo(EMPTY);
    }

    @Test
    void oneItemMayBeLargerThanTheHeap() throws Exception {
        JsonNode manifest = export("heavy", "json,coco,yolo,voc");

        assertThat(manifest.get("annotations").asInt()).isEqualTo(SOAK ? 1_000_000 : 15_000);
    }

    /** Line by line while it is sent: nobody has all of it, neither here nor there. */
    @Test
    void anImportMayBeLargerThanTheHeap() throws Exception {
        int items = SOAK ? 100_000 : 2_000;
        long before = usedHeap();
        JsonNode report;
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(HttpRequest.newBuilder(service.uri("/api/v1/datasets")).header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString("{\"id\":\"imported\",\"name\":\"Imported\"}")).build(), BodyHandlers.discarding());
            var lines = IntStream.range(0, items).mapToObj(HeapIT::line).iterator();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(service.uri("/api/v1/datasets/imported/import")).header("Content-Type", "application/x-ndjson")
                            .POST(BodyPublishers.ofByteArrays(() -> lines)).build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            report = new JsonMapper().readTree(answer.body());
        }
        assertThat(report.get("created").asInt()).isEqualTo(items);
        assertThat(report.get("annotations").asInt()).isEqualTo(10 * items);
        assertThat(usedHeap() - before).as("bytes of heap that an import leaves behind").isLessThan(30 << 20);
        assertThat(export("imported", "json").get("annotations").asInt()).isEqualTo(10 * items);
    }

    /** An item with ten annotations of a kilobyte each. */
    private static byte[] line(int number) {
        String note = "n".repeat(700);
        String annotations = IntStream.range(0, 10)
                .mapToObj(i -> "{\"id\":\"%d-%d\",\"type\":\"box\",\"label\":\"l%d\",\"coordinates\":[{\"x\":%d,\"y\":2},{\"x\":30,\"y\":40}],"
                        .formatted(number, i, i, i) + "\"metadata\":{\"user\":{\"note\":\"" + note + "\"}}}")
                .collect(Collectors.joining(","));
        return ("{\"id\":\"%d\",\"filename\":\"/in/%d.jpg\",\"annotations\":[".formatted(number, number) + annotations + "]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Longer than the 30 seconds that Tomcat gives an asynchronous answer by default. */
    @Test
    void anExportThatTakesAMinuteArrivesWhole() throws Exception {
        assumeTrue(SOAK, "takes a minute");
        Instant until = Instant.now().plusSeconds(65);
        Path file = folder.resolve("slow.zip");
        HttpRequest request = HttpRequest.newBuilder(service.uri("/api/v1/datasets/large/export")).build();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream in = client.send(request, BodyHandlers.ofInputStream()).body();
                OutputStream out = Files.newOutputStream(file)) {
            while (Instant.now().isBefore(until)) {
                out.write(in.readNBytes(64 * 1024));
                Thread.sleep(200);
            }
            in.transferTo(out);
        }

        assertThat(Archive.of(file).manifest().get("items").asInt()).isEqualTo(LARGE);
    }

    private static JsonNode export(String dataset, String include) throws IOException, InterruptedException {
        Path file = folder.resolve(dataset + ".zip");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(service.uri("/api/v1/datasets/" + dataset + "/export?include=" + include)).build();
            assertThat(client.send(request, BodyHandlers.ofFile(file)).statusCode()).isEqualTo(200);
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new JsonMapper().readTree(zip.getInputStream(zip.getEntry("_export/manifest.json")));
        } finally {
            Files.delete(file);
        }
    }

    /** After a full collection, asked of the process itself. */
    private static long usedHeap() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1)) * 1024;
    }

    private static String jcmd(String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(jcmd.toString(), Long.toString(service.pid()), command).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
