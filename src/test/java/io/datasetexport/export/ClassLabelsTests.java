package io.datasetexport.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.export.ExportRequest.ClassNumbers;
import io.datasetexport.export.ExportRequest.Given;
import io.datasetexport.export.ExportRequest.Pinned;
import io.datasetexport.export.ExportRequest.Sorted;
import io.datasetexport.format.TestItems;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.problem.RequestRefused;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClassLabelsTests {

    private static final DatasetFacts DATASET = TestItems.dataset(List.of(
            TestItems.label(0, "dog", false), TestItems.label(1, "gone", true), TestItems.label(2, "Zebra", false), TestItems.label(5, "cat", false)));

    @Test
    void pinnedNumbersAreTheLabelsOwn() {
        assertThat(numbered(new Pinned())).containsExactly("0 dog", "1 gone", "2 Zebra", "5 cat");
    }

    @Test
    void sortedNumbersCountTheLabelsInForceByCodePoint() {
        assertThat(numbered(new Sorted())).containsExactly("0 Zebra", "1 cat", "2 dog");
    }

    @Test
    void aMapGivesItsNumbersAndMayLeaveOutRetiredLabels() {
        assertThat(numbered(new Given(Map.of("dog", 7, "cat", 0, "Zebra", 3)))).containsExactly("0 cat", "3 Zebra", "7 dog");
        assertThat(numbered(new Given(Map.of("dog", 7, "cat", 0, "Zebra", 3, "gone", 1)))).contains("1 gone");
    }

    @Test
    void aLabelOutsideTheMapIsNamed() {
        assertThatThrownBy(() -> numbered(new Given(Map.of("dog", 0, "Zebra", 1)))).isInstanceOfSatisfying(RequestRefused.class, refused -> {
            assertThat(refused.type().status()).isEqualTo(422);
            assertThat(refused.members()).containsEntry("label", "cat");
            assertThat(refused.pointer()).isEqualTo("/options/classes");
        });
    }

    @Test
    void aNumberForNoLabelIsRefused() {
        assertThatThrownBy(() -> numbered(new Given(Map.of("dog", 0, "Zebra", 1, "cat", 2, "c/t", 3))))
                .isInstanceOfSatisfying(RequestRefused.class, refused -> assertThat(refused.pointer()).isEqualTo("/options/classes/c~1t"));
    }

    private static Stream<String> numbered(ClassNumbers classes) {
        return ClassLabels.numbered(DATASET, classes).labels().stream().map(label -> label.number() + " " + label.path());
    }
}
