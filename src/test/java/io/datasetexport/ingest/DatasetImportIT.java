package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.datasetexport.format.AnnotationFacts;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class DatasetImportIT {

    private final TestDataset dataset = new TestDataset();

    @AfterEach
    void drop() {
        dataset.close();
    }

    @Test
    void storesAnItemAndItsAnnotations() {
        ImportReport report = dataset.load(
                """
                {"id": "i1", "datasetId": "elsewhere", "filename": "/a b/c.jpg", "dir": "/a b", "name": "shown.jpg", "type": "file",
                 "hidden": true, "annotated": "discarded", "annotationsCount": 7, "creator": "ann", "createdAt": "2021-08-09T06:59:51.168Z",
                 "updatedBy": "bob", "updatedAt": "2021-08-10T00:00:00.000Z", "description": "d\\u00e9j\\u00e0", "url": "u",
                 "metadata": {"system": {"width": 640, "height": 480, "mimetype": "image/jpeg"}},
                 "annotations": [
                   {"id": "a1", "datasetId": "elsewhere", "itemId": "i9", "type": "box", "label": "cat.black", "attributes": ["all"],
                    "coordinates": [{"x": 1, "y": 1.0, "z": 1e0}, {"x": 2.50, "y": -0, "z": 0}],
                    "metadata": {"system": {"automated": true}}, "creator": "x", "createdAt": "2021-08-09T06:59:51.168Z",
                    "updatedBy": "y", "updatedAt": "2021-08-09T06:59:51.169Z", "source": "ui", "hash": null}]}
                """);

        assertThat(report.items()).isEqualTo(1);
        assertThat(report.annotations()).isEqualTo(1);
        assertThat(report.created()).isEqualTo(1);
        assertThat(report.replaced()).isZero();
        assertThat(report.labelsAdded()).containsExactly("cat.black");
        assertThat(dataset.one("select id, filename, dir, name, type, hidden, annotated, annotations_count, creator, created_at at time zone 'UTC',"
                + " updated_by, updated_at at time zone 'UTC', description, metadata, extra, width, height, mimetype, storage from item"))
                .isEqualTo("i1|/a b/c.jpg|/a b|shown.jpg|file|t|\"discarded\"|7|ann|2021-08-09 06:59:51.168|bob|2021-08-10 00:00:00|déjà|"
                        + "{\"system\": {\"width\": 640, \"height\": 480, \"mimetype\": \"image/jpeg\"}}|{\"url\": \"u\"}|640|480|image/jpeg|none");
        assertThat(dataset.one("select entry_path, entry_stem, flat_name from item")).isEqualTo("a b/c.jpg|a b/c|shown.jpg");
        assertThat(dataset.one("select ordinal, id, type, label, attributes, coordinates, metadata, creator, created_at at time zone 'UTC',"
                + " updated_by, updated_at at time zone 'UTC', source, extra, facts, mask_width from annotation"))
                .isEqualTo("0|a1|box|cat.black|[\"all\"]|[{\"x\":1,\"y\":1.0,\"z\":1e0},{\"x\":2.50,\"y\":-0,\"z\":0}]|"
                        + "{\"system\":{\"automated\":true}}|x|2021-08-09 06:59:51.168|y|2021-08-09 06:59:51.169|ui|{\"hash\":null}|32|null");
    }

    @Test
    void fillsInWhatAnAnnotationMustHave() {
        dataset.load(
                """
                [{"id": "i1", "filename": "/a.jpg", "annotations": [{"type": "class", "label": "l"}], "creator": "ann",
                  "createdAt": "2021-08-09T06:59:51.168Z"},
                 {"filename": "/b.jpg", "annotations": [{"type": "class", "label": "l"}]}]
                """);

        assertThat(dataset.rows("select i.id, a.id, a.creator, a.updated_by, a.created_at at time zone 'UTC', a.updated_at at time zone 'UTC',"
                + " a.metadata, i.dir, i.name, i.type from annotation a join item i on i.key = a.item_key order by i.filename"))
                .containsExactly(
                        "i1|" + sha("i1/0") + "|ann|ann|2021-08-09 06:59:51.168|2021-08-09 06:59:51.168|{}|/|a.jpg|file",
                        sha("d1/b.jpg") + "|" + sha(sha("d1/b.jpg") + "/0") + "|unknown|unknown|1970-01-01 00:00:00|1970-01-01 00:00:00|{}|/|b.jpg|file");
    }

    @Test
    void readsTheFourShapesOfAFile() {
        dataset.load("{\"annotations\": [], \"_id\": \"1\", \"filename\": \"/1.jpg\", \"metadata\": {\"m\": 1}}");
        dataset.load("{\"_id\": \"2\", \"filename\": \"/2.jpg\", \"annotations\": [], \"itemMetadata\": {\"m\": 2}}");
        dataset.load("{\"id\": \"3\", \"filename\": \"/3.jpg\", \"annotations\": \"https://example.com/a\", \"metadata\": {\"m\": 3}}");
        dataset.load("{\"_id\": \"4\", \"filename\": \"/4.jpg\", \"annotations\": []}");

        assertThat(dataset.rows("select id, filename, metadata, extra from item order by id"))
                .containsExactly("1|/1.jpg|{\"m\": 1}|null", "2|/2.jpg|{\"m\": 2}|null", "3|/3.jpg|{\"m\": 3}|null", "4|/4.jpg|{}|null");
    }

    @Test
    void keepsWhatHasNoColumnOrAnotherType() {
        dataset.load(
                """
                {"id": "i", "filename": "/a.jpg", "name": null, "hidden": "yes", "annotated": 3, "annotationsCount": 1.0,
                 "createdAt": "2021-08-09T06:59:51Z", "updatedAt": "yesterday", "metadata": null,
                 "annotations": [{"type": "new_type", "label": 7, "metadata": null, "creator": null, "createdAt": "2021-08-09 06:59",
                                  "updatedAt": "2021-08-09T08:59:51.168+02:00", "x": {"deep": [1.10, "\\u0001\\u00e4\\ud83d\\ude00"]}}]}
                """);

        assertThat(dataset.one("select extra, created_at at time zone 'UTC', updated_at, name, metadata from item"))
                .isEqualTo("{\"name\": null, \"hidden\": \"yes\", \"annotated\": 3, \"createdAt\": \"2021-08-09T06:59:51Z\","
                        + " \"updatedAt\": \"yesterday\", \"annotationsCount\": 1.0}|2021-08-09 06:59:51|null|a.jpg|{}");
        assertThat(dataset.one("select extra, label, creator, created_at, updated_at at time zone 'UTC', metadata from annotation"))
                .isEqualTo("{\"label\":7,\"creator\":null,\"createdAt\":\"2021-08-09 06:59\","
                        + "\"updatedAt\":\"2021-08-09T08:59:51.168+02:00\",\"x\":{\"deep\":[1.10,\"\\u0001ä😀\"]}}"
                        + "|null|null|null|2021-08-09 06:59:51.168|{}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', value = {
        "segment| [[{'x':0,'y':0}],[{'x':1,'y':1}]]| HOLES,THIN||",
        "segment| [{'x':0,'y':0},{'x':1,'y':1}]| THIN||",
        "segment| [{'x':0,'y':0},{'x':9,'y':0},{'x':0,'y':9.5}]| ||",
        "segment| [{'x':0,'y':0},{'x':1e7,'y':0},{'x':0,'y':9.5}]| FAR||",
        "segment| []| EMPTY_GEOMETRY||",
        "segment| [[{'x':null,'y':0}]]| NON_FINITE||",
        "segment| [[{'x':1e400,'y':0}]]| NON_FINITE||",
        "box| [{'x':0,'y':0},{'x':1,'y':1}]| ||",
        "box| [{'x':0,'y':0},{'x':1,'y':1},0]| ||",
        "box| [{'x':0,'y':0},{'x':1,'y':1},30]| ROTATED||",
        "box| [{'x':0,'y':0},{'x':1e200,'y':1}]| FAR||",
        "point| {'x':'1','y':1}| ||",
        "class| []| ||",
        "binary| 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAA'| DAMAGED|8|6",
        "binary| {'data':'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAA'}| DAMAGED|8|6",
        "binary| 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAGCAYAAAD+Bd/7AAAA'| DAMAGED|8|6",
        "binary| 'data:image/png;base64,!!!!'| UNDECODABLE||",
    })
    void notesWhatAPlanMustKnow(String type, String coordinates, String facts, String width, String height) {
        dataset.load("{\"id\":\"i\",\"annotations\":[{\"coordinates\":" + coordinates.replace('\'', '"') + ",\"type\":\"" + type
                + "\",\"label\":\"l\"}]}");

        int bits = Stream.ofNullable(facts).flatMap(all -> Stream.of(all.split(","))).mapToInt(fact -> AnnotationFacts.Fact.valueOf(fact).bit()).sum();
        assertThat(dataset.one("select facts, mask_width, mask_height from annotation")).isEqualTo(bits + "|" + width + "|" + height);
    }

    @Test
    void forgetsWhatAnotherProgramMayHaveChanged() {
        dataset.load("{\"id\":\"i\",\"annotations\":[{\"coordinates\":[{\"x\":0,\"y\":0},{\"x\":1,\"y\":1},30],\"type\":\"box\",\"label\":\"l\"}]}");

        dataset.execute("update annotation set label = 'm', coordinates = coordinates");
        assertThat(dataset.one("select facts from annotation")).isNotEqualTo("null");

        dataset.execute("update annotation set coordinates = '[]'");
        assertThat(dataset.one("select facts from annotation")).isIn("null", "");
    }

    @Test
    void replacesAnItemByItsId() {
        dataset.load("{\"id\":\"i\",\"filename\":\"/a.jpg\",\"creator\":\"x\",\"annotations\":[{\"type\":\"class\",\"label\":\"l\"},"
                + "{\"type\":\"class\",\"label\":\"m\"}]}");
        String key = dataset.one("select key from item");

        ImportReport report = dataset.load("{\"id\":\"i\",\"filename\":\"/b.jpg\",\"annotations\":[{\"type\":\"class\",\"label\":\"n\"}]}");

        assertThat(report.created()).isZero();
        assertThat(report.replaced()).isEqualTo(1);
        assertThat(report.labelsUnknown()).containsExactly("n");
        assertThat(dataset.rows("select key, filename, creator, entry_path, entry_stem, flat_name from item"))
                .containsExactly(key + "|/b.jpg|null|b.jpg|b|b.jpg");
        assertThat(dataset.rows("select label from annotation")).containsExactly("n");
    }

    @Test
    void replacesAnItemWithoutAnIdByItsFilename() {
        dataset.load("{\"id\":\"i\",\"filename\":\"/a.jpg\"}");

        ImportReport report = dataset.load("{\"filename\":\"a.jpg\",\"creator\":\"new\"}");

        assertThat(report.replaced()).isEqualTo(1);
        assertThat(dataset.rows("select id, creator from item")).containsExactly("i|new");
    }

    @Test
    void refusesAFilenameThatSeveralItemsHave() {
        dataset.load("[{\"id\":\"i\",\"filename\":\"/a.jpg\"},{\"id\":\"j\",\"filename\":\"/a.jpg\"}]");

        RequestRefused refused = dataset.refused("[{\"id\":\"k\"},{\"filename\":\"/a.jpg\"}]");

        assertThat(refused.type()).isEqualTo(ProblemType.BAD_RECORD);
        assertThat(refused.pointer()).isEqualTo("/1");
        assertThat(refused.members()).containsEntry("record", 2L);
    }

    @Test
    void importsTheSameTwiceWithTheSameResult() {
        String body =
                """
                [{"id":"i","filename":"/x/a.jpg","annotations":[{"type":"box","label":"b","coordinates":[]}]},
                 {"filename":"/y/a.jpg","annotations":[{"type":"class","label":"a"}]},
                 {"filename":"/y/A.png"}]
                """;
        ImportReport first = dataset.load(body);
        String before = dataset.fingerprint();
        ImportReport second = dataset.load(body);

        assertThat(dataset.fingerprint()).isEqualTo(before);
        assertThat(first.labelsAdded()).containsExactly("a", "b");
        assertThat(second.replaced()).isEqualTo(3);
        assertThat(second.created()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\0', value = {
        "[1]; BAD_RECORD; /0",
        "[{'id':'ok'},null]; BAD_RECORD; /1",
        "[{'name':'x'}]; BAD_RECORD; /0",
        "{'id':7}; BAD_RECORD; /id",
        "{'id':''}; BAD_RECORD; /id",
        "{'id':'a','id':'a'}; BAD_RECORD; /id",
        "{'id':'a','_id':'b'}; BAD_RECORD; ''",
        "{'id':'a','metadata':[]}; BAD_RECORD; /metadata",
        "{'id':'a','annotations':[{'type':'x','metadata':'m'}]}; BAD_RECORD; /annotations/0/metadata",
        "{'id':'a','annotations':{}}; BAD_RECORD; /annotations",
        "{'id':'a','annotations':null}; BAD_RECORD; /annotations",
        "{'id':'a','annotations':[{'type':'box','label':'x'},[]]}; BAD_RECORD; /annotations/1",
        "{'id':'a','annotations':[{'label':'x'}]}; BAD_RECORD; /annotations/0",
        "{'id':'a','annotations':[{'type':5,'label':'x'}]}; BAD_RECORD; /annotations/0/type",
        "{'id':'a','annotations':[{'type':'box'}]}; BAD_RECORD; /annotations/0",
        "{'id':'a','annotations':[{'type':'box','label':null}]}; BAD_RECORD; /annotations/0/label",
        "{'id':'a\\u0000'}; BAD_RECORD; /id",
        "{'id':'a','name':'\\u0000'}; BAD_RECORD; /name",
        "{'id':'a','metadata':{'k':['\\u0000']}}; BAD_RECORD; /metadata/k/0",
        "{'id':'a','metadata':{'\\ud800':1}}; MALFORMED_JSON; ''",
        "{'id':'a','metadata':{'n':1e401}}; BAD_RECORD; /metadata/n",
        "{'id':'a','annotations':[{'type':'x','coordinates':'\\udc00'}]}; BAD_RECORD; /annotations/0/coordinates",
        "{'id':'a','annotations':[{'type':'x','x':1,'x':2}]}; BAD_RECORD; /annotations/0/x",
        "[{'id':'a'},{'id':'a'}]; BAD_RECORD; /1",
        "[{'filename':'/a'},{'filename':'a'}]; BAD_RECORD; /1",
        "{'id':'a'}{'id':'b'}; MALFORMED_JSON; ''",
        "{'id':'a'; MALFORMED_JSON; ''",
        "[{'id':'a'},; MALFORMED_JSON; ''",
        "{'id':nope}; MALFORMED_JSON; /id",
        "; MALFORMED_JSON; ''",
    })
    void refusesABadRecordAndSaysWhere(String body, ProblemType type, String pointer) {
        String json = body == null ? "" : body.replace('\'', '"');
        RequestRefused refused = dataset.refused(json);

        assertThat(refused.type()).as(refused.getMessage()).isEqualTo(type);
        if (type == ProblemType.BAD_RECORD && !pointer.equals("''")) {
            assertThat(refused.pointer()).isEqualTo(pointer);
            assertThat(refused.members()).containsEntry("record", pointer.startsWith("/1") ? 2L : 1L);
        }
        assertThat(dataset.one("select (select count(*) from item), (select count(*) from label)")).isEqualTo("0|0");
    }

    @Test
    void refusesInvalidUtf8() {
        for (byte[] bad : new byte[][] {{(byte) 0xff}, {(byte) 0xc3, 'x'}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, {(byte) 0xc0, (byte) 0x80}}) {
            byte[] body = "{\"id\":\"a\",\"name\":\"???\"}".getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bad, 0, body, 18, bad.length);

            assertThatExceptionOfType(RequestRefused.class).isThrownBy(() -> dataset.load(body));
        }
        assertThat(dataset.one("select count(*) from item")).isEqualTo("0");
    }

    @Test
    void changesNothingWhenTheBodyIsCut() {
        dataset.load("{\"id\":\"old\",\"filename\":\"/old.jpg\",\"annotations\":[{\"type\":\"class\",\"label\":\"l\"}]}");
        String before = dataset.fingerprint();
        StringBuilder lines = new StringBuilder("{\"id\":\"old\",\"annotations\":[]}\n");
        for (int i = 0; i < 5000; i++) {
            lines.append("{\"id\":\"").append(i).append("\",\"annotations\":[{\"type\":\"class\",\"label\":\"x\"}]}\n");
        }
        InputStream cut = new SequenceInputStream(
                new ByteArrayInputStream(lines.toString().getBytes(StandardCharsets.UTF_8)),
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("Connection reset");
                    }
                });

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> dataset.load(cut, ImportOptions.Body.NDJSON, ImportOptions.Labels.ADD))
                .withMessageContaining("Connection reset");
        assertThat(dataset.fingerprint()).isEqualTo(before);
    }

    @Test
    void refusesASecondImportAtTheSameTime() throws Exception {
        try (var connection = dataset.database().connect()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("select from dataset for no key update");

            assertThat(dataset.refused("{\"id\":\"a\"}").type()).isEqualTo(ProblemType.CONFLICT);
        }
        assertThat(dataset.load("{\"id\":\"a\"}").items()).isEqualTo(1);
    }

    @Test
    void refusesALargerAnnotationThanIsConfigured() throws IOException {
        byte[] body = ("{\"id\":\"a\",\"annotations\":[{\"type\":\"t\",\"p\":\"" + "x".repeat(2000) + "\"}]}").getBytes(StandardCharsets.UTF_8);
        ImportOptions options = new ImportOptions(ImportOptions.Format.DATALOOP, ImportOptions.Body.JSON, ImportOptions.Labels.AUTO);

        assertThatExceptionOfType(RequestRefused.class)
                .isThrownBy(() -> dataset.imports(DataSize.ofKilobytes(1)).load(dataset.ref(), options, new ByteArrayInputStream(body)))
                .withMessage("The annotation is larger than 1024 bytes.");
        assertThat(dataset.imports(DataSize.ofKilobytes(3)).load(dataset.ref(), options, new ByteArrayInputStream(body)).annotations()).isEqualTo(1);
    }

    @Test
    void refusesALargeAnnotationOnly() {
        String big = "x".repeat(4 << 20);
        dataset.load("{\"id\":\"a\",\"annotations\":[{\"type\":\"t\",\"p\":\"" + big + "\",\"q\":\"" + "x".repeat(4_100_000) + "\"}]}");
        RequestRefused refused = dataset.refused("{\"id\":\"b\",\"annotations\":[{\"type\":\"t\",\"p\":\"" + big + "\",\"q\":\"" + big + "\"}]}");

        assertThat(refused.type()).isEqualTo(ProblemType.BAD_RECORD);
        assertThat(refused.pointer()).startsWith("/annotations/0");
    }

    @Test
    void streamsAnItemWhoseOwnMembersComeLast() {
        StringBuilder json = new StringBuilder("{\"annotations\":[");
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            json.append(i == 0 ? "" : ",").append("{\"type\":\"point\",\"label\":\"p\",\"coordinates\":{\"x\":").append(i).append(",\"y\":0}}");
        }
        json.append("],\"_id\":\"late\",\"filename\":\"/late.jpg\",\"creator\":\"ann\"}");

        ImportReport report = dataset.load(json.toString());

        assertThat(report.annotations()).isEqualTo(count);
        assertThat(dataset.one("select count(*), count(distinct id), max(ordinal), min(creator), bool_and((coordinates->>'x')::int = ordinal)"
                + " from annotation"))
                .isEqualTo(count + "|" + count + "|" + (count - 1) + "|ann|t");
        assertThat(dataset.one("select id from annotation where ordinal = 7")).isEqualTo(sha("late/7"));
    }

    @Test
    void leavesNamesOfPosePointsOutOfTheLabels() {
        ImportReport report = dataset.load(
                """
                {"id":"i","annotations":[{"id":"p","type":"pose","label":"person","coordinates":{}},
                  {"type":"point","label":"nose","metadata":{"system":{"parentId":"p"}}},
                  {"type":"point","label":"free","metadata":{"system":{"parentId":null}}}]}
                """);

        assertThat(report.labelsAdded()).containsExactly("free", "person");
        assertThat(report.labelsUnknown()).isEmpty();
    }

    @Test
    void createsLabelsAsAskedFor() {
        dataset.load("{\"id\":\"i\",\"annotations\":[{\"type\":\"class\",\"label\":\"b\"},{\"type\":\"class\",\"label\":\"\ud83d\ude00\"},"
                + "{\"type\":\"class\",\"label\":\"\uffe6\"}]}");
        byte[] more = "{\"id\":\"j\",\"annotations\":[{\"type\":\"class\",\"label\":\"a\"}]}".getBytes(StandardCharsets.UTF_8);
        ImportReport kept = dataset.load(new ByteArrayInputStream(more), ImportOptions.Body.JSON, ImportOptions.Labels.KEEP);
        ImportReport auto = dataset.load(new ByteArrayInputStream(more), ImportOptions.Body.JSON, ImportOptions.Labels.AUTO);
        ImportReport added = dataset.load(new ByteArrayInputStream(more), ImportOptions.Body.JSON, ImportOptions.Labels.ADD);

        assertThat(kept.labelsUnknown()).containsExactly("a");
        assertThat(auto.labelsUnknown()).containsExactly("a");
        assertThat(added.labelsUnknown()).isEmpty();
        assertThat(dataset.rows("select number, path from label order by number")).containsExactly("0|b", "1|\uffe6", "2|\ud83d\ude00", "3|a");
    }

    @Test
    void knowsAnItemWhoseFileIsElsewhere() {
        dataset.load("[{\"id\":\"i\",\"metadata\":{\"system\":{\"shebang\":{\"linkInfo\":{\"type\":\"url\"}}}}},"
                + "{\"id\":\"j\",\"metadata\":{\"user\":{\"shebang\":{\"linkInfo\":{}}}}}]");

        assertThat(dataset.rows("select storage from item order by id")).containsExactly("external", "none");
    }

    @Test
    void movesTheRevisionOnlyWhenItCommits() {
        String before = dataset.one("select dataset_revision(key) from dataset");
        dataset.refused("[{\"id\":\"a\"},1]");
        assertThat(dataset.one("select dataset_revision(key) from dataset")).isEqualTo(before);
        dataset.load("{\"id\":\"a\"}");
        assertThat(dataset.one("select dataset_revision(key) from dataset")).isNotEqualTo(before);
    }

    private static String sha(String text) {
        try {
            byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return java.util.HexFormat.of().formatHex(digest, 0, 12);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
