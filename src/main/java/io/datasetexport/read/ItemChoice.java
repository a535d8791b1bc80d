package io.datasetexport.read;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.SqlCondition;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of a dataset's items a snapshot shows: at first all that aren't hidden and are files, then those of some ids, or what a query finds.
 *
 * <p>Few items are looked up when they are chosen, by whatever index finds them: then {@link #keys()} are theirs, in export order. Many are
 * met on the way through the dataset, where they fulfil the {@link #condition()}.
 */
final class ItemChoice {

    /** How a session plans its way through a dataset. */
    static final String ON_THE_WAY = Session.ROW_BY_ROW + "set local statement_timeout = '60s'; ";

    /** So many items are looked up before they are read; in a dataset where more are found, the next one is never far. */
    private static final int FEW = 2000;

    private static final String ANY_PLAN = "set local enable_sort = on; set local enable_hashjoin = on; set local enable_material = on; ";

    // The inner queries are to be found before they are sorted: an index in the order of the outer would read the whole dataset.
    private static final String KEYS_BY_ID = "select key, id from (select i.key, i.filename, i.id from item i"
            + " where i.dataset_key = ? and i.id = any (?) and %s offset 0) found order by filename, id";
    // Only keys at first: that may need no more than indexes.
    private static final String FEW_KEYS = "select i.key from (select i.key from item i where i.dataset_key = ? and ";
    private static final String NOT_MORE = " limit ?) found join item i on i.key = found.key order by i.filename, i.id";

    private final Session session;
    private final ReadLimits limits;
    private final DatasetRef ref;
    private SqlCondition condition;
    private long @Nullable [] keys;
    private List<String> missing = List.of();
    private boolean looked;
    private boolean whole;

    ItemChoice(Session session, ReadLimits limits, DatasetRef ref) {
        this.session = session;
        this.limits = limits;
        this.ref = ref;
        condition = VisibleItems.of(Query.wholeDataset(), ref);
        whole = !VisibleItems.selects(Query.wholeDataset(), ref);
    }

    /** What items {@code i} fulfil that are met on the way. */
    SqlCondition condition() {
        return condition;
    }

    /** The items that were looked up, in export order; null when they are to be met on the way. */
    long @Nullable [] keys() {
        return keys;
    }

    /** Whether all items that a dataset shows are to be met on the way. */
    boolean isWhole() {
        return whole;
    }

    /** Ids that were asked for and are not there. */
    List<String> missing() {
        return missing;
    }

    List<String> byId(List<String> ids) throws IOException {
        SqlCondition visible = VisibleItems.of(ref);
        try (PreparedStatement statement = session.prepare(KEYS_BY_ID.formatted(visible.text()))) {
            statement.setLong(1, ref.key());
            statement.setArray(2, session.array("text", ids.toArray()));
            Session.bind(visible, statement, 3);
            List<Long> found = new ArrayList<>(ids.size());
            Set<String> unknown = new LinkedHashSet<>(ids);
            try (ResultSet rows = session.run(statement)) {
                while (rows.next()) {
                    found.add(rows.getLong(1));
                    unknown.remove(rows.getString(2));
                }
            }
            keys = found.stream().mapToLong(Long::longValue).toArray();
            missing = List.copyOf(unknown);
            return missing;
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    void byQuery(Query query) throws IOException {
        condition = VisibleItems.of(query, ref);
        looked = true;
        whole = !VisibleItems.selects(query, ref);
        if (whole) {
            return;
        }
        try {
            session.set(ANY_PLAN + limits.queryTimeout());
            try (PreparedStatement statement = session.prepare(FEW_KEYS + condition.text() + NOT_MORE)) {
                statement.setLong(1, ref.key());
                statement.setInt(Session.bind(condition, statement, 2), FEW + 1);
                List<Long> found = new ArrayList<>();
                try (ResultSet rows = session.run(statement)) {
                    while (rows.next()) {
                        found.add(rows.getLong(1));
                    }
                }
                keys = found.size() > FEW ? null : found.stream().mapToLong(Long::longValue).toArray();
            }
            session.set(ON_THE_WAY);
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    /** An annotator's whole dataset is what he is assigned: that may be few, which are looked up like a query's. */
    void lookUpAssigned() throws IOException {
        if (!looked && keys == null && ref.assignee() != null) {
            byQuery(Query.wholeDataset());
        }
    }

    Snapshot.ForeignFiles foreignFiles(int named) throws IOException {
        SqlCondition chosen = keys == null ? condition : null;
        String where = " from item i where " + (chosen == null ? "i.key = any (?)" : "i.dataset_key = ? and " + chosen.text())
                + " and i.storage <> 'own'";
        try {
            session.set(ANY_PLAN + limits.queryTimeout());
            long external = 0;
            long missingFiles = 0;
            List<String> ids = new ArrayList<>();
            try (PreparedStatement statement = session.prepare(
                    "select count(*) filter (where i.storage = 'external'), count(*) filter (where i.storage = 'none')" + where)) {
                bind(chosen, statement);
                try (ResultSet counts = session.run(statement)) {
                    counts.next();
                    external = counts.getLong(1);
                    missingFiles = counts.getLong(2);
                }
            }
            if (external + missingFiles > 0) {
                try (PreparedStatement statement = session.prepare("select i.id" + where + " order by i.filename, i.id limit " + named)) {
                    bind(chosen, statement);
                    try (ResultSet rows = session.run(statement)) {
                        while (rows.next()) {
                            ids.add(rows.getString(1));
                        }
                    }
                }
            }
            session.set(ON_THE_WAY);
            return new Snapshot.ForeignFiles(external, missingFiles, ids);
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    private void bind(@Nullable SqlCondition chosen, PreparedStatement statement) throws SQLException {
        if (chosen == null) {
            Object[] some = Arrays.stream(Objects.requireNonNull(keys)).boxed().toArray();
            statement.setArray(1, session.array("bigint", some));
        } else {
            statement.setLong(1, ref.key());
            Session.bind(chosen, statement, 2);
        }
    }
}
