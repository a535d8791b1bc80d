package io.datasetexport.selection;

import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.json.JsonPlace;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Random queries over random rows: SQL finds what the plain reading of the language finds. {@code -Dsoak=true} asks more of them. */
class SameAsInMemoryIT {

    private static final int QUERIES = Boolean.getBoolean("soak") ? 2_000 : 300;

    private static final Comparator<JsonNode> IN_EXPORT_ORDER = Comparator.comparing(
            (JsonNode item) -> item.get("filename").asString().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned)
            .thenComparing(item -> item.get("id").asString());

    @Test
    void findsTheSame() throws SQLException {
        RandomQueries random = new RandomQueries(20221101);
        List<JsonNode> items = IntStream.range(0, 80).mapToObj(random::item).sorted(IN_EXPORT_ORDER).toList();
        int matched = 0;
        try (StoredDataset dataset = new StoredDataset(items)) {
            for (int i = 0; i < QUERIES; i++) {
                JsonNode query = random.query(i % 3 != 0, 0);
                Query parsed = StoredDataset.parse(new JsonPlace(query, ""), i % 3 != 0 ? Resource.ITEMS : Resource.ANNOTATIONS);
                List<String> expected = InMemoryQuery.find(query, items);
                assertThat(dataset.find(parsed)).as("query %d: %s%n%s", i, query, SqlCondition.of(parsed, 1, "d").text()).isEqualTo(expected);
                matched += expected.isEmpty() ? 0 : 1;
            }
        }
        assertThat(matched).as("queries that find something").isGreaterThan(QUERIES / 4);
    }
}
