package io.datasetexport.read;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.selection.SqlCondition;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of a snapshot's items, as many at a time as memory holds: those of some items with one query by the items' keys, in
 * whatever order the server finds them fastest, and put in order here. What turns out too big is read again in halves, an item that does
 * in slices.
 */
final class ItemAnnotations {

    /** Rows over this size are not fetched with the others; the index {@code annotation_wide} lists them. */
    static final int WIDE = 8192;

    private static final int ROWS_PER_FETCH = 500;
    /** Raw bytes that the first run is taken to have. */
    private static final int EXPECTED_AT_FIRST = 64 * 1024;
    /** What an object costs beside its bytes. */
    private static final int ROW_OVERHEAD = 400;

    private static final String NARROW = " from annotation a where a.item_key = any (?) and a.bytes <= " + WIDE;
    private static final String WIDE_KEYS =
            "select a.item_key, a.ordinal, a.bytes from annotation a where a.item_key = any (?) and a.bytes > " + WIDE;
    private static final String BY_ORDINAL = " from annotation a where a.item_key = ? and a.ordinal = any (?)";
    private static final String NAMES = "select a.ordinal, left(a.id, 200), left(a.type, 200), left(a.label, 200), a.bytes from annotation a"
            + " where a.item_key = ? and ";
    private static final String NAMES_BY_ORDINAL = NAMES + "a.ordinal = any (?)";
    private static final String OVERSIZED = NAMES + "a.bytes > ?";
    private static final String ORDINALS = "select a.ordinal, a.bytes from annotation a where a.item_key = ? and a.bytes <= ?";
    private static final String BY_SOURCE = " order by a.ordinal";
    private static final String BY_LABEL = " order by coalesce(a.label, '') collate \"C\", a.ordinal";

    private final Session session;
    private final RowMemory.Account memory;
    private final ReadLimits limits;
    private final @Nullable SqlCondition condition;

    private final String select;
    /** Raw bytes of the next run: as many as the last one had. */
    private long expected = EXPECTED_AT_FIRST;

    /**
     * @param condition which annotations; null for all
     * @param parts what is read of them
     */
    ItemAnnotations(Session session, RowMemory memory, ReadLimits limits, @Nullable SqlCondition condition, AnnotationParts parts) {
        this.session = session;
        this.memory = memory.account();
        this.limits = limits;
        this.condition = condition;
        select = "select " + AnnotationRows.columns(parts);
    }

    /** Fills in the annotations of the items that have no document, and shows all. Returns their raw bytes. */
    long show(List<AnnotatedItem> items, long itemBytes, ItemVisitor visitor)
            throws SQLException, IOException, InterruptedException {
        Run run = new Run(items, itemBytes, items.size() == 1 ? limits.item() : limits.item() / 2);
        RowMemory.Lease lease = memory.lease(expected);
        try {
            run.readWideKeys();
            run.readNarrowRows();
            if (run.fits()) {
                lease.settle(run.bytes);
                run.readWideRows();
                items.forEach(item -> inOrder(item.annotations()));
            }
        } catch (SQLException | RuntimeException | InterruptedException e) {
            lease.close();
            throw e;
        }
        if (!run.fits()) {
            lease.close();
            return showLess(items, itemBytes, visitor);
        }
        expected = run.bytes;
        visitor.items(items, lease);
        return run.bytes;
    }

    private long showLess(List<AnnotatedItem> items, long itemBytes, ItemVisitor visitor)
            throws SQLException, IOException, InterruptedException {
        items.forEach(item -> item.annotations().clear());
        if (items.size() == 1) {
            AnnotatedItem item = items.getFirst();
            item.oversized().addAll(oversized(item.item().key()));
            visitor.bigItem(item, new Slices(item.item().key()));
            return limits.item();
        }
        int half = items.size() / 2;
        long bytes = show(new ArrayList<>(items.subList(0, half)), itemBytes / 2, visitor);
        return bytes + show(new ArrayList<>(items.subList(half, items.size())), itemBytes / 2, visitor);
    }

    /** Reads the annotations of some items until they are complete or turn out not to fit. */
    private final class Run {

        private final Map<Long, AnnotatedItem> items;
        private final Long[] keys;
        private final Map<AnnotatedItem, List<WideRow>> wide = new LinkedHashMap<>();
        private final long most;
        private long bytes;

        Run(List<AnnotatedItem> run, long itemBytes, long most) {
            items = HashMap.newHashMap(run.size());
            for (AnnotatedItem item : run) {
                if (item.document() == null) {
                    items.put(item.item().key(), item);
                }
            }
            keys = items.keySet().toArray(Long[]::new);
            Arrays.sort(keys);
            this.most = most;
            bytes = itemBytes + run.size() * (long) ROW_OVERHEAD;
        }

        /** Documents are small, and a run of them is: there is nothing to slice. */
        boolean fits() {
            return items.isEmpty() || bytes <= most;
        }

        void readWideKeys() throws SQLException {
            if (items.isEmpty()) {
                return;
            }
            try (PreparedStatement statement = session.cursor(onCondition(WIDE_KEYS), ROWS_PER_FETCH)) {
                statement.setArray(1, session.array("bigint", keys));
                bindCondition(statement, 2);
                try (ResultSet rows = session.run(statement)) {
                    while (fits() && rows.next()) {
                        WideRow row = new WideRow(rows.getInt(2), rows.getInt(3));
                        wide.computeIfAbsent(item(rows), any -> new ArrayList<>()).add(row);
                        bytes += ROW_OVERHEAD + (row.bytes() > limits.row() ? 0 : row.bytes());
                    }
                }
            }
        }

        void readNarrowRows() throws SQLException {
            if (items.isEmpty() || !fits()) {
                return;
            }
            try (PreparedStatement statement = session.cursor(onCondition(select + NARROW), ROWS_PER_FETCH)) {
                statement.setArray(1, session.array("bigint", keys));
                bindCondition(statement, 2);
                try (ResultSet rows = session.run(statement)) {
                    Annotation annotation = null;
                    while (fits() && rows.next()) {
                        annotation = AnnotationRows.read(rows, annotation);
                        item(rows).annotations().add(annotation);
                        bytes += annotation.bytes() + ROW_OVERHEAD;
                    }
                }
            }
        }

        void readWideRows() throws SQLException {
            for (Map.Entry<AnnotatedItem, List<WideRow>> entry : wide.entrySet()) {
                fetchWide(entry.getKey(), entry.getValue());
            }
        }

        private AnnotatedItem item(ResultSet row) throws SQLException {
            return Objects.requireNonNull(items.get(row.getLong(1)));
        }
    }

    private void fetchWide(AnnotatedItem item, List<WideRow> rows) throws SQLException {
        List<Integer> fit = new ArrayList<>();
        List<Integer> oversized = new ArrayList<>();
        for (WideRow row : rows) {
            (row.bytes() > limits.row() ? oversized : fit).add(row.ordinal());
        }
        if (!fit.isEmpty()) {
            item.annotations().addAll(fetch(item.item().key(), fit));
        }
        if (!oversized.isEmpty()) {
            try (PreparedStatement statement = session.prepare(NAMES_BY_ORDINAL)) {
                statement.setLong(1, item.item().key());
                statement.setArray(2, session.array("integer", oversized.toArray()));
                item.oversized().addAll(names(statement));
            }
        }
    }

    private List<Annotation> fetch(long itemKey, List<Integer> ordinals) throws SQLException {
        List<Annotation> annotations = new ArrayList<>(ordinals.size());
        try (PreparedStatement statement = session.prepare(select + BY_ORDINAL)) {
            statement.setLong(1, itemKey);
            statement.setArray(2, session.array("integer", ordinals.toArray()));
            try (ResultSet rows = session.run(statement)) {
                while (rows.next()) {
                    annotations.add(AnnotationRows.read(rows));
                }
            }
        }
        return annotations;
    }

    private List<Annotation> oversized(long itemKey) throws SQLException {
        try (PreparedStatement statement = session.prepare(onCondition(OVERSIZED) + BY_SOURCE)) {
            statement.setLong(1, itemKey);
            statement.setInt(2, limits.row());
            bindCondition(statement, 3);
            return names(statement);
        }
    }

    private List<Annotation> names(PreparedStatement statement) throws SQLException {
        List<Annotation> names = new ArrayList<>();
        try (ResultSet rows = session.run(statement)) {
            while (rows.next()) {
                names.add(AnnotationRows.named(
                        rows.getInt(1), rows.getBytes(2), rows.getBytes(3), rows.getBytes(4), rows.getInt(5)));
            }
        }
        return names;
    }

    private static void inOrder(List<Annotation> annotations) {
        for (int i = 1; i < annotations.size(); i++) {
            if (annotations.get(i - 1).ordinal() > annotations.get(i).ordinal()) {
                annotations.sort(Comparator.comparingInt(Annotation::ordinal));
                return;
            }
        }
    }

    private record WideRow(int ordinal, int bytes) {}

    private final class Slices implements AnnotationSlices {

        private final long itemKey;

        Slices(long itemKey) {
            this.itemKey = itemKey;
        }

        @Override
        public void inSourceOrder(SliceVisitor visitor) throws IOException, InterruptedException {
            visit(BY_SOURCE, visitor);
        }

        @Override
        public void byLabel(SliceVisitor visitor) throws IOException, InterruptedException {
            visit(BY_LABEL, visitor);
        }

        private void visit(String order, SliceVisitor visitor) throws IOException, InterruptedException {
            try (PreparedStatement statement = session.cursor(onCondition(ORDINALS) + order, 10 * ROWS_PER_FETCH)) {
                statement.setLong(1, itemKey);
                statement.setInt(2, limits.row());
                bindCondition(statement, 3);
                try (ResultSet rows = session.run(statement)) {
                    List<Integer> ordinals = new ArrayList<>();
                    long bytes = 0;
                    while (rows.next()) {
                        int size = rows.getInt(2) + ROW_OVERHEAD;
                        if (!ordinals.isEmpty() && bytes + size > limits.run()) {
                            show(ordinals, bytes, false, visitor);
                            ordinals = new ArrayList<>();
                            bytes = 0;
                        }
                        ordinals.add(rows.getInt(1));
                        bytes += size;
                    }
                    show(ordinals, bytes, true, visitor);
                }
            } catch (SQLException e) {
                throw new SnapshotFailed(e);
            }
        }

        private void show(List<Integer> ordinals, long bytes, boolean last, SliceVisitor visitor)
                throws SQLException, IOException, InterruptedException {
            RowMemory.Lease lease = memory.lease(bytes);
            List<Annotation> annotations;
            try {
                Map<Integer, Integer> places = HashMap.newHashMap(ordinals.size());
                for (int i = 0; i < ordinals.size(); i++) {
                    places.put(ordinals.get(i), i);
                }
                annotations = fetch(itemKey, ordinals);
                annotations.sort(Comparator.comparing(annotation -> places.get(annotation.ordinal())));
            } catch (SQLException | RuntimeException e) {
                lease.close();
                throw e;
            }
            visitor.slice(annotations, last, lease);
        }
    }

    /** The statement, with the condition on annotations; {@link #bindCondition} binds its values, which are the last ones. */
    private String onCondition(String statement) {
        if (condition == null) {
            return statement;
        }
        return condition.needsItem()
                ? statement + " and exists (select from item i where i.key = a.item_key and " + condition.text() + ")"
                : statement + " and " + condition.text();
    }

    private void bindCondition(PreparedStatement statement, int from) throws SQLException {
        if (condition != null) {
            Session.bind(condition, statement, from);
        }
    }
}
