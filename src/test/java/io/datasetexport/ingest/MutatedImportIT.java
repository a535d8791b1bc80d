package io.datasetexport.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.ingest.ImportOptions.Body;
import io.datasetexport.ingest.ImportOptions.Format;
import io.datasetexport.problem.RequestRefused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies that were damaged at random are read or refused, never half written, never a failure of ours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MutatedImportIT {

    private static final int ROUNDS = Integer.getInteger("mutations", Boolean.getBoolean("soak") ? 34_000 : 100);

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

    private TestDataset dataset;

    @BeforeAll
    void create() {
        dataset = new TestDataset();
    }

    @AfterAll
    void drop() {
        dataset.close();
    }

    private enum Kind {
        ITEMS(Format.DATALOOP, Body.JSON),
        LINES(Format.DATALOOP, Body.NDJSON),
        COCO(Format.COCO, Body.JSON),
        ARCHIVE(Format.DATALOOP, Body.ZIP);

        private final Format format;
        private final Body body;

        Kind(Format format, Body body) {
            this.format = format;
            this.body = body;
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
    void readsOrRefusesWhateverComes(Kind kind) {
        byte[] whole = kind.whole();
        int read = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed * 31L + kind.ordinal());
            byte[] body = whole;
            for (int i = random.nextInt(3); i >= 0; i--) {
                body = mutated(body, random, kind == Kind.ARCHIVE);
            }
            read += load(kind, body, seed) ? 1 : 0;
        }
        assertThat(read).as("some are read, some are refused").isBetween(1, ROUNDS - 1);
        assertThat(dataset.one("select count(*) from item where entry_path is null or entry_stem is null or flat_name is null")).isEqualTo("0");
    }

    @Test
    void readsTheWholeOnes() {
        for (Kind kind : Kind.values()) {
            assertThat(load(kind, kind.whole(), -1)).as("%s", kind).isTrue();
        }
    }

    private boolean load(Kind kind, byte[] body, int seed) {
        String state =
                "select dataset_revision(key) || ' ' || (select count(*) || ' ' || max(xmin::text) from item) || ' ' || (select count(*) from annotation)"
                        + " || ' ' || (select count(*) from label) from dataset";
        String before = dataset.one(state);
        try {
            dataset.load(new ByteArrayInputStream(body), new ImportOptions(kind.format, kind.body, ImportOptions.Labels.ADD));
            return true;
        } catch (RequestRefused refused) {
            assertThat(refused.type().status()).as("%s %d", kind, seed).isBetween(400, 499);
            assertThat(dataset.one(state)).as("%s %d: %s", kind, seed, refused.getMessage()).isEqualTo(before);
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError(kind + " " + seed + ": " + new String(body, kind == Kind.ARCHIVE ? ISO_8859_1 : UTF_8), e);
        }
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

    /** Stored, so that a change of a byte is a change of the JSON. */
    private static byte[] archive() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(0);
            for (String[] entry : new String[][] {
                {"_export/dataset.json", "{\"labels\":[{\"number\":0,\"label\":\"cat\",\"segments\":[\"cat\"],\"folder\":\"cat\"}],\"recipe\":{}}"},
                {"json/a/1.jpg.json", "{\"id\":\"z1\",\"filename\":\"/a/1.jpg\",\"annotations\":[{\"type\":\"class\",\"label\":\"cat\"}]}"},
                {"_export/items.csv", "item_id,path,json,mask,file,yolo,voc\r\nz1,/a/1.jpg,json/a/1.jpg.json,,,yolo/a/1.txt,\r\n"},
                {"_export/manifest.json", "{\"complete\":true}"}
            }) {
                zip.putNextEntry(new ZipEntry(entry[0]));
                zip.write(entry[1].getBytes(UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
