package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngEncoderTests {

    @ParameterizedTest
    @CsvSource({"1,1", "8,6", "1,300", "300,1", "640,480", "16384,9", "70001,2"})
    void anIndexedPictureReadsBackAsItsColours(int width, int height) throws IOException {
        byte[] palette = palette();
        byte[] pixels = runs(width * height, 256, 7);
        byte[] png;
        try (PngEncoder encoder = new PngEncoder()) {
            png = encoder.indexed(width, height, palette, (y, into, from) -> System.arraycopy(pixels, y * width, into, from, width));
        }
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(picture.getColorModel()).isInstanceOf(IndexColorModel.class);
        assertThat(picture.getColorModel().getPixelSize()).isEqualTo(8);
        int[] expected = new int[width * height];
        for (int i = 0; i < expected.length; i++) {
            int index = pixels[i] & 0xff;
            expected[i] = index == 0 ? 0 : 0xff000000 | rgb(palette, index);
        }
        assertThat(Arrays.mismatch(picture.getRGB(0, 0, width, height, null, 0, width), expected)).isEqualTo(-1);
    }

    @Test
    void aPictureOfFourSamplesReadsBackAsItIs() throws IOException {
        int width = 333;
        int height = 222;
        byte[] pixels = new byte[width * height * 4];
        new SplittableRandom(5).nextBytes(pixels);
        byte[] png;
        try (PngEncoder encoder = new PngEncoder()) {
            png = encoder.rgba(width, height, (y, into, from) -> System.arraycopy(pixels, y * width * 4, into, from, width * 4));
        }
        int[] expected = new int[width * height];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (pixels[4 * i + 3] & 0xff) << 24 | rgb(pixels, i, 4);
        }
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(Arrays.mismatch(picture.getRGB(0, 0, width, height, null, 0, width), expected)).isEqualTo(-1);
    }

    @Test
    void samePixelsGiveSameBytesWhateverWasEncodedBefore() {
        byte[] pixels = runs(200 * 100, 9, 3);
        PngEncoder.Rows rows = (y, into, from) -> System.arraycopy(pixels, y * 200, into, from, 200);
        try (PngEncoder used = new PngEncoder(); PngEncoder fresh = new PngEncoder()) {
            used.rgba(50, 100, rows);
            assertThat(used.indexed(200, 100, palette(), rows)).isEqualTo(fresh.indexed(200, 100, palette(), rows));
        }
    }

    private static byte[] palette() {
        byte[] palette = new byte[256 * 3];
        new SplittableRandom(1).nextBytes(palette);
        Arrays.fill(palette, 0, 3, (byte) 0);
        return palette;
    }

    private static byte[] runs(int length, int values, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] pixels = new byte[length];
        int at = 0;
        while (at < length) {
            byte value = (byte) random.nextInt(values);
            for (int end = Math.min(length, at + 1 + random.nextInt(60)); at < end; at++) {
                pixels[at] = value;
            }
        }
        return pixels;
    }

    private static int rgb(byte[] bytes, int index) {
        return rgb(bytes, index, 3);
    }

    private static int rgb(byte[] bytes, int index, int samples) {
        int at = index * samples;
        return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
    }
}
