package io.datasetexport;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Gives a Spring test context a {@link TestDatabase} of its own: {@code @Import(DatabaseTestConfiguration.class)}. */
@TestConfiguration(proxyBeanMethods = false)
public class DatabaseTestConfiguration {

    @Bean
    TestDatabase testDatabase() {
        return TestDatabase.fresh();
    }

    @Bean
    JdbcConnectionDetails testDatabaseConnectionDetails(TestDatabase database) {
        return new TestConnectionDetails(database.jdbcUrl(), database.user(), database.password());
    }

    private record TestConnectionDetails(String getJdbcUrl, String getUsername, String getPassword) implements JdbcConnectionDetails {}
}
