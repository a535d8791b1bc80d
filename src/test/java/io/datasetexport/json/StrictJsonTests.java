package io.datasetexport.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.problem.RequestRefused;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTests {

    @ParameterizedTest
    @ValueSource(strings = {
        "", "  ", "{", "{\"a\":", "[", "{} {}", "{}x", "{/*c*/}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}",
        "{'a':1}", "{a:1}", "{\"a\":1,}", "{\"a\":\"\t\"}", "{\"a\":\"\u0001\"}"
    })
    void refusesWhatIsNoJson(String text) {
        refused(text, "malformed-json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "\"x\"", "5"})
    void refusesARootThatIsNoObject(String text) {
        assertThatThrownBy(() -> StrictJson.object(text))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> assertThat(refused.type().id()).isEqualTo("malformed-json"));
    }

    @Test
    void refusesTextThatNoStoreHolds() {
        refused("{\"a\":\"\\u0000\"}", "validation");
        refused("{\"a\":\"\\ud800\"}", "validation");
        refused("{\"a\":\"\\udc00\\ud800\"}", "validation");
        refused("{\"\\ud800\":1}", "validation");
        assertThat(StrictJson.read("\"\\ud83d\\ude00\"").stringValue()).isEqualTo("😀");
    }

    @Test
    void countsLevels() {
        assertThat(StrictJson.read("[".repeat(40) + "]".repeat(40)).isArray()).isTrue();
        refused("[".repeat(41) + "]".repeat(41), "too-deep");
        refused("[\"]\\\"]\"," + "[".repeat(40) + "]".repeat(41), "too-deep");
        refused("[".repeat(100_000), "malformed-json");
        refused("{\"a\":".repeat(41) + "1" + "}".repeat(41), "too-deep");
    }

    @Test
    void limitsNumbersAndNames() {
        refused("{\"a\":1e1000000000}", "number-out-of-range");
        refused("{\"a\":" + "9".repeat(400) + "}", "number-out-of-range");
        refused("{\"a\":" + "9".repeat(2000) + "}", "malformed-json");
        refused("{\"" + "k".repeat(60_000) + "\":1}", "malformed-json");
    }

    @Test
    void namesThePlaceOfAMemberThatIsThereTwice() {
        assertThatThrownBy(() -> StrictJson.read("{\"a/b\":[0,{\"c\":1,\"c\":2}]}"))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> {
                    assertThat(refused.type().id()).isEqualTo("duplicate-key");
                    assertThat(refused.pointer()).isEqualTo("/a~1b/1/c");
                });
    }

    @Test
    void aLongWayToAValueCostsNothing() {
        String key = "k".repeat(40_000);
        assertThat(StrictJson.read("{\"" + key + "\":[" + "1,".repeat(200_000) + "1]}").get(key).size()).isEqualTo(200_001);
    }

    @Test
    void decodesUtf8Only() {
        assertThat(StrictJson.decode("{\"a\":\"é\"}".getBytes(StandardCharsets.UTF_8))).isEqualTo("{\"a\":\"é\"}");
        undecodable("{}".getBytes(StandardCharsets.UTF_16), "unsupported-charset");
        undecodable("{}".getBytes(StandardCharsets.UTF_16LE), "unsupported-charset");
        undecodable("{}".getBytes(StandardCharsets.UTF_16BE), "unsupported-charset");
        undecodable("\ufeff{}".getBytes(StandardCharsets.UTF_8), "unsupported-charset");
        undecodable(new byte[] {'"', (byte) 0xFF, (byte) 0xFE, '"'}, "malformed-json");
    }

    @Test
    void keepsAMemberAsItWasSent() {
        String text = "{ \"x\" : [1, {\"recipe\": 5}], \"recipe\" : { \"a\" : 1.0,  \"b\":[1e5, \"é\\u00e9\"] } , \"y\":1}";
        assertThat(StrictJson.verbatim(text, "recipe")).isEqualTo("{ \"a\" : 1.0,  \"b\":[1e5, \"é\\u00e9\"] }");
    }

    private static void refused(String text, String type) {
        assertThatThrownBy(() -> StrictJson.read(text))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> assertThat(refused.type().id()).isEqualTo(type));
    }

    private static void undecodable(byte[] body, String type) {
        assertThatThrownBy(() -> StrictJson.decode(body))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> assertThat(refused.type().id()).isEqualTo(type));
    }
}
