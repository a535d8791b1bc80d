package io.datasetexport;

import io.datasetexport.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A database of a test's own, with the product's schema: a copy of a template, on the one server that the test JVM runs.
 *
 * <p>{@code -Dtest.database=embedded} runs the embedded server, {@code docker} a container (of {@code -Dtest.database.image}), and
 * {@code auto}, the default, a container where Docker answers and can start one, else the embedded server.
 */
public record TestDatabase(String name, String jdbcUrl, String user, String password) implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();

    /** A new database with the product's schema and no rows but the migrations' own. */
    public static TestDatabase fresh() {
        return create(Server.TEMPLATE);
    }

    /** A new database without the schema. */
    public static TestDatabase empty() {
        return create("template0");
    }

    /** Connections without a pool. */
    public DataSource dataSource() {
        var source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl);
        source.setUser(user);
        source.setPassword(password);
        return source;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, user, password);
    }

    /** Drops the database, whoever is still connected. */
    @Override
    public void close() {
        Server.RUNNING.execute("drop database if exists \"" + name + "\" with (force)");
    }

    private static TestDatabase create(String template) {
        String name = "test_" + COUNT.incrementAndGet();
        Server.RUNNING.execute("create database \"" + name + "\" template \"" + template + "\"");
        return Server.RUNNING.database(name);
    }

    /** @param prefix JDBC URL up to the database's name */
    private record Server(String prefix, String user, String password) {

        private static final String TEMPLATE = "dataset_export_schema";
        private static final Logger log = LoggerFactory.getLogger(TestDatabase.class);

        /** Fast rather than safe, for its data lives as long as this JVM; with room for the pools of all contexts that Spring's tests keep. */
        private static final Map<String, String> SETTINGS =
                Map.of("fsync", "off", "synchronous_commit", "off", "full_page_writes", "off", "max_connections", "200");

        static final Server RUNNING = start();

        private static Server start() {
            Server server = switch (System.getProperty("test.database", "auto")) {
                case "embedded" -> embedded();
                case "docker" -> container();
                case "auto" -> DockerClientFactory.instance().isDockerAvailable() ? containerOrEmbedded() : embedded();
                case String other -> throw new IllegalArgumentException("-Dtest.database=" + other + ": auto, embedded or docker");
            };
            server.execute("create database " + TEMPLATE);
            TestDatabase template = server.database(TEMPLATE);
            Flyway.configure().dataSource(template.jdbcUrl(), template.user(), template.password()).load().migrate();
            return server;
        }

        private static Server containerOrEmbedded() {
            try {
                return container();
            } catch (RuntimeException e) {
                log.warn("Docker answers, but cannot start PostgreSQL: the tests use the embedded server", e);
                return embedded();
            }
        }

        private static Server container() {
            var container = new PostgreSQLContainer(System.getProperty("test.database.image", "postgres:18-alpine"));
            var command = new ArrayList<String>(List.of("postgres"));
            SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
            container.setCommand(command.toArray(String[]::new));
            container.start();
            String url = container.getJdbcUrl();
            return new Server(url.substring(0, url.lastIndexOf('/') + 1), container.getUsername(), container.getPassword());
        }

        private static Server embedded() {
            Path folder = Path.of("target", "test-postgres", Long.toString(ProcessHandle.current().pid()));
            var postgres = EmbeddedPostgres.start(folder, Path.of("target", "postgres-server"), SETTINGS);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                postgres.close();
                try {
                    FileSystemUtils.deleteRecursively(folder);
                } catch (IOException e) {
                    log.warn("Could not delete {}", folder, e);
                }
            }));
            String url = postgres.jdbcUrl();
            return new Server(url.substring(0, url.lastIndexOf('/') + 1), postgres.user(), "");
        }

        TestDatabase database(String name) {
            return new TestDatabase(name, prefix + name, user, password);
        }

        void execute(String sql) {
            try (var connection = DriverManager.getConnection(prefix + "postgres", user, password);
                    var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }
    }
}
