package io.datasetexport.format.dataloop;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.ItemSlice;
import io.datasetexport.format.RecordingOutput;
import io.datasetexport.format.TestItems;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DataloopLinesWriterTests {

    private final DataloopLinesWriter writer = new DataloopLinesWriter(new DataloopWriter(TestItems.dataset(), null));

    static Stream<String> lineBreaksAtEachPlaceOfEight() {
        return Stream.of("\n", "\r", "\r\n", "\n\n\n\n\n\n\n\n\n").flatMap(lineBreak -> Stream.of(0, 1, 2, 3, 4, 5, 6, 7, 8)
                .map(offset -> "{" + " ".repeat(offset) + lineBreak + "\"é😀\":\"\u0080\u00ff\",\"b\":" + lineBreak + "\t1}"));
    }

    @ParameterizedTest
    @MethodSource("lineBreaksAtEachPlaceOfEight")
    void aLineIsAnItemWhereverADocumentHasLineBreaks(String metadata) {
        List<ItemSlice> items = List.of(item(metadata), item("{}"), item(metadata));

        String text = RecordingOutput.of(writer, items).text("json/items.ndjson");

        assertThat(text.lines()).hasSize(3);
        assertThat(text).doesNotContain("\r").contains("\"metadata\":" + metadata.replaceAll("[\r\n]", " "));
    }

    @Test
    void theOtherControlCharacterThatMayStandBetweenTokensStays() {
        assertThat(RecordingOutput.of(writer, List.of(item("{\t}"))).text("json/items.ndjson")).contains("{\t}").endsWith("}\n");
    }

    private static ItemSlice item(String metadata) {
        return ItemSlice.whole(TestItems.item("/a.jpg", 20, 10, "image/jpeg", metadata), List.of());
    }
}
