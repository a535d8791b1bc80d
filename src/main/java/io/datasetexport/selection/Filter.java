package io.datasetexport.selection;

import java.util.List;

/**
 * A condition on one item, one annotation, or one element of a list in their JSON: true or false, never unknown.
 *
 * <p>A path may lead to several values, and a value may be a list. A comparison holds when it holds for any of the values or for any
 * element of a list among them; a value of another type is no match.
 */
public sealed interface Filter {

    Filter EVERYTHING = new And(List.of());

    /** All of them; of none, true. */
    record And(List<Filter> parts) implements Filter {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** Any of them; of none, false. */
    record Or(List<Filter> parts) implements Filter {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Filter part) implements Filter {}

    record Equal(Field field, Value value) implements Filter {}

    /** Equal to any of the values. */
    record In(Field field, List<Value> values) implements Filter {
        public In {
            values = List.copyOf(values);
        }
    }

    /** Before or after a value of the same type: numbers, dates, or strings by code point; never for a value of another type. */
    record Ordered(Field field, Order order, Value value) implements Filter {}

    /** The field is there, if only as null. */
    record Exists(Field field) implements Filter {}

    /** One element of a list, or the object where there is no list, meets all of it. */
    record Element(Field.Path field, Filter condition) implements Filter {}

    enum Order {
        GREATER(">"),
        GREATER_OR_EQUAL(">="),
        LESS("<"),
        LESS_OR_EQUAL("<=");

        private final String sql;

        Order(String sql) {
            this.sql = sql;
        }

        String sql() {
            return sql;
        }
    }

    /** Whether the condition speaks of a member of the item or annotation itself. */
    default boolean names(Member member) {
        return switch (this) {
            case And(var parts) -> parts.stream().anyMatch(part -> part.names(member));
            case Or(var parts) -> parts.stream().anyMatch(part -> part.names(member));
            case Not(var part) -> part.names(member);
            case Equal(var field, _) -> is(field, member);
            case In(var field, _) -> is(field, member);
            case Ordered(var field, _, _) -> is(field, member);
            case Exists(var field) -> is(field, member);
            case Element(var field, _) -> is(field, member);
        };
    }

    private static boolean is(Field field, Member member) {
        return switch (field) {
            case Field.Column(var of) -> of == member;
            case Field.Path(var root, _) -> root == member;
        };
    }
}
