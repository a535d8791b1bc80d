package io.datasetexport.web;

import io.datasetexport.export.Limits;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Takes a request's body as JSON text: {@code application/json} in UTF-8, not compressed, small, and sent without dawdling. */
@Component
final class JsonBody {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final int limit;
    private final Duration patience;

    JsonBody(Limits limits) {
        limit = Math.toIntExact(limits.body().toBytes());
        patience = limits.bodyTime();
    }

    String of(HttpServletRequest request) throws IOException {
        requireJson(request.getContentType());
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new RequestRefused(ProblemType.UNSUPPORTED_ENCODING, "Send the body without Content-Encoding.");
        }
        if (request.getContentLengthLong() > limit) {
            throw tooLarge(request);
        }
        return StrictJson.decode(bytes(request));
    }

    private static void requireJson(@Nullable String contentType) {
        MediaType type;
        Charset charset;
        try {
            type = contentType == null ? null : MediaType.parseMediaType(contentType);
            charset = type == null || type.getCharset() == null ? StandardCharsets.UTF_8 : type.getCharset();
        } catch (InvalidMediaTypeException e) {
            throw new RequestRefused(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The Content-Type is not valid.");
        }
        if (type == null || !type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)) {
            throw new RequestRefused(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Send the body with Content-Type: application/json.");
        }
        if (!charset.equals(StandardCharsets.UTF_8)) {
            throw new RequestRefused(ProblemType.UNSUPPORTED_CHARSET, "Send the body in UTF-8.");
        }
    }

    private byte[] bytes(HttpServletRequest request) throws IOException {
        InputStream in = request.getInputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        long start = System.nanoTime();
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                body.write(buffer, 0, count);
                if (body.size() > limit) {
                    throw tooLarge(request);
                }
                if (System.nanoTime() - start > patience.toNanos()) {
                    throw new RequestRefused(ProblemType.REQUEST_TIMEOUT, "The body did not arrive within " + patience.toSeconds() + " s.");
                }
            }
        } catch (SocketTimeoutException e) {
            throw new RequestRefused(ProblemType.REQUEST_TIMEOUT, "The body stopped before its end.");
        }
        return body.toByteArray();
    }

    /** Reads on for a while: a client that is still sending would otherwise lose the connection and never see why. */
    private RequestRefused tooLarge(HttpServletRequest request) throws IOException {
        if (request.getHeader("Expect") == null) {
            byte[] buffer = new byte[65_536];
            InputStream in = request.getInputStream();
            long start = System.nanoTime();
            while (System.nanoTime() - start < GRACE.toNanos() && in.read(buffer) >= 0) {
            }
        }
        return new RequestRefused(ProblemType.PAYLOAD_TOO_LARGE, "The body is larger than " + limit + " bytes.");
    }
}
