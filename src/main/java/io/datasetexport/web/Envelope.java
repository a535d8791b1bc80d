package io.datasetexport.web;

import io.datasetexport.export.ExportCut;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.apache.coyote.BadRequestException;
import org.apache.coyote.CloseNowException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * What every answer carries: an id that the log has too, and headers that keep a browser from making anything of it.
 *
 * <p>An answer that fails after its first byte is cut here: one line in the log, and a connection that closes without the end of the
 * body, so that the client knows.
 */
@Component
@Order(Envelope.ORDER)
final class Envelope extends OncePerRequestFilter {

    /** Inside the filter that counts requests and takes over their trace, so that what is logged here has its id. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 2;

    private static final Logger log = LoggerFactory.getLogger(Envelope.class);

    private static final String REQUEST_ID = Envelope.class.getName() + ".requestId";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        headers(request, response);
        try (var _ = MDC.putCloseable("requestId", requestId(request))) {
            try {
                chain.doFilter(request, response);
            } catch (BadRequestException e) {
                // Tomcat has answered already: the body's chunks can't be read.
                throw e;
            } catch (IOException | ServletException | RuntimeException e) {
                if (!response.isCommitted()) {
                    throw e;
                }
                throw cut(request, e instanceof ServletException && e.getCause() != null ? e.getCause() : e);
            }
        }
    }

    /** Tomcat closes on it at once, and does not log it again. */
    private static CloseNowException cut(HttpServletRequest request, Throwable failure) {
        if (failure instanceof ExportCut) {
            log.debug("Cut the answer to {} {}", request.getMethod(), Problems.path(request));
        } else if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
            log.debug("The client left during the answer to {} {}", request.getMethod(), Problems.path(request), failure);
        } else {
            Throwable cause = failure.getCause();
            log.warn("Cut the answer to {} {}: {}{}", request.getMethod(), Problems.path(request), failure, cause == null ? "" : ", because of " + cause);
            log.debug("Where the answer was cut", failure);
        }
        return new CloseNowException("The answer was cut", failure);
    }

    static String requestId(HttpServletRequest request) {
        if (request.getAttribute(REQUEST_ID) instanceof String id) {
            return id;
        }
        String id = UUID.randomUUID().toString();
        request.setAttribute(REQUEST_ID, id);
        return id;
    }

    static void headers(HttpServletRequest request, HttpServletResponse response) {
        String path = Problems.path(request);
        response.setHeader("X-Request-Id", requestId(request));
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", path.startsWith("/swagger-ui/")
                ? "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
                : "default-src 'none'; sandbox");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-site");
        response.setHeader("Cache-Control", "private, no-store");
    }
}
