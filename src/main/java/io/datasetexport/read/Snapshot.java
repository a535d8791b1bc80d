package io.datasetexport.read;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.DatasetFacts;
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
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One dataset at one instant: a read-only transaction at REPEATABLE READ, open until it is closed.
 *
 * <p>Used by one thread, except for {@link #cancel()}.
 */
public final class Snapshot implements AutoCloseable {

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
            reading().show(new ItemAnnotations(session, memory, limits, annotations, parts), visitor);
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
        try {
            return reading().alone();
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    private ItemReading reading() {
        return new ItemReading(session, limits, choice, dataset.key(), kept);
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
