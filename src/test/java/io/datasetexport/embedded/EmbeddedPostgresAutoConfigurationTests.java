package io.datasetexport.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** When it stands aside, and what it tells the server. That it starts otherwise is {@link EmbeddedPostgresIT}'s. */
class EmbeddedPostgresAutoConfigurationTests {

    private final ApplicationContextRunner context = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(EmbeddedPostgresAutoConfiguration.class, DataSourceAutoConfiguration.class));

    @Test
    void yieldsToAConfiguredUrl() {
        context.withPropertyValues("spring.datasource.url=jdbc:postgresql://db.example/datasets")
                .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean(EmbeddedPostgres.class));
    }

    @Test
    void yieldsToAConfiguredJndiName() {
        new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(EmbeddedPostgresAutoConfiguration.class))
                .withPropertyValues("spring.datasource.jndi-name=java:comp/env/jdbc/datasets")
                .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean(EmbeddedPostgres.class));
    }

    @Test
    void yieldsToConnectionDetailsThatATestBrings() {
        context.withBean(JdbcConnectionDetails.class, () -> new TestsOwn("jdbc:postgresql://db.example/datasets", "me", "secret"))
                .run(started -> assertThat(started).hasNotFailed().doesNotHaveBean(EmbeddedPostgres.class));
    }

    @Test
    void holdsAQuarterOfTheMachinesMemoryWithinBounds() {
        long machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        long quarter = Math.clamp(machine / 4, 128L << 20, 8L << 30);

        assertThat(new EmbeddedPostgresAutoConfiguration.Settings(Path.of("data"), null).ofServer()).containsEntry("shared_buffers", quarter / 1024 + "kB");
    }

    private record TestsOwn(String getJdbcUrl, String getUsername, String getPassword) implements JdbcConnectionDetails {}
}
