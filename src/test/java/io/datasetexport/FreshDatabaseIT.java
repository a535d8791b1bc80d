package io.datasetexport;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@OneAtATime
class FreshDatabaseIT {

    @Test
    void twoTestsDoNotSeeEachOthersRows() throws SQLException {
        try (var one = TestDatabase.fresh(); var other = TestDatabase.fresh()) {
            execute(one, "insert into project (id, name) values ('mine', 'Mine')");

            assertThat(query(one, "select count(*) from project where id = 'mine'")).isEqualTo("1");
            assertThat(query(other, "select count(*) from project where id = 'mine'")).isEqualTo("0");
        }
    }

    @Test
    void sortsByCodePoint() throws SQLException {
        try (var database = TestDatabase.fresh()) {
            assertThat(query(database, "select string_agg(c, '' order by c collate \"C\") from unnest(array['é', 'a', 'Z', '🐈', 'ｚ']) c"))
                    .isEqualTo("Zaéｚ🐈");
        }
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(TestDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(); var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
