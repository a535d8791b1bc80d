package io.datasetexport.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.datasetexport.TestDatabase;
import io.datasetexport.model.Annotation;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnnotationRowsIT {

    private static final String ROW = "select 1, 0, '%s', 'box', %s, '[]', '[{\"x\":1}]', '{\"user\":{}}', 'a@example.com',"
            + " '2022-05-01 10:00:00+00', 'a@example.com', '2022-05-01 10:00:0%d+00', 'ui', null, 7";

    @Test
    void aRowSharesWhatEqualsTheRowBeforeAndKeepsTheRest() throws Exception {
        List<Annotation> read = read(ROW.formatted("a", "'cat'", 1) + " union all " + ROW.formatted("b", "'cat'", 2) + " union all "
                + ROW.formatted("c", "null", 2));

        Annotation first = read.get(0);
        Annotation second = read.get(1);
        Annotation third = read.get(2);
        assertThat(second.type()).isSameAs(first.type());
        assertThat(second.label()).isSameAs(first.label());
        assertThat(second.attributes()).isSameAs(first.attributes());
        assertThat(second.metadata()).isSameAs(first.metadata());
        assertThat(second.creator()).isSameAs(first.creator());
        assertThat(second.createdAt()).isSameAs(first.createdAt());
        assertThat(second.updatedBy()).isSameAs(first.updatedBy());
        assertThat(second.source()).isSameAs(first.source());
        assertThat(third.updatedAt()).isSameAs(second.updatedAt());

        assertThat(read).extracting(Annotation::idText).containsExactly("a", "b", "c");
        assertThat(read).extracting(Annotation::labelText).containsExactly("cat", "cat", "");
        assertThat(read).extracting(annotation -> new String(annotation.updatedAt(), UTF_8))
                .containsExactly("2022-05-01T10:00:01.000Z", "2022-05-01T10:00:02.000Z", "2022-05-01T10:00:02.000Z");
        assertThat(third.label()).isNull();
        assertThat(third.extra()).isNull();
    }

    private static List<Annotation> read(String query) throws SQLException {
        List<Annotation> read = new ArrayList<>();
        try (var database = TestDatabase.fresh(); var connection = database.connect(); var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                read.add(AnnotationRows.read(rows, read.isEmpty() ? null : read.getLast()));
            }
        }
        return read;
    }
}
