package io.datasetexport.selection;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The query language once more, straight from its description: walks the query's JSON over the rows' JSON, knows no SQL and no tree of ours. */
final class InMemoryQuery {

    private static final Set<String> TEXTS = Set.of(
            "id", "datasetId", "filename", "dir", "name", "type", "creator", "updatedBy", "description", "label", "source", "itemId");

    private InMemoryQuery() {}

    /** Ids of items or annotations, in the order of the items given. */
    static List<String> find(JsonNode query, List<JsonNode> items) {
        boolean annotations = query.get("resource").asString().equals("annotations");
        List<String> ids = new ArrayList<>();
        for (JsonNode item : items) {
            if (annotations) {
                item.get("annotations").valueStream().filter(annotation -> found(query, annotation, item, false))
                        .forEach(annotation -> ids.add(annotation.get("id").asString()));
            } else if (found(query, item, item, true)) {
                ids.add(item.get("id").asString());
            }
        }
        return ids;
    }

    private static boolean found(JsonNode query, JsonNode row, JsonNode item, boolean outermost) {
        boolean items = query.get("resource").asString().equals("items");
        JsonNode filter = query.get("filter");
        if (items && outermost) {
            if (!names(filter, "hidden") && item.get("hidden").asBoolean() || !names(filter, "type") && !item.get("type").asString().equals("file")) {
                return false;
            }
        }
        if (!holds(filter, row, true)) {
            return false;
        }
        if (query.has("join")) {
            JsonNode join = query.get("join").get("filter");
            boolean joined = items ? item.get("annotations").valueStream().anyMatch(annotation -> holds(join, annotation, true)) : holds(join, item, true);
            if (!joined) {
                return false;
            }
        }
        return (!query.has("intersect") || found(query.get("intersect").get("query"), row, item, false))
                && (!query.has("except") || !found(query.get("except").get("query"), row, item, false));
    }

    private static boolean names(JsonNode filter, String member) {
        return filter.propertyStream().anyMatch(clause -> clause.getKey().equals(member)
                || clause.getKey().startsWith("$") && clause.getValue().valueStream().anyMatch(part -> names(part, member)));
    }

    private static boolean holds(JsonNode filter, JsonNode row, boolean top) {
        return filter.propertyStream().allMatch(clause -> switch (clause.getKey()) {
            case "$and" -> clause.getValue().valueStream().allMatch(part -> holds(part, row, top));
            case "$or" -> clause.getValue().valueStream().anyMatch(part -> holds(part, row, top));
            case String field -> condition(field, clause.getValue(), row, top);
        });
    }

    private static boolean condition(String field, JsonNode condition, JsonNode row, boolean top) {
        if (!condition.isObject()) {
            return equal(field, condition, row, top);
        }
        return condition.propertyStream().allMatch(operator -> {
            JsonNode operand = operator.getValue();
            return switch (operator.getKey()) {
                case "$eq" -> equal(field, operand, row, top);
                case "$ne" -> !equal(field, operand, row, top);
                case "$in" -> operand.valueStream().anyMatch(value -> equal(field, value, row, top));
                case "$nin" -> operand.valueStream().noneMatch(value -> equal(field, value, row, top));
                case "$exists" -> operand.asBoolean() != values(field, row).isEmpty();
                case "$gt", "$gte", "$lt", "$lte" -> (top && TEXTS.contains(field) ? values(field, row).stream() : elements(values(field, row)))
                        .anyMatch(value -> ordered(operator.getKey(), field, value, operand, top));
                case "$match" -> operand.isObject()
                        ? !(top && TEXTS.contains(field)) && elements(values(field, row)).anyMatch(value -> value.isObject() && holds(operand, value, false))
                        : equal(field, operand, row, top);
                default -> condition(field + "." + operator.getKey(), operand, row, top);
            };
        });
    }

    /** Everything that a dotted path leads to; a name looks into the elements of a list. */
    private static List<JsonNode> values(String field, JsonNode row) {
        List<JsonNode> values = List.of(row);
        for (String name : field.split("\\.")) {
            values = values.stream().flatMap(value -> value.isArray() ? value.valueStream() : Stream.of(value))
                    .filter(value -> value.isObject() && value.has(name))
                    .map(value -> value.get(name)).toList();
        }
        return values;
    }

    private static Stream<JsonNode> elements(List<JsonNode> values) {
        return values.stream().flatMap(value -> value.isArray() ? value.valueStream() : Stream.of(value));
    }

    private static boolean equal(String field, JsonNode operand, JsonNode row, boolean top) {
        List<JsonNode> values = values(field, row);
        if (operand.isNull()) {
            return values.isEmpty() || elements(values).anyMatch(JsonNode::isNull);
        }
        if (top && field.endsWith("At")) {
            Instant wanted = instant(operand);
            return wanted != null && values.stream().anyMatch(value -> wanted.equals(instant(value)));
        }
        if (top && TEXTS.contains(field)) {
            return operand.isString() && values.stream().anyMatch(value -> value.isString() && like(value.asString(), operand.asString()));
        }
        if (operand.isArray() && values.stream().anyMatch(value -> same(value, operand))) {
            return true;
        }
        return elements(values).anyMatch(value -> {
            if (operand.isContainer()) {
                return same(value, operand);
            }
            BigDecimal number = number(value);
            BigDecimal wanted = number(operand);
            if (wanted != null) {
                return number != null && number.compareTo(wanted) == 0;
            }
            return operand.isString() ? value.isString() && like(value.asString(), operand.asString()) : value.equals(operand);
        });
    }

    private static boolean ordered(String operator, String field, JsonNode value, JsonNode operand, boolean top) {
        int order;
        if (top && field.endsWith("At")) {
            Instant instant = instant(value);
            Instant wanted = instant(operand);
            if (instant == null || wanted == null) {
                return false;
            }
            order = instant.compareTo(wanted);
        } else {
            boolean text = top && TEXTS.contains(field);
            BigDecimal number = text ? null : number(value);
            BigDecimal wanted = text ? null : number(operand);
            if (number != null && wanted != null) {
                order = number.compareTo(wanted);
            } else if (value.isString() && operand.isString()) {
                order = Arrays.compareUnsigned(value.asString().getBytes(StandardCharsets.UTF_8), operand.asString().getBytes(StandardCharsets.UTF_8));
            } else {
                return false;
            }
        }
        return switch (operator) {
            case "$gt" -> order > 0;
            case "$gte" -> order >= 0;
            case "$lt" -> order < 0;
            default -> order <= 0;
        };
    }

    private static @Nullable Instant instant(JsonNode value) {
        if (value.isNumber()) {
            return Instant.EPOCH.plus(value.decimalValue().movePointRight(3).longValueExact(), ChronoUnit.MICROS);
        }
        if (!value.isString()) {
            return null;
        }
        try {
            return value.asString().length() == 10
                    ? LocalDate.parse(value.asString()).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(value.asString()).toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable BigDecimal number(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        String spelled = value.isString() ? value.asString() : "";
        return spelled.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?") ? new BigDecimal(spelled) : null;
    }

    /** By the letter: {@code *} is any run, {@code ?} one character. */
    private static boolean like(String text, String pattern) {
        int[] t = text.codePoints().toArray();
        int[] p = pattern.codePoints().toArray();
        boolean[] reached = new boolean[t.length + 1];
        reached[0] = true;
        for (int c : p) {
            boolean[] next = new boolean[t.length + 1];
            for (int i = 0; i <= t.length; i++) {
                if (c == '*') {
                    next[i] = reached[i] || i > 0 && next[i - 1];
                } else {
                    next[i] = i > 0 && reached[i - 1] && (c == '?' || t[i - 1] == c);
                }
            }
            reached = next;
        }
        return reached[t.length];
    }

    private static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue()) == 0;
        }
        if (a.isArray() && b.isArray()) {
            return a.size() == b.size() && java.util.stream.IntStream.range(0, a.size()).allMatch(i -> same(a.get(i), b.get(i)));
        }
        if (a.isObject() && b.isObject()) {
            return a.size() == b.size() && a.propertyStream().allMatch(member -> b.has(member.getKey()) && same(member.getValue(), b.get(member.getKey())));
        }
        return a.equals(b);
    }
}
