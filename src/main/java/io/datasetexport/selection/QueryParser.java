package io.datasetexport.selection;

import io.datasetexport.json.JsonPlace;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the platform's query language, DQL, from JSON.
 *
 * <pre>
 * query   := { filter, resource?, join?, intersect?, except?, sort?, page?, pageSize?, countTotal?, ... } | filter
 * filter  := { clause* }                      several clauses are ANDed
 *          | "search text"                    see {@link SearchText}
 * clause  := "$and": [ filter+ ] | "$or": [ filter+ ] | field : value | field : { operator : operand+ }
 * join    := { on: { resource, local, forigen }, filter }
 * </pre>
 *
 * <p>What is not understood is refused with its place, and so is everything that would write. Open in the platform's description, and our
 * answers: {@code $ne} and {@code $nin} hold where the field is missing; null counts as being there for {@code $exists}; strings are
 * compared by code point, case counts; numbers in JSON may be spelled as strings on either side; the second {@code filename} rule of the
 * platform's client (a name without extension means a directory) stays with the client.
 */
public final class QueryParser {

    private static final Set<String> READ =
            Set.of("filter", "resource", "join", "intersect", "except", "sort", "page", "pageSize", "countTotal");
    // They change nothing about which rows are found.
    private static final Set<String> IGNORED =
            Set.of("select", "limit", "skip", "context", "user", "systemSpace", "queryEngine", "collectMetrics", "sign");
    private static final Set<String> WRITES = Set.of("update", "delete", "references");
    private static final Set<String> MEMBERS =
            Stream.of(READ, IGNORED, WRITES).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    private static final int LONGEST_PATH = 32;
    private static final int MOST_WILDCARDS = 64;
    private static final int LAST_PAGE = 100_000_000;
    private static final int LARGEST_EXPONENT = 400;
    private static final String FORBIDDEN_IN_NAMES = "'\"\\{};$`";
    private static final Set<String> NO_NUMBERS = Set.of("NaN", "Infinity", "+Infinity", "-Infinity");

    private final QueryLimits limits;

    public QueryParser(QueryLimits limits) {
        this.limits = limits;
    }

    /**
     * @param resource what the query must be about
     * @throws RequestRefused with the place of the first mistake
     */
    public Query parse(JsonPlace query, Resource resource) {
        return new Parse(resource).query(query, 0);
    }

    /** One query being read. */
    private final class Parse {

        private final Resource resource;
        private int nodes;

        Parse(Resource resource) {
            this.resource = resource;
        }

        Query query(JsonPlace query, int depth) {
            if (query.node().isString()) {
                return new Query(
                        resource, root(query, resource), null, null, null, List.of(), 0, Query.LARGEST_PAGE, true, query.json());
            }
            Map<String, JsonPlace> members = query.members();
            JsonPlace filter = members.get("filter");
            if (filter == null) {
                if (members.isEmpty() || members.keySet().stream().anyMatch(MEMBERS::contains)) {
                    throw query.required("filter").refuse("is required");
                }
                return new Query(
                        resource, root(query, resource), null, null, null, List.of(), 0, Query.LARGEST_PAGE, true, query.json());
            }
            for (Map.Entry<String, JsonPlace> member : members.entrySet()) {
                if (WRITES.contains(member.getKey())) {
                    throw new RequestRefused(
                            ProblemType.UNKNOWN_OPERATOR,
                            "A query only reads here: \"" + member.getKey() + "\" is refused.",
                            member.getValue().pointer());
                }
            }
            query.only(MEMBERS);
            resource(query.member("resource"));
            JsonPlace join = query.member("join");
            JsonPlace countTotal = query.member("countTotal");
            return new Query(
                    resource,
                    root(filter, resource),
                    join == null ? null : join(join),
                    nested(query.member("intersect"), depth),
                    nested(query.member("except"), depth),
                    sort(query.member("sort")),
                    number(query.member("page"), LAST_PAGE, 0),
                    number(query.member("pageSize"), Query.LARGEST_PAGE, Query.LARGEST_PAGE),
                    countTotal == null || countTotal.flag(),
                    query.json());
        }

        private void resource(@Nullable JsonPlace place) {
            if (place == null) {
                return;
            }
            String name = place.text();
            if (name.equals(resource.other().id())) {
                throw place.refuse("must be " + resource.id() + " here; " + (resource == Resource.ITEMS
                        ? "annotations have a query of their own (annotationsQuery in an export)"
                        : "items have a query of their own"));
            }
            if (!name.equals(resource.id())) {
                throw place.refuse("must be " + resource.id());
            }
        }

        private @Nullable Query nested(@Nullable JsonPlace place, int depth) {
            if (place == null) {
                return null;
            }
            if (depth + 1 >= limits.depth()) {
                throw tooDeep(place);
            }
            return query(place.only(Set.of("query")).required("query"), depth + 1);
        }

        private Filter join(JsonPlace join) {
            join.only(Set.of("on", "filter"));
            JsonPlace on = join.required("on").only(Set.of("resource", "local", "forigen", "foreign"));
            JsonPlace other = on.required("resource");
            JsonPlace foreign = on.member("foreign");
            boolean items = resource == Resource.ITEMS;
            require(other, resource.other().id());
            require(on.required("local"), items ? "itemId" : "id");
            require(foreign == null ? on.required("forigen") : foreign, items ? "id" : "itemId");
            return root(join.required("filter"), resource.other());
        }

        private static void require(JsonPlace place, String value) {
            if (!place.text().equals(value)) {
                throw place.refuse("must be " + value + " here");
            }
        }

        private List<SortKey> sort(@Nullable JsonPlace sort) {
            if (sort == null) {
                return List.of();
            }
            List<SortKey> keys = new ArrayList<>();
            for (Map.Entry<String, JsonPlace> entry : sort.members().entrySet()) {
                JsonPlace direction = entry.getValue();
                if (!(field(entry.getKey(), direction, resource) instanceof Field.Column(var member)) && !counts(entry.getKey())
                        || entry.getKey().equals("datasetId")) {
                    throw unknownField(entry.getKey(), direction, "can be sorted by");
                }
                Member member = member(entry.getKey());
                keys.add(new SortKey(member, switch (direction.text()) {
                    case "ascending" -> false;
                    case "descending" -> true;
                    default -> throw direction.refuse("must be ascending or descending");
                }));
            }
            return keys;
        }

        /** JSON with an order of its own. */
        private static boolean counts(String name) {
            return name.equals("annotated") || name.equals("annotationsCount");
        }

        private Member member(String name) {
            Member member = Member.of(resource, name);
            if (member == null) {
                throw new IllegalStateException("A field without a member: " + name);
            }
            return member;
        }

        private static int number(@Nullable JsonPlace place, int most, int otherwise) {
            if (place == null) {
                return otherwise;
            }
            int number = place.integer();
            if (number < 0 || number > most) {
                throw place.refuse("must be a whole number from 0 to " + most);
            }
            return number;
        }

        private Filter root(JsonPlace filter, Resource of) {
            if (filter.node().isString()) {
                JsonNode read = SearchText.filter(filter);
                try {
                    return root(new JsonPlace(read, ""), of);
                } catch (RequestRefused refused) {
                    throw refused.at(filter.pointer());
                }
            }
            filter.object();
            requireShallow(filter, 1);
            return new FilterParse(of).filter(filter, true);
        }

        private void requireShallow(JsonPlace place, int depth) {
            JsonNode node = place.node();
            if (node.isObject()) {
                if (depth > limits.depth()) {
                    throw tooDeep(place);
                }
                place.members().values().forEach(member -> requireShallow(member, depth + 1));
            } else if (node.isArray() && node.valueStream().anyMatch(JsonNode::isContainer)) {
                place.elements().forEach(element -> requireShallow(element, depth));
            }
        }

        private RequestRefused tooDeep(JsonPlace place) {
            return new RequestRefused(
                    ProblemType.TOO_DEEP, "The query is nested more than " + limits.depth() + " levels deep.", place.pointer());
        }

        private void count(JsonPlace place) {
            if (++nodes > limits.nodes()) {
                throw new RequestRefused(
                        ProblemType.FILTER_TOO_COMPLEX,
                        "The query has more than " + limits.nodes() + " conditions and operators.",
                        place.pointer());
            }
        }

        /** One filter being read. */
        private final class FilterParse {

            /** Whose members its fields are; null inside {@code $match}. */
            private final @Nullable Resource of;

            FilterParse(@Nullable Resource of) {
                this.of = of;
            }

            Filter filter(JsonPlace place, boolean mayBeEmpty) {
                Map<String, JsonPlace> clauses = clauses(place, mayBeEmpty);
                List<Filter> parts = new ArrayList<>(clauses.size());
                clauses.forEach((name, value) -> parts.add(clause(name, value)));
                return all(parts);
            }

            private Map<String, JsonPlace> clauses(JsonPlace place, boolean mayBeEmpty) {
                if (!place.node().isObject()) {
                    throw invalid(place, "A filter must be an object.");
                }
                Map<String, JsonPlace> clauses = place.members();
                if (clauses.isEmpty() && !mayBeEmpty) {
                    throw invalid(place, "A filter without conditions says nothing here.");
                }
                return clauses;
            }

            private Filter clause(String name, JsonPlace value) {
                count(value);
                return switch (name) {
                    case "$and" -> new Filter.And(parts(value));
                    case "$or" -> new Filter.Or(parts(value));
                    case String other when other.startsWith("$") -> throw unknownOperator(other, value);
                    case String other -> conditions(field(other, value, of), value);
                };
            }

            private List<Filter> parts(JsonPlace list) {
                if (!list.node().isArray() || list.node().isEmpty()) {
                    throw invalid(list, "$and and $or need a list with at least one filter.");
                }
                List<Filter> parts = new ArrayList<>();
                list.elements().forEach(part -> parts.add(filter(part, false)));
                return parts;
            }

            private Filter conditions(Field field, JsonPlace value) {
                if (!value.node().isObject()) {
                    return equal(field, value);
                }
                Map<String, JsonPlace> operators = clauses(value, false);
                if (of == null && field instanceof Field.Path path && operators.keySet().stream().noneMatch(name -> name.startsWith("$"))) {
                    return members(path, operators);
                }
                List<Filter> parts = new ArrayList<>();
                operators.forEach((operator, operand) -> {
                    count(operand);
                    parts.add(condition(field, operator, operand));
                });
                return all(parts);
            }

            /** Inside {@code $match} an object without operators speaks of the members of a member. */
            private Filter members(Field.Path path, Map<String, JsonPlace> members) {
                List<Filter> parts = new ArrayList<>();
                members.forEach((name, value) -> {
                    count(value);
                    parts.add(conditions(path.then(segments(name, value)), value));
                });
                return all(parts);
            }

            private Filter condition(Field field, String operator, JsonPlace operand) {
                return switch (operator) {
                    case "$eq" -> equal(field, operand);
                    case "$ne" -> new Filter.Not(equal(field, operand));
                    case "$gt" -> ordered(field, Filter.Order.GREATER, operand);
                    case "$gte" -> ordered(field, Filter.Order.GREATER_OR_EQUAL, operand);
                    case "$lt" -> ordered(field, Filter.Order.LESS, operand);
                    case "$lte" -> ordered(field, Filter.Order.LESS_OR_EQUAL, operand);
                    case "$in" -> in(field, operand);
                    case "$nin" -> new Filter.Not(in(field, operand));
                    case "$exists" -> exists(field, operand);
                    case "$match" -> match(field, operand);
                    default -> throw unknownOperator(operator, operand);
                };
            }

            private Filter equal(Field field, JsonPlace operand) {
                return new Filter.Equal(field, value(field, operand));
            }

            private Filter in(Field field, JsonPlace operand) {
                if (!operand.node().isArray()) {
                    throw mismatch(operand, "$in and $nin need a list.");
                }
                if (operand.node().size() > limits.values()) {
                    throw new RequestRefused(
                            ProblemType.FILTER_TOO_COMPLEX, "The list has more than " + limits.values() + " values.", operand.pointer());
                }
                List<Value> values = new ArrayList<>(operand.node().size());
                operand.elements().forEach(element -> values.add(value(field, element)));
                return new Filter.In(field, values);
            }

            private static Filter exists(Field field, JsonPlace operand) {
                if (!operand.node().isBoolean()) {
                    throw mismatch(operand, "$exists must be true or false.");
                }
                Filter exists = new Filter.Exists(field);
                return operand.flag() ? exists : new Filter.Not(exists);
            }

            private Filter match(Field field, JsonPlace operand) {
                if (!operand.node().isObject()) {
                    return equal(field, operand);
                }
                Filter condition = new FilterParse(null).filter(operand, false);
                return switch (field) {
                    case Field.Path path -> new Filter.Element(path, condition);
                    // A string has no elements, so it is none of them.
                    case Field.Column _ -> new Filter.In(field, List.of());
                };
            }

            private static Filter ordered(Field field, Filter.Order order, JsonPlace operand) {
                if (operand.node().isString() && field instanceof Field.Path && NO_NUMBERS.contains(operand.text())) {
                    throw new RequestRefused(
                            ProblemType.NUMBER_OUT_OF_RANGE, "Nothing is before or after what is no number.", operand.pointer());
                }
                Value value = value(field, operand);
                return new Filter.Ordered(field, order, value instanceof Value.Wildcards(var text) ? new Value.Text(text) : value);
            }

            private static Value value(Field field, JsonPlace place) {
                JsonNode node = place.node();
                boolean date = field instanceof Field.Column(var member) && member.kind() == Member.Kind.DATE;
                if (node.isString()) {
                    return date ? new Value.Moment(Dates.instant(place)) : text(place);
                }
                if (node.isNumber()) {
                    return date ? new Value.Moment(Dates.epoch(place)) : new Value.Number(number(place));
                }
                if (node.isBoolean()) {
                    return new Value.Flag(node.booleanValue());
                }
                if (node.isNull()) {
                    return new Value.Null();
                }
                requireNumbersInRange(place);
                return new Value.Json(place.json(), node.isArray());
            }

            private static Value text(JsonPlace place) {
                String text = place.text();
                long wildcards = text.chars().filter(c -> c == '*' || c == '?').count();
                if (wildcards > MOST_WILDCARDS) {
                    throw new RequestRefused(
                            ProblemType.INVALID_PATTERN, "The pattern has more than " + MOST_WILDCARDS + " wildcards.", place.pointer());
                }
                return wildcards == 0 ? new Value.Text(text) : new Value.Wildcards(text);
            }

            private static void requireNumbersInRange(JsonPlace place) {
                JsonNode node = place.node();
                if (node.isNumber()) {
                    number(place);
                } else if (node.isArray()) {
                    place.elements().forEach(FilterParse::requireNumbersInRange);
                } else if (node.isObject()) {
                    place.members().values().forEach(FilterParse::requireNumbersInRange);
                }
            }

            private static BigDecimal number(JsonPlace place) {
                JsonNode node = place.node();
                if (node.isIntegralNumber()) {
                    BigInteger integer = node.bigIntegerValue();
                    return new BigDecimal(integer);
                }
                BigDecimal number = node.decimalValue();
                if (Math.abs((long) number.scale()) > LARGEST_EXPONENT) {
                    throw new RequestRefused(
                            ProblemType.NUMBER_OUT_OF_RANGE, "The number has too many decimal places.", place.pointer());
                }
                return number;
            }
        }
    }

    private static Filter all(List<Filter> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Filter.And(parts);
    }

    /** @param of whose member the name starts with; null for an element of a list, which has any members */
    private static Field field(String name, JsonPlace place, @Nullable Resource of) {
        List<String> segments = segments(name, place);
        if (of == null) {
            return new Field.Path(null, segments);
        }
        Member member = Member.of(of, segments.getFirst());
        if (member == null || segments.size() > 1 && !member.holdsMembers()) {
            throw unknownField(name, place, "is known for " + of.id());
        }
        return member.kind() == Member.Kind.JSON
                ? new Field.Path(member, segments.subList(1, segments.size()))
                : new Field.Column(member);
    }

    private static RequestRefused unknownField(String name, JsonPlace place, String what) {
        return new RequestRefused(
                ProblemType.UNKNOWN_FIELD, "No field \"" + JsonPlace.shown(name) + "\" " + what + ".", place.pointer());
    }

    private static List<String> segments(String name, JsonPlace place) {
        List<String> segments = List.of(name.split("\\.", -1));
        boolean strange = name.codePoints()
                .anyMatch(c -> FORBIDDEN_IN_NAMES.indexOf(c) >= 0 || Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
        if (strange || segments.size() > LONGEST_PATH || segments.contains("")) {
            throw new RequestRefused(
                    ProblemType.INVALID_FIELD_PATH,
                    "\"" + JsonPlace.shown(name) + "\" is no path: names with dots between them, at most " + LONGEST_PATH
                            + ", without quotes, braces, \\, ;, $ and control characters.",
                    place.pointer());
        }
        return segments;
    }

    private static RequestRefused unknownOperator(String name, JsonPlace place) {
        return new RequestRefused(
                ProblemType.UNKNOWN_OPERATOR, "There is no operator \"" + JsonPlace.shown(name) + "\" here.", place.pointer());
    }

    private static RequestRefused invalid(JsonPlace place, String sentence) {
        return new RequestRefused(ProblemType.INVALID_FILTER, sentence, place.pointer());
    }

    private static RequestRefused mismatch(JsonPlace place, String sentence) {
        return new RequestRefused(ProblemType.TYPE_MISMATCH, sentence, place.pointer());
    }
}
