package io.datasetexport.web;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.web.method.HandlerMethod;
import tools.jackson.databind.util.RawValue;

/**
 * What springdoc does not see in a record: a component that isn't {@code @Nullable} is always there. One that is {@code null} in an answer,
 * and left out of a request.
 */
final class RecordSchemas {

    private final Map<Class<?>, Boolean> answers = new ConcurrentHashMap<>();

    /** Notes the records that an endpoint takes and gives. */
    void see(HandlerMethod endpoint) {
        see(ResolvableType.forMethodReturnType(endpoint.getMethod()), true);
        RequestBody body = endpoint.getMethodAnnotation(RequestBody.class);
        if (body != null) {
            see(body.content(), false);
        }
        ApiResponse response = endpoint.getMethodAnnotation(ApiResponse.class);
        if (response != null) {
            see(response.content(), true);
        }
    }

    void see(ResolvableType type, boolean answer) {
        Stream.concat(Stream.of(type), Stream.of(type.getGenerics())).map(ResolvableType::resolve).filter(Objects::nonNull).forEach(found -> {
            if (found.isRecord() && answers.put(found, answer) == null) {
                for (RecordComponent component : found.getRecordComponents()) {
                    see(ResolvableType.forType(component.getGenericType()), answer);
                }
            }
        });
    }

    private void see(Content[] contents, boolean answer) {
        for (Content content : contents) {
            see(ResolvableType.forClass(content.schema().implementation()), answer);
        }
    }

    void complete(Components components) {
        answers.forEach((type, answer) -> {
            Schema<?> schema = components.getSchemas().get(name(type));
            if (schema != null) {
                complete(schema, type, answer);
            }
        });
    }

    private static void complete(Schema<?> schema, Class<?> type, boolean answer) {
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = component.getName();
            boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            Schema<?> member = Objects.requireNonNull(schema.getProperties().get(name), name);
            if (component.getType() == RawValue.class || component.getType() == Object.class) {
                Schema<?> object = ApiSchemas.object().description(member.getDescription());
                schema.getProperties().put(name, object);
                member = object;
            }
            if (!nullable || answer) {
                required.add(name);
            }
            if (nullable && answer && member.getTypes() != null) {
                Set<String> types = new LinkedHashSet<>(member.getTypes());
                types.add("null");
                member.setTypes(types);
            }
        }
        schema.setRequired(required);
        if (!answer) {
            schema.setAdditionalProperties(false);
        }
    }

    private static String name(Class<?> type) {
        var named = type.getAnnotation(io.swagger.v3.oas.annotations.media.Schema.class);
        return named == null || named.name().isEmpty() ? type.getSimpleName() : named.name();
    }
}
