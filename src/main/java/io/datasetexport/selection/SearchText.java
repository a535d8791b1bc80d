package io.datasetexport.selection;

import io.datasetexport.json.JsonPlace;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the search text of the platform's dataset browser as the filter in JSON that says the same.
 *
 * <pre>
 * text      := all ("OR" all)*
 * all       := condition ("AND" condition)*
 * condition := field ("=" | "!=" | "&gt;" | "&gt;=" | "&lt;" | "&lt;=") value
 *            | field ("IN" | "NOT-IN") list
 *            | field ("EXISTS" | "DOESNT-EXIST")
 * list      := value ("," value)* | "(" value ("," value)* ")" | "[" value ("," value)* "]"
 * value     := 'text' | "text" | number | true | false | null | (DD/MM/YYYY HH:mm:ss) | word
 * </pre>
 *
 * <p>Open in the platform's description, and our answers: words of the language are read in any case ({@code EXIST} too); inside quotes
 * nothing is escaped; a field with other characters than letters, digits and {@code _ . -} is quoted; a word without quotes is text; times are
 * UTC. There are no parentheses around conditions.
 */
final class SearchText {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final Pattern TOKEN = Pattern.compile(
            "(?:'(?<single>[^']*)'|\"(?<twice>[^\"]*)\"|\\((?<date>\\s*\\d{1,2}/\\d{1,2}/\\d{4}[^)]*)\\)"
                    + "|(?<sign>!=|>=|<=|=|>|<|[(),]|\\[|\\])|(?<word>[^\\s'\"!=<>(),\\[\\]]+))");
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9]\\d{0,99})(\\.\\d{1,100})?([eE][+-]?\\d{1,3})?");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("d/M/uuuu[ H:mm[:ss]]", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    private static final Map<String, String> COMPARISONS =
            Map.of("=", "$eq", "!=", "$ne", ">", "$gt", ">=", "$gte", "<", "$lt", "<=", "$lte");
    private static final Map<String, String> WORDS = Map.of(
            "IN", "$in", "NOT-IN", "$nin", "EXISTS", "$exists", "EXIST", "$exists", "DOESNT-EXIST", "$exists", "DOESNT-EXISTS", "$exists");

    private enum Kind {
        QUOTED,
        DATE,
        SIGN,
        WORD
    }

    private record Token(Kind kind, String text) {

        boolean is(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word) || kind == Kind.SIGN && text.equals(word);
        }
    }

    private final JsonPlace place;
    private final String text;
    private final Matcher matcher;
    private @Nullable Token next;
    private int at;

    private SearchText(JsonPlace place) {
        this.place = place;
        text = place.text();
        matcher = TOKEN.matcher(text);
        advance();
    }

    /** @throws RequestRefused with the character where the text can't be understood */
    static JsonNode filter(JsonPlace text) {
        return new SearchText(text).anyOf();
    }

    private JsonNode anyOf() {
        ArrayNode alternatives = JSON.arrayNode();
        do {
            ArrayNode parts = JSON.arrayNode();
            do {
                parts.add(condition());
            } while (takes("AND"));
            alternatives.add(joined("$and", parts));
        } while (takes("OR"));
        if (next != null) {
            throw refused(next.is("(") || next.is(")") ? "there are no parentheses around conditions" : "AND or OR is needed");
        }
        return joined("$or", alternatives);
    }

    private static JsonNode joined(String operator, ArrayNode parts) {
        return parts.size() == 1 ? parts.get(0) : JSON.objectNode().set(operator, parts);
    }

    private JsonNode condition() {
        Token field = next;
        if (field == null || field.kind() == Kind.SIGN || field.kind() == Kind.DATE) {
            throw refused(field != null && field.is("(") ? "there are no parentheses around conditions" : "the name of a field is needed");
        }
        if (field.kind() == Kind.WORD && field.text().startsWith("$")) {
            throw refused("the name of a field is needed");
        }
        advance();
        Token operator = next;
        String name = operator == null || operator.kind() == Kind.QUOTED
                ? null
                : COMPARISONS.getOrDefault(operator.text(), WORDS.get(operator.text().toUpperCase(Locale.ROOT)));
        if (operator == null || name == null) {
            throw refused("one of = != > >= < <= IN NOT-IN EXISTS DOESNT-EXIST is needed");
        }
        advance();
        JsonNode operand = switch (name) {
            case "$in", "$nin" -> list();
            case "$exists" -> JSON.booleanNode(!operator.text().toUpperCase(Locale.ROOT).startsWith("DOESNT"));
            default -> value();
        };
        ObjectNode condition = JSON.objectNode();
        condition.putObject(field.text()).set(name, operand);
        return condition;
    }

    private ArrayNode list() {
        String end = takes("(") ? ")" : takes("[") ? "]" : null;
        ArrayNode values = JSON.arrayNode();
        do {
            values.add(value());
        } while (takes(","));
        if (end != null && !takes(end)) {
            throw refused("the list does not end with " + end);
        }
        return values;
    }

    private JsonNode value() {
        Token value = next;
        if (value == null || value.kind() == Kind.SIGN) {
            throw refused("a value is needed");
        }
        JsonNode node = switch (value.kind()) {
            case QUOTED -> JSON.stringNode(value.text());
            case DATE -> JSON.numberNode(date(value.text()));
            case WORD -> word(value.text());
            case SIGN -> throw refused("a value is needed");
        };
        advance();
        return node;
    }

    private static JsonNode word(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true" -> JSON.booleanNode(true);
            case "false" -> JSON.booleanNode(false);
            case "null" -> JSON.nullNode();
            default -> NUMBER.matcher(word).matches() ? JSON.numberNode(new BigDecimal(word)) : JSON.stringNode(word);
        };
    }

    /** In milliseconds since 1970. */
    private long date(String date) {
        try {
            String spelled = date.strip();
            return LocalDateTime.parse(spelled.contains(":") ? spelled : spelled + " 0:00", DATE).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException e) {
            throw refused("a date is spelled (DD/MM/YYYY HH:mm:ss)");
        }
    }

    private boolean takes(String word) {
        boolean is = next != null && next.is(word);
        if (is) {
            advance();
        }
        return is;
    }

    private void advance() {
        at = matcher.regionStart();
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            next = null;
            return;
        }
        matcher.region(at, text.length());
        if (!matcher.lookingAt()) {
            throw refused("a quote is not closed");
        }
        next = token();
        matcher.region(matcher.end(), text.length());
    }

    private Token token() {
        String quoted = matcher.group("single") == null ? matcher.group("twice") : matcher.group("single");
        if (quoted != null) {
            return new Token(Kind.QUOTED, quoted);
        }
        if (matcher.group("date") != null) {
            return new Token(Kind.DATE, matcher.group("date"));
        }
        return matcher.group("sign") != null ? new Token(Kind.SIGN, matcher.group("sign")) : new Token(Kind.WORD, matcher.group("word"));
    }

    private RequestRefused refused(String why) {
        return new RequestRefused(
                ProblemType.INVALID_FILTER, "The search text can't be read from character " + at + " on: " + why + ".", place.pointer())
                .with("character", at);
    }
}
