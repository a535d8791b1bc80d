package io.datasetexport.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.util.unit.DataSize;

/** Starts the {@link EmbeddedPostgres} when no database is configured: neither by property nor by a bean, as tests do. */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@ConditionalOnMissingBean({DataSource.class, JdbcConnectionDetails.class})
@Conditional(EmbeddedPostgresAutoConfiguration.NoDatabaseConfigured.class)
@EnableConfigurationProperties(EmbeddedPostgresAutoConfiguration.Settings.class)
class EmbeddedPostgresAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresAutoConfiguration.class);

    private static final long LEAST_BUFFERS = DataSize.ofMegabytes(128).toBytes();
    private static final long MOST_BUFFERS = DataSize.ofGigabytes(8).toBytes();

    /**
     * @param dataDir the folder for everything that the service keeps itself
     * @param databaseMemory what the server holds of its data in memory, {@code shared_buffers}; by default a quarter of the machine's (or
     *     the container's), as PostgreSQL's manual recommends, but 128 MB at least and 8 GB at most. It takes what its data fill.
     */
    @ConfigurationProperties("dataset-export")
    record Settings(@DefaultValue("./data") Path dataDir, @Nullable DataSize databaseMemory) {

        Map<String, String> ofServer() {
            long buffers = databaseMemory == null ? Math.clamp(machineMemory() / 4, LEAST_BUFFERS, MOST_BUFFERS) : databaseMemory.toBytes();
            return Map.of("shared_buffers", Math.max(1, buffers / 1024) + "kB");
        }

        private static long machineMemory() {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        }
    }

    /** The pool's connection details depend on it, so that the server starts before the pool and stops after it. */
    @Bean
    EmbeddedPostgres embeddedPostgres(Settings settings) {
        var postgres = EmbeddedPostgres.start(settings.dataDir(), settings.dataDir().resolve("postgres-server"), settings.ofServer());
        log.info("No spring.datasource.url is set: using the embedded PostgreSQL in {} at {}", postgres.dataDirectory(), postgres.jdbcUrl());
        return postgres;
    }

    @Bean
    JdbcConnectionDetails embeddedPostgresConnectionDetails(EmbeddedPostgres postgres) {
        return new EmbeddedConnectionDetails(postgres.jdbcUrl(), postgres.user(), "");
    }

    private record EmbeddedConnectionDetails(String getJdbcUrl, String getUsername, String getPassword) implements JdbcConnectionDetails {}

    static final class NoDatabaseConfigured extends NoneNestedConditions {

        NoDatabaseConfigured() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnProperty("spring.datasource.url")
        static final class Url {}

        @ConditionalOnProperty("spring.datasource.jndi-name")
        static final class Jndi {}
    }
}
