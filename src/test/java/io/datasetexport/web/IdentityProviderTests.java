package io.datasetexport.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datasetexport.access.Caller;
import io.datasetexport.access.UnsafeSettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.AuthenticationServiceException;

class IdentityProviderTests {

    private static final IdentityProvider.Keeping SHORT = new IdentityProvider.Keeping(Duration.ofMillis(100), Duration.ofMillis(1));

    @Test
    void asksForTheKeysOnce() {
        try (TestIssuer issuer = new TestIssuer()) {
            IdentityProvider provider = provider(issuer, IdentityProvider.Keeping.USUAL);
            for (int i = 0; i < 10; i++) {
                assertThat(provider.caller(issuer.token("alice"))).contains(new Caller("alice", false));
            }
            assertThat(issuer.asked()).isEqualTo(2);
        }
    }

    @Test
    void keepsJudgingByTheKeysItHasWhileTheProviderIsDown() {
        TestIssuer issuer = new TestIssuer();
        IdentityProvider provider = provider(issuer, new IdentityProvider.Keeping(Duration.ofMillis(100), Duration.ofHours(1)));
        assertThat(provider.caller(issuer.token("alice"))).isPresent();
        issuer.close();
        sleep();
        assertThat(provider.caller(issuer.token("alice"))).isPresent();
        try (TestIssuer other = new TestIssuer()) {
            assertThat(provider.caller(other.token("alice"))).isEmpty();
        }
    }

    @Test
    void judgesNobodyWithoutKeys() {
        TestIssuer issuer = new TestIssuer();
        IdentityProvider provider = provider(issuer, SHORT);
        assertThat(provider.caller(issuer.token("alice"))).isPresent();
        issuer.close();
        sleep();
        String token = issuer.token("alice");
        assertThatThrownBy(() -> provider.caller(token)).isInstanceOf(AuthenticationServiceException.class);
    }

    /** Also when it was asked so often that it does not look for keys again. */
    @Test
    void knowsNobodyBeforeItHasHadKeys() {
        TestIssuer issuer = new TestIssuer();
        IdentityProvider provider = provider(issuer, IdentityProvider.Keeping.USUAL);
        issuer.down(true);
        String token = issuer.token("alice");
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> provider.caller(token)).as("request %s", i).isInstanceOf(AuthenticationServiceException.class);
        }
        assertThat(issuer.asked()).isLessThan(5);
        issuer.close();
    }

    @Test
    void saysThatItMayKnowLater() throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        SecurityChain.failed(new MockHttpServletRequest("GET", "/api/v1/datasets"), response, new AuthenticationServiceException("no keys"));
        assertThat(response.getStatus()).isEqualTo(503);
        assertThat(response.getHeader("Retry-After")).isNotNull();
        assertThat(response.getContentAsString()).contains("/problems/overloaded").doesNotContain("no keys");
    }

    @Test
    void refusesToTakeTokensForOthers() {
        OAuth2ResourceServerProperties.Jwt settings = new OAuth2ResourceServerProperties.Jwt();
        settings.setIssuerUri("https://issuer.example");
        assertThatThrownBy(() -> IdentityProvider.of(settings, SHORT)).isInstanceOf(UnsafeSettings.class);
    }

    @Test
    void signsWithPublicKeysOnly() {
        OAuth2ResourceServerProperties.Jwt settings = new OAuth2ResourceServerProperties.Jwt();
        settings.setIssuerUri("https://issuer.example");
        settings.setAudiences(List.of("a"));
        settings.setJwsAlgorithms(List.of("HS256"));
        assertThatThrownBy(() -> IdentityProvider.of(settings, SHORT)).hasMessageContaining("HS256");
    }

    private static IdentityProvider provider(TestIssuer issuer, IdentityProvider.Keeping keeping) {
        OAuth2ResourceServerProperties.Jwt settings = new OAuth2ResourceServerProperties.Jwt();
        settings.setIssuerUri(issuer.uri());
        settings.setAudiences(List.of(TestIssuer.AUDIENCE));
        return IdentityProvider.of(settings, keeping);
    }

    private static void sleep() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
