package io.datasetexport.format.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainRingsTests {

    private static final Pattern NUMBER = Pattern.compile("(?!-0[,}])-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?=[,}])");
    private static final Pattern POINT = Pattern.compile("\\{\"x\":N,\"y\":N(?:,\"z\":N)?}");

    private static @Nullable List<double[]> read(String json) {
        return PlainRings.of(json.getBytes(UTF_8));
    }

    @Test
    void readsRingsOfPoints() {
        assertThat(read("[[{\"x\":1.5,\"y\":-20},{\"x\":0,\"y\":0.0001,\"z\":7}],[{\"x\":123456789.012345,\"y\":-0.5}]]"))
                .containsExactly(new double[] {1.5, -20, 0, 0.0001}, new double[] {123456789.012345, -0.5});
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "[", "[]", "[[]]", "[[{\"x\":1,\"y\":2}]", "[[{\"x\":1,\"y\":2}]]]", "[[{\"x\":1,\"y\":2}]] ", "[[{\"x\": 1,\"y\":2}]]", "[{\"x\":1,\"y\":2}]",
        "[[{\"y\":1,\"x\":2}]]", "[[{\"x\":1}]]", "[[{\"x\":1,\"y\":2,\"w\":3}]]", "[[{\"x\":1e3,\"y\":2}]]", "[[{\"x\":01,\"y\":2}]]",
        "[[{\"x\":.5,\"y\":2}]]",
        "[[{\"x\":1.,\"y\":2}]]", "[[{\"x\":-,\"y\":2}]]", "[[{\"x\":1234567890.123456,\"y\":2}]]", "[[{\"x\":null,\"y\":2}]]", "[[{\"x\":1,\"y\":2},]]",
        "[[{\"x\":1,\"y\":2},{}]]", "[[{\"x\":1,\"y\":2}],[]]", "[[{\"x\":12345678901234567890123,\"y\":2}]]", "[[{\"x\":-0,\"y\":2}]]"
    })
    void leavesEverythingElseToTheParser(String json) {
        assertThat(read(json)).isNull();
    }

    @Test
    void readsNumbersAsTheJdkDoes() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            int digits = 1 + random.nextInt(15);
            int places = random.nextInt(digits);
            String unscaled = Long.toString((long) (random.nextDouble() * Math.pow(10, digits)));
            unscaled = "0".repeat(Math.max(0, places + 1 - unscaled.length())) + unscaled;
            String number = (random.nextBoolean() ? "-" : "") + unscaled.substring(0, unscaled.length() - places)
                    + (places == 0 ? "" : "." + unscaled.substring(unscaled.length() - places));
            if (number.equals("-0")) {
                continue;
            }
            List<double[]> rings = read("[[{\"x\":" + number + ",\"y\":0}]]");
            assertThat(rings).as(number).isNotNull();
            if (Double.doubleToLongBits(rings.getFirst()[0]) != Double.doubleToLongBits(Double.parseDouble(number))) {
                assertThat(rings.getFirst()[0]).as(number).isEqualTo(Double.parseDouble(number));
            }
        }
    }

    @Test
    void acceptsOnlyItsOwnSpellingOfWhatWasDamaged() {
        Random random = new Random(11);
        String whole = "[[{\"x\":12.5,\"y\":3},{\"x\":4,\"y\":-0.25,\"z\":0}],[{\"x\":1,\"y\":2}]]";
        int accepted = 0;
        for (int i = 0; i < 50_000; i++) {
            int at = random.nextInt(whole.length());
            String damaged = switch (random.nextInt(3)) {
                case 0 -> whole.substring(0, at) + whole.substring(at + 1);
                case 1 -> whole.substring(0, at) + "[]{},:\"xyz0123456789.-e ".charAt(random.nextInt(24)) + whole.substring(at + 1);
                default -> whole.substring(0, at) + whole.charAt(random.nextInt(whole.length())) + whole.substring(at);
            };
            boolean plain = POINT.matcher(NUMBER.matcher(damaged).replaceAll("N")).replaceAll("P").matches("\\[\\[P(,P)*](,\\[P(,P)*])*]");
            assertThat(read(damaged) != null).as(damaged).isEqualTo(plain);
            accepted += plain ? 1 : 0;
        }
        assertThat(accepted).isBetween(1000, 49_000);
    }
}
