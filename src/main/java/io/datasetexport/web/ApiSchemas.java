package io.datasetexport.web;

import io.datasetexport.export.ExportRequest;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.Resource;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The shapes of JSON that is read or written by hand, so that no Java type describes them. */
final class ApiSchemas {

    private ApiSchemas() {}

    static void addTo(Components components) {
        Schema<?> query = ref("Query");
        Schema<?> nested = object("query", query).required(List.of("query")).additionalProperties(false);
        components.addSchemas("Query", object(
                "filter", new JsonSchema(),
                "resource", oneOf(Resource.values()),
                "join", object(
                        "on", object("resource", oneOf(Resource.values()), "local", text(), "forigen", text(), "foreign", text())
                                .required(List.of("resource", "local")).additionalProperties(false),
                        "filter", new JsonSchema())
                        .required(List.of("on", "filter")).additionalProperties(false),
                "intersect", nested,
                "except", nested,
                "sort", object().additionalProperties(strings("ascending", "descending")),
                "page", of("integer")._default(0),
                "pageSize", of("integer")._default(Query.LARGEST_PAGE),
                "countTotal", of("boolean")._default(true)));
        components.addSchemas("Scope", object(
                "type", strings("dataset", "items", "query"),
                "itemIds", list(text()),
                "query", query)
                .required(List.of("type")).additionalProperties(false));
        components.addSchemas("ExportOptions", object(
                // A name or numbers by label: generators of clients stumble over a choice between a string and a map.
                "classes", new JsonSchema(),
                "missing", oneOf(ExportRequest.Absent.values()),
                "unavailable", oneOf(ExportRequest.Absent.values()),
                "naming", oneOf(ExportRequest.Naming.values()),
                "flatten", oneOf(ExportRequest.Flatten.values()),
                "json", object("layout", oneOf(ExportRequest.JsonLayout.values())).additionalProperties(false),
                "coco", object("polygons", oneOf(ExportRequest.CocoPolygons.values()), "keypoints", of("boolean")).additionalProperties(false),
                "yolo", object("task", oneOf(ExportRequest.YoloTask.values()), "video", of("boolean")).additionalProperties(false),
                "masks", object("polygons", of("boolean")).additionalProperties(false),
                "voc", object().additionalProperties(false))
                .additionalProperties(false));
        components.addSchemas("ExportRequest", object(
                "scope", ref("Scope"),
                "include", list(formats()),
                "annotationsQuery", query,
                "filename", text(),
                "profile", oneOf(ExportRequest.Profile.values()),
                "options", ref("ExportOptions"))
                .additionalProperties(false));
        components.addSchemas("Item", object(
                "id", text(), "datasetId", text(), "filename", text(), "dir", text(), "name", text(), "type", text(), "hidden", of("boolean"),
                "metadata", object(), "createdAt", text(), "annotations", list(ref("Annotation"))));
        components.addSchemas("Annotation", object(
                "id", text(), "datasetId", text(), "itemId", text(), "type", text(), "label", text(), "attributes", new JsonSchema(),
                "coordinates", new JsonSchema(), "metadata", object(), "creator", text(), "createdAt", text()));
        components.addSchemas("ImportBody", new JsonSchema());
        components.addSchemas("ImportLines", text());
        addAnswers(components);
    }

    private static void addAnswers(Components components) {
        components.addSchemas("Page", object(
                "totalItemsCount", of("integer").format("int64"), "totalPagesCount", of("integer").format("int64"), "hasNextPage", of("boolean"),
                "items", list(object()))
                .required(List.of("hasNextPage", "items")));
        components.addSchemas("PlanGroup", object("type", text(), "label", text(), "annotations", count(), "retired", of("boolean"))
                .required(List.of("type", "label", "annotations")));
        components.addSchemas("PlanFormat", object(
                "items", count(), "annotations", count(), "leftOut", byReason(), "changed", byReason(), "atLeast", of("boolean"), "undecided", count())
                .required(List.of("items", "annotations", "leftOut", "changed")));
        components.addSchemas("PlanWarning", object("warning", text(), "count", count(), "text", text())
                .required(List.of("warning", "count", "text")));
        components.addSchemas("Plan", object(
                "dataset", object("id", text(), "name", text()).required(List.of("id", "name")), "revision", text(), "request", object(),
                "items", count(), "annotations", count(), "annotationsBy", list(ref("PlanGroup")), "annotationsByMore", count(),
                "formats", object().additionalProperties(ref("PlanFormat")), "warnings", list(ref("PlanWarning")), "estimatedBytes", count())
                .required(List.of("dataset", "revision", "request", "items", "annotations", "annotationsBy", "formats", "warnings", "estimatedBytes")));
        components.addSchemas("Mistake", object("pointer", text(), "code", text(), "message", text())
                .required(List.of("pointer", "code", "message")));
        components.addSchemas("Problem", object(
                "type", text().format("uri-reference"), "title", text(), "status", of("integer"), "detail", text(),
                "instance", text().format("uri-reference"), "requestId", text(), "errors", list(ref("Mistake")))
                .required(List.of("type", "title", "status", "instance", "requestId")));
    }

    /** What an {@code ExportRequest} is as parameters of a link. */
    static List<Parameter> exportParameters() {
        Map<String, Schema<?>> schemas = new LinkedHashMap<>();
        schemas.put("include", list(formats()));
        schemas.put("itemIds", list(text()));
        schemas.put("query", text());
        schemas.put("annotationsQuery", text());
        schemas.put("filename", text());
        schemas.put("profile", oneOf(ExportRequest.Profile.values()));
        schemas.put("classes", text());
        schemas.put("missing", oneOf(ExportRequest.Absent.values()));
        schemas.put("unavailable", oneOf(ExportRequest.Absent.values()));
        schemas.put("naming", oneOf(ExportRequest.Naming.values()));
        schemas.put("flatten", oneOf(ExportRequest.Flatten.values()));
        schemas.put("json.layout", oneOf(ExportRequest.JsonLayout.values()));
        schemas.put("coco.polygons", oneOf(ExportRequest.CocoPolygons.values()));
        schemas.put("coco.keypoints", of("boolean"));
        schemas.put("yolo.task", oneOf(ExportRequest.YoloTask.values()));
        schemas.put("yolo.video", of("boolean"));
        schemas.put("masks.polygons", of("boolean"));
        return schemas.entrySet().stream().map(entry -> {
            Parameter parameter = new Parameter().in("query").name(entry.getKey()).schema(entry.getValue());
            return entry.getValue().getItems() == null ? parameter : parameter.style(Parameter.StyleEnum.FORM).explode(false);
        }).toList();
    }

    static Schema<?> binary() {
        return text().format("binary");
    }

    static Schema<?> object(Object... members) {
        Schema<Object> object = of("object");
        for (int i = 0; i < members.length; i += 2) {
            object.addProperty((String) members[i], (Schema<?>) members[i + 1]);
        }
        return object;
    }

    static Schema<Object> text() {
        return of("string");
    }

    /** @param type and {@code null}, when that is a value too */
    static Schema<Object> of(String... type) {
        Schema<Object> schema = new JsonSchema();
        schema.setTypes(new LinkedHashSet<>(Arrays.asList(type)));
        return schema;
    }

    private static Schema<?> ref(String name) {
        return new JsonSchema().$ref("#/components/schemas/" + name);
    }

    private static Schema<?> count() {
        return of("integer").format("int64");
    }

    private static Schema<?> byReason() {
        return object().additionalProperties(count());
    }

    private static Schema<?> list(Schema<?> elements) {
        return of("array").items(elements);
    }

    private static Schema<?> formats() {
        return strings(Stream.of(ExportFormat.values()).map(ExportFormat::id).toArray(String[]::new));
    }

    private static Schema<?> oneOf(Enum<?>... values) {
        return strings(Stream.of(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toArray(String[]::new));
    }

    private static Schema<?> strings(String... values) {
        Schema<Object> schema = text();
        schema.setEnum(List.of((Object[]) values));
        return schema;
    }
}
