package io.datasetexport.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafeNamesTests {

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("/a.jpg", "a.jpg", "a"),
                Arguments.of("a.jpg", "a.jpg", "a"),
                Arguments.of("/street/Poll Dorset/000001 P.jpg", "street/Poll Dorset/000001 P.jpg", "street/Poll Dorset/000001 P"),
                Arguments.of("/Merino/00.jpgMA8.jpg", "Merino/00.jpgMA8.jpg", "Merino/00.jpgMA8"),
                Arguments.of("//a//b.jpg", "a/b.jpg", "a/b"),
                Arguments.of("/.bashrc", ".bashrc", ".bashrc"),
                Arguments.of("/a/../../x.jpg", "a/._/._/x.jpg", "a/._/._/x"),
                Arguments.of("/./x.jpg", "x.jpg", "x"),
                Arguments.of("/..", "._", "._"),
                Arguments.of("/", "_", "_"),
                Arguments.of("", "_", "_"),
                Arguments.of("/C:\\x.jpg", "C__x.jpg", "C__x"),
                Arguments.of("/a<b>\"c|d?e*.png", "a_b__c_d_e_.png", "a_b__c_d_e_"),
                Arguments.of("/tab\tname\u0000.jpg", "tab_name_.jpg", "tab_name_"),
                Arguments.of("/rtl\u202etxt.jpg", "rtl_txt.jpg", "rtl_txt"),
                Arguments.of("/\u0085\u007f.jpg", "__.jpg", "__"),
                Arguments.of("/trailing.", "trailing_", "trailing"),
                Arguments.of("/space /x .jpg", "space_/x .jpg", "space_/x_"),
                Arguments.of("/CON", "CON_", "CON_"),
                Arguments.of("/con.jpg", "con_.jpg", "con_"),
                Arguments.of("/nul /lpt1.a.b", "nul _/lpt1_.a.b", "nul _/lpt1_.a"),
                Arguments.of("/COM\u00b9.txt", "COM\u00b9_.txt", "COM\u00b9_"),
                Arguments.of("/CONSOLE.jpg", "CONSOLE.jpg", "CONSOLE"),
                Arguments.of("/cafe\u0301.jpg", "caf\u00e9.jpg", "caf\u00e9"),
                Arguments.of("/a.json/b.jpg", "a.json_/b.jpg", "a.json_/b"),
                Arguments.of("/A.PNG/b.TXT/c.jpg", "A.PNG_/b.TXT_/c.jpg", "A.PNG_/b.TXT_/c"),
                Arguments.of("/data.yaml/classes.txt/c.jpg", "data.yaml_/classes.txt_/c.jpg", "data.yaml_/classes.txt_/c"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void makesNamesSafe(String filename, String path, String stem) {
        EntryNames names = SafeNames.of(filename, "");

        assertThat(names.path()).isEqualTo(path);
        assertThat(names.stem()).isEqualTo(stem);
    }

    @Test
    void takesTheDisplayNameWhereTheTreeIsLeftOut() {
        assertThat(SafeNames.of("/cat.jpg", "jpg_image_item.jpg").flat()).isEqualTo("jpg_image_item.jpg");
        assertThat(SafeNames.of("/x/cat.jpg", "").flat()).isEqualTo("cat.jpg");
        assertThat(SafeNames.of("/x/cat.jpg", "../evil").flat()).isEqualTo("cat.jpg");
        assertThat(SafeNames.of("/x/cat.jpg", "..").flat()).isEqualTo("cat.jpg");
        assertThat(SafeNames.of("/x/cat.jpg", "a\\b").flat()).isEqualTo("cat.jpg");
    }

    @Test
    void cutsLongSegmentsWithAHash() {
        String path = SafeNames.of("/" + "\u00fc".repeat(300) + ".jpg", "").path();

        assertThat(path).matches("\u00fc+~[0-9a-f]{8}");
        assertThat(path.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(180, 184);
        assertThat(path).isNotEqualTo(SafeNames.of("/" + "\u00fc".repeat(301) + ".jpg", "").path());
    }

    @Test
    void cutsLongAndDeepPathsWithAHash() {
        EntryNames deep = SafeNames.of("/d".repeat(5000) + "/a.jpg", "");
        EntryNames wide = SafeNames.of(("/" + "x".repeat(150)).repeat(20) + "/a.jpg", "");

        assertThat(deep.path().split("/")).hasSize(32).endsWith("a.jpg");
        assertThat(wide.path()).matches("(x{150}/)+~[0-9a-f]{8}/a\\.jpg").hasSizeLessThan(770);
        assertThat(wide.path()).isNotEqualTo(SafeNames.of(("/" + "x".repeat(150)).repeat(21) + "/a.jpg", "").path());
    }

    @Test
    void foldsWhatAFileSystemTakesForTheSameName() {
        assertThat(SafeNames.key("A/B.JPG")).isEqualTo(SafeNames.key("a/b.jpg"));
        assertThat(SafeNames.key("stra\u00dfe")).isEqualTo(SafeNames.key("STRASSE"));
        assertThat(SafeNames.key("cafe\u0301")).isEqualTo(SafeNames.key("CAF\u00c9"));
        assertThat(SafeNames.key("\u03c3\u03c2")).isEqualTo(SafeNames.key("\u03a3\u03a3"));
        assertThat(SafeNames.key("a")).isNotEqualTo(SafeNames.key("b"));
    }

    @Test
    void numbersClashes() {
        assertThat(SafeNames.numbered("x/a.jpg", 2)).isEqualTo("x/a.jpg~2");
        assertThat(SafeNames.numberedFlat("a.tar.gz", 1)).isEqualTo("a.tar (1).gz");
        assertThat(SafeNames.numberedFlat(".bashrc", 2)).isEqualTo(".bashrc (2)");
    }

    @Test
    void namesAnItemByItsIdUntilItHasAName() {
        EntryNames names = SafeNames.provisional("/x/a.jpg", "a.jpg", "65f0");

        assertThat(names).isEqualTo(new EntryNames("x/a.jpg~65f0", "x/a~65f0", "a.jpg~65f0"));
        assertThat(SafeNames.provisional("/a.jpg", "", "../x").path()).matches("a\\.jpg~[0-9a-f]{8}");
    }

    @Test
    void keepsItsPromiseForAnyText() {
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            String filename = anyText(random);
            EntryNames names = SafeNames.of(filename, anyText(random));
            for (String path : new String[] {names.path(), names.stem(), names.flat(), SafeNames.segment(filename)}) {
                assertThat(path.getBytes(StandardCharsets.UTF_8)).as("seed %d", seed).hasSizeLessThan(790);
                assertThat(Normalizer.isNormalized(path, Normalizer.Form.NFC)).as("seed %d", seed).isTrue();
                for (String segment : path.split("/", -1)) {
                    assertThat(segment).as("seed %d", seed).doesNotContainPattern("[\\x00-\\x1f<>:\"|?*\\\\\\p{Cc}\u202a-\u202e]");
                    assertThat(segment).as("seed %d", seed).doesNotMatch("(?s).*[. ]|\\.\\.?|");
                    assertThat(segment.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(200);
                }
            }
            assertThat(SafeNames.of("/" + names.path(), "").path()).as("seed %d stays as it is", seed).isEqualTo(names.path());
        }
    }

    private static String anyText(Random random) {
        String alphabet = "ab/..  \\:?*<>|\"\u0000\t\u0301\u202e\u00fc\ud83d\ude00CONnul1~\u1e9b\u0323-_\uffff";
        int length = random.nextInt(random.nextInt(10) == 0 ? 900 : 12);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
