package io.datasetexport.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.Shape;
import org.junit.jupiter.api.Test;

class AnnotationColumnsTests {

    private static final AnnotationParts BOXES = AnnotationParts.geometryOf(shape -> shape == Shape.BOX);
    private static final AnnotationParts MASKS = AnnotationParts.geometryOf(shape -> shape == Shape.MASK);

    @Test
    void asksForTheCoordinatesOfTheShapesThatAreNeeded() {
        assertThat(AnnotationRows.columns(BOXES)).contains("case when a.type in ('box') then a.coordinates end").doesNotContain("a.creator");
        assertThat(AnnotationRows.columns(BOXES.plus(MASKS))).contains("a.type in ('binary', 'box')");
        assertThat(AnnotationRows.columns(AnnotationParts.NONE)).doesNotContain("coordinates");
    }

    @Test
    void asksForEverythingThatIsHandedOnAsItIs() {
        assertThat(AnnotationRows.columns(BOXES.plus(AnnotationParts.ALL))).isEqualTo(AnnotationRows.COLUMNS).contains("a.coordinates, ", "a.extra");
    }
}
