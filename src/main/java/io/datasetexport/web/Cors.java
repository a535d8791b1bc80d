package io.datasetexport.web;

import io.datasetexport.access.AccessSettings;
import io.datasetexport.access.LocalMode;
import io.datasetexport.export.ExportSettings;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;

/**
 * Pages of the configured origins, and of the service's own public address, may call the service and read its answers; other pages may not.
 * In local mode the {@link Gate} has kept those out already.
 */
@Component
final class Cors implements CorsConfigurationSource {

    private final boolean localMode;
    private final CorsConfiguration allowed = new CorsConfiguration();

    Cors(AccessSettings settings, ExportSettings exports, LocalMode localMode) {
        this.localMode = localMode.isOn();
        List<String> origins = new ArrayList<>(settings.allowedOrigins());
        String own = exports.baseUrl();
        if (own != null) {
            URI address = URI.create(own);
            origins.add(address.getScheme() + "://" + address.getRawAuthority());
        }
        allowed.setAllowedOrigins(origins);
        allowed.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));
        allowed.setAllowedHeaders(
                List.of(HttpHeaders.AUTHORIZATION, HttpHeaders.CONTENT_TYPE, HttpHeaders.ACCEPT, HttpHeaders.IF_NONE_MATCH, HttpHeaders.RANGE));
        allowed.setExposedHeaders(List.of(
                HttpHeaders.CONTENT_DISPOSITION,
                HttpHeaders.CONTENT_RANGE,
                HttpHeaders.ETAG,
                HttpHeaders.LOCATION,
                HttpHeaders.RETRY_AFTER,
                "X-Export-Id",
                "X-Left-Out",
                "X-Request-Id",
                "X-Snapshot-At"));
        allowed.setAllowCredentials(false);
        allowed.setMaxAge(Duration.ofMinutes(10));
    }

    /** For the security chain; not a bean, which would be a filter of its own. */
    CorsFilter filter() {
        CorsFilter filter = new CorsFilter(this);
        filter.setCorsProcessor(new DefaultCorsProcessor() {
            @Override
            public boolean processRequest(@Nullable CorsConfiguration configuration, HttpServletRequest request, HttpServletResponse response)
                    throws IOException {
                boolean goesOn = super.processRequest(configuration, request, response);
                if (!goesOn && !response.isCommitted()) {
                    Problems.write(new RequestRefused(ProblemType.FORBIDDEN, "Pages of this origin may not call the service."), request, response);
                }
                return goesOn;
            }

            @Override
            protected void rejectRequest(ServerHttpResponse response) {
                // Said above, in the one shape of an error.
            }
        });
        return filter;
    }

    @Override
    public @Nullable CorsConfiguration getCorsConfiguration(HttpServletRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        // Own pages behind a proxy that ends TLS look like another origin's: in local mode the Gate knows them by their Host.
        return localMode && allowed.checkOrigin(origin) == null ? null : allowed;
    }
}
