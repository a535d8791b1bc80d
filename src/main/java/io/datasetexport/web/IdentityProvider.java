package io.datasetexport.web;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.datasetexport.access.Caller;
import io.datasetexport.access.Tokens;
import io.datasetexport.access.UnsafeSettings;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The operator's identity provider: whose JWT is good, by issuer, audience, algorithm, signature and time.
 *
 * <p>Its keys are kept for minutes, and while it does not answer for an hour longer; then nobody's JWT can be judged. A token says who
 * calls, never what the caller may do.
 */
final class IdentityProvider {

    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final int PATIENCE_MILLIS = 3_000;
    private static final int LARGEST_BYTES = 1 << 20;

    private final Keys source;
    private final NimbusJwtDecoder decoder;

    /** How long keys are good: before they are asked for again, and how much longer while nobody answers. */
    record Keeping(Duration fresh, Duration inAnOutage) {
        static final Keeping USUAL = new Keeping(Duration.ofMinutes(5), Duration.ofHours(1));
    }

    /** @return null when none is configured */
    static @Nullable IdentityProvider of(OAuth2ResourceServerProperties.Jwt settings, Keeping keeping) {
        if (settings.getIssuerUri() == null || settings.getIssuerUri().isBlank()) {
            return null;
        }
        if (settings.getAudiences().isEmpty()) {
            throw new UnsafeSettings(
                    "Every token of the identity provider would be good here, also those that it gave out for other services.",
                    "Set spring.security.oauth2.resourceserver.jwt.audiences to the audience that stands for this service.");
        }
        return new IdentityProvider(settings.getIssuerUri(), settings.getJwkSetUri(), settings.getAudiences(), settings.getJwsAlgorithms(), keeping);
    }

    private IdentityProvider(String issuer, @Nullable String jwkSetUri, List<String> audiences, List<String> algorithms, Keeping keeping) {
        DefaultResourceRetriever http = new DefaultResourceRetriever(PATIENCE_MILLIS, PATIENCE_MILLIS, LARGEST_BYTES);
        source = new Keys(issuer, jwkSetUri, http);
        var keys = JWKSourceBuilder.<SecurityContext>create(source)
                .cache(keeping.fresh.toMillis(), 4L * PATIENCE_MILLIS)
                .refreshAheadCache(false)
                .outageTolerant(keeping.inAnOutage.toMillis())
                .rateLimited(keeping.fresh.toMillis() / 10)
                .build();
        // Only signatures that a public key verifies: a key that everybody knows is no secret to sign with.
        List<SignatureAlgorithm> pinned = algorithms.stream()
                .map(name -> Objects.requireNonNull(SignatureAlgorithm.from(name), () -> name + " is no algorithm of public keys"))
                .toList();
        decoder = NimbusJwtDecoder.withJwkSource(keys).jwsAlgorithms(set -> {
            set.clear();
            set.addAll(pinned);
        }).build();
        JwtTypeValidator types = new JwtTypeValidator("JWT", "at+jwt", "application/at+jwt");
        types.setAllowEmpty(true);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                types,
                new JwtTimestampValidator(SKEW),
                new JwtClaimValidator<Object>(JwtClaimNames.EXP, Objects::nonNull),
                new JwtIssuerValidator(issuer),
                new JwtClaimValidator<List<String>>(JwtClaimNames.AUD, given -> given != null && given.stream().anyMatch(audiences::contains)),
                new JwtClaimValidator<Object>(JwtClaimNames.SUB, subject -> subject instanceof String name && isSubject(name))));
    }

    /**
     * Who shows this token; nobody when it is not good.
     *
     * @throws AuthenticationServiceException when nobody can say, because the keys can't be had
     */
    Optional<Caller> caller(String token) {
        try {
            Jwt jwt = decoder.decode(token);
            return Optional.of(new Caller(Objects.requireNonNull(jwt.getSubject()), false));
        } catch (BadJwtException e) {
            return Optional.empty();
        } catch (JwtException e) {
            if (e.getCause() instanceof RateLimitReachedException && source.answered) {
                // The keys were looked up a moment ago, and this one was not there.
                return Optional.empty();
            }
            throw new AuthenticationServiceException("The identity provider's keys can't be had", e);
        }
    }

    private static boolean isSubject(String name) {
        return !name.isBlank() && name.length() <= 255 && name.chars().noneMatch(Character::isISOControl) && !Tokens.isReserved(name);
    }

    /** Where the keys are: at the configured address, or where the issuer's own document says (OpenID Connect Discovery 1.0 section 4). */
    private static final class Keys implements JWKSetSource<SecurityContext> {

        private final String issuer;
        private final DefaultResourceRetriever http;
        private @Nullable URLBasedJWKSetSource<SecurityContext> found;
        /** Whether they could be had when they were last looked up. */
        private volatile boolean answered;

        Keys(String issuer, @Nullable String address, DefaultResourceRetriever http) {
            this.issuer = issuer;
            this.http = http;
            found = address == null ? null : new URLBasedJWKSetSource<>(url(address), http);
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, SecurityContext context) throws KeySourceException {
            answered = false;
            JWKSet keys = source().getJWKSet(refresh, now, context);
            answered = true;
            return keys;
        }

        private synchronized URLBasedJWKSetSource<SecurityContext> source() throws KeySourceException {
            if (found == null) {
                try {
                    String document = http.retrieveResource(url(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration")).getContent();
                    JsonNode described = JsonMapper.shared().readTree(document);
                    if (!issuer.equals(described.path("issuer").asString(""))) {
                        throw new JWKSetRetrievalException("The issuer's document is somebody else's", null);
                    }
                    found = new URLBasedJWKSetSource<>(url(described.path("jwks_uri").asString("")), http);
                } catch (IOException | IllegalArgumentException e) {
                    throw new JWKSetRetrievalException("The issuer's document can't be had", e);
                }
            }
            return found;
        }

        private static URL url(String address) {
            try {
                return URI.create(address).toURL();
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        public void close() {
            // Nothing is held open.
        }
    }
}
