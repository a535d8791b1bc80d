package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.raster.PolygonRaster.Rounding;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PolygonRasterTests {

    private final PolygonRaster raster = new PolygonRaster();

    @Test
    void countsAndDrawsAsTheClassicConverter() throws IOException {
        try (InputStream vectors = getClass().getResourceAsStream("/golden/vectors/polygon-raster.json")) {
            JsonNode records = JsonMapper.shared().readTree(vectors);
            assertThat(records).hasSize(30);
            for (JsonNode record : records) {
                JsonNode points = record.get("polygon");
                double[] ring = new double[points.size() * 2];
                for (int i = 0; i < points.size(); i++) {
                    ring[2 * i] = points.get(i).get(0).asDouble();
                    ring[2 * i + 1] = points.get(i).get(1).asDouble();
                }
                int width = record.get("width").asInt();
                int height = record.get("height").asInt();
                BitMask mask = new BitMask(width, height);
                assertThat(raster.area(ring, Rounding.TRUNCATE, width, height)).isEqualTo(record.get("area").asLong());
                assertThat(raster.fill(List.of(ring), Rounding.TRUNCATE, mask)).isTrue();
                assertThat(RunLengths.of(mask)).isEqualTo(JsonMapper.shared().convertValue(record.get("counts"), int[].class));
            }
        }
    }

    @Test
    void countsTheOutlineOfARectangle() {
        assertThat(area(8, 6, 0, 0, 7, 0, 7, 5, 0, 5)).isEqualTo(48);
        assertThat(area(100, 100, 0, 0, 7, 0, 7, 5, 0, 5)).isEqualTo(48);
    }

    @Test
    void countsLinesAndPoints() {
        assertThat(area(10, 10, 1, 1, 5, 3)).isEqualTo(5);
        assertThat(area(10, 10, 4, 4)).isEqualTo(1);
        assertThat(area(10, 10, -4, 4)).isZero();
        assertThat(area(10, 10)).isZero();
    }

    @Test
    void truncatesForAreasAndRoundsHalvesToEvenForMasks() {
        assertThat(area(9, 9, -0.9, 0, 2.9, 0)).isEqualTo(3);
        BitMask mask = new BitMask(9, 9);
        raster.fill(List.of(new double[] {1.5, 0, 4.5, 0}), Rounding.HALF_EVEN, mask);
        assertThat(mask.nextSet(0, 0)).isEqualTo(2);
        assertThat(mask.nextClear(2, 0)).isEqualTo(5);
    }

    @Test
    void leavesHolesClearButDrawsTheirOutline() {
        BitMask mask = new BitMask(11, 11);
        raster.fill(
                List.of(new double[] {0, 0, 10, 0, 10, 10, 0, 10}, new double[] {3, 3, 7, 3, 7, 7, 3, 7}),
                Rounding.HALF_EVEN,
                mask);
        assertThat(mask.get(3, 3)).isTrue();
        assertThat(mask.get(5, 5)).isFalse();
        assertThat(mask.count()).isEqualTo(121 - 9);
    }

    @Test
    void agreesWithPixelByPixelDrawing() {
        Random random = new Random(5);
        for (int run = 0; run < 10_000; run++) {
            int width = 1 + random.nextInt(90);
            int height = 1 + random.nextInt(90);
            double spread = run % 4 == 0 ? 4 : 1;
            double[] ring = new double[2 * (1 + random.nextInt(run % 10 == 0 ? 60 : 9))];
            for (int i = 0; i < ring.length; i += 2) {
                ring[i] = (random.nextDouble() - 0.5) * width * 1.2 * spread + width / 2.0;
                ring[i + 1] = (random.nextDouble() - 0.5) * height * 1.2 * spread + height / 2.0;
                if (run % 7 == 0) {
                    ring[i] = Math.rint(ring[i] / 8) * 8;
                    ring[i + 1] = Math.rint(ring[i + 1] / 8) * 8;
                }
            }
            Rounding rounding = Rounding.values()[run % 2];
            boolean[][] expected = draw(ring, rounding, width, height);
            BitMask mask = new BitMask(width, height);
            assertThat(raster.fill(List.of(ring), rounding, mask)).isTrue();
            int count = 0;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    if (mask.get(x, y) != expected[y][x]) {
                        assertThat(mask.get(x, y)).as("run %s, pixel %s %s of %s", run, x, y, Arrays.toString(ring)).isEqualTo(expected[y][x]);
                    }
                    count += expected[y][x] ? 1 : 0;
                }
            }
            assertThat(raster.area(ring, rounding, width, height)).as("run %s", run).isEqualTo(count);
        }
    }

    @Test
    @Timeout(5)
    void survivesVerticesFarOutside() {
        assertThat(area(8, 6, -1e308, -1e308, 1e308, -1e308, 1e308, 1e308, -1e308, 1e308)).isEqualTo(48);
        assertThat(area(8, 6, -1e308, 2, 1e308, 2)).isEqualTo(8);
        assertThat(area(8, 6, 3, -1e308, 3, 1e308)).isEqualTo(6);
        assertThat(area(8, 6, -1e12, -1e12, 1e12, 1e12)).isEqualTo(6);
        assertThat(area(8, 6, 1e308, 1e308)).isZero();
        assertThat(area(8, 6, 4, 2, Double.MAX_VALUE, 2, Double.MAX_VALUE, -Double.MAX_VALUE)).isGreaterThanOrEqualTo(4);
        assertThat(area(8, 6, -1_000_000, -1_000_000, 1_000_000, 1_000_000)).isEqualTo(6);
    }

    @Test
    @Timeout(5)
    void refusesWhatWouldTakeTooLong() {
        assertThat(area(2_000_000_000, 2_000_000_000, 0, 0, 1e9, 0, 1e9, 1e9)).isEqualTo(-1);
        double[] zigzag = new double[20_000];
        for (int i = 0; i < zigzag.length; i += 2) {
            zigzag[i] = i;
            zigzag[i + 1] = i / 2 % 2 * 16_000;
        }
        assertThat(area(16_384, 16_384, zigzag)).isEqualTo(-1);
        BitMask mask = new BitMask(4_000, 16_384);
        assertThat(raster.fill(List.of(zigzag), Rounding.HALF_EVEN, mask)).isFalse();
        assertThat(mask.count()).isZero();
    }

    @Test
    @Timeout(2)
    void countsALargePolygonWithoutACanvas() {
        assertThat(area(100_000, 100_000, 0, 0, 99_999, 0, 99_999, 99_999, 0, 99_999)).isEqualTo(10_000_000_000L);
    }

    private long area(int width, int height, double... ring) {
        return raster.area(ring, Rounding.TRUNCATE, width, height);
    }

    /** The rule as formats.md 5.4 words it, pixel after pixel on a canvas with room around it. */
    private static boolean[][] draw(double[] ring, Rounding rounding, int width, int height) {
        int margin = 6 * Math.max(width, height);
        boolean[][] canvas = new boolean[height + 2 * margin][width + 2 * margin];
        int count = ring.length / 2;
        int[] xs = new int[count];
        int[] ys = new int[count];
        for (int i = 0; i < count; i++) {
            xs[i] = (int) (rounding == Rounding.TRUNCATE ? ring[2 * i] : Math.rint(ring[2 * i]));
            ys[i] = (int) (rounding == Rounding.TRUNCATE ? ring[2 * i + 1] : Math.rint(ring[2 * i + 1]));
        }
        for (int i = 0; i < count; i++) {
            int j = (i + 1) % count;
            line(canvas, margin, xs[i], ys[i], xs[j], ys[j]);
        }
        for (int y = -margin; y < height + margin; y++) {
            long[] at = new long[count];
            int found = 0;
            for (int i = 0; i < count; i++) {
                int j = (i + 1) % count;
                int top = ys[i] <= ys[j] ? i : j;
                int bottom = ys[i] <= ys[j] ? j : i;
                if (ys[top] <= y && y < ys[bottom]) {
                    long run = (long) (xs[bottom] - xs[top]) << 16;
                    long slope = Math.abs(run) / (ys[bottom] - ys[top]) * Long.signum(run);
                    at[found++] = ((long) xs[top] << 16) + (y - ys[top]) * slope;
                }
            }
            Arrays.sort(at, 0, found);
            for (int i = 0; i + 1 < found; i += 2) {
                for (long x = at[i] + 65535 >> 16; x <= at[i + 1] >> 16; x++) {
                    canvas[y + margin][(int) x + margin] = true;
                }
            }
        }
        boolean[][] cropped = new boolean[height][];
        for (int y = 0; y < height; y++) {
            cropped[y] = Arrays.copyOfRange(canvas[y + margin], margin, margin + width);
        }
        return cropped;
    }

    private static void line(boolean[][] canvas, int margin, int x0, int y0, int x1, int y1) {
        if (x1 < x0) {
            line(canvas, margin, x1, y1, x0, y0);
            return;
        }
        int dx = x1 - x0;
        int dy = Math.abs(y1 - y0);
        int longer = Math.max(dx, dy);
        int shorter = Math.min(dx, dy);
        int stepY = y1 > y0 ? 1 : -1;
        int error = longer - 2 * shorter;
        int x = x0;
        int y = y0;
        for (int i = 0; i <= longer; i++) {
            canvas[y + margin][x + margin] = true;
            boolean minor = error < 0;
            error += -2 * shorter + (minor ? 2 * longer : 0);
            if (dx >= dy) {
                x++;
                y += minor ? stepY : 0;
            } else {
                y += stepY;
                x += minor ? 1 : 0;
            }
        }
    }
}
