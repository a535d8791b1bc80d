package io.datasetexport.web;

import io.datasetexport.access.Caller;
import io.datasetexport.access.LocalMode;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets in requests whose sender is known and whose path says one thing only. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
final class Gate extends OncePerRequestFilter {

    private static final String CALLER = Gate.class.getName() + ".caller";

    private final LocalMode localMode;

    Gate(LocalMode localMode) {
        this.localMode = localMode;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Caller caller = localMode.caller(
                request.getHeader("Host"),
                request.getHeader("Origin"),
                request.getHeader("Sec-Fetch-Site"),
                request.getHeader("Sec-Fetch-Mode"));
        if (caller == null) {
            Problems.write(
                    new RequestRefused(
                            ProblemType.FORBIDDEN,
                            "The service answers to localhost, 127.0.0.1 and [::1] only, and to no other web site's pages."),
                    request,
                    response);
        } else if (request.getRequestURI().indexOf(';') >= 0) {
            Problems.write(new RequestRefused(ProblemType.INVALID_PATH, "A path has no parameters here."), request, response);
        } else {
            request.setAttribute(CALLER, caller);
            chain.doFilter(request, response);
        }
    }

    /** Who sent the request; null when it did not come through the gate. */
    static @Nullable Caller callerOf(HttpServletRequest request) {
        return request.getAttribute(CALLER) instanceof Caller caller ? caller : null;
    }
}
