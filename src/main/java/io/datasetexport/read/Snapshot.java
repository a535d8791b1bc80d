package io.datasetexport.read;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Item;
import io.datasetexport.model.Label;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.SqlCondition;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One dataset at one instant: a read-only transaction at REPEATABLE READ, open until it is closed.
 *
 * <p>Items come by an index in export order, through a cursor or by {@code COPY}, in runs that {@link ItemAnnotations} completes. So the
 * first items arrive at once, rows that lie scattered are fetched page by page, and nothing is sorted on the server.
 *
 * <p>Used by one thread, except for {@link #cancel()}.
 */
public final class Snapshot implements AutoCloseable {

    private static final int ITEMS_PER_FETCH = 200;
    private static final int FIRST_RUN = 16;
    private static final int LONGEST_RUN = 400;
    private static final int LONGEST_COPY = 6400;
    private static final long LONGEST_COPY_BYTES = 24 << 20;
    /** Fewer, since what is left of a copy when no more can wait was sent in vain. */
    private static final int COPY_WHEN_MANY_WAIT = 800;
    private static final long MOST_WAITING_BYTES = 3 << 20;

    private static final String ITEMS = "select " + ItemRows.COLUMNS + " from item i where i.dataset_key = ? and ";
    private static final String IN_ORDER = " order by filename, id";
    private static final String ITEMS_BY_KEY = "select " + ItemRows.COLUMNS + " from item where key = any (?)";
    private static final String KEPT = KeptRows.SELECT + "i.dataset_key = ? and ";
    private static final String KEPT_BY_KEY = KeptRows.SELECT + "i.key = any (?)";
    private static final String ITEM_BODY = "select metadata, extra from item where key = ?";

    private final Session session;
    private final Consumer<Snapshot> whenClosed;
    private final RowMemory memory;
    private final ReadLimits limits;
    private final ItemChoice choice;
    private final DatasetFacts dataset;
    private final Instant takenAt;
    private @Nullable SqlCondition annotations;
    private @Nullable KeptRows kept;

    private Snapshot(Session session, RowMemory memory, ReadLimits limits, DatasetRef ref, Consumer<Snapshot> whenClosed)
            throws SQLException {
        this.session = session;
        this.whenClosed = whenClosed;
        this.memory = memory;
        this.limits = limits;
        session.set(ItemChoice.ON_THE_WAY + "set local jit = off; set local timezone = 'UTC'; set local datestyle = 'ISO';"
                + " set local idle_in_transaction_session_timeout = 0");
        try (PreparedStatement statement = session.prepare("select transaction_timestamp()"); ResultSet now = session.run(statement)) {
            now.next();
            takenAt = now.getObject(1, OffsetDateTime.class).toInstant();
        }
        dataset = readDataset(ref.key());
        choice = new ItemChoice(session, limits, ref);
    }

    /**
     * Opens a snapshot on a connection that belongs to it.
     *
     * @throws DatasetGone when the dataset was deleted meanwhile
     * @throws SnapshotFailed when no connection can be had, or the database can't
     */
    static Snapshot open(DataSource pool, RowMemory memory, ReadLimits limits, DatasetRef ref, Consumer<Snapshot> whenClosed)
            throws IOException {
        Session session = null;
        Snapshot opened = null;
        try {
            session = Session.open(pool);
            opened = new Snapshot(session, memory, limits, ref, whenClosed);
            return opened;
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        } finally {
            if (opened == null && session != null) {
                session.close();
            }
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
        return choice.byId(ids);
    }

    /**
     * Chooses the items that a query finds. What can go wrong with the query does so here, or it finds so many items that it went well
     * for thousands.
     *
     * @throws SnapshotFailed when the database can't, or takes too long
     */
    public void chooseItems(Query query) throws IOException {
        choice.byQuery(query);
    }

    /**
     * The chosen items whose files are not in the service's own store.
     *
     * @param named so many of them are named, in export order
     * @throws SnapshotFailed when the database can't, or takes too long
     */
    public ForeignFiles foreignFiles(int named) throws IOException {
        return choice.foreignFiles(named);
    }

    /**
     * Items whose files can't be sent.
     *
     * @param external kept by the customer or at a URL
     * @param missing never uploaded
     * @param some ids of the first ones
     */
    public record ForeignFiles(long external, long missing, List<String> some) {}

    /** Leaves out the annotations that a query does not find; items stay. */
    public void chooseAnnotations(Query query) {
        annotations = SqlCondition.of(query, dataset.key(), dataset.id());
    }

    /** Shows items by the documents of this variant that are kept of them, where they are still true. */
    public void showKept(long variant) {
        kept = new KeptRows(session, variant);
    }

    /**
     * Counts what {@link #read} would show, from stored facts alone.
     *
     * @throws SnapshotFailed when the database can't, or takes too long
     */
    public Census census() throws IOException {
        return Census.take(session.connection(), new Census.Chosen(dataset.key(), choice.condition(), annotations, choice.keys(), choice.missing().size()),
                limits);
    }

    /**
     * Shows the chosen items to the visitor; every one that isn't hidden and is a file when none were chosen.
     *
     * @throws SnapshotFailed when the database breaks off, or after {@link #cancel()}
     */
    public void read(ItemVisitor visitor) throws IOException, InterruptedException {
        read(visitor, AnnotationParts.ALL);
    }

    /**
     * As {@link #read(ItemVisitor)}.
     *
     * @param parts what the visitor needs of the annotations
     */
    public void read(ItemVisitor visitor, AnnotationParts parts) throws IOException, InterruptedException {
        if (!choice.missing().isEmpty()) {
            visitor.missingItems(choice.missing());
        }
        choice.lookUpAssigned();
        try {
            Runs runs = new Runs(visitor, parts);
            long[] keys = choice.keys();
            if (keys != null) {
                readByKey(keys, runs);
            } else if (kept != null && choice.isWhole()) {
                copyKept(kept, runs);
            } else if (kept != null) {
                readKeptOnTheWay(kept, runs);
            } else {
                readOnTheWay(runs);
            }
            session.requireNotCancelled();
            runs.handOver();
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
        Long[] chosen = Arrays.stream(Objects.requireNonNull(choice.keys(), "No items were chosen")).boxed().toArray(Long[]::new);
        Map<Long, Sized> found = HashMap.newHashMap(chosen.length);
        try {
            itemsByKey(chosen, found);
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
        return Arrays.stream(chosen).map(key -> Objects.requireNonNull(found.get(key)).item()).toList();
    }

    private void readOnTheWay(Runs runs) throws SQLException, IOException, InterruptedException {
        try (PreparedStatement statement = session.cursor(ITEMS + choice.condition().text() + IN_ORDER, ITEMS_PER_FETCH)) {
            statement.setInt(1, ItemAnnotations.WIDE);
            statement.setInt(2, ItemAnnotations.WIDE);
            statement.setLong(3, dataset.key());
            Session.bind(choice.condition(), statement, 4);
            try (ResultSet rows = session.run(statement)) {
                while (!session.cancelled() && rows.next()) {
                    runs.add(item(rows), ItemRows.bytes(rows));
                }
            }
        }
    }

    private void readKeptOnTheWay(KeptRows documents, Runs runs) throws SQLException, IOException, InterruptedException {
        try (PreparedStatement statement = session.cursor(KEPT + choice.condition().text() + IN_ORDER, ITEMS_PER_FETCH)) {
            int next = documents.prepare(statement);
            statement.setLong(next, dataset.key());
            Session.bind(choice.condition(), statement, next + 1);
            try (ResultSet rows = session.run(statement)) {
                Batch batch = new Batch();
                while (!session.cancelled() && rows.next()) {
                    batch.add(KeptRows.key(rows), documents.read(rows));
                    if (batch.size() == ITEMS_PER_FETCH) {
                        batch.addTo(runs);
                        batch = new Batch();
                    }
                }
                batch.addTo(runs);
            }
        }
    }

    /** An item without a document, and what comes behind it, waits until the server sends no more and can be asked for its row. */
    private void copyKept(KeptRows documents, Runs runs) throws SQLException, IOException, InterruptedException {
        KeptCopy copy = new KeptCopy(session, dataset.key(), documents.variant(), choice.condition());
        int asked = ITEMS_PER_FETCH;
        boolean last = false;
        while (!last) {
            Batch waiting = new Batch();
            int taken;
            long most;
            try (KeptCopy.Block block = copy.next(asked)) {
                while (!session.cancelled() && !waiting.isFull() && block.next()) {
                    AnnotatedItem item = block.item();
                    if (item != null && waiting.isEmpty()) {
                        runs.add(item, Objects.requireNonNull(item.document()).deflated().length);
                    } else {
                        waiting.add(block.key(), item);
                    }
                }
                taken = block.taken();
                most = Math.clamp(LONGEST_COPY_BYTES * taken / Math.max(1, block.sentBytes()), 1, LONGEST_COPY);
            }
            last = !waiting.isFull() && taken < asked;
            asked = (int) Math.min(most, waiting.isFull() ? Math.min(taken, COPY_WHEN_MANY_WAIT) : 2 * asked);
            if (!waiting.isEmpty()) {
                session.set(ItemChoice.ON_THE_WAY);
                waiting.addTo(runs);
                runs.handOver();
            }
        }
    }

    private void readByKey(long[] inOrder, Runs runs) throws SQLException, IOException, InterruptedException {
        for (int from = 0; from < inOrder.length && !session.cancelled(); from += ITEMS_PER_FETCH) {
            List<Long> some = Arrays.stream(inOrder, from, Math.min(inOrder.length, from + ITEMS_PER_FETCH)).boxed().toList();
            Map<Long, AnnotatedItem> found = HashMap.newHashMap(some.size());
            if (kept != null) {
                try (PreparedStatement statement = session.prepare(KEPT_BY_KEY)) {
                    statement.setArray(kept.prepare(statement), session.array("bigint", some.toArray()));
                    try (ResultSet rows = session.run(statement)) {
                        while (rows.next()) {
                            found.put(KeptRows.key(rows), kept.read(rows));
                        }
                    }
                }
            }
            Batch batch = new Batch();
            some.forEach(key -> batch.add(key, found.get(key)));
            batch.addTo(runs);
        }
    }

    /** An item and the bytes that its row has, or its document. */
    private record Sized(AnnotatedItem item, int bytes) {}

    /** Items in order of which some have no document: the rows of those are read together. */
    private final class Batch {

        private final List<Long> inOrder = new ArrayList<>();
        private final Map<Long, Sized> found = new HashMap<>();
        private long bytes;

        void add(Long key, @Nullable AnnotatedItem item) {
            inOrder.add(key);
            if (item != null) {
                int size = Objects.requireNonNull(item.document()).deflated().length;
                found.put(key, new Sized(item, size));
                bytes += size;
            }
        }

        int size() {
            return inOrder.size();
        }

        boolean isEmpty() {
            return inOrder.isEmpty();
        }

        boolean isFull() {
            return bytes >= MOST_WAITING_BYTES;
        }

        void addTo(Runs runs) throws SQLException, IOException, InterruptedException {
            for (int from = 0; from < inOrder.size(); from += ITEMS_PER_FETCH) {
                List<Long> some = inOrder.subList(from, Math.min(inOrder.size(), from + ITEMS_PER_FETCH));
                Long[] rest = some.stream().filter(key -> !found.containsKey(key)).toArray(Long[]::new);
                Map<Long, Sized> rows = HashMap.newHashMap(rest.length);
                if (rest.length > 0) {
                    itemsByKey(rest, rows);
                }
                for (Long key : some) {
                    Sized item = Objects.requireNonNull(found.getOrDefault(key, rows.get(key)));
                    runs.add(item.item(), item.bytes());
                }
            }
        }
    }

    private void itemsByKey(Long[] some, Map<Long, Sized> found) throws SQLException {
        try (PreparedStatement statement = session.prepare(ITEMS_BY_KEY)) {
            statement.setInt(1, ItemAnnotations.WIDE);
            statement.setInt(2, ItemAnnotations.WIDE);
            statement.setArray(3, session.array("bigint", some));
            try (ResultSet rows = session.run(statement)) {
                while (rows.next()) {
                    found.put(ItemRows.key(rows), new Sized(item(rows), ItemRows.bytes(rows)));
                }
            }
        }
    }

    /** Items on their way to the visitor, in runs that grow from a few to what fits. */
    private final class Runs {

        private final ItemAnnotations source;
        private final ItemVisitor visitor;
        private List<AnnotatedItem> run = new ArrayList<>();
        private long runBytes;
        private int wanted = FIRST_RUN;

        Runs(ItemVisitor visitor, AnnotationParts parts) {
            source = new ItemAnnotations(session, memory, limits, annotations, parts);
            this.visitor = visitor;
        }

        void add(AnnotatedItem item, int bytes) throws SQLException, IOException, InterruptedException {
            run.add(item);
            runBytes += item.itemOversized() ? 0 : bytes;
            if (run.size() >= wanted || runBytes >= limits.run()) {
                int items = run.size();
                long read = handOver();
                wanted = Math.clamp(Math.min(2L * wanted, items * (long) limits.run() / Math.max(1, read)), 1, LONGEST_RUN);
            }
        }

        /** Hands over what is there, however little; returns its raw bytes. */
        long handOver() throws SQLException, IOException, InterruptedException {
            if (run.isEmpty()) {
                return 0;
            }
            long read = source.show(run, runBytes, visitor);
            run = new ArrayList<>();
            runBytes = 0;
            return read;
        }
    }

    /** Makes the thread that reads fail soon. Safe to call from any thread, at any time, also after {@link #close()}. */
    public void cancel() {
        session.cancel();
    }

    @Override
    public void close() {
        whenClosed.accept(this);
        session.close();
    }

    private AnnotatedItem item(ResultSet row) throws SQLException {
        int bytes = ItemRows.bytes(row);
        boolean oversized = bytes > limits.row();
        Item item = oversized || bytes <= ItemAnnotations.WIDE ? ItemRows.read(row) : wideItem(row);
        return new AnnotatedItem(item, ItemRows.changed(row), new ArrayList<>(), new ArrayList<>(), oversized, null);
    }

    private Item wideItem(ResultSet row) throws SQLException {
        try (PreparedStatement statement = session.prepare(ITEM_BODY)) {
            statement.setLong(1, ItemRows.key(row));
            try (ResultSet body = session.run(statement)) {
                body.next();
                return ItemRows.read(row, body.getBytes(1), body.getBytes(2));
            }
        }
    }

    private DatasetFacts readDataset(long key) throws SQLException {
        try (PreparedStatement statement = session.prepare(
                "select id, name, dataset_revision(key), ontology, recipe from dataset where key = ?")) {
            statement.setLong(1, key);
            try (ResultSet row = session.run(statement)) {
                if (!row.next()) {
                    throw new DatasetGone();
                }
                return new DatasetFacts(
                        key, row.getString(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5), readLabels(key));
            }
        }
    }

    private List<Label> readLabels(long key) throws SQLException {
        try (PreparedStatement statement = session.prepare(
                "select number, path, segments, color, folder, retired from label where dataset_key = ? order by number")) {
            statement.setLong(1, key);
            List<Label> labels = new ArrayList<>();
            try (ResultSet row = session.run(statement)) {
                while (row.next()) {
                    String[] segments = (String[]) row.getArray(3).getArray();
                    labels.add(new Label(
                            row.getInt(1), row.getString(2), List.of(segments), row.getString(4), row.getString(5), row.getBoolean(6)));
                }
            }
            return labels;
        }
    }

}
