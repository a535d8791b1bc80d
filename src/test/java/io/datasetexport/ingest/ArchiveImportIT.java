package io.datasetexport.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.blob.WholeBlob;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArchiveImportIT {

    private static final String MANIFEST = "{\"complete\":true,\"items\":2}";
    private static final String ITEM = "{\"id\":\"%s\",\"filename\":\"%s\",\"annotations\":[{\"type\":\"class\",\"label\":\"%s\"}]}";

    private final TestDataset dataset = new TestDataset();

    @AfterEach
    void drop() {
        dataset.close();
    }

    @Test
    void readsEveryJsonFileOfAnyArchive() {
        ImportReport report = load(zip(Map.of(
                "a/1.json", ITEM.formatted("1", "/1.jpg", "x"), "2.json", "[" + ITEM.formatted("2", "/2.jpg", "y") + "]", "notes.txt", "{")));

        assertThat(report.created()).isEqualTo(2);
        assertThat(report.labelsAdded()).containsExactly("x", "y");
    }

    @Test
    void readsTheJsonFolderOnlyWhereThereIsOne() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("coco/coco.json", "{\"images\":[]}");
        entries.put("json/a/1.json", ITEM.formatted("1", "/1.jpg", "x"));
        entries.put("other.json", "nothing");

        assertThat(load(zip(entries)).items()).isEqualTo(1);
    }

    @Test
    void rebuildsLabelsAndNamesOfAnArchiveOfOurs() {
        load(zip(ours()));

        assertThat(dataset.rows("select number, path, segments, color, folder, retired from label order by number")).containsExactly(
                "1|a.b|{a.b}|#010203|A folder|f", "4|x|{x}|null|x|t", "7|y.z|{y,z}|null|y.z|f");
        assertThat(dataset.one("select next_label_number, ontology, recipe from dataset")).isEqualTo("8|{ \"roots\": [] }|null");
        assertThat(dataset.rows("select id, entry_path, entry_stem, flat_name from item order by id"))
                .containsExactly("1|p/Same.jpg~2|p/Same.jpg|same (3).jpg", "2|p/same.jpg|p/same|same.jpg");
    }

    @Test
    void leavesLabelsThatTheArchiveDoesNotNameUnknown() {
        ImportReport report = load(zip(ours()));

        assertThat(report.labelsAdded()).containsExactly("a.b", "x", "y.z");
        assertThat(report.labelsUnknown()).containsExactly("stray");
    }

    @Test
    void givesNewNamesWhereTheOldOnesAreTaken() {
        dataset.load("{\"id\":\"old\",\"filename\":\"/p/same.jpg\"}");
        load(zip(ours()));

        assertThat(dataset.rows("select id, entry_path, entry_stem, flat_name from item order by id")).containsExactly(
                "1|p/Same.jpg~2|p/Same.jpg|same (3).jpg", "2|p/same.jpg~3|p/same.jpg~2|same (1).jpg", "old|p/same.jpg|p/same|same.jpg");
    }

    @Test
    void takesNoUnsafeName() {
        Map<String, String> entries = ours();
        entries.put("_export/items.csv", entries.get("_export/items.csv").replace("json/p/Same.jpg~2.json", "json/../../x.json"));
        load(zip(entries));

        assertThat(dataset.one("select entry_path from item where id = '1'")).isEqualTo("p/Same.jpg~2");
        assertThat(dataset.one("select count(*) from item where entry_path like '%..%'")).isEqualTo("0");
    }

    @Test
    void filesOfAnArchiveOfOursComeWithTheirItems() throws Exception {
        Map<String, String> entries = ours();
        entries.remove("_export/manifest.json");
        entries.put("items/same (3).jpg", "the file of 1");
        entries.put("items/p/same.jpg", "nobody's");
        entries.put("_export/manifest.json", MANIFEST);
        ImportReport report = load(zip(entries));

        assertThat(report.files()).isEqualTo(1);
        assertThat(report.lost()).containsExactly("The file items/p/same.jpg was left out: it is not one item's.");
        assertThat(file("1")).isEqualTo("the file of 1");
        assertThat(dataset.rows("select id, storage from item order by id")).containsExactly("1|own", "2|none");
        assertThat(dataset.one("select count(*) from unused_blob")).as("nobody's").isEqualTo("1");
    }

    @Test
    void filesOfAnyArchiveBelongToTheItemsOfTheirPaths() throws Exception {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("images/a/1.png", "first");
        entries.put("images/a/none.png", "of no item");
        entries.put("1.json", ITEM.formatted("1", "/a/1.png", "x"));
        entries.put("2.json", ITEM.formatted("2", "/a/2.json", "x"));
        entries.put("items/a/1.png", "second");
        ImportReport report = load(zip(entries));

        assertThat(report.items()).isEqualTo(2);
        assertThat(report.files()).isEqualTo(1);
        assertThat(report.lost()).containsExactly(
                "The file images/a/none.png was left out: it is not one item's.", "The file items/a/1.png was left out: it is not one item's.");
        assertThat(file("1")).isEqualTo("first");
        assertThat(dataset.one("select metadata #>> '{system,size}' from item where id = '1'")).isEqualTo("5");

        load(zip(Map.of("images/a/1.png", "replaced")));
        assertThat(file("1")).isEqualTo("replaced");
    }

    @Test
    void filesOfAnImportThatFailsAreNobodys() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("images/1.jpg", "first");
        entries.put("1.json", ITEM.formatted("1", "/1.jpg", "x"));
        entries.put("2.json", "{\"id\":\"2\",\"annotations\":[7]}");

        assertThat(refused(zip(entries)).type()).isEqualTo(ProblemType.BAD_RECORD);
        assertThat(dataset.one("select count(*) from unused_blob")).isEqualTo("1");
        assertThat(dataset.one("select count(*) from item")).isEqualTo("0");
        assertThat(refused(zip(Map.of("images/large.jpg", "x".repeat(1_100_000)))).members()).containsEntry("entry", "images/large.jpg");
    }

    /** The file of an item as it was stored. */
    private String file(String item) throws IOException {
        String[] stored = dataset.one("select storage_key, content_bytes, content_crc32 from item where id = '" + item + "'").split("\\|");
        try (InputStream content = WholeBlob.open(dataset.blobs(), stored[0], 0, Long.parseLong(stored[1]), Long.parseLong(stored[2]))) {
            return new String(content.readAllBytes(), UTF_8);
        }
    }

    @Test
    void refusesAnArchiveOfOursWithoutItsManifest() {
        Map<String, String> entries = ours();
        entries.remove("_export/manifest.json");
        assertThat(refusal(zip(entries))).contains("no complete manifest");
        entries.put("_export/manifest.json", "{\"complete\":false}");
        assertThat(refusal(zip(entries))).contains("no complete manifest");
        entries.put("_export/manifest.json", "{}");
        assertThat(refusal(zip(entries))).contains("no complete manifest");
    }

    @Test
    void refusesAnArchiveThatWasCutAnywhere() {
        byte[] whole = zip(ours());
        byte[] foreign = zip(Map.of("1.json", ITEM.formatted("1", "/1.jpg", "x"), "2.json", ITEM.formatted("2", "/2.jpg", "x")));
        for (byte[] archive : new byte[][] {whole, foreign}) {
            for (int length = 0; length < archive.length; length += 1 + length / 16) {
                assertThat(refusal(Arrays.copyOf(archive, length))).as("cut at %d", length).isNotEmpty();
            }
            assertThat(refusal(Arrays.copyOf(archive, archive.length - 1))).contains("cut");
        }
        assertThat(dataset.one("select count(*) from item")).isEqualTo("0");
    }

    @Test
    void refusesADamagedArchive() {
        byte[] archive = zip(Map.of("1.json", ITEM.formatted("1", "/1.jpg", "x")));
        archive[60] ^= 4;

        assertThat(refusal(archive)).isNotEmpty();
        assertThat(refusal("PK nonsense".getBytes(UTF_8))).contains("cut");
    }

    @Test
    void saysWhichFileIsBad() {
        RequestRefused refused = refused(zip(Map.of("json/bad.json", "{\"id\":\"1\",\"annotations\":[7]}")));

        assertThat(refused.type()).isEqualTo(ProblemType.BAD_RECORD);
        assertThat(refused.members()).containsEntry("entry", "json/bad.json");
        assertThat(refused.pointer()).isEqualTo("/annotations/0");
        assertThat(refused(zip(Map.of("bad.json", ""))).members()).containsEntry("entry", "bad.json");
        assertThat(refused(zip(Map.of("_export/dataset.json", "{\"labels\":[{}]}"))).members()).containsEntry("entry", "_export/dataset.json");
        assertThat(refused(zip(Map.of("_export/items.csv", "a,b\n"))).members()).containsEntry("entry", "_export/items.csv");
    }

    @Test
    void acceptsAnEmptyArchive() {
        assertThat(load(zip(Map.of())).items()).isZero();
    }

    private static Map<String, String> ours() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("_export/dataset.json", "{\"id\":\"d1\",\"name\":\"n\",\"labels\":["
                + "{\"number\":7,\"label\":\"y.z\",\"segments\":[\"y\",\"z\"],\"folder\":\"y.z\"},"
                + "{\"number\":1,\"label\":\"a.b\",\"segments\":[\"a.b\"],\"color\":\"#010203\",\"folder\":\"A folder\"},"
                + "{\"number\":4,\"label\":\"x\",\"segments\":[\"x\"],\"folder\":\"x\",\"retired\":true}],\n\"ontology\":{ \"roots\": [] }}\n");
        entries.put("json/p/Same.jpg~2.json", ITEM.formatted("1", "/p/Same.jpg", "x"));
        entries.put("json/p/same.jpg.json", ITEM.formatted("2", "/p/same.jpg", "stray"));
        entries.put("_export/items.csv", "item_id,path,json,mask,file,yolo,voc\r\n"
                + "1,/p/Same.jpg,json/p/Same.jpg~2.json,,\"items/same (3).jpg\",yolo/p/Same.jpg.txt,\r\n"
                + "2,/p/same.jpg,,masks/combined/p/same.jpg.png,,,voc/p/same.xml\r\n");
        entries.put("_export/manifest.json", MANIFEST);
        return entries;
    }

    private ImportReport load(byte[] archive) {
        return dataset.load(new ByteArrayInputStream(archive), ImportOptions.Body.ZIP, ImportOptions.Labels.AUTO);
    }

    private String refusal(byte[] archive) {
        return String.valueOf(refused(archive).getMessage());
    }

    private RequestRefused refused(byte[] archive) {
        try {
            throw new AssertionError("It was accepted: " + load(archive));
        } catch (RequestRefused e) {
            return e;
        }
    }

    private static byte[] zip(Map<String, String> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
