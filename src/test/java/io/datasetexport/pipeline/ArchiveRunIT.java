package io.datasetexport.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.datasetexport.TestDatabase;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.blob.DirectoryBlobStore;
import io.datasetexport.format.AnnotationOrder;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.format.FormatOutput;
import io.datasetexport.format.FormatWriter;
import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.LongEntry;
import io.datasetexport.format.Reason;
import io.datasetexport.format.RunningNumber;
import io.datasetexport.format.dataloop.DataloopLinesWriter;
import io.datasetexport.format.dataloop.DataloopWriter;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.read.ReadLimits;
import io.datasetexport.read.RowMemory;
import io.datasetexport.read.Snapshot;
import io.datasetexport.read.SnapshotFailed;
import io.datasetexport.read.Snapshots;
import io.datasetexport.spool.OutboundPipe;
import io.datasetexport.spool.SpoolStore;
import io.datasetexport.text.Utf8Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ArchiveRunIT {

    /** So small that runs are cut, items come in slices and rows are too large within a few kilobytes. */
    private static final ReadLimits TINY = new ReadLimits(200_000, 20_000, 60_000);

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir Path folder;

    private final TestDatabase database = TestDatabase.fresh();
    private final RowMemory memory = new RowMemory(64 << 20);
    private SpoolStore spool;

    @BeforeEach
    void createDataset() throws SQLException {
        spool = new SpoolStore(folder, 1L << 30);
        sql("insert into dataset (id, project_key, name) select 'd', key, 'D' from project");
        sql("insert into dataset (id, project_key, name) select 'other', key, 'Other' from project");
        // Keys against the export order, so that order is the reader's work; some items without annotations.
        sql("insert into item (dataset_key, id, filename, dir, name, entry_path, entry_stem, flat_name, entry_path_key, entry_stem_key, flat_name_key)"
                + " select 1, 'i' || g, '/d/' || (1000 - g) || '.jpg', '/d', g || '.jpg', 'd/' || g || '.jpg', 'd/' || g, g || '.jpg', g, g, g"
                + " from generate_series(1, 300) g");
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates)"
                + " select i.key, o, 1, i.id || '-' || o, 'box', 'l' || (o * 7 % 5), '[{\"x\":1.0,\"y\":2},{\"x\":30,\"y\":4e1}]'"
                + " from item i, generate_series(5, 0, -1) o where i.key % 7 <> 0");
    }

    @AfterEach
    void drop() {
        spool.close();
        database.close();
    }

    @Test
    void itemsComeByFilenameWithAnnotationsInTheSourcesOrder() throws Exception {
        Map<String, byte[]> entries = entries(export(2, json()));

        List<String> names = entries.keySet().stream().filter(name -> name.startsWith("json/")).toList();
        assertThat(names).hasSize(300).startsWith("json/d/300.jpg.json").endsWith("json/d/1.jpg.json");
        JsonNode item = JSON.readTree(entries.get("json/d/300.jpg.json"));
        assertThat(item.get("datasetId").asString()).isEqualTo("d");
        assertThat(item.get("annotations").valueStream().map(a -> a.get("id").asString()))
                .containsExactly("i300-0", "i300-1", "i300-2", "i300-3", "i300-4", "i300-5");
        assertThat(new String(entries.get("json/d/300.jpg.json"), StandardCharsets.UTF_8))
                .contains("\"coordinates\":[{\"x\":1.0,\"y\":2},{\"x\":30,\"y\":4e1}]");
        assertThat(JSON.readTree(entries.get("json/d/7.jpg.json")).get("annotations")).isEmpty();
        assertThat(new ArrayList<>(entries.keySet())).startsWith("_export/dataset.json").endsWith("_export/manifest.json");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void theBytesDoNotDependOnTheNumberOfWorkers(int workers) throws Exception {
        addBigItem();

        assertThat(export(workers, json(), new LabelLines())).isEqualTo(export(2, json(), new LabelLines()));
    }

    @Test
    void anItemThatDoesNotFitInMemoryIsWholeInEveryOrder() throws Exception {
        addBigItem();

        Map<String, byte[]> entries = entries(export(2, new LabelLines(), json()));

        JsonNode item = JSON.readTree(entries.get("json/big.json"));
        assertThat(item.get("annotations")).hasSize(2003);
        assertThat(item.get("annotations").valueStream().map(a -> a.get("id").asString()).toList())
                .startsWith("big-0", "big-1", "big-2").endsWith("big-2000", "wide-1", "wide-2");
        List<String> lines = new String(entries.get("labels.txt"), StandardCharsets.UTF_8).lines().toList();
        List<String> ofBig = lines.stream().filter(line -> line.contains(" big ")).toList();
        assertThat(ofBig).hasSize(2003);
        assertThat(ofBig.stream().map(line -> line.split(" ")[3])).isSorted();
        assertThat(ofBig.stream().map(line -> line.split(" ")[0]).distinct()).as("one number for the item").hasSize(1);
        assertThat(lines.stream().map(line -> Integer.parseInt(line.split(" ")[1])).toList())
                .as("annotation numbers are whole and in order")
                .isEqualTo(IntStream.range(0, lines.size()).boxed().toList());
    }

    @Test
    void linesAreTheFilesOfTheItemsOneAfterTheOther() throws Exception {
        addBigItem();
        sql("update annotation set coordinates = E'[\\r\\n {\"x\": 1,\\n  \"y\": 2}]' where id = 'big-1000'");
        StringBuilder files = new StringBuilder();
        entries(export(2, json())).forEach((path, content) -> {
            if (path.startsWith("json/")) {
                files.append(new String(content, StandardCharsets.UTF_8).replaceAll("[\r\n]", " ")).append('\n');
            }
        });

        Map<String, byte[]> entries = entries(export(2, new DataloopLinesWriter(json())));

        assertThat(new String(entries.get("json/items.ndjson"), StandardCharsets.UTF_8)).isEqualTo(files.toString());
        assertThat(entries.keySet()).filteredOn(path -> path.startsWith("json/")).hasSize(1);
        assertThat(new String(entries.get("_export/items.csv"), StandardCharsets.UTF_8).lines().skip(1))
                .allMatch(line -> line.endsWith(",json/items.ndjson,,,,"));
    }

    @Test
    void aRowOverTheLimitIsNamedAndLeftOut() throws Exception {
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates)"
                + " values (1, 99, 1, 'huge', 'binary', 'cat', to_json(repeat('A', 300000)))");

        Map<String, byte[]> entries = entries(export(2, json()));

        assertThat(JSON.readTree(entries.get("json/d/1.jpg.json")).get("annotations")).hasSize(6);
        assertThat(new String(entries.get("_export/skipped.ndjson"), StandardCharsets.UTF_8))
                .isEqualTo("{\"format\":\"json\",\"effect\":\"left-out\",\"reason\":\"row-too-large\",\"item\":\"i1\",\"path\":\"/d/999.jpg\","
                        + "\"annotation\":\"huge\",\"label\":\"cat\"}\n");
    }

    @Test
    void memoryIsGivenBackAndNothingStaysOnDisk() throws Exception {
        addBigItem();

        export(2, json(), new LabelLines());

        assertThat(memory.used()).isZero();
        assertThat(spool.used()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"i1", "i150", "i299"})
    void aFormatterThatFailsLeavesNoArchive(String item) {
        FormatWriter failing = new DataloopWriter(facts(), null) {
            @Override
            public void item(ItemSlice slice, FormatOutput out) {
                if (slice.item().id().equals(item)) {
                    throw new IllegalStateException("a bug");
                }
                super.item(slice, out);
            }
        };

        assertNoArchive(() -> export(2, failing), "a bug");
    }

    @Test
    void aManifestThatFailsLeavesNoArchive() {
        ArchiveTexts failing = new Texts() {
            @Override
            public Utf8Buffer manifest(Tally tally, long entries) {
                throw new IllegalStateException("a bug in the last entry");
            }
        };

        assertNoArchive(() -> export(2, failing, json()), "a bug in the last entry");
    }

    @Test
    void aBackendThatIsTerminatedLeavesNoArchive() {
        FormatWriter terminating = new DataloopWriter(facts(), null) {
            @Override
            public void item(ItemSlice slice, FormatOutput out) {
                if (slice.item().id().equals("i298")) {
                    try {
                        sql("select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where datname = current_database() and pid <> pg_backend_pid()");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }
                super.item(slice, out);
            }
        };

        assertThatThrownBy(() -> export(1, terminating)).hasCauseInstanceOf(SnapshotFailed.class);
        assertThat(memory.used()).isZero();
        assertThat(spool.used()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void documentsThatWereKeptGiveTheSameBytes(int oneInSoMany) throws Exception {
        addBigItem();
        sql("update item set description = repeat(md5(id), 1000) where id in ('i6', 'i9')");
        List<DocumentKeeper.Rendered> rendered = Collections.synchronizedList(new ArrayList<>());
        byte[] before = export(open(), new DocumentKeeper() {
            @Override
            public boolean wants(int bytes) {
                return true;
            }

            @Override
            public void keep(List<Rendered> documents) {
                rendered.addAll(documents);
            }
        });
        assertThat(rendered).as("all but the big item").hasSize(300);
        for (int i = 0; i < rendered.size(); i += oneInSoMany) {
            keep(rendered.get(i), 7);
        }
        for (int i = 1; i < rendered.size(); i += oneInSoMany) {
            keep(rendered.get(i), 8);
        }

        Snapshot whole = open();
        whole.showKept(7);
        Snapshot chosen = open();
        chosen.chooseItems(IntStream.rangeClosed(1, 300).mapToObj(n -> "i" + n).toList());
        chosen.showKept(7);

        assertThat(export(whole, DocumentKeeper.NONE)).isEqualTo(before);
        Map<String, byte[]> fromRows = entries(before);
        assertThat(entries(export(chosen, DocumentKeeper.NONE))).hasSize(fromRows.size() - 1)
                .allSatisfy((name, content) -> assertThat(name.startsWith("_export/") ? content : fromRows.get(name)).isEqualTo(content));
        sql("update item_json set document = document || 'x'");
        Snapshot spoiled = open();
        spoiled.showKept(7);
        assertThat(export(spoiled, DocumentKeeper.NONE)).as("what was kept is what was copied").isNotEqualTo(before);
    }

    private void keep(DocumentKeeper.Rendered rendered, long variant) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.prepareStatement("insert into item_json values (?, 1, ?::xid8, ?, ?, ?, ?, ?) on conflict do nothing")) {
            statement.setLong(1, rendered.itemKey());
            statement.setString(2, Long.toString(rendered.changed()));
            statement.setLong(3, variant);
            statement.setLong(4, rendered.document().crc32());
            statement.setInt(5, rendered.document().size());
            statement.setInt(6, rendered.document().annotations());
            statement.setBytes(7, rendered.document().deflated());
            statement.executeUpdate();
        }
    }

    private byte[] export(Snapshot snapshot, DocumentKeeper keeper) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecutorService pool = Executors.newFixedThreadPool(2);
                ArchiveRun run = ArchiveRun.start(snapshot, List.of(json()), new Texts(), workplace(pool), keeper)) {
            run.sendTo(out);
        }
        return out.toByteArray();
    }

    @Test
    void aClientThatHasGoneStopsTheReader() throws Exception {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (ExecutorService workers = Executors.newFixedThreadPool(2);
                ArchiveRun run = ArchiveRun.start(open(), List.of(json()), new Texts(), workplace(workers), DocumentKeeper.NONE)) {
            assertThatThrownBy(() -> run.sendTo(gone)).isInstanceOf(ClientGone.class);
        }

        assertThat(memory.used()).isZero();
        // A server's process ends a moment after its connection is closed.
        await().untilAsserted(() -> assertThat(count("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"))
                .isZero());
    }

    private void assertNoArchive(ThrowingCallable export, String cause) {
        assertThatThrownBy(export).isInstanceOf(IOException.class).hasRootCauseMessage(cause);
        assertThat(memory.used()).isZero();
        assertThat(spool.used()).isZero();
    }

    /** A line of the log is of use when it says whose it is, and a thread that serves many must forget it again. */
    @Test
    void everyThreadLogsInTheNameOfTheExportThatItWorksFor() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecutorService pool = Executors.newSingleThreadExecutor(); var _ = MDC.putCloseable("exportId", "mine")) {
            FormatWriter format = new LabelLines() {
                @Override
                public void item(ItemSlice slice, FormatOutput output) {
                    seen.add(Thread.currentThread() + " " + MDC.get("exportId"));
                    super.item(slice, output);
                }
            };
            Texts texts = new Texts() {
                @Override
                public Utf8Buffer manifest(Tally tally, long entries) {
                    seen.add(Thread.currentThread().getName() + " " + MDC.get("exportId"));
                    return super.manifest(tally, entries);
                }
            };
            try (ArchiveRun run = ArchiveRun.start(open(), List.of(format), texts, workplace(pool), DocumentKeeper.NONE)) {
                run.sendTo(out);
            }
            assertThat(pool.submit(() -> String.valueOf(MDC.get("exportId"))).get()).as("afterwards").isEqualTo("null");
        }
        assertThat(seen).hasSizeGreaterThan(1).contains("export-assemble mine").allMatch(line -> line.endsWith(" mine"));
    }

    private void addBigItem() throws SQLException {
        sql("insert into item (dataset_key, id, filename, dir, name, entry_path, entry_stem, flat_name)"
                + " values (1, 'big', '/d/750', '/d', '750', 'big', 'big', 'big')");
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates)"
                + " select key, o, 1, 'big-' || o, 'box', 'l' || (o * 7 % 5), '[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]'"
                + " from item, generate_series(0, 2000) o where id = 'big'");
        sql("insert into annotation (item_key, ordinal, dataset_key, id, type, label, coordinates)"
                + " select key, 3000 + o, 1, 'wide-' || o, 'binary', 'l1', to_json(repeat('A', 20000)) from item, generate_series(1, 2) o where id = 'big'");
    }

    private DataloopWriter json() {
        return new DataloopWriter(facts(), null);
    }

    private static DatasetFacts facts() {
        return new DatasetFacts(1, "d", "D", 1, null, null, List.of());
    }

    private byte[] export(int workers, FormatWriter... writers) throws Exception {
        return export(workers, new Texts(), writers);
    }

    private byte[] export(int workers, ArchiveTexts texts, FormatWriter... writers) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ExecutorService pool = Executors.newFixedThreadPool(workers);
                ArchiveRun run = ArchiveRun.start(open(), List.of(writers), texts, workplace(pool), DocumentKeeper.NONE)) {
            ArchiveRun.Summary summary = run.sendTo(out);
            assertThat(summary.bytes()).isEqualTo(out.size());
        }
        return out.toByteArray();
    }

    private Snapshot open() throws IOException {
        return new Snapshots(database.dataSource(), memory, TINY).open(new DatasetRef(1, "d", 1, "default"));
    }

    private Workplace workplace(ExecutorService workers) {
        return new Workplace(spool, new DirectoryBlobStore(folder.resolve("files")), workers, new Backlog(2), 4,
                new OutboundPipe.Patience(1, Duration.ofSeconds(30)), Progress.NOBODY);
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                assertThat(entries.put(entry.getName(), zip.readAllBytes())).as(entry.getName()).isNull();
            }
        }
        return entries;
    }

    private void sql(String statement) throws SQLException {
        try (var connection = database.connect(); var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private long count(String query) throws SQLException {
        try (var connection = database.connect(); var sql = connection.createStatement(); var row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static class Texts implements ArchiveTexts {
        @Override
        public Utf8Buffer dataset() {
            return new Utf8Buffer().append("{}");
        }

        @Override
        public Utf8Buffer manifest(Tally tally, long entries) {
            return new Utf8Buffer().append(tally.items()).append(' ').append(tally.annotations());
        }
    }

    /** One line an annotation, by label: its item's number, its own, the item's id and the label. */
    private static class LabelLines implements FormatWriter {

        private final LongEntry.Section lines = new LongEntry.Section(new byte[0], new byte[0]);
        private final RunningNumber items = new RunningNumber();
        private final RunningNumber annotations = new RunningNumber();

        @Override
        public ExportFormat format() {
            return ExportFormat.COCO;
        }

        @Override
        public AnnotationOrder order() {
            return AnnotationOrder.LABEL;
        }

        @Override
        public List<LongEntry> longEntries() {
            return List.of(new LongEntry("labels.txt", List.of(lines), new byte[0]));
        }

        @Override
        public void item(ItemSlice slice, FormatOutput out) {
            int item = slice.carry() instanceof Integer carried ? carried : out.next(items);
            slice.carry(item);
            for (Annotation annotation : slice.annotations()) {
                Utf8Buffer line = out.element(lines);
                out.number(items, item);
                line.append(' ');
                out.number(annotations, out.next(annotations));
                line.append(' ').append(slice.item().id()).append(' ').append(annotation.labelText()).append('\n');
            }
            out.changed(Reason.ATTRIBUTES, slice.item(), slice.annotations().size());
        }
    }
}
