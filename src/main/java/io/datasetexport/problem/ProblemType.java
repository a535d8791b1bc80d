package io.datasetexport.problem;

import java.util.Locale;

/** The kinds of refusal: each has a stable URI, {@code /problems/<id>}, a title and an HTTP status. */
public enum ProblemType {
    MALFORMED_JSON(400, "The body is not the JSON that was expected"),
    UNKNOWN_FIELD(400, "The request has a member that does not exist"),
    DUPLICATE_KEY(400, "The request has the same member twice"),
    VALIDATION(400, "The request is not valid"),
    UNKNOWN_FORMAT(400, "There is no such format"),
    FORBIDDEN(403, "The caller may not do this"),
    NOT_FOUND(404, "There is no such thing"),
    CONFLICT(409, "The request conflicts with what is there"),
    NOT_AVAILABLE(422, "The service can't do this yet"),
    BAD_RECORD(422, "A record of the import is not valid"),
    UPGRADE_REQUIRED(426, "The connection can't carry a stream safely"),
    TOO_MANY_EXPORTS(429, "The caller has too many exports running"),
    INTERNAL(500, "The service failed"),
    OVERLOADED(503, "The service has too much to do");

    private final int status;
    private final String title;
    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The last segment of the type's URI. */
    public String id() {
        return id;
    }
}
