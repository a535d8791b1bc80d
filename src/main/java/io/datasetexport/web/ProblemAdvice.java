package io.datasetexport.web;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns whatever a controller throws into a problem document, as long as nothing of the answer has been sent. */
@RestControllerAdvice
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    void refuse(Exception failure, HttpServletRequest request, HttpServletResponse response) throws Exception {
        if (response.isCommitted()) {
            // The Envelope cuts the answer: a body that ended well would look whole.
            throw failure;
        }
        String allow = failure instanceof ErrorResponse known ? known.getHeaders().getFirst(HttpHeaders.ALLOW) : null;
        Problems.write(refusal(failure, request), allow, request, response);
    }

    private static RequestRefused refusal(Exception failure, HttpServletRequest request) {
        return switch (failure) {
            case RequestRefused refused -> refused;
            case ErrorResponse known when known.getStatusCode().is4xxClientError() -> {
                ProblemType type = ProblemType.ofStatus(known.getStatusCode().value());
                yield new RequestRefused(type, sentence(type, request));
            }
            case InvalidParameterException _ -> new RequestRefused(ProblemType.BAD_REQUEST, "The parameters can't be decoded.");
            case BadRequestException _ -> new RequestRefused(ProblemType.BAD_REQUEST, "The body's chunks can't be read.");
            case IOException _ when DisconnectedClientHelper.isClientDisconnectedException(failure) -> {
                log.debug("The client left before the end of its request", failure);
                yield new RequestRefused(ProblemType.BAD_REQUEST, "The request ended too early.");
            }
            case CannotCreateTransactionException _, DataAccessResourceFailureException _ -> {
                log.error("The database did not answer", told(failure));
                yield new RequestRefused(ProblemType.OVERLOADED, "The database did not answer in time.");
            }
            default -> {
                log.error("Failed to answer {} {}", request.getMethod(), Problems.path(request), told(failure));
                yield new RequestRefused(ProblemType.INTERNAL, "The service failed; its log has the reason under the request's id.");
            }
        };
    }

    /** What the driver said: Spring puts the statement before it. */
    private static Throwable told(Exception failure) {
        return failure instanceof NestedRuntimeException wrapped ? wrapped.getMostSpecificCause() : failure;
    }

    static String sentence(ProblemType type, HttpServletRequest request) {
        return switch (type) {
            case NOT_FOUND -> "There is nothing at this path.";
            case METHOD_NOT_ALLOWED -> "The resource at this path does not have the method " + request.getMethod() + ".";
            case NOT_ACCEPTABLE -> "The answer has none of the types that Accept asks for.";
            default -> type.title() + ".";
        };
    }
}
