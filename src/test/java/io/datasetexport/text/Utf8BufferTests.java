package io.datasetexport.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8BufferTests {

    private final Utf8Buffer out = new Utf8Buffer(1);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 9_999, 10_000, 10_001, 99_999_999, 100_000_000, -1, -100, Long.MAX_VALUE, Long.MIN_VALUE})
    void spellsWholeNumbers(long number) {
        assertThat(out.append(number)).hasToString(Long.toString(number));
    }

    @Test
    void spellsEveryFourDigitsOnEitherSideOfTheOtherFour() {
        for (int fours = 0; fours < 10_000; fours++) {
            out.clear();
            out.append(fours * 10_000L + 4_711).append(' ').append(8_150_000L + fours);
            if (!out.toString().equals((fours * 10_000L + 4_711) + " " + (8_150_000L + fours))) {
                assertThat(out).hasToString((fours * 10_000L + 4_711) + " " + (8_150_000L + fours));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0", "640.0", "0.5", "12.000001", "7.1", "99999999.999999", "10.01", "100.0"})
    void spellsMillionthsWithoutZerosAtTheirEnd(String text) {
        assertThat(out.appendMillionths(new BigDecimal(text).movePointRight(6).longValueExact())).hasToString(text);
    }

    @Test
    void spellsAnyMillionthsAsDecimalsAre() {
        Random random = new Random(7);
        for (int run = 0; run < 100_000; run++) {
            long millionths = random.nextLong(100_000_000_000_000L) / (long) Math.pow(10, random.nextInt(14));
            out.clear();
            String text = out.appendMillionths(millionths).toString();
            BigDecimal decimal = BigDecimal.valueOf(millionths, 6).stripTrailingZeros();
            if (!text.equals((decimal.scale() < 1 ? decimal.setScale(1) : decimal).toPlainString())) {
                assertThat(new BigDecimal(text)).isEqualTo(decimal);
            }
        }
    }

    @Test
    void growsForWhatIsAppended() {
        for (int i = 0; i < 1_000; i++) {
            out.append((long) i).appendMillionths(i).append('-');
        }
        assertThat(out.toString()).startsWith("00.0-10.000001-20.000002-").endsWith("9990.000999-");
    }
}
