package io.datasetexport.selection;

import io.datasetexport.selection.Field.Column;
import io.datasetexport.selection.Field.Path;
import io.datasetexport.selection.Filter.And;
import io.datasetexport.selection.Filter.Element;
import io.datasetexport.selection.Filter.Equal;
import io.datasetexport.selection.Filter.Exists;
import io.datasetexport.selection.Filter.In;
import io.datasetexport.selection.Filter.Not;
import io.datasetexport.selection.Filter.Or;
import io.datasetexport.selection.Filter.Order;
import io.datasetexport.selection.Filter.Ordered;
import io.datasetexport.selection.Value.Flag;
import io.datasetexport.selection.Value.Json;
import io.datasetexport.selection.Value.Moment;
import io.datasetexport.selection.Value.Null;
import io.datasetexport.selection.Value.Number;
import io.datasetexport.selection.Value.Text;
import io.datasetexport.selection.Value.Wildcards;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one condition. What it writes is true, false or null, and null where the condition is false; negation turns that into true.
 *
 * <p>JSON is searched with paths of SQL/JSON in lax mode, where a name looks into each element of a list. A path is a bound value.
 */
final class SqlWriter {

    /** Lists of more values than this are compared as arrays, not written into one path. */
    private static final int MOST_IN_PATH = 64;

    /** The number that the JSON value x is or spells; null when it does not. */
    private static final String NUMBER = "(case jsonb_typeof(x) when 'number' then x::numeric when 'string' then"
            + " case when x #>> '{}' ~ '" + Value.NUMBER + "' then (x #>> '{}')::numeric end end)";

    private static final String STRING = "jsonb_typeof(x) = 'string' and (x #>> '{}') collate \"C\"";

    private final long datasetKey;
    private final String datasetId;
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();
    private boolean needsItem;
    private int elements;

    SqlWriter(long datasetKey, String datasetId) {
        this.datasetKey = datasetKey;
        this.datasetId = datasetId;
    }

    SqlCondition condition() {
        return new SqlCondition(sql.toString(), values, needsItem);
    }

    /** @param filter the query's, or one that says more */
    void query(Query query, Filter filter) {
        List<Runnable> parts = new ArrayList<>();
        Filter join = query.join();
        Query intersect = query.intersect();
        Query except = query.except();
        if (!filter.equals(Filter.EVERYTHING)) {
            parts.add(() -> filter(filter));
        }
        if (join != null) {
            parts.add(() -> join(query.resource(), join));
        }
        if (intersect != null) {
            parts.add(() -> query(intersect, intersect.filter()));
        }
        if (except != null) {
            boolean certain = except.filter().equals(Filter.EVERYTHING) && except.intersect() == null && except.except() == null;
            parts.add(() -> not(certain && except.resource() == Resource.ITEMS, () -> query(except, except.filter())));
        }
        joined(parts, " and ", "true");
    }

    private void join(Resource resource, Filter join) {
        switch (resource) {
            case ITEMS -> {
                sql.append("exists (select from annotation a where a.item_key = i.key and a.dataset_key = ").append(bound(datasetKey));
                sql.append(" and ");
                filter(join);
                sql.append(")");
                needsItem = true;
            }
            case ANNOTATIONS -> filter(join);
        }
    }

    private void filter(Filter filter) {
        filter(filter, "");
    }

    /** @param element the SQL name of the list element whose members are meant by paths without a root */
    private void filter(Filter filter, String element) {
        switch (filter) {
            case And(var parts) -> joined(parts.stream().<Runnable>map(part -> () -> filter(part, element)).toList(), " and ", "true");
            case Or(var parts) -> joined(parts.stream().<Runnable>map(part -> () -> filter(part, element)).toList(), " or ", "false");
            case Not(var part) -> not(false, () -> filter(part, element));
            case Equal(Column(var member), var value) -> columnIn(member, List.of(value));
            case Equal(Path path, var value) -> in(path, List.of(value), element);
            case In(Column(var member), var among) -> columnIn(member, among);
            case In(Path path, var among) -> in(path, among, element);
            case Ordered(Column(var member), var order, var value) -> columnOrdered(member, order, value);
            case Ordered(Path path, var order, var value) -> ordered(path, order, value, element);
            case Exists(Column(var member)) -> columnExists(member);
            case Exists(Path path) -> pathHolds(path, JsonPathText.of(path), element);
            case Element(var path, var condition) -> {
                sql.append("(");
                lookUp(path, condition);
                String each = "e" + ++elements;
                sql.append("exists (select from jsonb_path_query(");
                document(path, element);
                sql.append(", cast(").append(bound(JsonPathText.elements(path))).append(" as jsonpath)) ").append(each);
                sql.append(" where jsonb_typeof(").append(each).append(") = 'object' and ");
                filter(condition, each);
                sql.append("))");
            }
        }
    }

    /** What one element meets some element meets: that is said first where an index of the whole document knows it. */
    private void lookUp(Path path, Filter condition) {
        if (path.root() == null) {
            return;
        }
        for (Filter part : condition instanceof And(var parts) ? parts : List.of(condition)) {
            if (part instanceof Equal(Path member, Value value) && (value instanceof Flag || value instanceof Text(var text) && Value.number(text) == null)) {
                in(path.then(member.path()), List.of(value), "");
                sql.append(" and ");
            }
        }
    }

    /** @param certain whether the part is never null, so that the planner may turn it into an anti-join */
    private void not(boolean certain, Runnable part) {
        sql.append(certain ? "not " : "(");
        part.run();
        sql.append(certain ? "" : ") is not true");
    }

    private void joined(List<Runnable> parts, String operator, String none) {
        if (parts.isEmpty()) {
            sql.append(none);
        } else if (parts.size() == 1) {
            parts.getFirst().run();
        } else {
            sql.append("(");
            for (int i = 0; i < parts.size(); i++) {
                sql.append(i == 0 ? "" : operator);
                parts.get(i).run();
            }
            sql.append(")");
        }
    }

    private String bound(Object value) {
        values.add(value);
        return "?";
    }

    private void column(Member member) {
        needsItem |= member.sql().startsWith("i.");
        if (member.kind() == Member.Kind.DATASET_ID) {
            values.add(datasetId);
        }
        sql.append(member.sql());
    }

    private void columnExists(Member member) {
        if (!member.optional()) {
            sql.append("true");
            return;
        }
        sql.append("(");
        column(member);
        sql.append(" is not null or ").append(member.kindOfOddValue()).append(" is not null)");
    }

    private void columnIn(Member member, List<Value> among) {
        List<Runnable> parts = new ArrayList<>();
        switch (member.kind()) {
            case TEXT, OPTIONAL_TEXT, DATASET_ID -> textIn(member, among, parts);
            case FLAG -> among.stream().filter(Flag.class::isInstance).map(value -> ((Flag) value).flag()).distinct()
                    .forEach(flag -> parts.add(() -> compared(member, " = ", flag, "")));
            case DATE -> momentIn(member, among, parts);
            case JSON -> throw new IllegalStateException("A JSON member is a path: " + member);
        }
        if (member.optional() && among.contains(new Null())) {
            parts.add(() -> {
                sql.append("(");
                column(member);
                sql.append(" is null and coalesce(").append(member.kindOfOddValue()).append(", 'null') = 'null')");
            });
        }
        joined(parts, " or ", "false");
    }

    private void textIn(Member member, List<Value> among, List<Runnable> parts) {
        List<String> texts = new ArrayList<>();
        List<String> patterns = new ArrayList<>();
        for (Value value : among) {
            switch (value) {
                case Text(var text) -> texts.add(text);
                case Wildcards wildcards -> patterns.add(wildcards.like());
                case Number _, Flag _, Moment _, Null _, Json _ -> {}
            }
        }
        if (texts.size() == 1) {
            parts.add(() -> compared(member, " = ", texts.getFirst(), ""));
        } else if (!texts.isEmpty()) {
            parts.add(() -> compared(member, " = any (cast(", array(texts), " as text[]))"));
        }
        if (patterns.size() == 1) {
            parts.add(() -> compared(member, " like ", patterns.getFirst(), ""));
        } else if (!patterns.isEmpty()) {
            parts.add(() -> compared(member, " like any (cast(", array(patterns), " as text[]))"));
        }
    }

    /** A date in JSON ends with a thousandth of a second; what a row has beyond that is not seen, and cut. */
    private void momentIn(Member member, List<Value> among, List<Runnable> parts) {
        List<Instant> moments = new ArrayList<>();
        for (Value value : among) {
            if (value instanceof Moment(var instant) && instant.equals(instant.truncatedTo(ChronoUnit.MILLIS))) {
                moments.add(instant);
            }
        }
        if (moments.size() == 1) {
            parts.add(() -> {
                sql.append("(");
                compared(member, " >= ", time(moments.getFirst()), "");
                compared(member, " < ", time(moments.getFirst().plusMillis(1)), ")", " and ");
            });
        } else if (!moments.isEmpty()) {
            parts.add(() -> {
                sql.append("date_trunc('milliseconds', ");
                compared(member, ") = any (cast(cast(", array(moments.stream().map(Instant::toString).toList()), " as text[]) as timestamptz[]))");
            });
        }
    }

    private void columnOrdered(Member member, Order order, Value value) {
        switch (member.kind()) {
            case TEXT, OPTIONAL_TEXT, DATASET_ID -> {
                if (value instanceof Text(var text)) {
                    compared(member, " " + order.sql() + " ", text, "");
                } else {
                    sql.append("false");
                }
            }
            case DATE -> {
                if (value instanceof Moment(var instant)) {
                    Instant cut = instant.truncatedTo(ChronoUnit.MILLIS);
                    Instant next = cut.plusMillis(1);
                    boolean whole = cut.equals(instant);
                    switch (order) {
                        case GREATER -> compared(member, " >= ", time(next), "");
                        case GREATER_OR_EQUAL -> compared(member, " >= ", time(whole ? cut : next), "");
                        case LESS -> compared(member, " < ", time(whole ? cut : next), "");
                        case LESS_OR_EQUAL -> compared(member, " < ", time(next), "");
                    }
                } else {
                    sql.append("false");
                }
            }
            case FLAG -> sql.append("false");
            case JSON -> throw new IllegalStateException("A JSON member is a path: " + member);
        }
    }

    private void compared(Member member, String operator, Object value, String end) {
        compared(member, operator, value, end, "");
    }

    private void compared(Member member, String operator, Object value, String end, String start) {
        sql.append(start);
        column(member);
        sql.append(operator).append(bound(value)).append(end);
    }

    private void ordered(Path path, Order order, Value value, String element) {
        switch (value) {
            case Number(var number) -> anyElement(path, element, () -> numberOrdered(order, number));
            case Text(var text) -> {
                BigDecimal number = Value.number(text);
                anyElement(path, element, () -> {
                    if (number == null) {
                        sql.append(STRING).append(' ').append(order.sql()).append(' ').append(bound(text));
                    } else {
                        sql.append("case when ").append(NUMBER).append(" is null then ").append(STRING).append(' ');
                        sql.append(order.sql()).append(' ').append(bound(text)).append(" else ");
                        numberOrdered(order, number);
                        sql.append(" end");
                    }
                });
            }
            case Wildcards _, Flag _, Moment _, Null _, Json _ -> sql.append("false");
        }
    }

    private void numberOrdered(Order order, BigDecimal number) {
        sql.append(NUMBER).append(' ').append(order.sql()).append(" cast(").append(bound(number.toString())).append(" as numeric)");
    }

    private void in(Path path, List<Value> among, String element) {
        List<Value> literals = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        List<String> patterns = new ArrayList<>();
        List<String> lists = new ArrayList<>();
        List<String> objects = new ArrayList<>();
        boolean orAbsent = false;
        for (Value value : among) {
            switch (value) {
                case Text(var text) -> {
                    BigDecimal number = Value.number(text);
                    if (number == null) {
                        literals.add(value);
                    } else {
                        numbers.add(number.toString());
                    }
                }
                case Number(var number) -> numbers.add(number.toString());
                case Wildcards wildcards -> patterns.add(wildcards.like());
                case Flag _ -> literals.add(value);
                case Null _ -> {
                    literals.add(value);
                    orAbsent = true;
                }
                case Json(var json, var list) -> (list ? lists : objects).add(json);
                case Moment _ -> {}
            }
        }
        List<Runnable> parts = new ArrayList<>();
        if (orAbsent) {
            parts.add(() -> not(false, () -> pathHolds(path, JsonPathText.of(path), element)));
        }
        if (literals.size() <= MOST_IN_PATH) {
            if (!literals.isEmpty()) {
                parts.add(() -> pathHolds(path, JsonPathText.equalToAny(path, literals), element));
            }
        } else {
            objects.addAll(literals.stream().map(JsonPathText::literal).toList());
        }
        if (!numbers.isEmpty()) {
            parts.add(() -> anyElement(path, element, () -> {
                sql.append(NUMBER);
                if (numbers.size() == 1) {
                    sql.append(" = cast(").append(bound(numbers.getFirst())).append(" as numeric)");
                } else {
                    sql.append(" = any (cast(cast(").append(bound(array(numbers))).append(" as text[]) as numeric[]))");
                }
            }));
        }
        if (!patterns.isEmpty()) {
            parts.add(() -> anyElement(path, element, () -> {
                sql.append(STRING).append(patterns.size() == 1 ? " like " : " like any (cast(");
                sql.append(bound(patterns.size() == 1 ? patterns.getFirst() : array(patterns)));
                sql.append(patterns.size() == 1 ? "" : " as text[]))");
            }));
        }
        if (!lists.isEmpty()) {
            parts.add(() -> any(path, JsonPathText.of(path), element, () -> equalToAny(lists)));
        }
        objects.addAll(lists);
        if (!objects.isEmpty()) {
            parts.add(() -> anyElement(path, element, () -> equalToAny(objects)));
        }
        joined(parts, " or ", "false");
    }

    private void equalToAny(List<String> json) {
        if (json.size() == 1) {
            sql.append("x = cast(").append(bound(json.getFirst())).append(" as jsonb)");
        } else {
            sql.append("x = any (cast(cast(").append(bound(array(json))).append(" as text[]) as jsonb[]))");
        }
    }

    /** Some value at the path, or element of a list there, is so; {@code condition} speaks of it as x. */
    private void anyElement(Path path, String element, Runnable condition) {
        any(path, JsonPathText.elements(path), element, condition);
    }

    private void any(Path path, String text, String element, Runnable condition) {
        sql.append("exists (select from jsonb_path_query(");
        document(path, element);
        sql.append(", cast(").append(bound(text)).append(" as jsonpath)) x where ");
        condition.run();
        sql.append(")");
    }

    private void pathHolds(Path path, String text, String element) {
        sql.append("(");
        document(path, element);
        sql.append(" @?? cast(").append(bound(text)).append(" as jsonpath))");
    }

    private void document(Path path, String element) {
        Member root = path.root();
        if (root == null) {
            sql.append(element);
        } else {
            needsItem |= root.resource() == Resource.ITEMS;
            sql.append(root.sql());
        }
    }

    private static Object time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static String[] array(List<String> strings) {
        return strings.toArray(String[]::new);
    }
}
