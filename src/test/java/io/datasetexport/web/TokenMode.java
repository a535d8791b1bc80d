package io.datasetexport.web;

import io.datasetexport.DatabaseTestConfiguration;
import io.datasetexport.Leaks;
import io.datasetexport.OneAtATime;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
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

    TestIssuer ISSUER = new TestIssuer();

    @TestConfiguration(proxyBeanMethods = false)
    class Issuer {

        static {
            Leaks.keep(BOOTSTRAP);
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
