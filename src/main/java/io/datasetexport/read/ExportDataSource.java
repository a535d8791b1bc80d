package io.datasetexport.read;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The exports' own connections, one for each permit: a full house of exports leaves the API its pool.
 *
 * <p>Take it as {@code @Qualifier("export") DataSource}. A connection comes read-only, REPEATABLE READ and without autocommit, which is
 * also what lets the driver fetch by cursor.
 */
@Configuration(proxyBeanMethods = false)
class ExportDataSource {

    private static final Map<String, String> DRIVER = Map.of(
            "ApplicationName", "dataset-export export",
            // Text is what goes into the archive; binary values would have to be turned back.
            "binaryTransfer", "false",
            "connectTimeout", "5",
            // Longer than the statement timeout: the server speaks first, if it still can.
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

    @Bean(defaultCandidate = false)
    @Qualifier("export")
    HikariDataSource exportConnections(JdbcConnectionDetails database, @Value("${dataset-export.limits.exports:16}") int exports) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("export");
        pool.setJdbcUrl(database.getJdbcUrl());
        pool.setUsername(database.getUsername());
        pool.setPassword(database.getPassword());
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
