package io.datasetexport.format.voc;

import static io.datasetexport.format.TestItems.BOX;
import static io.datasetexport.format.TestItems.annotation;
import static io.datasetexport.format.TestItems.box;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.GoldenCase;
import io.datasetexport.format.RecordingOutput;
import io.datasetexport.format.TestItems;
import io.datasetexport.model.Annotation;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class VocWriterTests {

    @ParameterizedTest
    @ValueSource(strings = {"seed-coco", "seed-voc", "seed-yolo", "mixed"})
    void writesWhatIsExpected(String name) {
        GoldenCase golden = GoldenCase.of(name);
        RecordingOutput out = RecordingOutput.of(new VocWriter(), golden);
        assertThat(written(out)).isEqualTo(golden.expected("voc"));
        assertThat(out.items()).isEqualTo(golden.expected("voc").size());
    }

    @Test
    void saysWhatTheMixedDatasetLoses() {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput out = RecordingOutput.of(new VocWriter(), golden);
        assertThat(out.annotations()).isEqualTo(13);
        assertThat(out.leftOut()).hasSize(19).noneMatch(line -> line.startsWith("unknown-label"));
        assertThat(out.changed()).containsExactly("rotation " + golden.item("/mix/all-types.png").item().id() + " 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 100})
    void writesTheSameBytesInSlices(int size) {
        GoldenCase golden = GoldenCase.of("mixed");
        RecordingOutput whole = RecordingOutput.of(new VocWriter(), golden);
        RecordingOutput sliced = RecordingOutput.sliced(new VocWriter(), golden, size);
        assertThat(written(sliced)).isEqualTo(written(whole));
        assertThat(sliced.items()).isEqualTo(whole.items());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]; 1 2 3 4",
        "[{\"x\":1.0,\"y\":2},{\"x\":3,\"y\":4}]; 1.0 2.0 3.0 4.0",
        "[{\"x\":3,\"y\":4},{\"x\":-0,\"y\":2}]; 0 2 3 4",
        "[{\"x\":1e2,\"y\":2},{\"x\":3,\"y\":1e-7}]; 3.0 1e-07 100.0 2.0",
        "[{\"x\":-1e308,\"y\":2},{\"x\":1e308,\"y\":100000000000000000000}]; -1e+308 2.0 1e+308 1e+20",
    })
    void writesIntsWhereAllFourAreIntegers(String coordinates, String numbers) throws Exception {
        Element box = child(child(parse(write(box("cat", coordinates))), "object"), "bndbox");
        assertThat(box.getTextContent().strip().split("\\s+")).containsExactly(numbers.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "['all']; [\"all\"]; {}",
        "[]; [ ]; {}",
        "[]; `null`; {\"system\":{\"attributes\":{}}}",
        "{'1': 'all'}; []; {\"system\":{\"attributes\":{\"1\":\"all\"}}}",
        "{'1': \"it's\", '2': True, '3': None, '4': 1.5, '5': ['a', 'b'], '6': 7, '7': False, '8': {}, '9': 1e+16}; []; "
                + "{\"system\":{\"attributes\":{\"1\":\"it's\",\"2\":true,\"3\":null,\"4\":1.50,\"5\":[\"a\",\"b\"],\"6\":7,\"7\":false,\"8\":{},\"9\":1E16}}}",
        "['\\x00', '\\xa0', '\\n']; [\"\\u0000\",\"\u00a0\",\"\\n\"]; {}",
        "['<&>']; [\"<&>\"]; {}",
    })
    void spellsAttributesAsPython(String expected, String list, String metadata) throws Exception {
        RecordingOutput out = write(annotation("box", "cat", BOX, list, metadata));
        assertThat(child(child(parse(out), "object"), "attributes").getTextContent()).isEqualTo(expected);
        assertThat(out.changed()).isEmpty();
    }

    @Test
    void saysThatTheMapIsLostBesideAList() {
        RecordingOutput out = write(annotation("box", "cat", BOX, "[\"a\"]", "{\"system\":{\"attributes\":{\"1\":true}}}"));
        assertThat(out.text("voc/a.xml")).contains("<attributes>['a']</attributes>");
        assertThat(out.changed()).containsExactly("attributes i 1");
    }

    @Test
    void escapesText() throws Exception {
        String label = "a&b<c>\"' \r\n\t\u0085\u007f é \ud83d\ude00";
        RecordingOutput out = TestItems.write(new VocWriter(), TestItems.image("/x & y/<a>.jpg"), box(label, BOX));
        Element root = parse(out);
        assertThat(child(child(root, "object"), "name").getTextContent()).isEqualTo(label);
        assertThat(child(root, "folder").getTextContent()).isEqualTo("x & y");
        assertThat(child(root, "filename").getTextContent()).isEqualTo("<a>.jpg");
        assertThat(child(root, "path").getTextContent()).isEqualTo("/x & y/<a>.jpg");
        assertThat(out.changed()).isEmpty();
    }

    @Test
    void dropsWhatXmlForbidsAndSaysSo() throws Exception {
        RecordingOutput out = write(box("a\u0001\uffff\ufffeb\uffef\ufffd", BOX), box("cat", BOX));
        assertThat(child(child(parse(out), "object"), "name").getTextContent()).isEqualTo("ab\uffef\ufffd");
        assertThat(out.changed()).containsExactly("illegal-characters i 1");
    }

    @Test
    void dropsWhatXmlForbidsFromPathsToo() {
        RecordingOutput out = TestItems.write(new VocWriter(), TestItems.image("/a\u0002b.jpg"), box("cat", BOX), box("cat", BOX));
        assertThat(out.text(out.paths().getFirst())).contains("<filename>ab.jpg</filename>");
        assertThat(out.changed()).containsExactly("illegal-characters i 2");
    }

    @Test
    void writesNoFileWithoutABox() {
        RecordingOutput out = write(annotation("segment", "cat", "[[{\"x\":0,\"y\":0}]]", null, "{}"), box("cat", "[]"));
        assertThat(out.paths()).isEmpty();
        assertThat(out.leftOut()).containsExactly("unsupported-shape i a", "empty-geometry i a");
        assertThat(out.items()).isZero();
    }

    @Test
    void assumesThreeChannels() throws Exception {
        assertThat(child(child(parse(write(box("cat", BOX))), "size"), "depth").getTextContent()).isEqualTo("3");
    }

    private static RecordingOutput write(Annotation... annotations) {
        return TestItems.write(new VocWriter(), TestItems.image("/a.jpg"), annotations);
    }

    private static Map<String, String> written(RecordingOutput out) {
        Map<String, String> files = new TreeMap<>();
        out.paths().forEach(path -> files.put(path, out.text(path)));
        return files;
    }

    private static Element parse(RecordingOutput out) throws Exception {
        byte[] xml = out.bytes(out.paths().getFirst());
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(xml)).getDocumentElement();
    }

    private static Element child(Element parent, String name) {
        return (Element) parent.getElementsByTagName(name).item(0);
    }
}
