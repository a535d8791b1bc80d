package io.datasetexport.read;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One dataset at one instant: a read-only transaction at REPEATABLE READ, open until it is closed.
 *
 * <p>Items come by an index in export order through a cursor; the annotations of a run of them come with one query by the items' keys,
 * in whatever order the server finds them fastest, and are put in order here. So the first items arrive at once, rows that lie
 * scattered are fetched page by page, and nothing is sorted on the server. A run that turns out too big for memory is read again in
 * halves, an item that does is read again in slices.
 *
 * <p>Used by one thread, except for {@link #cancel()}.
 */
public final class Snapshot implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Snapshot.class);

    /** Rows over this size are not fetched with the others; the index {@code annotation_wide} lists them. */
    private static final int WIDE = 8192;

    private static final int ROWS_PER_FETCH = 500;
    private static final int ITEMS_PER_FETCH = 200;
    private static final int FIRST_RUN = 16;
    private static final int LONGEST_RUN = 400;
    /** What an object costs beside its bytes. */
    private static final int ROW_OVERHEAD = 400;

    private static final String ITEMS = "select " + ItemRows.COLUMNS + " from item where dataset_key = ? order by filename, id";
    private static final String ITEM_BODY = "select metadata, extra from item where key = ?";
    private static final String NARROW =
            "select " + AnnotationRows.COLUMNS + " from annotation where item_key = any (?) and bytes <= " + WIDE;
    private static final String WIDE_KEYS =
            "select item_key, ordinal, bytes from annotation where item_key = any (?) and bytes > " + WIDE;
    private static final String BY_ORDINAL =
            "select " + AnnotationRows.COLUMNS + " from annotation where item_key = ? and ordinal = any (?)";
    private static final String NAMES =
            "select ordinal, left(id, 200), left(type, 200), left(label, 200), bytes from annotation where item_key = ? and ordinal = any (?)";
    private static final String SLICES_IN_SOURCE_ORDER =
            "select ordinal, bytes from annotation where item_key = ? and bytes <= ? order by ordinal";
    private static final String SLICES_BY_LABEL =
            "select ordinal, bytes from annotation where item_key = ? and bytes <= ? order by coalesce(label, '') collate \"C\", ordinal";
    private static final String OVERSIZED =
            "select ordinal, left(id, 200), left(type, 200), left(label, 200), bytes from annotation where item_key = ? and bytes > ? order by ordinal";

    private final Connection connection;
    private final RowMemory memory;
    private final ReadLimits limits;
    private final DatasetFacts dataset;
    private final Instant takenAt;
    private volatile boolean cancelled;
    private boolean closed;

    private Snapshot(Connection connection, RowMemory memory, ReadLimits limits, long datasetKey) throws SQLException {
        this.connection = connection;
        this.memory = memory;
        this.limits = limits;
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            // Without sorts and joins in memory the plan is the one by the index, whose first row comes at once.
            statement.execute("set local enable_sort = off; set local enable_hashjoin = off; set local jit = off;"
                    + " set local timezone = 'UTC'; set local datestyle = 'ISO';"
                    + " set local statement_timeout = '60s'; set local idle_in_transaction_session_timeout = 0");
            try (ResultSet now = statement.executeQuery("select transaction_timestamp()")) {
                now.next();
                takenAt = now.getObject(1, OffsetDateTime.class).toInstant();
            }
        }
        dataset = readDataset(datasetKey);
    }

    /**
     * Opens a snapshot; the connection belongs to it from now on.
     *
     * @throws DatasetGone when the dataset was deleted meanwhile
     * @throws SnapshotFailed when the database can't
     */
    static Snapshot open(Connection connection, RowMemory memory, ReadLimits limits, long datasetKey) throws IOException {
        try {
            return new Snapshot(connection, memory, limits, datasetKey);
        } catch (SQLException e) {
            discard(connection);
            throw new SnapshotFailed(e);
        } catch (RuntimeException e) {
            discard(connection);
            throw e;
        }
    }

    public DatasetFacts dataset() {
        return dataset;
    }

    public Instant takenAt() {
        return takenAt;
    }

    /**
     * Shows every item of the dataset to the visitor.
     *
     * @throws SnapshotFailed when the database breaks off, or after {@link #cancel()}
     */
    public void read(ItemVisitor visitor) throws IOException, InterruptedException {
        try (PreparedStatement statement = cursor(ITEMS, ITEMS_PER_FETCH)) {
            statement.setInt(1, WIDE);
            statement.setInt(2, WIDE);
            statement.setLong(3, dataset.key());
            try (ResultSet rows = run(statement)) {
                int wanted = FIRST_RUN;
                List<AnnotatedItem> run = new ArrayList<>();
                long runBytes = 0;
                while (!cancelled && rows.next()) {
                    AnnotatedItem item = item(rows);
                    run.add(item);
                    runBytes += item.itemOversized() ? 0 : ItemRows.bytes(rows);
                    if (run.size() >= wanted || runBytes >= limits.run()) {
                        long bytes = annotate(run, runBytes, visitor);
                        wanted = Math.clamp(Math.min(2L * wanted, run.size() * (long) limits.run() / Math.max(1, bytes)), 1, LONGEST_RUN);
                        run = new ArrayList<>();
                        runBytes = 0;
                    }
                }
                if (cancelled) {
                    throw wasCancelled();
                }
                if (!run.isEmpty()) {
                    annotate(run, runBytes, visitor);
                }
            }
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    /** Makes the thread that reads fail soon. Safe to call from any thread, at any time, also after {@link #close()}. */
    public void cancel() {
        cancelled = true;
        synchronized (connection) {
            if (closed) {
                return;
            }
            try {
                connection.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException e) {
                log.debug("Nothing to cancel", e);
            }
        }
    }

    @Override
    public void close() {
        synchronized (connection) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (cancelled) {
            dropFromPool(connection);
        }
        discard(connection);
    }

    /** A cancel request may reach the server late and hit the next user of the connection, so nobody may use it again. */
    private static void dropFromPool(Connection connection) {
        try {
            connection.unwrap(PgConnection.class).close();
        } catch (SQLException e) {
            log.debug("A cancelled connection was broken already", e);
        }
    }

    private static void discard(Connection connection) {
        try (connection) {
            connection.rollback();
        } catch (SQLException e) {
            log.debug("A broken connection was dropped", e);
        }
    }

    private AnnotatedItem item(ResultSet row) throws SQLException {
        int bytes = ItemRows.bytes(row);
        if (bytes > limits.row()) {
            return new AnnotatedItem(ItemRows.read(row), new ArrayList<>(), new ArrayList<>(), true);
        }
        if (bytes <= WIDE) {
            return new AnnotatedItem(ItemRows.read(row), new ArrayList<>(), new ArrayList<>(), false);
        }
        try (PreparedStatement statement = connection.prepareStatement(ITEM_BODY)) {
            statement.setLong(1, ItemRows.key(row));
            try (ResultSet body = run(statement)) {
                body.next();
                Item item = ItemRows.read(row, body.getBytes(1), body.getBytes(2));
                return new AnnotatedItem(item, new ArrayList<>(), new ArrayList<>(), false);
            }
        }
    }

    /** Fills in the annotations of some items and shows them. Returns their raw bytes. */
    private long annotate(List<AnnotatedItem> items, long itemBytes, ItemVisitor visitor)
            throws SQLException, IOException, InterruptedException {
        Run run = new Run(items, itemBytes, items.size() == 1 ? limits.item() : limits.item() / 2);
        run.readWideKeys();
        run.readNarrowRows();
        if (!run.fits()) {
            return annotateLess(items, itemBytes, visitor);
        }
        RowMemory.Lease lease = memory.lease(run.bytes);
        try {
            run.readWideRows();
            items.forEach(item -> inOrder(item.annotations()));
        } catch (SQLException | RuntimeException e) {
            lease.close();
            throw e;
        }
        visitor.items(items, lease);
        return run.bytes;
    }

    private long annotateLess(List<AnnotatedItem> items, long itemBytes, ItemVisitor visitor)
            throws SQLException, IOException, InterruptedException {
        items.forEach(item -> item.annotations().clear());
        if (items.size() == 1) {
            AnnotatedItem item = items.getFirst();
            item.oversized().addAll(oversized(item.item().key()));
            visitor.bigItem(item, new Slices(item.item().key()));
            return limits.item();
        }
        int half = items.size() / 2;
        long bytes = annotate(new ArrayList<>(items.subList(0, half)), itemBytes / 2, visitor);
        return bytes + annotate(new ArrayList<>(items.subList(half, items.size())), itemBytes / 2, visitor);
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
                items.put(item.item().key(), item);
            }
            keys = items.keySet().toArray(Long[]::new);
            Arrays.sort(keys);
            this.most = most;
            bytes = itemBytes + run.size() * (long) ROW_OVERHEAD;
        }

        boolean fits() {
            return bytes <= most;
        }

        void readWideKeys() throws SQLException {
            try (PreparedStatement statement = cursor(WIDE_KEYS, ROWS_PER_FETCH)) {
                statement.setArray(1, connection.createArrayOf("bigint", keys));
                try (ResultSet rows = run(statement)) {
                    while (fits() && rows.next()) {
                        WideRow row = new WideRow(rows.getInt(2), rows.getInt(3));
                        wide.computeIfAbsent(item(rows), any -> new ArrayList<>()).add(row);
                        bytes += ROW_OVERHEAD + (row.bytes() > limits.row() ? 0 : row.bytes());
                    }
                }
            }
        }

        void readNarrowRows() throws SQLException {
            if (!fits()) {
                return;
            }
            try (PreparedStatement statement = cursor(NARROW, ROWS_PER_FETCH)) {
                statement.setArray(1, connection.createArrayOf("bigint", keys));
                try (ResultSet rows = run(statement)) {
                    while (fits() && rows.next()) {
                        Annotation annotation = AnnotationRows.read(rows);
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
            try (PreparedStatement statement = connection.prepareStatement(NAMES)) {
                statement.setLong(1, item.item().key());
                statement.setArray(2, connection.createArrayOf("integer", oversized.toArray()));
                item.oversized().addAll(names(statement));
            }
        }
    }

    private List<Annotation> fetch(long itemKey, List<Integer> ordinals) throws SQLException {
        List<Annotation> annotations = new ArrayList<>(ordinals.size());
        try (PreparedStatement statement = connection.prepareStatement(BY_ORDINAL)) {
            statement.setLong(1, itemKey);
            statement.setArray(2, connection.createArrayOf("integer", ordinals.toArray()));
            try (ResultSet rows = run(statement)) {
                while (rows.next()) {
                    annotations.add(AnnotationRows.read(rows));
                }
            }
        }
        return annotations;
    }

    private List<Annotation> oversized(long itemKey) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OVERSIZED)) {
            statement.setLong(1, itemKey);
            statement.setInt(2, limits.row());
            return names(statement);
        }
    }

    private List<Annotation> names(PreparedStatement statement) throws SQLException {
        List<Annotation> names = new ArrayList<>();
        try (ResultSet rows = run(statement)) {
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
            visit(SLICES_IN_SOURCE_ORDER, visitor);
        }

        @Override
        public void byLabel(SliceVisitor visitor) throws IOException, InterruptedException {
            visit(SLICES_BY_LABEL, visitor);
        }

        private void visit(String sql, SliceVisitor visitor) throws IOException, InterruptedException {
            try (PreparedStatement statement = cursor(sql, 10 * ROWS_PER_FETCH)) {
                statement.setLong(1, itemKey);
                statement.setInt(2, limits.row());
                try (ResultSet rows = run(statement)) {
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

    private DatasetFacts readDataset(long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select id, name, dataset_revision(key), ontology, recipe from dataset where key = ?")) {
            statement.setLong(1, key);
            try (ResultSet row = run(statement)) {
                if (!row.next()) {
                    throw new DatasetGone();
                }
                return new DatasetFacts(
                        key, row.getString(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5), readLabels(key));
            }
        }
    }

    private List<Label> readLabels(long key) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select number, path, segments, color, folder, retired from label where dataset_key = ? order by number")) {
            statement.setLong(1, key);
            List<Label> labels = new ArrayList<>();
            try (ResultSet row = run(statement)) {
                while (row.next()) {
                    String[] segments = (String[]) row.getArray(3).getArray();
                    labels.add(new Label(
                            row.getInt(1), row.getString(2), List.of(segments), row.getString(4), row.getString(5), row.getBoolean(6)));
                }
            }
            return labels;
        }
    }

    private PreparedStatement cursor(String sql, int rowsPerFetch) throws SQLException {
        PreparedStatement statement =
                connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, ResultSet.CLOSE_CURSORS_AT_COMMIT);
        statement.setFetchSize(rowsPerFetch);
        return statement;
    }

    private ResultSet run(PreparedStatement statement) throws SQLException {
        if (cancelled) {
            throw wasCancelled();
        }
        return statement.executeQuery();
    }

    private static SQLException wasCancelled() {
        return new SQLException("The export was cancelled", "57014");
    }
}
