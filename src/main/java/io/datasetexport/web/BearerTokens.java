package io.datasetexport.web;

import io.datasetexport.access.Caller;
import io.datasetexport.access.Links;
import io.datasetexport.access.Tokens;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.stereotype.Component;

/** Turns a bearer token into the {@link Caller} who shows it: one of ours by its hash, any other by the identity provider's keys. */
@Component
final class BearerTokens implements AuthenticationManager {

    private final Tokens tokens;
    private final Links links;
    private final @Nullable IdentityProvider provider;

    BearerTokens(Tokens tokens, Links links, OAuth2ResourceServerProperties settings, IdentityProvider.Keeping keeping) {
        this.tokens = tokens;
        this.links = links;
        provider = IdentityProvider.of(settings.getJwt(), keeping);
    }

    @Override
    public Authentication authenticate(Authentication shown) {
        String token = ((BearerTokenAuthenticationToken) shown).getToken();
        Caller caller =
                (shown instanceof FollowedLink ? maker(token) : caller(token)).orElseThrow(() -> new InvalidBearerTokenException("The token is not good here"));
        return new PreAuthenticatedAuthenticationToken(caller, "", List.of());
    }

    /** A link that is followed: good for that and nothing else, as a token it is none. */
    static final class FollowedLink extends BearerTokenAuthenticationToken {
        FollowedLink(String secret) {
            super(secret);
        }
    }

    private Optional<Caller> maker(String link) {
        try {
            return links.caller(link);
        } catch (DataAccessException e) {
            throw new AuthenticationServiceException("The database did not answer", e);
        }
    }

    private Optional<Caller> caller(String token) {
        try {
            Optional<Caller> ours = tokens.caller(token);
            return ours.isPresent() || provider == null || token.startsWith(Tokens.PREFIX) ? ours : provider.caller(token);
        } catch (DataAccessException e) {
            throw new AuthenticationServiceException("The database did not answer", e);
        }
    }
}
