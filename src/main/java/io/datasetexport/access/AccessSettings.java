package io.datasetexport.access;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who gets in.
 *
 * @param trustedNetwork in local mode: whoever can reach the service may do everything, and it may listen on other addresses than loopback
 * @param bootstrapToken lets its bearer in as {@value Tokens#BOOTSTRAP}, an owner of the project {@code default}; ends local mode
 * @param allowedOrigins of web pages that may call the service from a browser, such as {@code https://app.example.com}
 * @param linkTime how long a link to a download is good, at most an hour
 */
@ConfigurationProperties("dataset-export.access")
public record AccessSettings(
        @DefaultValue("false") boolean trustedNetwork,
        @Nullable String bootstrapToken,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("10m") Duration linkTime) {

    private static final Pattern ORIGIN = Pattern.compile("https?://(\\[[0-9a-f:.]+]|[a-z0-9.-]+)(:[0-9]{1,5})?");

    public AccessSettings {
        if (linkTime.isNegative() || linkTime.isZero() || linkTime.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("A link is good for at most an hour, and longer than not at all");
        }
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException("\"" + origin + "\" is no origin: http or https, a host in lower case, a port where it is "
                        + "not the usual one, and nothing else");
            }
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AccessSettings[trustedNetwork=" + trustedNetwork + ", allowedOrigins=" + allowedOrigins + "]";
    }
}
