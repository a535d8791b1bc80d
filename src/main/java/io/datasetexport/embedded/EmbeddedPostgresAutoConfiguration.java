package io.datasetexport.embedded;

import java.nio.file.Path;
import java.util.Map;
import javax.sql.DataSource;
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

/** Starts the {@link EmbeddedPostgres} when no database is configured: neither by property nor by a bean, as tests do. */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@ConditionalOnMissingBean({DataSource.class, JdbcConnectionDetails.class})
@Conditional(EmbeddedPostgresAutoConfiguration.NoDatabaseConfigured.class)
@EnableConfigurationProperties(EmbeddedPostgresAutoConfiguration.DataFolder.class)
class EmbeddedPostgresAutoConfiguration {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgresAutoConfiguration.class);

    /** @param dataDir the folder for everything that the service keeps itself */
    @ConfigurationProperties("dataset-export")
    record DataFolder(@DefaultValue("./data") Path dataDir) {}

    /** The pool's connection details depend on it, so that the server starts before the pool and stops after it. */
    @Bean
    EmbeddedPostgres embeddedPostgres(DataFolder folder) {
        var postgres = EmbeddedPostgres.start(folder.dataDir(), folder.dataDir().resolve("postgres-server"), Map.of());
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
