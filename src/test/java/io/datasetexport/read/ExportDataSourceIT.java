package io.datasetexport.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import io.datasetexport.export.Limits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(DatabaseTestConfiguration.class)
@OneAtATime
class ExportDataSourceIT {

    @Autowired
    @Qualifier("export") private DataSource exports;

    @Autowired private DataSource api;

    @Autowired private Limits limits;

    @LocalServerPort private int port;

    @Test
    void isSizedToThePermits() {
        assertThat(((HikariDataSource) exports).getMaximumPoolSize()).isEqualTo(limits.exports());
        assertThat(((HikariDataSource) api).getPoolName()).isEqualTo("api");
    }

    @Test
    void givesReadOnlySnapshots() throws SQLException {
        try (Connection connection = exports.getConnection(); var statement = connection.createStatement()) {
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(setting(connection, "transaction_isolation")).isEqualTo("repeatable read");
            assertThat(setting(connection, "transaction_read_only")).isEqualTo("on");
            assertThat(setting(connection, "statement_timeout")).isEqualTo("1min");
            assertThat(setting(connection, "application_name")).isEqualTo("dataset-export export");
            assertThat(setting(connection, "client_connection_check_interval")).isEqualTo("5s");
            assertThatThrownBy(() -> statement.execute("delete from dataset")).hasMessageContaining("read-only");
        }
    }

    @Test
    void aNewConnectionIsInNoTransaction() throws SQLException {
        ((HikariDataSource) exports).getHikariPoolMXBean().softEvictConnections();
        try (Connection connection = exports.getConnection()) {
            assertThat(connection.unwrap(PgConnection.class).getTransactionState()).isEqualTo(TransactionState.IDLE);
            assertThat(setting(connection, "client_connection_check_interval")).isEqualTo("5s");
        }
    }

    @Test
    void aFullHouseOfExportsLeavesTheApiAlone() throws Exception {
        List<Connection> taken = new ArrayList<>();
        status("/api/v1/datasets");
        status("/actuator/health");
        try {
            for (int i = 0; i < limits.exports(); i++) {
                taken.add(exports.getConnection());
            }
            long start = System.nanoTime();
            assertThat(status("/api/v1/datasets")).isEqualTo(200);
            assertThat(status("/actuator/health")).isEqualTo(200);
            assertThat(System.nanoTime() - start).isLessThan(3_000_000_000L);
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
    }

    private int status(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var statement = connection.prepareStatement("select current_setting(?)")) {
            statement.setString(1, name);
            var rows = statement.executeQuery();
            rows.next();
            return rows.getString(1);
        }
    }
}
