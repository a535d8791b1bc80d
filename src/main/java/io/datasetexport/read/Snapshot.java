package io.datasetexport.read;

import com.zaxxer.hikari.HikariDataSource;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.SqlCondition;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
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
    /** So many items are looked up before they are read; in a dataset where more are found, the next one is never far. */
    private static final int FEW = 2000;
    /** What an object costs beside its bytes. */
    private static final int ROW_OVERHEAD = 400;

    private static final String ITEMS = "select " + ItemRows.COLUMNS + " from item i where i.dataset_key = ? and ";
    private static final String IN_ORDER = " order by filename, id";
    private static final String ITEMS_BY_KEY = "select " + ItemRows.COLUMNS + " from item where key = any (?)";
    // The inner queries are to be found before they are sorted: an index in the order of the outer would read the whole dataset.
    private static final String KEYS_BY_ID =
            "select key, id from (select i.key, i.filename, i.id from item i where i.dataset_key = ? and i.id = any (?) and %s offset 0) found" + IN_ORDER;
    private static final String FEW_KEYS = "select key from (select i.key, i.filename, i.id from item i where i.dataset_key = ? and ";
    private static final String NOT_MORE = " limit ?) found" + IN_ORDER;
    private static final String ITEM_BODY = "select metadata, extra from item where key = ?";
    private static final String NARROW =
            "select " + AnnotationRows.COLUMNS + " from annotation a where a.item_key = any (?) and a.bytes <= " + WIDE;
    private static final String WIDE_KEYS =
            "select a.item_key, a.ordinal, a.bytes from annotation a where a.item_key = any (?) and a.bytes > " + WIDE;
    private static final String BY_ORDINAL =
            "select " + AnnotationRows.COLUMNS + " from annotation a where a.item_key = ? and a.ordinal = any (?)";
    private static final String NAMES = "select a.ordinal, left(a.id, 200), left(a.type, 200), left(a.label, 200), a.bytes from annotation a"
            + " where a.item_key = ? and ";
    private static final String NAMES_BY_ORDINAL = NAMES + "a.ordinal = any (?)";
    private static final String OVERSIZED = NAMES + "a.bytes > ?";
    private static final String ORDINALS = "select a.ordinal, a.bytes from annotation a where a.item_key = ? and a.bytes <= ?";
    private static final String BY_SOURCE = " order by a.ordinal";
    private static final String BY_LABEL = " order by coalesce(a.label, '') collate \"C\", a.ordinal";

    /** Without sorts and joins in memory the plan is the one by the index, whose first row comes at once. */
    private static final String ROW_BY_ROW = "set local enable_sort = off; set local enable_hashjoin = off;"
            + " set local enable_material = off; set local max_parallel_workers_per_gather = 0; set local statement_timeout = '60s'; ";

    private static final String ANY_PLAN = "set local enable_sort = on; set local enable_hashjoin = on; set local enable_material = on; ";

    private final DataSource pool;
    private final Connection connection;
    private final Consumer<Snapshot> whenClosed;
    private final RowMemory memory;
    private final ReadLimits limits;
    private final DatasetRef ref;
    private final DatasetFacts dataset;
    private final Instant takenAt;
    private SqlCondition items;
    private @Nullable SqlCondition annotations;
    private long @Nullable [] keys;
    private List<String> missing = List.of();
    private volatile boolean cancelled;
    private boolean looked;
    private boolean closed;

    private Snapshot(
            DataSource pool, Connection connection, RowMemory memory, ReadLimits limits, DatasetRef ref, Consumer<Snapshot> whenClosed)
            throws SQLException {
        this.pool = pool;
        this.whenClosed = whenClosed;
        this.connection = connection;
        this.ref = ref;
        this.memory = memory;
        this.limits = limits;
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(ROW_BY_ROW + "set local jit = off; set local timezone = 'UTC'; set local datestyle = 'ISO';"
                    + " set local idle_in_transaction_session_timeout = 0");
            try (ResultSet now = statement.executeQuery("select transaction_timestamp()")) {
                now.next();
                takenAt = now.getObject(1, OffsetDateTime.class).toInstant();
            }
        }
        dataset = readDataset(ref.key());
        items = VisibleItems.of(Query.wholeDataset(), ref);
    }

    /**
     * Opens a snapshot on a connection that belongs to it.
     *
     * @throws DatasetGone when the dataset was deleted meanwhile
     * @throws SnapshotFailed when no connection can be had, or the database can't
     */
    static Snapshot open(DataSource pool, RowMemory memory, ReadLimits limits, DatasetRef ref, Consumer<Snapshot> whenClosed)
            throws IOException {
        Connection connection;
        try {
            connection = pool.getConnection();
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
        try {
            return new Snapshot(pool, connection, memory, limits, ref, whenClosed);
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
     * Chooses items by their ids, hidden ones too.
     *
     * @return the ids that are not there, in the order given
     * @throws SnapshotFailed when the database can't
     */
    public List<String> chooseItems(List<String> ids) throws IOException {
        SqlCondition visible = VisibleItems.of(ref);
        try (PreparedStatement statement = connection.prepareStatement(KEYS_BY_ID.formatted(visible.text()))) {
            statement.setLong(1, dataset.key());
            statement.setArray(2, connection.createArrayOf("text", ids.toArray()));
            bind(visible, statement, 3);
            List<Long> found = new ArrayList<>(ids.size());
            Set<String> unknown = new LinkedHashSet<>(ids);
            try (ResultSet rows = run(statement)) {
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

    /**
     * Chooses the items that a query finds. What can go wrong with the query does so here, or it finds so many items that it went well
     * for thousands.
     *
     * <p>A few items are looked up now, by whatever index finds them; many are met on the way through the dataset.
     *
     * @throws SnapshotFailed when the database can't, or takes too long
     */
    public void chooseItems(Query query) throws IOException {
        SqlCondition wanted = VisibleItems.of(query, ref);
        items = wanted;
        looked = true;
        if (!VisibleItems.selects(query, ref)) {
            return;
        }
        try {
            set(ANY_PLAN + limits.queryTimeout());
            try (PreparedStatement statement = connection.prepareStatement(FEW_KEYS + wanted.text() + NOT_MORE)) {
                statement.setLong(1, dataset.key());
                statement.setInt(bind(wanted, statement, 2), FEW + 1);
                List<Long> found = new ArrayList<>();
                try (ResultSet rows = run(statement)) {
                    while (rows.next()) {
                        found.add(rows.getLong(1));
                    }
                }
                keys = found.size() > FEW ? null : found.stream().mapToLong(Long::longValue).toArray();
            }
            set(ROW_BY_ROW);
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    /**
     * The chosen items whose files are not in the service's own store.
     *
     * @param named so many of them are named, in export order
     * @throws SnapshotFailed when the database can't, or takes too long
     */
    public ForeignFiles foreignFiles(int named) throws IOException {
        SqlCondition chosen = keys == null ? items : null;
        String where = " from item i where " + (chosen == null ? "i.key = any (?)" : "i.dataset_key = ? and " + chosen.text())
                + " and i.storage <> 'own'";
        try {
            set(ANY_PLAN + limits.queryTimeout());
            long external = 0;
            long missingFiles = 0;
            List<String> ids = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "select count(*) filter (where i.storage = 'external'), count(*) filter (where i.storage = 'none')" + where)) {
                bindChosen(chosen, statement);
                try (ResultSet counts = run(statement)) {
                    counts.next();
                    external = counts.getLong(1);
                    missingFiles = counts.getLong(2);
                }
            }
            if (external + missingFiles > 0) {
                try (PreparedStatement statement = connection.prepareStatement("select i.id" + where + " order by i.filename, i.id limit " + named)) {
                    bindChosen(chosen, statement);
                    try (ResultSet rows = run(statement)) {
                        while (rows.next()) {
                            ids.add(rows.getString(1));
                        }
                    }
                }
            }
            set(ROW_BY_ROW);
            return new ForeignFiles(external, missingFiles, ids);
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    /**
     * Items whose files can't be sent.
     *
     * @param external kept by the customer or at a URL
     * @param missing never uploaded
     * @param some ids of the first ones
     */
    public record ForeignFiles(long external, long missing, List<String> some) {}

    private void bindChosen(@Nullable SqlCondition chosen, PreparedStatement statement) throws SQLException {
        if (chosen == null) {
            Object[] some = Arrays.stream(Objects.requireNonNull(keys)).boxed().toArray();
            statement.setArray(1, connection.createArrayOf("bigint", some));
        } else {
            statement.setLong(1, dataset.key());
            bind(chosen, statement, 2);
        }
    }

    /** Leaves out the annotations that a query does not find; items stay. */
    public void chooseAnnotations(Query query) {
        annotations = SqlCondition.of(query, dataset.key(), dataset.id());
    }

    /**
     * Counts what {@link #read} would show, from stored facts alone.
     *
     * @throws SnapshotFailed when the database can't, or takes too long
     */
    public Census census() throws IOException {
        return Census.take(connection, new Census.Chosen(dataset.key(), items, annotations, keys, missing.size()), limits);
    }

    /**
     * Shows the chosen items to the visitor; every one that isn't hidden and is a file when none were chosen.
     *
     * @throws SnapshotFailed when the database breaks off, or after {@link #cancel()}
     */
    public void read(ItemVisitor visitor) throws IOException, InterruptedException {
        if (!missing.isEmpty()) {
            visitor.missingItems(missing);
        }
        if (!looked && keys == null && ref.assignee() != null) {
            chooseItems(Query.wholeDataset());
        }
        try {
            Runs runs = new Runs(visitor);
            if (keys == null) {
                readOnTheWay(runs);
            } else {
                readByKey(keys, runs);
            }
            if (cancelled) {
                throw wasCancelled();
            }
            runs.end();
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    /**
     * The items {@linkplain #chooseItems(List) chosen} by id, without their annotations.
     *
     * @throws SnapshotFailed when the database can't
     */
    public List<AnnotatedItem> readItemsAlone() throws IOException {
        Long[] chosen = Arrays.stream(Objects.requireNonNull(keys, "No items were chosen")).boxed().toArray(Long[]::new);
        Map<Long, AnnotatedItem> found = HashMap.newHashMap(chosen.length);
        try {
            itemsByKey(chosen, found, new HashMap<>());
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
        return Arrays.stream(chosen).map(key -> Objects.requireNonNull(found.get(key))).toList();
    }

    private void readOnTheWay(Runs runs) throws SQLException, IOException, InterruptedException {
        try (PreparedStatement statement = cursor(ITEMS + items.text() + IN_ORDER, ITEMS_PER_FETCH)) {
            statement.setInt(1, WIDE);
            statement.setInt(2, WIDE);
            statement.setLong(3, dataset.key());
            bind(items, statement, 4);
            try (ResultSet rows = run(statement)) {
                while (!cancelled && rows.next()) {
                    runs.add(item(rows), ItemRows.bytes(rows));
                }
            }
        }
    }

    private void readByKey(long[] inOrder, Runs runs) throws SQLException, IOException, InterruptedException {
        for (int from = 0; from < inOrder.length && !cancelled; from += ITEMS_PER_FETCH) {
            Long[] some = Arrays.stream(inOrder, from, Math.min(inOrder.length, from + ITEMS_PER_FETCH)).boxed().toArray(Long[]::new);
            Map<Long, AnnotatedItem> found = HashMap.newHashMap(some.length);
            Map<Long, Integer> sizes = HashMap.newHashMap(some.length);
            itemsByKey(some, found, sizes);
            for (Long key : some) {
                runs.add(Objects.requireNonNull(found.get(key)), Objects.requireNonNull(sizes.get(key)));
            }
        }
    }

    private void itemsByKey(Long[] some, Map<Long, AnnotatedItem> found, Map<Long, Integer> sizes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ITEMS_BY_KEY)) {
            statement.setInt(1, WIDE);
            statement.setInt(2, WIDE);
            statement.setArray(3, connection.createArrayOf("bigint", some));
            try (ResultSet rows = run(statement)) {
                while (rows.next()) {
                    found.put(ItemRows.key(rows), item(rows));
                    sizes.put(ItemRows.key(rows), ItemRows.bytes(rows));
                }
            }
        }
    }

    /** Items on their way to the visitor, in runs that grow from a few to what fits. */
    private final class Runs {

        private final ItemVisitor visitor;
        private List<AnnotatedItem> run = new ArrayList<>();
        private long runBytes;
        private int wanted = FIRST_RUN;

        Runs(ItemVisitor visitor) {
            this.visitor = visitor;
        }

        void add(AnnotatedItem item, int bytes) throws SQLException, IOException, InterruptedException {
            run.add(item);
            runBytes += item.itemOversized() ? 0 : bytes;
            if (run.size() >= wanted || runBytes >= limits.run()) {
                long read = annotate(run, runBytes, visitor);
                wanted = Math.clamp(Math.min(2L * wanted, run.size() * (long) limits.run() / Math.max(1, read)), 1, LONGEST_RUN);
                run = new ArrayList<>();
                runBytes = 0;
            }
        }

        void end() throws SQLException, IOException, InterruptedException {
            if (!run.isEmpty()) {
                annotate(run, runBytes, visitor);
            }
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
        whenClosed.accept(this);
        if (cancelled) {
            dropFromPool();
        } else {
            discard(connection);
        }
    }

    /** A cancel request may reach the server late and hit the next user of the connection, so nobody may use it again. */
    private void dropFromPool() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            log.debug("A cancelled connection was broken already", e);
        }
        if (pool instanceof HikariDataSource hikari) {
            hikari.evictConnection(connection);
        } else {
            discard(connection);
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
            try (PreparedStatement statement = cursor(kept(WIDE_KEYS), ROWS_PER_FETCH)) {
                statement.setArray(1, connection.createArrayOf("bigint", keys));
                bindKept(statement, 2);
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
            try (PreparedStatement statement = cursor(kept(NARROW), ROWS_PER_FETCH)) {
                statement.setArray(1, connection.createArrayOf("bigint", keys));
                bindKept(statement, 2);
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
            try (PreparedStatement statement = connection.prepareStatement(NAMES_BY_ORDINAL)) {
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
        try (PreparedStatement statement = connection.prepareStatement(kept(OVERSIZED) + BY_SOURCE)) {
            statement.setLong(1, itemKey);
            statement.setInt(2, limits.row());
            bindKept(statement, 3);
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
            visit(BY_SOURCE, visitor);
        }

        @Override
        public void byLabel(SliceVisitor visitor) throws IOException, InterruptedException {
            visit(BY_LABEL, visitor);
        }

        private void visit(String order, SliceVisitor visitor) throws IOException, InterruptedException {
            try (PreparedStatement statement = cursor(kept(ORDINALS) + order, 10 * ROWS_PER_FETCH)) {
                statement.setLong(1, itemKey);
                statement.setInt(2, limits.row());
                bindKept(statement, 3);
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

    /** The statement, with the condition on annotations; {@link #bindKept} binds its values, which are the last ones. */
    private String kept(String statement) {
        if (annotations == null) {
            return statement;
        }
        return annotations.needsItem()
                ? statement + " and exists (select from item i where i.key = a.item_key and " + annotations.text() + ")"
                : statement + " and " + annotations.text();
    }

    private void bindKept(PreparedStatement statement, int from) throws SQLException {
        if (annotations != null) {
            bind(annotations, statement, from);
        }
    }

    /** Returns the index of the next parameter. */
    static int bind(SqlCondition condition, PreparedStatement statement, int from) throws SQLException {
        int index = from;
        for (Object value : condition.values()) {
            statement.setObject(index++, value);
        }
        return index;
    }

    private void set(String settings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
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
