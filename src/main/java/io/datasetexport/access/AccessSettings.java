package io.datasetexport.access;

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
 */
@ConfigurationProperties("dataset-export.access")
public record AccessSettings(
        @DefaultValue("false") boolean trustedNetwork, @Nullable String bootstrapToken, @DefaultValue List<String> allowedOrigins) {

    private static final Pattern ORIGIN = Pattern.compile("https?://(\\[[0-9a-f:.]+]|[a-z0-9.-]+)(:[0-9]{1,5})?");

    public AccessSettings {
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
