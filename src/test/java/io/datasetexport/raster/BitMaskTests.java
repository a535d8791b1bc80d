package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BitMaskTests {

    @Test
    void agreesWithABooleanPerPixel() {
        Random random = new Random(3);
        for (int run = 0; run < 300; run++) {
            int width = 1 + random.nextInt(150);
            int height = 1 + random.nextInt(20);
            BitMask mask = new BitMask(width, height);
            boolean[][] pixels = new boolean[height][width];
            for (int i = random.nextInt(8); i > 0; i--) {
                int y = random.nextInt(height);
                int left = random.nextInt(width);
                int right = left + random.nextInt(width - left);
                mask.fill(left, right, y);
                for (int x = left; x <= right; x++) {
                    pixels[y][x] = true;
                }
            }
            int count = 0;
            int left = width;
            int right = -1;
            int top = height;
            int bottom = -1;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    assertThat(mask.get(x, y)).isEqualTo(pixels[y][x]);
                    int next = x;
                    while (next < width && pixels[y][next] == pixels[y][x]) {
                        next++;
                    }
                    assertThat(pixels[y][x] ? mask.nextClear(x, y) : mask.nextSet(x, y)).isEqualTo(next);
                    if (pixels[y][x]) {
                        count++;
                        left = Math.min(left, x);
                        right = Math.max(right, x);
                        top = Math.min(top, y);
                        bottom = y;
                    }
                }
            }
            assertThat(mask.count()).isEqualTo(count);
            assertThat(mask.bounds()).isEqualTo(count == 0 ? null : new BitMask.Bounds(left, top, right, bottom));
        }
    }

    @Test
    void addsAnotherMask() {
        BitMask mask = new BitMask(70, 2);
        mask.set(69, 1);
        BitMask other = new BitMask(70, 2);
        other.set(0, 0);
        mask.add(other);
        assertThat(mask.count()).isEqualTo(2);
        assertThatIllegalArgumentException().isThrownBy(() -> mask.add(new BitMask(71, 2)));
    }

    @Test
    void isBounded() {
        assertThat(BitMask.fits(16_384, 4_096)).isTrue();
        assertThat(BitMask.fits(16_385, 1)).isFalse();
        assertThat(BitMask.fits(16_384, 4_097)).isFalse();
        assertThat(BitMask.fits(0, 1)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new BitMask(60_000, 60_000));
    }
}
