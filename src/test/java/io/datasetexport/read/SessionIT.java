package io.datasetexport.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.datasetexport.TestDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a pool of one connection. */
@Timeout(60)
class SessionIT {

    private final TestDatabase database = TestDatabase.fresh();
    private final HikariDataSource pool = pool();

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.jdbcUrl());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setMaximumPoolSize(1);
        config.setAutoCommit(false);
        return new HikariDataSource(config);
    }

    @AfterEach
    void close() {
        pool.close();
        database.close();
    }

    @Test
    void aCopySendsTheValuesThatItWasGiven() throws SQLException {
        try (Session session = Session.open(pool);
                Session.Copy copy = session.copy("select ?, ? + 1, not ? from generate_series(1, ?)", List.of("it's $1 ? \\ %s é", 41L, true, 2))) {
            assertThat(new String(copy.next(), UTF_8)).contains("it's $1 ? \\ %s é");
            assertThat(copy.next()).endsWith(0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 42, 0, 0, 0, 1, 0);
        }
    }

    @Test
    void aConnectionWhoseCopyWasLeftEarlyIsUsedAgain() throws SQLException {
        int first = backend();
        try (Session session = Session.open(pool); Session.Copy copy = session.copy("select repeat('x', 20000) from generate_series(1, ?)", List.of(2000))) {
            assertThat(copy.next()).isNotNull();
        }

        assertThat(backend()).isEqualTo(first);
    }

    /** Whatever the failure was: after a timeout the driver would take what is still sent for the answer to the next statement. */
    @Test
    void aConnectionWhoseCopyFailedIsNotUsedAgain() throws SQLException {
        int first = backend();
        try (Session session = Session.open(pool)) {
            assertThatThrownBy(() -> {
                try (Session.Copy copy = session.copy("select repeat('x', 20000), 1 / (5 - g) from generate_series(1, ?) g", List.of(10))) {
                    while (copy.next() != null) {
                        assertThat(session.cancelled()).isFalse();
                    }
                }
            }).isInstanceOf(SQLException.class).hasMessageContaining("division by zero");
        }

        assertThat(backend()).isNotEqualTo(first);
    }

    private int backend() throws SQLException {
        try (Session session = Session.open(pool); PreparedStatement statement = session.prepare("select pg_backend_pid()");
                ResultSet row = session.run(statement)) {
            row.next();
            return row.getInt(1);
        }
    }
}
