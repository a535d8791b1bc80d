package io.datasetexport.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PythonTextTests {

    @Test
    void spellsFloatsAsPythonDoes() throws IOException {
        try (InputStream vectors = getClass().getResourceAsStream("/golden/vectors/python-float-repr.json")) {
            JsonNode records = JsonMapper.shared().readTree(vectors);
            assertThat(records).hasSizeGreaterThan(100);
            for (JsonNode record : records) {
                double number = Double.longBitsToDouble(Long.parseUnsignedLong(record.get("bits").asString(), 16));
                assertThat(repr(number)).isEqualTo(record.get("repr").asString());
            }
        }
    }

    @Test
    void putsThePointWherePythonDoes() {
        assertThat(repr(0.0001)).isEqualTo("0.0001");
        assertThat(repr(0.00012345)).isEqualTo("0.00012345");
        assertThat(repr(0.00001)).isEqualTo("1e-05");
        assertThat(repr(1.5e-7)).isEqualTo("1.5e-07");
        assertThat(repr(9007199254740993d)).isEqualTo("9007199254740992.0");
        assertThat(repr(9999999999999998d)).isEqualTo("9999999999999998.0");
        assertThat(repr(1e16)).isEqualTo("1e+16");
        assertThat(repr(12345678.9)).isEqualTo("12345678.9");
        assertThat(repr(1e22)).isEqualTo("1e+22");
        assertThat(repr(2e23)).isEqualTo("2e+23");
        assertThat(repr(Double.MAX_VALUE)).isEqualTo("1.7976931348623157e+308");
    }

    @Test
    void needsOneDigitForTheSmallestNumbers() {
        assertThat(repr(Double.MIN_VALUE)).isEqualTo("5e-324");
        assertThat(repr(2 * Double.MIN_VALUE)).isEqualTo("1e-323");
        assertThat(repr(3 * Double.MIN_VALUE)).isEqualTo("1.5e-323");
        assertThat(repr(4 * Double.MIN_VALUE)).isEqualTo("2e-323");
        assertThat(repr(20 * Double.MIN_VALUE)).isEqualTo("1e-322");
    }

    @Test
    void keepsTheSignOfZero() {
        assertThat(repr(0.0)).isEqualTo("0.0");
        assertThat(repr(-0.0)).isEqualTo("-0.0");
        assertThat(repr(-5)).isEqualTo("-5.0");
    }

    @Test
    void namesWhatIsNotFinite() {
        assertThat(repr(Double.NaN)).isEqualTo("nan");
        assertThat(repr(Double.NEGATIVE_INFINITY)).isEqualTo("-inf");
    }

    @Test
    void readsBackAsTheSameNumber() {
        Random random = new Random(20261122);
        Utf8Buffer out = new Utf8Buffer();
        for (int i = 0; i < 1_000_000; i++) {
            double number = switch (i % 3) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> random.nextInt(2_000_000) / 1000.0 - 1000;
                default -> (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(20));
            };
            if (!Double.isFinite(number)) {
                continue;
            }
            out.clear();
            PythonText.appendFloat(out, number);
            String text = out.toString();
            if (Double.doubleToRawLongBits(Double.parseDouble(text)) != Double.doubleToRawLongBits(number)) {
                assertThat(text).as("%x", Double.doubleToRawLongBits(number)).isEqualTo(Double.toString(number));
            }
        }
    }

    @Test
    void spellsWholeNumbersAsInts() {
        assertThat(integer(640)).isEqualTo("640");
        assertThat(integer(-3)).isEqualTo("-3");
        assertThat(integer(1e20)).isEqualTo("100000000000000000000");
    }

    @Test
    void quotesStringsAsPythonDoes() {
        assertThat(repr("all")).isEqualTo("'all'");
        assertThat(repr("it's")).isEqualTo("\"it's\"");
        assertThat(repr("it's \"q\" é")).isEqualTo("'it\\'s \"q\" é'");
        assertThat(repr("say \"hi\"")).isEqualTo("'say \"hi\"'");
        assertThat(repr("a\\b\n\r\t")).isEqualTo("'a\\\\b\\n\\r\\t'");
    }

    @Test
    void escapesWhatDoesNotPrint() {
        assertThat(repr("\u0000\u007f\u00a0\u00ad")).isEqualTo("'\\x00\\x7f\\xa0\\xad'");
        assertThat(repr("\u200b\u2028\ue000\ud800")).isEqualTo("'\\u200b\\u2028\\ue000\\ud800'");
        assertThat(repr("\udb40\udc01")).isEqualTo("'\\U000e0001'");
        assertThat(repr("\ud83d\ude00")).isEqualTo("'\ud83d\ude00'");
    }

    private static String repr(double number) {
        Utf8Buffer out = new Utf8Buffer();
        PythonText.appendFloat(out, number);
        return out.toString();
    }

    private static String integer(double number) {
        Utf8Buffer out = new Utf8Buffer();
        PythonText.appendInt(out, number);
        return out.toString();
    }

    private static String repr(String text) {
        Utf8Buffer out = new Utf8Buffer();
        PythonText.appendString(out, text);
        return out.toString();
    }
}
