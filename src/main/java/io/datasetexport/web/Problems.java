package io.datasetexport.web;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.text.Utf8Buffer;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one shape of an error, {@code application/problem+json} of RFC 9457: {@code type}, {@code title}, {@code status}, {@code detail},
 * {@code instance} (the path that was asked for), {@code requestId} (as in the log) and {@code errors} with the place of each mistake.
 */
final class Problems {

    static final String MEDIA_TYPE = "application/problem+json";

    private static final int MAX_PLACE = 500;
    private static final Pattern TOKEN = Pattern.compile("(dx[lp](?:_|%5[fF]))[^/?#]+|(?<=/exports/links/)[^/?#]+");
    private static final JsonMapper VALUES = JsonMapper.shared();

    private Problems() {}

    /** Writes a refusal instead of everything that was to be the answer so far; the answer must not be committed. */
    static void write(RequestRefused refused, HttpServletRequest request, HttpServletResponse response) throws IOException {
        write(refused, null, request, response);
    }

    /** @param allow the methods that there are, when the refused one isn't */
    static void write(RequestRefused refused, @Nullable String allow, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        // What lets a page of an allowed origin read the answer holds for a refusal too.
        Map<String, String> forPages = new LinkedHashMap<>();
        for (String name : response.getHeaderNames()) {
            if (name.equalsIgnoreCase("Vary") || name.toLowerCase(Locale.ROOT).startsWith("access-control-")) {
                forPages.put(name, String.join(", ", response.getHeaders(name)));
            }
        }
        response.reset();
        forPages.forEach(response::setHeader);
        Envelope.headers(request, response);
        ProblemType type = refused.type();
        response.setStatus(type.status());
        switch (type) {
            case UPGRADE_REQUIRED -> {
                response.setHeader("Upgrade", "HTTP/1.1");
                response.setHeader("Connection", "Upgrade");
            }
            case TOO_MANY_EXPORTS, TOO_MANY_REQUESTS, OVERLOADED ->
                    response.setHeader("Retry-After", refused.members().getOrDefault("retryAfter", 5).toString());
            case METHOD_NOT_ALLOWED -> response.setHeader("Allow", allow == null ? "" : allow);
            case UNAUTHENTICATED -> response.setHeader("WWW-Authenticate", "Bearer");
            default -> {}
        }
        byte[] body =
                json(type, refused.getMessage(), refused.pointer(), path(request), Envelope.requestId(request), refused.members());
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    static byte[] json(
            ProblemType type,
            @Nullable String detail,
            @Nullable String place,
            String path,
            String requestId,
            Map<String, Object> members) {
        Utf8Buffer json = new Utf8Buffer(512);
        json.append("{\"type\":\"/problems/").append(type.id()).append("\",\"title\":").appendJsonString(type.title());
        json.append(",\"status\":").append(type.status());
        if (detail != null) {
            json.append(",\"detail\":").appendJsonString(detail);
        }
        json.append(",\"instance\":").appendJsonString(shortened(path));
        json.append(",\"requestId\":").appendJsonString(requestId);
        if (place != null) {
            json.append(",\"errors\":[{\"pointer\":").appendJsonString(shortened(place));
            json.append(",\"code\":\"").append(type.id()).append("\",\"message\":").appendJsonString(detail == null ? type.title() : detail);
            json.append("}]");
        }
        members.forEach((name, value) -> json.append(',').appendJsonString(name).append(':').append(VALUES.writeValueAsBytes(value)));
        return json.append("}\n").toByteArray();
    }

    /** The path that was asked for, also while an error page is made for it, without a token that stood in it. */
    static String path(HttpServletRequest request) {
        Object failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        String path = failed instanceof String uri ? uri : request.getRequestURI();
        return path == null ? "" : TOKEN.matcher(path).replaceAll("$1…");
    }

    private static String shortened(String text) {
        return text.length() <= MAX_PLACE ? text : text.substring(0, MAX_PLACE) + "…";
    }
}
