package io.datasetexport.web;

import io.datasetexport.access.LocalMode;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps out what no token could excuse: in local mode a foreign page or name, a path that says more than one thing, a token in the query
 * string, where every log on the way would keep it.
 */
@Component
@Order(Envelope.ORDER + 1)
final class Gate extends OncePerRequestFilter {

    private static final Pattern TOKEN = Pattern.compile("(^|&)access_token(=|&|$)");

    private final LocalMode localMode;

    Gate(LocalMode localMode) {
        this.localMode = localMode;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String query = request.getQueryString();
        if (!localMode.letsIn(
                request.getHeader("Host"),
                request.getHeader("Origin"),
                request.getHeader("Sec-Fetch-Site"),
                request.getHeader("Sec-Fetch-Mode"))) {
            Problems.write(
                    new RequestRefused(
                            ProblemType.FORBIDDEN,
                            "The service answers to localhost, 127.0.0.1 and [::1] only, and to no other web site's pages."),
                    request,
                    response);
        } else if (request.getRequestURI().indexOf(';') >= 0) {
            Problems.write(new RequestRefused(ProblemType.INVALID_PATH, "A path has no parameters here."), request, response);
        } else if (query != null && TOKEN.matcher(query).find()) {
            Problems.write(
                    new RequestRefused(ProblemType.UNAUTHENTICATED, "Send the token in the header Authorization, never in an address."), request, response);
        } else {
            chain.doFilter(request, response);
        }
    }
}
