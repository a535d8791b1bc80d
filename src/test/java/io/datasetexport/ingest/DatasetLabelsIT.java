package io.datasetexport.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.datasetexport.model.Label;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DatasetLabelsIT {

    private final TestDataset dataset = new TestDataset();
    private final DatasetLabels labels = new DatasetLabels(dataset.database().dataSource());

    @AfterEach
    void drop() {
        dataset.close();
    }

    @Test
    void numbersNewLabelsInCodePointOrderBehindTheOldOnes() {
        replace(label("dog"), label("Cat"), label("dog", "white"));
        List<Label> after = replace(label("ant"), label("dog"), label("Cat"), label("dog", "white"), label("aa"));

        assertThat(after).extracting(Label::path).containsExactly("Cat", "dog", "dog.white", "aa", "ant");
        assertThat(after).extracting(Label::number).containsExactly(0, 1, 2, 3, 4);
        assertThat(after.get(2).segments()).containsExactly("dog", "white");
    }

    @Test
    void retiresWhatIsMissingAndNeverReusesItsNumber() {
        replace(label("a"), label("b"));
        replace(label("a"));
        assertThat(replace(label("a"), label("c"))).extracting(l -> l.number() + l.path() + l.retired())
                .containsExactly("0afalse", "1btrue", "2cfalse");
        assertThat(replace(label("b"))).extracting(l -> l.number() + l.path() + l.retired())
                .containsExactly("0atrue", "1bfalse", "2ctrue");
    }

    @Test
    void renamesByNumberAndSwaps() {
        replace(label("a"), label("b"), label("c"));

        List<Label> after = replace(numbered(0, "b"), numbered(1, "a"), numbered(2, "x/y"));

        assertThat(after).extracting(l -> l.number() + l.path() + l.folder()).containsExactly("0bb", "1aa", "2x/yx_y");
    }

    @Test
    void givesEachLabelAFolderOfItsOwn() {
        assertThat(replace(label("a/b"), label("a:b"), label("A_b"), label("CON"), label("x\u0301")))
                .extracting(Label::folder).containsExactly("A_b", "CON_", "a_b~2", "a_b~3", "x\u0301");
    }

    @Test
    void keepsTheColorUnlessAnotherIsGiven() {
        replace(LabelSpec.of(List.of("a"), "#ff0000"));
        assertThat(replace(label("a")).getFirst().color()).isEqualTo("#ff0000");
        assertThat(replace(LabelSpec.of(List.of("a"), "rgb(1,2,3)")).getFirst().color()).isEqualTo("rgb(1,2,3)");
    }

    @Test
    void refusesWhatContradictsItselfOrTheNumbers() {
        replace(label("a"), label("b"));

        assertThat(refusal(label("a"), label("a"))).isEqualTo(ProblemType.VALIDATION);
        assertThat(refusal(numbered(7, "z"))).isEqualTo(ProblemType.VALIDATION);
        assertThat(refusal(numbered(0, "y"), numbered(0, "z"))).isEqualTo(ProblemType.VALIDATION);
        assertThat(refusal(numbered(0, "b"))).isEqualTo(ProblemType.CONFLICT);
        assertThat(refusal(label("a\u0000"))).isEqualTo(ProblemType.VALIDATION);
        assertThat(dataset.rows("select number, path, retired from label order by number")).containsExactly("0|a|f", "1|b|f");
    }

    @Test
    void movesTheRevision() {
        replace(label("a"));
        String before = dataset.one("select dataset_revision(key) from dataset");
        replace(label("b"));
        assertThat(dataset.one("select dataset_revision(key) from dataset")).isNotEqualTo(before);
    }

    @Test
    void leavesTombstonesOfDeletedItems() {
        dataset.load("[{\"id\":\"i\",\"annotations\":[{\"type\":\"class\",\"label\":\"a\"}]},{\"id\":\"j\"}]");
        Removal removal = new Removal(dataset.database().dataSource());
        String before = dataset.one("select dataset_revision(key) from dataset");
        removal.item(dataset.ref(), "i");

        assertThat(dataset.rows("select id from item")).containsExactly("j");
        assertThat(dataset.one("select count(*) from annotation")).isEqualTo("0");
        assertThat(dataset.rows("select item_id from tombstone")).containsExactly("i");
        assertThat(dataset.one("select dataset_revision(key) from dataset")).isNotEqualTo(before);
        assertThatExceptionOfType(RequestRefused.class).isThrownBy(() -> removal.item(dataset.ref(), "i"))
                .matches(e -> e.type() == ProblemType.NOT_FOUND);
    }

    @Test
    void deletesADatasetAndNothingElse() {
        dataset.create("other");
        dataset.execute("insert into item (dataset_key, id, filename, dir, name) select key, 'x', '/x', '/', 'x' from dataset where id = 'other'");
        dataset.load("{\"id\":\"i\",\"annotations\":[{\"type\":\"class\",\"label\":\"a\"}]}");
        new Removal(dataset.database().dataSource()).dataset(dataset.ref());

        assertThat(dataset.rows("select id from dataset")).containsExactly("other");
        assertThat(dataset.rows("select id from item")).containsExactly("x");
        assertThat(dataset.one("select (select count(*) from label) + (select count(*) from annotation)")).isEqualTo("0");
        assertThat(dataset.refused("{\"id\":\"a\"}").type()).isEqualTo(ProblemType.NOT_FOUND);
    }

    private List<Label> replace(LabelSpec... wanted) {
        return labels.replace(dataset.ref(), List.of(wanted));
    }

    private @Nullable ProblemType refusal(LabelSpec... wanted) {
        try {
            replace(wanted);
            return null;
        } catch (RequestRefused e) {
            return e.type();
        }
    }

    private static LabelSpec label(String... segments) {
        return LabelSpec.of(List.of(segments), null);
    }

    private static LabelSpec numbered(int number, String tag) {
        return new LabelSpec(number, List.of(tag), null, null, false);
    }
}
