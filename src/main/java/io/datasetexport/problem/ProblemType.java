package io.datasetexport.problem;

import java.util.Locale;

/** The kinds of refusal: each has a stable URI, {@code /problems/<id>}, a title and an HTTP status. */
public enum ProblemType {
    BAD_REQUEST(400, "The request is not valid HTTP"),
    INVALID_PATH(400, "The path of the request is not allowed"),
    MALFORMED_JSON(400, "The body is not the JSON that was expected"),
    NOT_UTF_8(400, "The text is not in UTF-8", "unsupported-charset"),
    TOO_DEEP(400, "The JSON is nested too deep"),
    NUMBER_OUT_OF_RANGE(400, "A number is out of range"),
    UNKNOWN_FIELD(400, "The request has a member that does not exist"),
    DUPLICATE_KEY(400, "The request has the same member twice"),
    VALIDATION(400, "The request is not valid"),
    UNKNOWN_OPERATOR(400, "The query has an operator that does not exist"),
    INVALID_FILTER(400, "The query's filter is not valid"),
    FILTER_TOO_COMPLEX(400, "The query has too many conditions"),
    INVALID_FIELD_PATH(400, "The name of a field is not valid"),
    TYPE_MISMATCH(400, "A value has the wrong type"),
    INVALID_PATTERN(400, "A pattern is not valid"),
    UNKNOWN_FORMAT(400, "There is no such format"),
    TOO_MANY_IDS(400, "The request names too many items"),
    INVALID_FILE_NAME(400, "The name can't be the name of a file"),
    UNAUTHENTICATED(401, "The service does not know the caller"),
    FORBIDDEN(403, "The caller may not do this"),
    NOT_FOUND(404, "There is no such thing"),
    ITEMS_NOT_FOUND(404, "Some of the items are not there"),
    METHOD_NOT_ALLOWED(405, "The resource does not have this method"),
    NOT_ACCEPTABLE(406, "The answer can't have any of the accepted types"),
    REQUEST_TIMEOUT(408, "The request took too long to arrive"),
    CONFLICT(409, "The request conflicts with what is there"),
    EXTERNAL_ITEMS(409, "Files of items are not in the service's own storage"),
    MISSING_FILES(409, "Files of items were never uploaded"),
    PAYLOAD_TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body has a type that is not read here"),
    UNSUPPORTED_CHARSET(415, "The body has a charset that is not read here"),
    UNSUPPORTED_ENCODING(415, "The body is compressed"),
    NOT_AVAILABLE(422, "The service can't do this yet"),
    CLASS_NUMBERS(422, "The class numbers do not fit the dataset's labels"),
    BAD_RECORD(422, "A record of the import is not valid"),
    UPGRADE_REQUIRED(426, "The connection can't carry a stream safely"),
    TOO_MANY_REQUESTS(429, "The caller starts too much in too short a time"),
    TOO_MANY_EXPORTS(429, "The caller has too many exports running"),
    INTERNAL(500, "The service failed"),
    OVERLOADED(503, "The service has too much to do"),
    QUERY_TIMEOUT(504, "The query took too long");

    private final int status;
    private final String title;
    private final String id;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
        id = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    ProblemType(int status, String title, String id) {
        this.status = status;
        this.title = title;
        this.id = id;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The kind that fits a status that a library chose. */
    public static ProblemType ofStatus(int status) {
        return switch (status) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 409 -> CONFLICT;
            case 413 -> PAYLOAD_TOO_LARGE;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 503 -> OVERLOADED;
            default -> status >= 500 ? INTERNAL : BAD_REQUEST;
        };
    }

    /** The last segment of the type's URI. */
    public String id() {
        return id;
    }
}
