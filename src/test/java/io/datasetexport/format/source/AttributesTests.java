package io.datasetexport.format.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.format.TestItems;
import io.datasetexport.model.Annotation;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributesTests {

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"[]", "[ ]", "null", "\"text\"", "{}"})
    void findsNoneInEmptyLists(String list) {
        assertThat(Attributes.present(annotation(list, "{\"system\":{\"attributes\":{ }}}"))).isFalse();
        assertThat(Attributes.json(annotation(list, "{}"))).isNull();
    }

    @Test
    void prefersTheListToTheMap() {
        Annotation both = annotation("[\"all\"]", "{\"system\":{\"attributes\":{\"1\":true}}}");
        assertThat(Attributes.json(both)).asString(StandardCharsets.UTF_8).isEqualTo("[\"all\"]");
        assertThat(Attributes.twice(both)).isTrue();
        assertThat(Attributes.present(both)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"system\":{\"attributes\":{\"1\":true}}}",
        "{\"user\":{\"attributes\":{}},\"system\":{\"a\":{\"attributes\":{}},\"b\":[1,\"x\"],\"attributes\" : {\"1\":true}, \"z\":0}}",
        "{\"user\":\"attributes\",\"system\":{\"attributes\":{\"1\":true}}}"
    })
    void findsTheMapInTheMetadata(String metadata) {
        assertThat(Attributes.json(annotation(null, metadata))).asString(StandardCharsets.UTF_8).isEqualTo("{\"1\":true}");
        assertThat(Attributes.twice(annotation("[]", metadata))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"user\":{\"attributes\":{\"1\":true}},\"system\":{\"attributes\":{}}}",
        "{\"attributes\":{\"1\":true}}",
        "{\"system\":{\"snapshots_\":[{\"attributes\":[\"a\"]}]}}",
        "{\"system\":{\"attributes\":null}}",
        "{\"system\":{\"attributes\":\"x\"}}",
        "{\"system\":{\"attributes\":{\"1\""
    })
    void leavesOtherMembersOfThatNameAlone(String metadata) {
        assertThat(Attributes.present(annotation(null, metadata))).isFalse();
    }

    private static Annotation annotation(@Nullable String attributes, String metadata) {
        return TestItems.annotation("box", "cat", "[]", attributes, metadata);
    }
}
