package io.datasetexport.format.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.TestItems;
import io.datasetexport.model.Item;
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
        return TestItems.item("/a.jpg", 1, 1, "image/jpeg", metadata);
    }
}
