package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LayerCanvasTests {

    private static final byte[] ITSELF = new byte[1000];

    static {
        for (int i = 0; i < ITSELF.length; i++) {
            ITSELF[i] = (byte) i;
        }
    }

    @Test
    void laterLayersLieOverEarlierOnes() {
        SplittableRandom random = new SplittableRandom(11);
        for (int run = 0; run < 200; run++) {
            Painted painted = new Painted(random, 1 + random.nextInt(200), 1 + random.nextInt(20));
            painted.strokes(1 + random.nextInt(12), 1 + random.nextInt(200));
            painted.assertSame(painted.canvas);
        }
    }

    @Test
    void aPictureOnTopHidesOnlyWhereItIsPainted() {
        SplittableRandom random = new SplittableRandom(12);
        for (int run = 0; run < 200; run++) {
            int width = 1 + random.nextInt(200);
            int height = 1 + random.nextInt(20);
            Painted below = new Painted(random, width, height);
            Painted above = new Painted(random, width, height);
            below.strokes(random.nextInt(4), 1 + random.nextInt(9));
            above.strokes(random.nextInt(4), 1 + random.nextInt(9));
            below.canvas.paint(above.canvas);
            for (int i = 0; i < above.pixels.length; i++) {
                below.pixels[i] = above.pixels[i] != 0 ? above.pixels[i] : below.pixels[i];
            }
            below.assertSame(below.canvas);
        }
    }

    @Test
    void aPackedPictureUnpacksToItself() {
        SplittableRandom random = new SplittableRandom(13);
        for (int strokes : new int[] {0, 1, 30}) {
            Painted painted = new Painted(random, 400, 300);
            painted.strokes(strokes, 100);
            byte[] packed = painted.canvas.pack();
            painted.assertSame(LayerCanvas.unpack(400, 300, packed));
        }
        assertThat(new LayerCanvas(16_384, 4096).pack()).hasSizeLessThan(20);
    }

    @Test
    void writesFourBytesAPixelToo() {
        LayerCanvas canvas = new LayerCanvas(70, 2);
        BitMask mask = new BitMask(70, 2);
        mask.fill(0, 64, 0);
        canvas.paint(mask, 1);
        byte[] row = new byte[3 + 70 * 4];
        canvas.row(0, new int[] {0, 0x01fe03ff}, row, 3);
        assertThat(Arrays.copyOfRange(row, 3 + 64 * 4, 3 + 66 * 4))
                .containsExactly(1, 0xfe, 3, 0xff, 0, 0, 0, 0);
        canvas.row(1, new int[] {0x01020304, 0}, row, 3);
        assertThat(Arrays.copyOfRange(row, 0, 7)).containsExactly(0, 0, 0, 1, 2, 3, 4);
    }

    @Test
    void memoryGrowsByThePlane() {
        assertThat(LayerCanvas.bytes(65, 10, 0)).isZero();
        assertThat(LayerCanvas.bytes(65, 10, 1)).isEqualTo(2 * 8 * 10);
        assertThat(LayerCanvas.bytes(65, 10, 3)).isEqualTo(2 * 2 * 8 * 10);
        assertThat(LayerCanvas.bytes(16_384, 4096, 255)).isEqualTo(64 << 20);
    }

    /** A canvas beside the same picture as plain numbers. */
    private static final class Painted {

        final SplittableRandom random;
        final int width;
        final int height;
        final LayerCanvas canvas;
        final int[] pixels;

        Painted(SplittableRandom random, int width, int height) {
            this.random = random;
            this.width = width;
            this.height = height;
            canvas = new LayerCanvas(width, height);
            pixels = new int[width * height];
        }

        void strokes(int count, int highest) {
            for (int i = 0; i < count; i++) {
                int value = 1 + random.nextInt(highest);
                BitMask mask = new BitMask(width, height);
                for (int y = 0; y < height; y++) {
                    int left = random.nextInt(width);
                    int right = left + random.nextInt(width - left);
                    mask.fill(left, right, y);
                    Arrays.fill(pixels, y * width + left, y * width + right + 1, value);
                }
                canvas.paint(mask, value);
            }
        }

        void assertSame(LayerCanvas actual) {
            byte[] row = new byte[width];
            for (int y = 0; y < height; y++) {
                actual.row(y, ITSELF, row, 0);
                for (int x = 0; x < width; x++) {
                    assertThat(row[x] & 0xff).as("%d,%d of %dx%d", x, y, width, height).isEqualTo(pixels[y * width + x]);
                }
            }
        }
    }
}
