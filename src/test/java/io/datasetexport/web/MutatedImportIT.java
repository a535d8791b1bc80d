package io.datasetexport.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.spool.SpoolStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ContainerNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Bodies that were damaged at random are read or refused: never half written, never a failure of ours, and nothing stays behind in memory,
 * on disk or in the pool.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class MutatedImportIT {

    private static final Logger log = LoggerFactory.getLogger(MutatedImportIT.class);
    private static final boolean SOAK = Boolean.getBoolean("soak");
    /** Of each kind, and there are four. */
    private static final int ROUNDS = Integer.getInteger("mutations", SOAK ? 25_000 : 50);
    private static final int CLIENTS = 3;
    /** After so many a dataset is looked through and deleted. */
    private static final int ROUNDS_OF_A_DATASET = 500;
    private static final long HEAP_GROWTH = 8 << 20;
    private static final long FILE_GROWTH = 20;

    private static final String STATE =
            """
            select concat_ws(' ', dataset_revision(d.key), d.xmin, d.next_label_number,
              (select concat(count(*), ':', max(i.xmin::text)) from item i where i.dataset_key = d.key),
              (select concat(count(*), ':', max(a.xmin::text)) from annotation a where a.dataset_key = d.key),
              (select count(*) from label l where l.dataset_key = d.key))
            from dataset d where d.id = ?
            """;
    private static final String UNNAMED_ITEMS =
            "select count(*) from item where entry_path is null or entry_stem is null or flat_name is null";
    private static final String LOST_ANNOTATIONS =
            "select count(*) from annotation a left join item i on i.key = a.item_key and i.dataset_key = a.dataset_key where i.key is null";

    private static final String ITEMS =
            """
            [{"id":"i1","datasetId":"d","filename":"/a/ü 1.jpg","dir":"/a","name":"1.jpg","type":"file","hidden":false,"annotated":"discarded",
              "annotationsCount":3,"createdAt":"2021-08-09T06:59:51.168Z","updatedAt":"2021-08-09T06:59:51Z","creator":"x","extra":{"a":[1,2.50,null]},
              "metadata":{"system":{"width":640,"height":480,"mimetype":"image/jpeg","shebang":{"linkInfo":{"type":"url"}}},"user":{"n":1e-5}},
              "annotations":[
               {"id":"a1","type":"box","label":"cat","attributes":["all"],"coordinates":[{"x":1,"y":1.0,"z":0},{"x":-2.5e1,"y":3,"z":0},30],
                "metadata":{"system":{"parentId":null}},"creator":"x","createdAt":"2021-08-09T06:59:51.168Z","source":"ui"},
               {"type":"segment","label":"dog.white","coordinates":[[{"x":0,"y":0},{"x":1,"y":0},{"x":1,"y":1}],[]]},
               {"type":"binary","label":"\\u00e4\\ud83d\\ude00","coordinates":"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAA"},
               {"type":"class","label":"cat"},{"type":"note","coordinates":{"box":[],"note":{"messages":[]}}}]},
             {"_id":"i2","filename":"/b.png","annotations":"https://example.com","itemMetadata":{"system":{}}},
             {"filename":"/c.png","annotations":[]}]
            """;
    private static final String COCO =
            """
            {"info":{"description":"x"},"images":[{"id":7,"file_name":"a/b.png","width":8,"height":6},{"id":8,"file_name":"c.png"}],
             "annotations":[{"id":1,"image_id":7,"category_id":3,"bbox":[1.5,2,3,4],"area":12,"iscrowd":0,"segmentation":[[0,0,1.5,0,1,1],[5,5,6,5,6,6]]},
              {"id":2,"image_id":7,"category_id":4,"iscrowd":1,"segmentation":{"size":[6,8],"counts":[13,3,3,4,2,3,3,3,14]}},
              {"id":3,"image_id":8,"category_id":4,"segmentation":{"counts":"=331OO10;","size":[6,8]}},
              {"id":4,"image_id":8,"category_id":3,"bbox":[0,0,5,5],"keypoints":[1,2.5,2,0,0,0]}],
             "categories":[{"id":3,"name":"cat","supercategory":"animal","keypoints":["nose","eye"]},{"id":4,"name":"black","supercategory":"cat"}]}
            """;
    private static final List<String> PIECES = List.of(
            "null", "true", "[]", "{}", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "-0", "1e400", "1e99999", "NaN", "0.1e-400", "123456789012345678901234567890",
            "[", "]", "{", "}", ",", ":", "\"", "\\", "\u0000", "\u00e9", "\ud83d\ude00", "\"id\":", "\"annotations\":", "\"type\":", "\"filename\":\"/\"",
            "\"filename\":\"/../..\"", "[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":", "\"\u202e\"", "1 2", "\"2021-02-30T00:00:00.000Z\"", "\ufeff", "//");

    private static final JsonMapper JSON =
            JsonMapper.builder(JsonFactory.builder().streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(10_000).build()).build())
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
    private static final List<JsonNode> VALUES = Stream.of(
            "null", "true", "[]", "{}", "\"\"", "0", "-1", "1e400", "2147483648", "9223372036854775808", "0.1", "\"1\"", "\"/../..\"", "\"\\u0000\"",
            "\"2021-02-30T00:00:00.000Z\"", "[[[1]]]", "{\"x\":1,\"y\":2}", "[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]").map(JSON::readTree).toList();
    private static final List<String> TAILS = List.of("a", "/", "..", ".", "\u0000", "\ud83d\ude00", "\ud800", "\u202e", "\u0301", " ", "\\", "\r\n");

    @LocalServerPort private int port;

    @Autowired private JdbcClient jdbc;
    @Autowired private HikariDataSource pool;
    @Autowired private SpoolStore spool;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private enum Kind {
        ITEMS("dataloop", "application/json"),
        LINES("dataloop", "application/x-ndjson"),
        COCO("coco", "application/json"),
        ARCHIVE("dataloop", "application/zip");

        private final String format;
        private final String type;

        Kind(String format, String type) {
            this.format = format;
            this.type = type;
        }

        byte[] whole() {
            return switch (this) {
                case ITEMS, LINES -> MutatedImportIT.ITEMS.getBytes(UTF_8);
                case COCO -> MutatedImportIT.COCO.getBytes(UTF_8);
                case ARCHIVE -> archive();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsOrRefusesWhateverComes(Kind kind) throws Exception {
        Map<Integer, Integer> answers = new TreeMap<>();
        send(kind, -Math.min(ROUNDS, 2000), 0, answers);
        long heap = heap();
        long files = files();
        answers.clear();

        send(kind, 0, ROUNDS, answers);

        log.info("{} damaged bodies of {}: {}; heap {} kB, then {} kB; files {}, then {}", ROUNDS, kind, answers, heap >> 10, heap() >> 10, files,
                files());
        assertThat(answers.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROUNDS);
        assertThat(answers).as("some are read, some are refused").containsKey(200).hasSizeGreaterThan(1);
        assertThat(spool.used()).as("bytes on disk").isZero();
        if (SOAK) {
            // With other tests beside it this says nothing.
            assertThat(heap() - heap).as("growth of the heap").isLessThan(HEAP_GROWTH);
            assertThat(files() - files).as("growth of open files").isLessThan(FILE_GROWTH);
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).as("connections").isZero();
        }
    }

    @Test
    void readsTheWholeOnes() throws Exception {
        for (Kind kind : Kind.values()) {
            create("whole");
            assertThat(post("whole", kind, kind.whole())).as("%s", kind).isEqualTo(200);
        }
    }

    /** Sends the bodies that the seeds make, some at a time, and counts the answers by status. */
    private void send(Kind kind, int from, int to, Map<Integer, Integer> answers) throws Exception {
        byte[] whole = kind.whole();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int first = from + client;
                String dataset = "mutated-" + client;
                running.add(clients.submit(() -> {
                    create(dataset);
                    String before = state(dataset);
                    int rounds = 0;
                    for (int seed = first; seed < to; seed += CLIENTS) {
                        if (++rounds % ROUNDS_OF_A_DATASET == 0) {
                            create(dataset);
                            before = state(dataset);
                        }
                        before = send(dataset, kind, seed, body(whole, kind, seed), before, answers);
                    }
                    assertThat(jdbc.sql(UNNAMED_ITEMS).query(Long.class).single()).as("items without names").isZero();
                    assertThat(jdbc.sql(LOST_ANNOTATIONS).query(Long.class).single()).as("annotations without their item").isZero();
                    return null;
                }));
            }
            for (Future<?> client : running) {
                client.get();
            }
        }
    }

    private String send(String dataset, Kind kind, int seed, byte[] body, String before, Map<Integer, Integer> answers) throws Exception {
        int status = post(dataset, kind, body);
        synchronized (answers) {
            answers.merge(status, 1, Integer::sum);
        }
        String after = state(dataset);
        String what = kind + " " + seed + ": " + new String(body, kind == Kind.ARCHIVE ? ISO_8859_1 : UTF_8);
        if (status == 200) {
            assertThat(revision(after)).as(what).isBetween(revision(before), revision(before) + 1);
        } else {
            assertThat(status).as(what).isBetween(400, 499);
            assertThat(after).as(what).isEqualTo(before);
        }
        return after;
    }

    /** Every second one is JSON still, with other values, so that it gets past the parser. */
    private static byte[] body(byte[] whole, Kind kind, int seed) {
        Random random = new Random(seed * 31L + kind.ordinal());
        if (seed % 2 == 0) {
            return kind == Kind.ARCHIVE ? archive(random) : reshaped(whole, random);
        }
        byte[] body = whole;
        for (int i = random.nextInt(3); i >= 0; i--) {
            body = mutated(body, random, kind == Kind.ARCHIVE);
        }
        return body;
    }

    private String state(String dataset) {
        return jdbc.sql(STATE).param(dataset).query(String.class).single();
    }

    private static long revision(String state) {
        return Long.parseLong(state.substring(0, state.indexOf(' ')));
    }

    private void create(String dataset) throws Exception {
        answer(dataset, "", "DELETE", null, new byte[0]);
        assertThat(answer("", "", "POST", "application/json", ("{\"id\":\"" + dataset + "\",\"name\":\"d\"}").getBytes(UTF_8))).isEqualTo(201);
    }

    private int post(String dataset, Kind kind, byte[] body) throws Exception {
        return answer(dataset, "/import?labels=add&format=" + kind.format, "POST", kind.type, body);
    }

    private int answer(String dataset, String path, String method, @Nullable String type, byte[] body) throws Exception {
        String target = "http://localhost:" + port + "/api/v1/datasets" + (dataset.isEmpty() ? "" : "/" + dataset) + path;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target)).method(method, BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    /** What is reachable, in bytes. */
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < (SOAK ? 5 : 1); i++) {
            System.gc();
            least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static long files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system ? system.getOpenFileDescriptorCount() : 0;
    }

    private static byte[] mutated(byte[] body, Random random, boolean binary) {
        if (body.length == 0) {
            return body;
        }
        int at = random.nextInt(body.length);
        int count = Math.min(body.length - at, 1 + random.nextInt(random.nextInt(8) == 0 ? 400 : 12));
        return switch (random.nextInt(binary ? 4 : 7)) {
            case 0 -> joined(Arrays.copyOf(body, at), new byte[0], Arrays.copyOfRange(body, at + count, body.length));
            case 1 -> {
                byte[] changed = body.clone();
                changed[at] = (byte) random.nextInt(256);
                yield changed;
            }
            case 2 -> random.nextInt(4) == 0 ? Arrays.copyOf(body, at)
                    : joined(Arrays.copyOf(body, at), Arrays.copyOfRange(body, at, at + count), Arrays.copyOfRange(body, at, body.length));
            case 3 -> {
                byte[] bytes = new byte[random.nextInt(6)];
                random.nextBytes(bytes);
                yield joined(Arrays.copyOf(body, at), bytes, Arrays.copyOfRange(body, at, body.length));
            }
            default -> {
                // A whole value or name is replaced, so that the structure often stays valid.
                String text = new String(body, ISO_8859_1);
                String piece = new String(PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8), ISO_8859_1);
                int from = Math.max(text.indexOf(':', at), 0);
                int to = from + 1;
                while (to < text.length() && ",}]".indexOf(text.charAt(to)) < 0) {
                    to++;
                }
                yield (text.substring(0, from + 1) + piece + text.substring(Math.min(to, text.length()))).getBytes(ISO_8859_1);
            }
        };
    }

    private static byte[] joined(byte[] head, byte[] middle, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + middle.length + tail.length);
        System.arraycopy(middle, 0, all, head.length, middle.length);
        System.arraycopy(tail, 0, all, head.length + middle.length, tail.length);
        return all;
    }

    /** One to three values of a document are taken away, renamed, repeated, nested, exchanged or replaced. */
    private static byte[] reshaped(byte[] json, Random random) {
        JsonNode root = JSON.readTree(json);
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<ContainerNode<?>> containers = new ArrayList<>();
            collect(root, containers);
            if (containers.isEmpty()) {
                break;
            }
            ContainerNode<?> container = containers.get(random.nextInt(containers.size()));
            switch (container) {
                case ObjectNode object -> reshape(object, List.copyOf(object.propertyNames()), random);
                case ArrayNode array -> reshape(array, random.nextInt(array.size()), random);
                default -> throw new IllegalStateException(container.getNodeType() + " contains nothing");
            }
        }
        String text = JSON.writeValueAsString(root);
        return switch (random.nextInt(12)) {
            case 0 -> text.getBytes(UTF_16);
            case 1 -> text.getBytes(ISO_8859_1);
            case 2 -> ("\ufeff" + text).getBytes(UTF_8);
            default -> text.getBytes(UTF_8);
        };
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> containers) {
        if (node instanceof ContainerNode<?> container && !container.isEmpty()) {
            containers.add(container);
        }
        node.forEach(child -> collect(child, containers));
    }

    private static void reshape(ObjectNode object, List<String> names, Random random) {
        String name = names.get(random.nextInt(names.size()));
        JsonNode value = object.get(name);
        switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 -> {
                object.remove(name);
                object.set(random.nextBoolean() ? names.get(random.nextInt(names.size())) : name + "\u0000\ud83d\ude00", value);
            }
            default -> object.set(name, another(value, random));
        }
    }

    private static void reshape(ArrayNode array, int at, Random random) {
        JsonNode value = array.get(at);
        switch (random.nextInt(4)) {
            case 0 -> array.remove(at);
            case 1 -> array.insert(at, value.deepCopy());
            default -> array.set(at, another(value, random));
        }
    }

    private static JsonNode another(JsonNode value, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                JsonNode nested = value;
                for (int depth = 1 << random.nextInt(10); depth > 0; depth--) {
                    nested = depth % 2 == 0 ? JSON.createArrayNode().add(nested) : JSON.createObjectNode().set("a", nested);
                }
                return nested;
            }
            case 1 -> {
                return value.isString() ? StringNode.valueOf(value.asString() + TAILS.get(random.nextInt(TAILS.size())).repeat(1 << random.nextInt(12)))
                        : StringNode.valueOf(JSON.writeValueAsString(value));
            }
            case 2 -> {
                return DecimalNode.valueOf(BigDecimal.valueOf(random.nextLong(), random.nextInt(-400, 400)));
            }
            default -> {
                return VALUES.get(random.nextInt(VALUES.size())).deepCopy();
            }
        }
    }

    private static byte[] archive() {
        return archive(null);
    }

    /** Stored, so that a change of a byte is a change of the JSON. With a random one, an entry has another text, and its own size and CRC. */
    private static byte[] archive(@Nullable Random random) {
        int changed = random == null ? -1 : random.nextInt(4);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(0);
            int number = 0;
            for (String[] entry : new String[][] {
                {"_export/dataset.json", "{\"labels\":[{\"number\":0,\"label\":\"cat\",\"segments\":[\"cat\"],\"folder\":\"cat\"}],\"recipe\":{}}"},
                {"json/a/1.jpg.json", "{\"id\":\"z1\",\"filename\":\"/a/1.jpg\",\"annotations\":[{\"type\":\"class\",\"label\":\"cat\"}]}"},
                {"_export/items.csv", "item_id,path,json,mask,file,yolo,voc\r\nz1,/a/1.jpg,json/a/1.jpg.json,,,yolo/a/1.txt,\r\n"},
                {"_export/manifest.json", "{\"complete\":true}"}
            }) {
                zip.putNextEntry(new ZipEntry(entry[0]));
                byte[] text = entry[1].getBytes(UTF_8);
                if (random != null && number++ == changed) {
                    text = entry[0].endsWith(".json") ? reshaped(text, random) : mutated(text, random, false);
                }
                zip.write(text);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
