package io.datasetexport.web;

import io.datasetexport.problem.ProblemType;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The API's refusals: each {@link ProblemType} is an example, and a response of its own where no other has its status. */
final class ApiProblems {

    /** What any request may meet. */
    static final Set<ProblemType> EVERYWHERE = EnumSet.of(
            ProblemType.BAD_REQUEST, ProblemType.INVALID_PATH, ProblemType.UNAUTHENTICATED, ProblemType.FORBIDDEN, ProblemType.INTERNAL,
            ProblemType.OVERLOADED);

    static final Set<ProblemType> PARAMETERS = EnumSet.of(ProblemType.UNKNOWN_FIELD, ProblemType.DUPLICATE_KEY, ProblemType.VALIDATION);

    static final Set<ProblemType> JSON_BODY = EnumSet.of(
            ProblemType.MALFORMED_JSON, ProblemType.NOT_UTF_8, ProblemType.TOO_DEEP, ProblemType.NUMBER_OUT_OF_RANGE, ProblemType.UNKNOWN_FIELD,
            ProblemType.DUPLICATE_KEY, ProblemType.VALIDATION, ProblemType.REQUEST_TIMEOUT, ProblemType.PAYLOAD_TOO_LARGE,
            ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemType.UNSUPPORTED_CHARSET, ProblemType.UNSUPPORTED_ENCODING);

    static final Set<ProblemType> QUERY = EnumSet.of(
            ProblemType.TOO_DEEP, ProblemType.NUMBER_OUT_OF_RANGE, ProblemType.UNKNOWN_OPERATOR, ProblemType.INVALID_FILTER,
            ProblemType.FILTER_TOO_COMPLEX, ProblemType.INVALID_FIELD_PATH, ProblemType.TYPE_MISMATCH, ProblemType.INVALID_PATTERN,
            ProblemType.QUERY_TIMEOUT);

    static final Set<ProblemType> EXPORT_REQUEST = EnumSet.of(
            ProblemType.UNKNOWN_FORMAT, ProblemType.TOO_MANY_IDS, ProblemType.INVALID_FILE_NAME, ProblemType.ITEMS_NOT_FOUND,
            ProblemType.EXTERNAL_ITEMS, ProblemType.MISSING_FILES, ProblemType.NOT_AVAILABLE, ProblemType.CLASS_NUMBERS);

    static final Set<ProblemType> ARCHIVE = EnumSet.of(ProblemType.UPGRADE_REQUIRED, ProblemType.TOO_MANY_EXPORTS);

    private ApiProblems() {}

    /** Adds the examples and the responses that operations refer to. */
    static void addTo(Components components, ApiTexts texts) {
        for (ProblemType type : ProblemType.values()) {
            components.addExamples(type.id() + suffix(type), new Example().summary(type.title()).value(example(type, texts)));
            components.addResponses(type.id() + suffix(type), response(List.of(type)));
        }
    }

    /** Says which refusals an operation has, status by status. */
    static void addTo(ApiResponses responses, Set<ProblemType> types) {
        Map<Integer, List<ProblemType>> byStatus = new TreeMap<>();
        types.stream().sorted().forEach(type -> byStatus.computeIfAbsent(type.status(), any -> new ArrayList<>()).add(type));
        byStatus.forEach((status, ofStatus) -> responses.addApiResponse(
                status.toString(),
                ofStatus.size() == 1
                        ? new ApiResponse().$ref(ofStatus.getFirst().id() + suffix(ofStatus.getFirst()))
                        : response(ofStatus)));
    }

    private static ApiResponse response(List<ProblemType> types) {
        MediaType problem = new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"));
        types.forEach(type -> problem.addExamples(type.id(), new Example().$ref("#/components/examples/" + type.id() + suffix(type))));
        ApiResponse response = new ApiResponse()
                .description(types.stream().map(type -> "`" + type.id() + "`: " + type.title()).collect(Collectors.joining(".\n", "", ".")))
                .content(new Content().addMediaType(Problems.MEDIA_TYPE, problem));
        response.addHeaderObject("X-Request-Id", header("X-Request-Id"));
        headers(types.getFirst()).forEach(name -> response.addHeaderObject(name, header(name)));
        return response;
    }

    static Header header(String name) {
        return new Header().$ref("#/components/headers/" + name);
    }

    private static Stream<String> headers(ProblemType type) {
        return switch (type.status()) {
            case 401 -> Stream.of("WWW-Authenticate");
            case 405 -> Stream.of("Allow");
            case 426 -> Stream.of("Upgrade");
            case 429, 503 -> Stream.of("Retry-After");
            default -> Stream.of();
        };
    }

    private static Map<String, Object> example(ProblemType type, ApiTexts texts) {
        Map<String, Object> own = texts.problems().get(type.id() + suffix(type));
        if (own == null) {
            throw new IllegalStateException("api-texts.json has no example of the problem " + type.id() + suffix(type));
        }
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "/problems/" + type.id());
        problem.put("title", type.title());
        problem.put("status", type.status());
        own.forEach((name, value) -> problem.put(name, value));
        problem.put("requestId", "5e58f74a-d33e-4553-992c-e1698fab8c09");
        if (own.get("pointer") instanceof String pointer) {
            problem.remove("pointer");
            Map<String, Object> mistake = new LinkedHashMap<>();
            mistake.put("pointer", pointer);
            mistake.put("code", type.id());
            mistake.put("message", String.valueOf(own.get("detail")));
            problem.put("errors", List.of(mistake));
        }
        return problem;
    }

    /** Two kinds share the id of what they are about, with different statuses. */
    private static String suffix(ProblemType type) {
        return type == ProblemType.NOT_UTF_8 ? "-in-json" : "";
    }
}
