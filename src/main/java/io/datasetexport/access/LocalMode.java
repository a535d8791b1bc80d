package io.datasetexport.access;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The mode without an identity provider and without a bootstrap token: whoever shows no token owns everything.
 *
 * <p>So only this machine may reach the service, and no web page that a browser on it shows: a page is known by its {@code Origin},
 * and one that points a name of its own to 127.0.0.1 by the {@code Host}. With
 * {@link AccessSettings#trustedNetwork} the network in front decides who gets here, by whatever name.
 */
@Component
public class LocalMode {

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final boolean on;
    private final boolean trustedNetwork;
    private final List<String> allowedOrigins;

    /**
     * @param address the one that the service listens on; null for all of them
     * @param issuer the identity provider's; empty without one
     */
    @Autowired
    LocalMode(
            AccessSettings settings,
            @Nullable @Value("${server.address:#{null}}") InetAddress address,
            @Value("${spring.security.oauth2.resourceserver.jwt.issuer-uri:}") String issuer) {
        on = settings.bootstrapToken() == null && issuer.isBlank();
        trustedNetwork = settings.trustedNetwork();
        allowedOrigins = settings.allowedOrigins();
        if (on && !trustedNetwork && (address == null || !address.isLoopbackAddress())) {
            throw new UnsafeSettings(
                    "The service knows only one caller, who owns everything, and would listen on "
                            + (address == null ? "every address of this machine" : address.getHostAddress()) + ".",
                    "Set server.address=127.0.0.1. For other people, set an identity provider "
                            + "(spring.security.oauth2.resourceserver.jwt.issuer-uri and .audiences) or dataset-export.access.bootstrap-token; "
                            + "or, when only people who may see and change everything can reach the service "
                            + "(a network behind a proxy that asks who they are), dataset-export.access.trusted-network=true.");
        }
    }

    LocalMode(AccessSettings settings, @Nullable InetAddress address) {
        this(settings, address, "");
    }

    /** Whether a caller without a token is {@link Caller#LOCAL}; else such a caller is nobody. */
    public boolean isOn() {
        return on;
    }

    /**
     * Whether a request with these headers ({@code Host}, {@code Origin}, {@code Sec-Fetch-Site}, {@code Sec-Fetch-Mode}) may come from
     * this machine's programs and pages; not one that comes by a name or from a page that is not this service's. Without local mode a
     * request is judged by its token instead.
     */
    public boolean letsIn(@Nullable String host, @Nullable String origin, @Nullable String fetchSite, @Nullable String fetchMode) {
        // Every browser sends a Host; programs that speak HTTP/1.0 may not.
        boolean knownHost = trustedNetwork || host == null || NAMES.contains(nameOf(host));
        boolean allowedPage = origin != null && allowedOrigins.contains(origin);
        boolean ownPage = origin == null || host != null && sameHost(origin, host);
        boolean embedded = ("cross-site".equals(fetchSite) || "same-site".equals(fetchSite)) && !"navigate".equals(fetchMode);
        return !on || knownHost && (allowedPage || ownPage && !embedded);
    }

    private static String nameOf(String host) {
        return host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
    }

    private static boolean sameHost(String origin, String host) {
        try {
            URI uri = URI.create(origin);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && host.equalsIgnoreCase(uri.getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
