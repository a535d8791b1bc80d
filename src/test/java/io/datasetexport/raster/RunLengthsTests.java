package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.text.Utf8Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunLengthsTests {

    @Test
    void writesAndReadsWhatPycocotoolsWrites() throws IOException {
        try (InputStream vectors = getClass().getResourceAsStream("/golden/vectors/rle.json")) {
            JsonNode records = JsonMapper.shared().readTree(vectors);
            assertThat(records).hasSize(21);
            for (JsonNode record : records) {
                int width = record.get("width").asInt();
                int height = record.get("height").asInt();
                String text = record.get("rle").asString();
                int[] runs = RunLengths.parse(text);
                assertThat(runs).isNotNull();
                if (!record.get("counts").isNull()) {
                    assertThat(runs).isEqualTo(JsonMapper.shared().convertValue(record.get("counts"), int[].class));
                }
                BitMask mask = RunLengths.mask(runs, width, height);
                assertThat(mask).isNotNull();
                assertThat(mask.count()).isEqualTo(record.get("area").asInt());
                assertThat(RunLengths.of(mask)).isEqualTo(runs);
                assertThat(text(mask)).isEqualTo(text);
                Utf8Buffer out = new Utf8Buffer();
                RunLengths.append(out, runs);
                assertThat(out).hasToString(text);
            }
        }
    }

    @Test
    void beginsWithAClearRun() {
        BitMask mask = new BitMask(3, 2);
        assertThat(text(mask)).isEqualTo("6");
        mask.fill(0, 2, 0);
        mask.fill(0, 2, 1);
        assertThat(RunLengths.of(mask)).containsExactly(0, 6);
        assertThat(text(mask)).isEqualTo("06");
    }

    @Test
    void countsColumnByColumn() {
        Random random = new Random(11);
        for (int run = 0; run < 500; run++) {
            int width = 1 + random.nextInt(200);
            int height = 1 + random.nextInt(100);
            BitMask mask = new BitMask(width, height);
            double share = random.nextDouble();
            int[] expected = new int[width * height + 1];
            int count = 0;
            boolean set = false;
            for (int x = 0; x < width; x++) {
                for (int y = 0; y < height; y++) {
                    boolean pixel = random.nextDouble() < share;
                    if (pixel) {
                        mask.set(x, y);
                    }
                    if (pixel != set) {
                        count++;
                        set = pixel;
                    }
                    expected[count]++;
                }
            }
            assertThat(RunLengths.of(mask)).as("run %s", run).isEqualTo(Arrays.copyOf(expected, count + 1));
            int[] parsed = RunLengths.parse(text(mask));
            assertThat(parsed).isEqualTo(Arrays.copyOf(expected, count + 1));
            assertThat(text(RunLengths.mask(parsed, width, height))).isEqualTo(text(mask));
        }
    }

    @Test
    void stopsAtTheGivenLength() {
        BitMask mask = new BitMask(64, 64);
        for (int y = 0; y < 64; y++) {
            mask.set(y, y);
        }
        String whole = text(mask);
        assertThat(RunLengths.append(new Utf8Buffer(), mask, whole.length())).isTrue();
        Utf8Buffer out = new Utf8Buffer();
        assertThat(RunLengths.append(out, mask, whole.length() - 1)).isFalse();
        assertThat(out.length()).isLessThan(whole.length() + 8);
    }

    @Test
    void refusesTextThatIsNoRunLengths() {
        assertThat(RunLengths.parse("o")).isNull();
        assertThat(RunLengths.parse("1 2")).isNull();
        assertThat(RunLengths.parse("ooooooooo")).isNull();
        assertThat(RunLengths.parse("0\u00ff")).isNull();
        assertThat(RunLengths.parse("")).isEmpty();
        assertThat(RunLengths.parse("O")).isNull();
    }

    @Test
    void refusesRunsThatDoNotFillTheMask() {
        assertThat(RunLengths.mask(new int[] {5}, 2, 3)).isNull();
        assertThat(RunLengths.mask(new int[] {7}, 2, 3)).isNull();
        assertThat(RunLengths.mask(new int[] {-1, 7}, 2, 3)).isNull();
        assertThat(RunLengths.mask(new int[] {1 << 30, 1 << 30}, 40_000, 60_000)).isNull();
        assertThat(RunLengths.mask(new int[] {2, 1, 3}, 2, 3)).isNotNull();
    }

    private static String text(BitMask mask) {
        Utf8Buffer out = new Utf8Buffer();
        assertThat(RunLengths.append(out, mask, Integer.MAX_VALUE)).isTrue();
        return out.toString();
    }
}
