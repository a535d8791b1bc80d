package io.datasetexport.read;

import io.datasetexport.model.Item;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The chosen items of a snapshot, read in export order and handed over in runs that {@link ItemAnnotations} completes.
 *
 * <p>They come through a cursor by an index in that order, by their keys where those are known, or, where documents are kept of a whole
 * dataset, by {@code COPY}. So the first items arrive at once, rows that lie scattered are fetched page by page, and nothing is sorted on
 * the server.
 *
 * <p>Used by one thread.
 */
final class ItemReading {

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
    private final ReadLimits limits;
    private final ItemChoice choice;
    private final long dataset;
    private final @Nullable KeptRows kept;

    /**
     * @param dataset the database's own key
     * @param kept documents that stand for their items; null where none do
     */
    ItemReading(Session session, ReadLimits limits, ItemChoice choice, long dataset, @Nullable KeptRows kept) {
        this.session = session;
        this.limits = limits;
        this.choice = choice;
        this.dataset = dataset;
        this.kept = kept;
    }

    /** Shows them to the visitor with their annotations. */
    void show(ItemAnnotations annotations, ItemVisitor visitor) throws SQLException, IOException, InterruptedException {
        Runs runs = new Runs(annotations, visitor);
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
    }

    /** Those that were chosen by id, without their annotations. */
    List<AnnotatedItem> alone() throws SQLException {
        Long[] chosen = Arrays.stream(Objects.requireNonNull(choice.keys(), "No items were chosen")).boxed().toArray(Long[]::new);
        Map<Long, Sized> found = HashMap.newHashMap(chosen.length);
        itemsByKey(chosen, found);
        return Arrays.stream(chosen).map(key -> Objects.requireNonNull(found.get(key)).item()).toList();
    }

    private void readOnTheWay(Runs runs) throws SQLException, IOException, InterruptedException {
        try (PreparedStatement statement = session.cursor(ITEMS + choice.condition().text() + IN_ORDER, ITEMS_PER_FETCH)) {
            statement.setInt(1, ItemAnnotations.WIDE);
            statement.setInt(2, ItemAnnotations.WIDE);
            statement.setLong(3, dataset);
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
            statement.setLong(next, dataset);
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
        KeptCopy copy = new KeptCopy(session, dataset, documents.variant(), choice.condition());
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

        private final ItemAnnotations annotations;
        private final ItemVisitor visitor;
        private List<AnnotatedItem> run = new ArrayList<>();
        private long runBytes;
        private int wanted = FIRST_RUN;

        Runs(ItemAnnotations annotations, ItemVisitor visitor) {
            this.annotations = annotations;
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
            long read = annotations.show(run, runBytes, visitor);
            run = new ArrayList<>();
            runBytes = 0;
            return read;
        }
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
}
