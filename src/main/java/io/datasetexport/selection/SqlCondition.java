package io.datasetexport.selection;

import java.util.List;

/**
 * A condition as SQL: constant text, and the values of its {@code ?} in order. No character of a query is in the text.
 *
 * <p>It speaks of the row {@code i} of {@code item}, and in an annotations' condition of {@code a} of {@code annotation} too. That the
 * rows are of the dataset is for the statement around it to say; the annotations that it looks up itself are.
 *
 * @param text never empty; {@code ??} stands for the operator {@code ?}, as PostgreSQL's driver wants it
 * @param values strings, numbers, flags, dates and arrays of strings, each as {@code PreparedStatement.setObject} takes it
 * @param needsItem whether it speaks of {@code i}
 */
public record SqlCondition(String text, List<Object> values, boolean needsItem) {

    public SqlCondition {
        values = List.copyOf(values);
    }

    /**
     * @param datasetKey the database's own key of the dataset that is queried
     * @param datasetId what {@code datasetId} is in its rows
     */
    public static SqlCondition of(Query query, long datasetKey, String datasetId) {
        SqlWriter sql = new SqlWriter(datasetKey, datasetId);
        sql.query(query, query.withDefaults());
        return sql.condition();
    }
}
