package io.datasetexport.selection;

/** One key of an order; what has no value comes first, or last when descending. */
public record SortKey(Member member, boolean descending) {

    /** The SQL expression that is compared. */
    public String column() {
        return member.sql();
    }

    /** As an element of SQL's {@code ORDER BY}. */
    public String sql() {
        String nulls = member.optional() ? descending ? " nulls last" : " nulls first" : "";
        return member.sql() + (descending ? " desc" : "") + nulls;
    }
}
