package io.datasetexport.format.masks;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.text.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelColorsTests {

    @ParameterizedTest
    @CsvSource(delimiter = ';', nullValues = "-", value = {
        "#0000ff; 0000ff",
        "#A0b0C0; a0b0c0",
        "rgb(7,8,9); 070809",
        "rgb( 255 , 0, 10 ); ff000a",
        "rgb(256,0,0); ff0000",
        "#fff; ff0000",
        "blue; ff0000",
        "'' ; ff0000",
        "-; ffffff"
    })
    void readsTheOntologysColours(String color, String expected) {
        assertThat(LabelColors.color(Drawn.label(0, "cat", color))).isEqualTo(Integer.parseInt(expected, 16));
    }

    @Test
    void aPaletteHoldsTheColoursAtTheCategoryIds() {
        LabelColors colors = new LabelColors(List.of(Drawn.label(0, "a", "#010203"), Drawn.label(2, "c", "#fffefd")));
        assertThat(colors.palette()).containsExactly(0, 0, 0, 1, 2, 3, 0, 0, 0, 0xff, 0xfe, 0xfd);
    }

    @Test
    void thereIsAPaletteUpToIndex255() {
        assertThat(new LabelColors(Drawn.labels(255)).palette()).hasSize(256 * 3);
        assertThat(new LabelColors(List.of(Drawn.label(255, "far", null))).palette()).isNull();
        assertThat(new LabelColors(List.of()).palette()).containsExactly(0, 0, 0);
    }

    @Test
    void theLabelMapNamesEveryLabel() {
        LabelColors colors = new LabelColors(List.of(
                Drawn.label(0, "cat", "#0000ff"),
                Drawn.label(1, "über.a\tb\r\nc", "rgb(7,8,9)"),
                Drawn.label(300, "far", null)));
        Utf8Buffer map = new Utf8Buffer();
        colors.appendLabelMap(map);
        assertThat(new String(map.array(), 0, map.length(), StandardCharsets.UTF_8))
                .isEqualTo("1\t0,0,255\tcat\n2\t7,8,9\tüber.a b  c\n301\t255,255,255\tfar\n");
    }
}
