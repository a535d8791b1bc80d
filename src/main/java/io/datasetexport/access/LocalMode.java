package io.datasetexport.access;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The mode without an identity provider: one caller, who owns everything.
 *
 * <p>So only this machine may reach the service, and no web page that a browser on it shows: a page is known by its {@code Origin},
 * and one that points a name of its own to 127.0.0.1 by the {@code Host}. With
 * {@link AccessSettings#trustedNetwork} the network in front decides who gets here, by whatever name.
 */
@Component
public class LocalMode {

    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final boolean trustedNetwork;

    /** @param address the one that the service listens on; null for all of them */
    LocalMode(AccessSettings settings, @Nullable @Value("${server.address:#{null}}") InetAddress address) {
        trustedNetwork = settings.trustedNetwork();
        if (!trustedNetwork && (address == null || !address.isLoopbackAddress())) {
            throw new NotOnlyLoopback(address);
        }
    }

    /**
     * Who sends a request with these headers: {@code Host}, {@code Origin}, {@code Sec-Fetch-Site}, {@code Sec-Fetch-Mode}.
     *
     * @return null when the request comes by a name or from a page that is not this service's
     */
    public @Nullable Caller caller(@Nullable String host, @Nullable String origin, @Nullable String fetchSite, @Nullable String fetchMode) {
        // Every browser sends a Host; programs that speak HTTP/1.0 may not.
        boolean knownHost = trustedNetwork || host == null || NAMES.contains(nameOf(host));
        boolean ownPage = origin == null || host != null && sameHost(origin, host);
        boolean embedded = ("cross-site".equals(fetchSite) || "same-site".equals(fetchSite)) && !"navigate".equals(fetchMode);
        return knownHost && ownPage && !embedded ? Caller.LOCAL : null;
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
