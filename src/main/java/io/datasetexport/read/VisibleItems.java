package io.datasetexport.read;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.SqlCondition;
import java.util.ArrayList;
import java.util.List;

/** What a query finds of a dataset as its caller sees it: for some callers only their assigned items are there. */
final class VisibleItems {

    private static final String ASSIGNED = "i.key in (select assigned from assigned_items(?, ?) assigned)";

    private VisibleItems() {}

    static SqlCondition of(Query query, DatasetRef dataset) {
        SqlCondition asked = SqlCondition.of(query, dataset.key(), dataset.id());
        if (dataset.assignee() == null) {
            return asked;
        }
        SqlCondition visible = of(dataset);
        List<Object> values = new ArrayList<>(visible.values());
        values.addAll(asked.values());
        return new SqlCondition(visible.text() + " and (" + asked.text() + ")", values, true);
    }

    /** All of them, whatever a query would leave out. */
    static SqlCondition of(DatasetRef dataset) {
        return dataset.assignee() == null
                ? new SqlCondition("true", List.of(), false)
                : new SqlCondition(ASSIGNED, List.of(dataset.key(), dataset.assignee()), true);
    }

    /** Whether a query, as the caller sees the dataset, may leave any item out. */
    static boolean selects(Query query, DatasetRef dataset) {
        return query.selects() || dataset.assignee() != null;
    }
}
