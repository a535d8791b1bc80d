package io.datasetexport.web;

import io.datasetexport.access.Caller;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the API's description says about all of it: its name, and the one shape of an error. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Caller.class);
    }

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info().title("Dataset Export").version("v1").description("Annotated datasets as streamed archives."))
                // Relative: the same document wherever the service runs.
                .servers(List.of(new Server().url("/")));
    }

    @Bean
    OpenApiCustomizer everyErrorIsAProblem() {
        return api -> {
            Components components = api.getComponents();
            ModelConverters.getInstance(true).readAll(Problem.class).forEach(components::addSchemas);
            ApiResponse problem = new ApiResponse()
                    .description("Why not")
                    .content(new Content().addMediaType(
                            Problems.MEDIA_TYPE, new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem"))));
            api.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(operation -> operation.getResponses().addApiResponse("default", problem));
        };
    }

    /** What {@link Problems} writes. */
    record Problem(
            String type,
            String title,
            int status,
            @Nullable String detail,
            String instance,
            String requestId,
            @Nullable List<Mistake> errors) {

        /** @param pointer JSON pointer into the body, or the name of a parameter */
        record Mistake(String pointer, String code, String message) {}
    }
}
