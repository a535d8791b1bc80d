package io.datasetexport.read;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The exports' own connections, one for each permit: a full house of exports leaves the API its pool. They go to a read replica where one is
 * configured. An export reads everything in one snapshot there, its revision too, so a replica that lags behind gives an older state and
 * says so.
 *
 * <p>Take it as {@code @Qualifier("export") DataSource}. A connection comes read-only, REPEATABLE READ and without autocommit, which is
 * also what lets the driver fetch by cursor.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ExportDataSource.ReadReplica.class)
class ExportDataSource {

    private static final Map<String, String> DRIVER = Map.of(
            "ApplicationName", "dataset-export export",
            // Text is what goes into the archive; binary values would have to be turned back.
            "binaryTransfer", "false",
            "binaryTransferEnable", "BYTEA",
            "connectTimeout", "5",
            // Longer than the statement timeout: the server speaks first, if it still can. COPY has none.
            "socketTimeout", "90",
            "cancelSignalTimeout", "5",
            "tcpKeepAlive", "true",
            "options", "-c statement_timeout=60s -c lock_timeout=5s -c idle_in_transaction_session_timeout=0 -c jit=off");

    // Not on every platform, so it can't be an option of the connection.
    private static final String NOTICE_LOST_CLIENTS =
            """
            do $$ begin
              perform set_config('client_connection_check_interval', '5s', false);
            exception when others then null;
            end $$""";

    /**
     * A copy of the database that PostgreSQL keeps by streaming replication.
     *
     * @param url JDBC URL; null where exports read what everybody writes
     * @param username the database's own when null, as the password
     */
    @ConfigurationProperties("dataset-export.read-replica")
    record ReadReplica(@Nullable String url, @Nullable String username, @Nullable String password) {}

    @Bean(defaultCandidate = false)
    @Qualifier("export")
    HikariDataSource exportConnections(
            JdbcConnectionDetails database, ReadReplica replica, @Value("${dataset-export.limits.exports:16}") int exports) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("export");
        pool.setJdbcUrl(Objects.requireNonNullElse(replica.url(), database.getJdbcUrl()));
        pool.setUsername(replica.username() == null ? database.getUsername() : replica.username());
        pool.setPassword(replica.password() == null ? database.getPassword() : replica.password());
        DRIVER.forEach(pool::addDataSourceProperty);
        pool.setConnectionInitSql(NOTICE_LOST_CLIENTS);
        // Without it the first user of a connection finds the transaction open that the line above began.
        pool.setIsolateInternalQueries(true);
        pool.setMaximumPoolSize(exports);
        pool.setMinimumIdle(1);
        pool.setIdleTimeout(60_000);
        pool.setConnectionTimeout(5_000);
        pool.setAutoCommit(false);
        pool.setReadOnly(true);
        pool.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        pool.setInitializationFailTimeout(-1);
        return new HikariDataSource(pool);
    }

    /** Asks the API's pool only: when all exports are taken, the service is busy, not ill. */
    @Bean
    DataSourceHealthIndicator dbHealthIndicator(DataSource api) {
        return new DataSourceHealthIndicator(api);
    }
}
