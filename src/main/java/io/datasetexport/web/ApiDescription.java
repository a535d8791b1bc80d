package io.datasetexport.web;

import io.datasetexport.access.Caller;
import io.datasetexport.problem.ProblemType;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.HandlerMethod;

/**
 * What the API's description says beyond what springdoc reads off the controllers. Most of it follows from what an endpoint looks like, so
 * that a new endpoint gets it without a word: who has a dataset in its path can miss it, who takes JSON can be sent something else.
 *
 * <p>The rest stands in {@link Answers} on the endpoint, and the words in {@code api-texts.json}.
 */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    private static final String JSON = "application/json";
    private static final String ZIP = "application/zip";

    private final ApiTexts texts = ApiTexts.load();
    private final RecordSchemas records = new RecordSchemas();

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info().title("Dataset Export").version("v1").description("Annotated datasets as streamed archives."))
                // Relative: the same document wherever the service runs.
                .servers(List.of(new Server().url("/")));
    }

    @Bean
    OperationCustomizer whatFollowsFromAnEndpoint() {
        return (operation, endpoint) -> {
            records.see(endpoint);
            ApiResponses responses = operation.getResponses();
            String status = responses.keySet().stream().filter(key -> key.startsWith("2")).findFirst().orElse("200");
            ApiResponse success = responses.computeIfAbsent(status, any -> new ApiResponse().description("OK"));
            Answers answers = endpoint.getMethodAnnotation(Answers.class);
            describeSuccess(success, status, answers, endpoint);
            if (success.getHeaders().containsKey("ETag")) {
                unlessChanged(operation);
            }
            if (success.getHeaders().containsKey("Content-Range")) {
                inParts(operation, success);
            }
            ApiProblems.addTo(responses, refusals(operation, endpoint, success, answers));
            return operation;
        };
    }

    /** Last of all: what needs the whole document, and one order for it. */
    @Bean
    OpenApiCustomizer theWhole() {
        return api -> {
            Components components = api.getComponents();
            ApiSchemas.addTo(components);
            ApiProblems.addTo(components, texts);
            texts.headers().forEach((name, text) -> components.addHeaders(
                    name, new Header().description(text.description()).schema(ApiSchemas.text()).example(text.example())));
            records.complete(components);
            api.getPaths().values().forEach(ApiDescription::describeHead);
            components.addSecuritySchemes("token", new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer")
                    .description("A JWT of the identity provider, or a personal access token; local mode asks for none."));
            api.setSecurity(List.of(new SecurityRequirement().addList("token"), new SecurityRequirement()));
            describeParameters(api);
            describeSchemas(components.getSchemas());
            dropUnused(api);
            inOrder(api);
        };
    }

    private static void describeSuccess(ApiResponse success, String status, @Nullable Answers answers, HandlerMethod endpoint) {
        boolean empty = success.getContent() == null || success.getContent().isEmpty();
        if (empty && status.equals("200")) {
            RequestMapping mapping = AnnotatedElementUtils.getMergedAnnotation(endpoint.getMethod(), RequestMapping.class);
            RequestMapping shared = AnnotatedElementUtils.getMergedAnnotation(endpoint.getBeanType(), RequestMapping.class);
            String[] produced = mapping != null && mapping.produces().length > 0
                    ? mapping.produces()
                    : shared == null ? new String[0] : shared.produces();
            Content content = new Content();
            Arrays.stream(produced).forEach(type -> content.addMediaType(type, new MediaType().schema(ApiSchemas.binary())));
            success.setContent(content);
        }
        success.addHeaderObject("X-Request-Id", ApiProblems.header("X-Request-Id"));
        if (answers != null) {
            Arrays.stream(answers.headers()).forEach(name -> success.addHeaderObject(name, ApiProblems.header(name)));
        }
    }

    /** Who has a tag can ask for what is new. */
    private static void unlessChanged(Operation operation) {
        operation.addParametersItem(new Parameter().in("header").name("If-None-Match").schema(ApiSchemas.text()));
        ApiResponse same = new ApiResponse().description("What the caller has is still the same.");
        same.addHeaderObject("X-Request-Id", ApiProblems.header("X-Request-Id"));
        same.addHeaderObject("ETag", ApiProblems.header("ETag"));
        operation.getResponses().addApiResponse("304", same);
    }

    /** Who can send a part says which part it is, or that there is none such. */
    private static void inParts(Operation operation, ApiResponse success) {
        operation.addParametersItem(new Parameter().in("header").name("Range").schema(ApiSchemas.text()));
        operation.addParametersItem(new Parameter().in("header").name("If-Range").schema(ApiSchemas.text()));
        ApiResponse part = new ApiResponse().description("The part that was asked for.").content(success.getContent());
        success.getHeaders().forEach(part::addHeaderObject);
        success.getHeaders().remove("Content-Range");
        ApiResponse none = new ApiResponse().description("The part lies behind the end.");
        List.of("X-Request-Id", "Content-Range", "ETag").forEach(name -> none.addHeaderObject(name, ApiProblems.header(name)));
        operation.getResponses().addApiResponse("206", part);
        operation.getResponses().addApiResponse("416", none);
    }

    private static Set<ProblemType> refusals(
            Operation operation, HandlerMethod endpoint, ApiResponse success, @Nullable Answers answers) {
        Set<ProblemType> refusals = EnumSet.copyOf(ApiProblems.EVERYWHERE);
        List<Parameter> parameters = operation.getParameters() == null ? List.of() : operation.getParameters();
        if (parameters.stream().anyMatch(parameter -> "path".equals(parameter.getIn()))) {
            refusals.add(ProblemType.NOT_FOUND);
        }
        if (parameters.stream().anyMatch(parameter -> "query".equals(parameter.getIn()))) {
            refusals.addAll(ApiProblems.PARAMETERS);
        }
        if (success.getContent() != null && !success.getContent().isEmpty()) {
            refusals.add(ProblemType.NOT_ACCEPTABLE);
            if (success.getContent().containsKey(ZIP)) {
                refusals.addAll(ApiProblems.ARCHIVE);
            }
        }
        if (operation.getRequestBody() != null) {
            MediaType json = operation.getRequestBody().getContent().get(JSON);
            refusals.addAll(json == null ? Set.of() : ApiProblems.JSON_BODY);
            String taken = json == null || json.getSchema() == null ? null : json.getSchema().get$ref();
            refusals.addAll(refersTo(taken, "Query") || refersTo(taken, "ExportRequest") ? ApiProblems.QUERY : Set.of());
            refusals.addAll(refersTo(taken, "ExportRequest") ? ApiProblems.EXPORT_REQUEST : Set.of());
        }
        if (Arrays.stream(endpoint.getMethodParameters()).anyMatch(parameter -> parameter.getParameterType() == MultiValueMap.class)) {
            // Any parameter at all: it is an export's request, as a link.
            ApiSchemas.exportParameters().forEach(operation::addParametersItem);
            refusals.addAll(ApiProblems.PARAMETERS);
            refusals.addAll(ApiProblems.QUERY);
            refusals.addAll(ApiProblems.EXPORT_REQUEST);
        }
        Audited audited = endpoint.getMethodAnnotation(Audited.class);
        if (audited != null && audited.value().startsWork()) {
            refusals.add(ProblemType.TOO_MANY_REQUESTS);
        }
        if (answers != null) {
            refusals.addAll(Arrays.asList(answers.refuses()));
        }
        return refusals;
    }

    private static boolean refersTo(@Nullable String reference, String schema) {
        return ("#/components/schemas/" + schema).equals(reference);
    }

    /** HEAD has GET's headers and no body, whatever the answer is. */
    private static void describeHead(PathItem path) {
        if (path.getHead() == null || path.getGet() == null) {
            return;
        }
        Operation head = path.getHead();
        head.operationId(path.getGet().getOperationId() + "Head").summary("The same, headers only").description("No row is read.");
        head.getResponses().replaceAll((status, response) -> {
            ApiResponse bare =
                    new ApiResponse().description(status.startsWith("2") || status.startsWith("3") ? response.getDescription() : "Refused, as GET would be.");
            if (response.getHeaders() != null) {
                response.getHeaders().forEach(bare::addHeaderObject);
                bare.getHeaders().keySet().removeAll(Set.of("X-Export-Id", "X-Snapshot-At"));
            }
            return bare;
        });
    }

    private void describeParameters(OpenAPI api) {
        for (PathItem path : api.getPaths().values()) {
            for (Operation operation : path.readOperations()) {
                for (Parameter parameter : operation.getParameters() == null ? List.<Parameter>of() : operation.getParameters()) {
                    ApiTexts.Text text = texts.parameters().get(parameter.getName());
                    if (text != null && parameter.getDescription() == null) {
                        parameter.description(text.description()).example(text.example());
                    }
                }
            }
        }
    }

    @SuppressWarnings({"rawtypes", "unchecked"})
    private void describeSchemas(Map<String, Schema> schemas) {
        texts.schemas().forEach((name, text) -> {
            Schema<?> schema = schemas.get(name);
            if (schema == null) {
                throw new IllegalStateException("api-texts.json describes the schema " + name + ", which is not there");
            }
            if (text.description() != null) {
                schema.setDescription(text.description());
            }
            if (text.members() != null) {
                text.members().forEach((member, description) -> {
                    Schema<?> described = schema.getProperties().get(member);
                    if (described == null) {
                        throw new IllegalStateException("api-texts.json describes " + name + "." + member + ", which is not there");
                    }
                    described.setDescription(description);
                });
            }
            if (text.example() != null) {
                schema.setExample(text.example());
            }
        });
    }

    /** A response that nobody refers to shares its status with others everywhere; that of a missing method belongs to no operation. */
    private static void dropUnused(OpenAPI api) {
        Set<String> used = new HashSet<>();
        used.add("#/components/responses/" + ProblemType.METHOD_NOT_ALLOWED.id());
        api.getPaths().values().stream()
                .flatMap(path -> path.readOperations().stream())
                .flatMap(operation -> operation.getResponses().values().stream())
                .forEach(response -> used.add(String.valueOf(response.get$ref())));
        api.getComponents().getResponses().keySet().removeIf(name -> !used.contains("#/components/responses/" + name));
    }

    private static void inOrder(OpenAPI api) {
        io.swagger.v3.oas.models.Paths paths = new io.swagger.v3.oas.models.Paths();
        new TreeMap<>(api.getPaths()).forEach(paths::addPathItem);
        paths.values().stream().flatMap(path -> path.readOperations().stream()).forEach(operation -> {
            ApiResponses responses = new ApiResponses();
            new TreeMap<>(operation.getResponses()).forEach(responses::addApiResponse);
            operation.setResponses(responses);
        });
        api.setPaths(paths);
        api.getComponents().setSchemas(new LinkedHashMap<>(new TreeMap<>(api.getComponents().getSchemas())));
        if (api.getTags() != null) {
            api.setTags(new ArrayList<>(api.getTags()).stream().sorted((a, b) -> a.getName().compareTo(b.getName())).toList());
        }
    }
}
