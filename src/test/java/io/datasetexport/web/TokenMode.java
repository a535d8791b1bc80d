package io.datasetexport.web;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.OneAtATime;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.DynamicPropertyRegistrar;

/** A service that asks for tokens, one for all tests that want it: a bootstrap token, an identity provider, and an allowed origin. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
    "dataset-export.access.bootstrap-token=" + TokenMode.BOOTSTRAP,
    "dataset-export.access.trusted-network=true",
    "dataset-export.access.allowed-origins=https://app.example",
    "spring.security.oauth2.resourceserver.jwt.audiences=" + TestIssuer.AUDIENCE,
    "dataset-export.data-dir=target/token-mode-it",
    "dataset-export.demo=true",
    "dataset-export.limits.starts-per-minute=600",
    "logging.level.io.datasetexport=debug"
})
@Import({DatabaseTestConfiguration.class, TokenMode.Issuer.class})
@OneAtATime
@interface TokenMode {

    String BOOTSTRAP = "q8Zr2kXvT9mWc4LnB7yHs1PdF6gJu3Ae";

    String LOG = "target/token-mode-it/service.log";

    TestIssuer ISSUER = new TestIssuer();

    @TestConfiguration(proxyBeanMethods = false)
    class Issuer {

        /** By hand: of several services in one process only the first sets up the log. */
        @Bean(destroyMethod = "stop")
        FileAppender<ILoggingEvent> file() {
            Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
            PatternLayoutEncoder encoder = new PatternLayoutEncoder();
            encoder.setContext(root.getLoggerContext());
            encoder.setPattern("%level %logger %mdc %msg%n%ex");
            encoder.start();
            FileAppender<ILoggingEvent> file = new FileAppender<>();
            file.setContext(root.getLoggerContext());
            file.setFile(LOG);
            file.setAppend(false);
            file.setEncoder(encoder);
            file.start();
            root.addAppender(file);
            return file;
        }

        /** So short that a test can wait for their end. */
        @Bean
        @Primary
        IdentityProvider.Keeping briefly() {
            return new IdentityProvider.Keeping(Duration.ofSeconds(1), Duration.ofSeconds(2));
        }

        @Bean
        DynamicPropertyRegistrar issuer() {
            return registry -> registry.add("spring.security.oauth2.resourceserver.jwt.issuer-uri", ISSUER::uri);
        }
    }
}
