package io.datasetexport.web;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import jakarta.servlet.http.HttpServletRequest;

/** What a connection must be able to do before an archive is streamed over it. */
final class StreamConnection {

    private StreamConnection() {}

    /** Refuses HTTP/1.0: a stream without length ends there by closing, so that a cut one looks whole. */
    static void require(HttpServletRequest request) {
        if ("HTTP/1.0".equals(request.getProtocol()) || "HTTP/0.9".equals(request.getProtocol())) {
            throw new RequestRefused(
                    ProblemType.UPGRADE_REQUIRED,
                    "Use HTTP/1.1: over HTTP/1.0 a download that was cut looks like a whole one. "
                            + "Behind nginx this is proxy_http_version 1.1.");
        }
    }
}
