package io.datasetexport.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.selection.Query;
import io.datasetexport.selection.Resource;
import io.datasetexport.selection.SortKey;
import io.datasetexport.selection.SqlCondition;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads pages of what a query finds, each in a snapshot of its own, on the API's connections.
 *
 * <p>Without a sort of their own, rows come in the order of an export. A few rows are found first and sorted then, by whatever index
 * finds them; many are met in their order. A page that follows one that was shown starts where that one ended.
 */
@Component
public class QueryPages {

    private static final int FEW = 2000;
    private static final int WIDE = 8192;
    private static final int ROWS_PER_FETCH = 200;

    private static final String EXPORT_ORDER = "i.filename, i.id, a.ordinal";

    private static final String ITEMS = " from item i where i.dataset_key = ? and ";
    private static final String ITEMS_BY_KEY = " from item i where i.dataset_key = ? and i.key = any (?)";
    private static final String ITEM_BODY = "select metadata, extra from item where key = ?";
    private static final String ANNOTATIONS =
            " from item i join annotation a on a.item_key = i.key and a.dataset_key = i.dataset_key where i.dataset_key = ? and ";
    private static final String ANNOTATIONS_BY_KEY = " from unnest(?::bigint[], ?::integer[]) with ordinality k(item_key, ordinal, place)"
            + " join annotation a on a.item_key = k.item_key and a.ordinal = k.ordinal join item i on i.key = a.item_key";
    private static final String ANNOTATION_ROWS = "select " + AnnotationRows.COLUMNS + ", i.id, i.creator, i.created_at" + ANNOTATIONS_BY_KEY
            + " order by k.place";
    private static final String ANNOTATION_NAMES = "select a.ordinal, left(a.id, 200), left(a.type, 200), left(a.label, 200), a.bytes,"
            + " i.id, i.creator, i.created_at" + ANNOTATIONS_BY_KEY;

    private final DataSource database;
    private final ReadLimits limits;
    private final PageMarks marks = new PageMarks();

    public QueryPages(DataSource database, ReadLimits limits) {
        this.database = database;
        this.limits = limits;
    }

    /**
     * What is known of a page beside its rows.
     *
     * @param total how many rows the query finds; null when that was not asked
     */
    public record Page(@Nullable Long total, boolean hasNext) {}

    /** Is shown the rows of a page in their order. */
    public interface Reader<R> {
        void row(R row) throws IOException;
    }

    /**
     * Shows the items of a page. One that is larger than a row may be has no metadata.
     *
     * @throws SnapshotFailed when the database can't, or the query takes too long
     */
    public Page items(DatasetRef dataset, Query query, Reader<Item> reader) throws IOException {
        require(query, Resource.ITEMS);
        return read(dataset, query, reading -> reading.items(reader));
    }

    /**
     * Shows the annotations of a page. Of one that is larger than a row may be there are id, type and label.
     *
     * @throws SnapshotFailed when the database can't, or the query takes too long
     */
    public Page annotations(DatasetRef dataset, Query query, Reader<FoundAnnotation> reader) throws IOException {
        require(query, Resource.ANNOTATIONS);
        return read(dataset, query, reading -> reading.annotations(reader));
    }

    private static void require(Query query, Resource resource) {
        if (query.resource() != resource) {
            throw new IllegalArgumentException("A query for " + query.resource());
        }
    }

    private interface Work {
        Page in(Reading reading) throws SQLException, IOException;
    }

    private Page read(DatasetRef dataset, Query query, Work work) throws IOException {
        try (Connection connection = database.getConnection()) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(limits.queryTimeout() + "set local jit = off; set local timezone = 'UTC'; set local datestyle = 'ISO'");
            }
            try {
                return work.in(new Reading(connection, dataset, query));
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    /** One page being read. */
    private final class Reading {

        private final Connection connection;
        private final DatasetRef dataset;
        private final Query query;
        private final SqlCondition condition;
        private final long offset;

        Reading(Connection connection, DatasetRef dataset, Query query) {
            this.connection = connection;
            this.dataset = dataset;
            this.query = query;
            this.condition = VisibleItems.of(query, dataset);
            this.offset = (long) query.page() * query.pageSize();
        }

        Page items(Reader<Item> reader) throws SQLException, IOException {
            List<Place> few = few("select i.key, 0" + ITEMS);
            Long total = total(few, ITEMS);
            if (query.pageSize() == 0) {
                return new Page(total, false);
            }
            PageMarks.@Nullable Walk walk = few == null ? PageMarks.Walk.of(dataset.key(), revision(), query) : null;
            PageMarks.@Nullable Mark mark = walk == null ? null : marks.before(walk, query.page());
            String rows = few == null ? ITEMS + condition.text() + (mark == null ? "" : " and " + mark.condition()) : ITEMS_BY_KEY;
            String order = " order by " + ordered(query.itemOrder()) + " limit ? offset ?";
            if (few == null) {
                try (Statement plans = connection.createStatement()) {
                    plans.execute(Session.ROW_BY_ROW);
                }
            }
            Item last = null;
            boolean hasNext = false;
            try (PreparedStatement statement = cursor("select " + ItemRows.COLUMNS + rows + order)) {
                statement.setInt(1, WIDE);
                statement.setInt(2, WIDE);
                statement.setLong(3, dataset.key());
                int next;
                if (few == null) {
                    next = Session.bind(condition, statement, 4);
                    for (String value : mark == null ? List.<String>of() : mark.values()) {
                        statement.setString(next++, value);
                    }
                } else {
                    statement.setArray(4, keys(few));
                    next = 5;
                }
                statement.setInt(next, query.pageSize() + 1);
                statement.setLong(next + 1, mark == null ? offset : 0);
                try (ResultSet row = statement.executeQuery()) {
                    for (int count = 0; row.next(); count++) {
                        hasNext = count == query.pageSize();
                        if (!hasNext) {
                            last = item(row);
                            reader.row(last);
                        }
                    }
                }
            }
            if (walk != null && last != null && hasNext) {
                marks.ended(walk, query.page(), last);
            }
            return new Page(total, hasNext);
        }

        private Item item(ResultSet row) throws SQLException {
            int bytes = ItemRows.bytes(row);
            if (bytes <= WIDE || bytes > limits.row()) {
                return ItemRows.read(row);
            }
            try (PreparedStatement statement = connection.prepareStatement(ITEM_BODY)) {
                statement.setLong(1, ItemRows.key(row));
                try (ResultSet body = statement.executeQuery()) {
                    body.next();
                    return ItemRows.read(row, body.getBytes(1), body.getBytes(2));
                }
            }
        }

        Page annotations(Reader<FoundAnnotation> reader) throws SQLException, IOException {
            List<Place> few = few("select a.item_key, a.ordinal" + ANNOTATIONS);
            Long total = total(few, ANNOTATIONS);
            if (query.pageSize() == 0) {
                return new Page(total, false);
            }
            List<Place> places = places(few);
            boolean hasNext = places.size() > query.pageSize();
            List<Place> chunk = new ArrayList<>();
            long bytes = 0;
            for (Place place : hasNext ? places.subList(0, query.pageSize()) : places) {
                if (place.bytes() > limits.row()) {
                    rows(chunk, reader);
                    chunk.clear();
                    named(place, reader);
                    continue;
                }
                if (bytes + place.bytes() > limits.run()) {
                    rows(chunk, reader);
                    chunk.clear();
                    bytes = 0;
                }
                chunk.add(place);
                bytes += place.bytes();
            }
            rows(chunk, reader);
            return new Page(total, hasNext);
        }

        /** Where the annotations of the page are, and of the first one after it. */
        private List<Place> places(@Nullable List<Place> few) throws SQLException {
            String rows = few == null ? ANNOTATIONS + condition.text() : ANNOTATIONS_BY_KEY;
            String order = " order by " + (query.sort().isEmpty() ? EXPORT_ORDER : ordered(query.sort()) + ", a.item_key, a.ordinal")
                    + " limit ? offset ?";
            try (PreparedStatement statement = cursor("select a.item_key, a.ordinal, a.bytes" + rows + order)) {
                int next;
                if (few == null) {
                    statement.setLong(1, dataset.key());
                    next = Session.bind(condition, statement, 2);
                } else {
                    bind(few, statement);
                    next = 3;
                }
                statement.setInt(next, query.pageSize() + 1);
                statement.setLong(next + 1, offset);
                return places(statement, true);
            }
        }

        private void rows(List<Place> places, Reader<FoundAnnotation> reader) throws SQLException, IOException {
            if (places.isEmpty()) {
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement(ANNOTATION_ROWS)) {
                bind(places, statement);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        reader.row(found(AnnotationRows.read(row), row, 16));
                    }
                }
            }
        }

        private void named(Place place, Reader<FoundAnnotation> reader) throws SQLException, IOException {
            try (PreparedStatement statement = connection.prepareStatement(ANNOTATION_NAMES)) {
                bind(List.of(place), statement);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    Annotation named =
                            AnnotationRows.named(row.getInt(1), row.getBytes(2), row.getBytes(3), row.getBytes(4), row.getInt(5));
                    reader.row(found(named, row, 6));
                }
            }
        }

        private static FoundAnnotation found(Annotation annotation, ResultSet row, int column) throws SQLException {
            byte[] createdAt = AnnotationRows.isoTime(row.getBytes(column + 2));
            return new FoundAnnotation(
                    annotation, row.getString(column), row.getString(column + 1), createdAt == null ? null : new String(createdAt, UTF_8));
        }

        /** Where all rows are that the query finds; null when they are not few, or no query is needed to find them. */
        private @Nullable List<Place> few(String rows) throws SQLException {
            if (!VisibleItems.selects(query, dataset)) {
                return null;
            }
            try (PreparedStatement statement = connection.prepareStatement(rows + condition.text() + " limit ?")) {
                statement.setLong(1, dataset.key());
                statement.setInt(Session.bind(condition, statement, 2), FEW + 1);
                List<Place> places = places(statement, false);
                return places.size() > FEW ? null : places;
            }
        }

        private static List<Place> places(PreparedStatement statement, boolean withBytes) throws SQLException {
            List<Place> places = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    places.add(new Place(row.getLong(1), row.getInt(2), withBytes ? row.getInt(3) : 0));
                }
            }
            return places;
        }

        private @Nullable Long total(@Nullable List<Place> few, String rows) throws SQLException {
            if (!query.countTotal()) {
                return null;
            }
            if (few != null) {
                return (long) few.size();
            }
            try (PreparedStatement statement = connection.prepareStatement("select count(*)" + rows + condition.text())) {
                statement.setLong(1, dataset.key());
                Session.bind(condition, statement, 2);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        }

        private long revision() throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement("select dataset_revision(?)")) {
                statement.setLong(1, dataset.key());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        }

        private static String ordered(List<SortKey> keys) {
            return keys.stream().map(SortKey::sql).collect(Collectors.joining(", "));
        }

        private Array keys(List<Place> places) throws SQLException {
            return connection.createArrayOf("bigint", places.stream().map(Place::item).toArray());
        }

        private void bind(List<Place> places, PreparedStatement statement) throws SQLException {
            statement.setArray(1, keys(places));
            statement.setArray(2, connection.createArrayOf("integer", places.stream().map(Place::ordinal).toArray()));
        }

        private PreparedStatement cursor(String sql) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            statement.setFetchSize(ROWS_PER_FETCH);
            return statement;
        }
    }

    /** A row of {@code annotation}, or of {@code item} without the rest. */
    private record Place(long item, int ordinal, int bytes) {}
}
