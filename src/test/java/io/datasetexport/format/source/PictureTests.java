package io.datasetexport.format.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.model.EntryNames;
import io.datasetexport.model.Item;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PictureTests {

    @Test
    void swapsSidesFromOrientation5On() {
        for (int orientation = 0; orientation < 10; orientation++) {
            assertThat(Picture.sidesSwapped(item("{\"system\":{\"exif\":{\"Make\":\"x\",\"Orientation\":" + orientation + "}}}")))
                    .isEqualTo(orientation >= 5 && orientation <= 8);
        }
        assertThat(Picture.sidesSwapped(item("{\"system\":{\"exif\":{\"Orientation\": 6.0 }}}"))).isTrue();
    }

    @Test
    void swapsNothingWithoutOrientation() {
        assertThat(Picture.sidesSwapped(item("{}"))).isFalse();
        assertThat(Picture.sidesSwapped(item("{\"user\":{\"exif\":{\"Orientation\":6}}}"))).isFalse();
        assertThat(Picture.sidesSwapped(item("{\"system\":{\"exif\":{\"Orientation\":\"6\"}}}"))).isFalse();
        assertThat(Picture.sidesSwapped(item("{\"system\":{\"exif\":\"Orientation\"}}"))).isFalse();
    }

    @Test
    void assumesThreeChannels() {
        assertThat(Picture.channels(item("{\"system\":{\"channels\":4}}"))).isEqualTo(4);
        assertThat(Picture.channels(item("{\"system\":{\"channels\":null}}"))).isEqualTo(3);
        assertThat(Picture.channels(item("{\"system\":{}}"))).isEqualTo(3);
    }

    private static Item item(String metadata) {
        return new Item(
                1, "1", "/a.jpg", "/", "a.jpg", "file", false, null, null, null, null, null, null, null,
                metadata.getBytes(StandardCharsets.UTF_8), null, null, null, null, new EntryNames("a.jpg", "a", "a.jpg"));
    }
}
