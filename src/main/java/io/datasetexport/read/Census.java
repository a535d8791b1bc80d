package io.datasetexport.read;

import io.datasetexport.model.ImageSize;
import io.datasetexport.model.Item;
import io.datasetexport.selection.SqlCondition;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many items and annotations of which kind a {@link Snapshot} has chosen. A kind is what stored facts tell apart, and every one of
 * its rows is the same to a format.
 *
 * <p>The database counts, by the index {@code annotation_label}, which holds all that is counted: no row of {@code annotation} is read
 * where its pages are known to be visible to everybody.
 */
public final class Census {

    /**
     * Items that are alike.
     *
     * @param image whether picture formats apply
     * @param video whether they have frames instead
     * @param filename one of theirs; where one holds characters that a format might not, it is the only one
     * @param size of the stored pictures; null when unknown. Up to {@value #USUAL_SIDE} pixels a side, none is larger
     * @param storage {@code own}, {@code external} or {@code none}: where their files are
     * @param oversized whether the row is larger than a row may be
     * @param files bytes of their files, as far as they are here
     */
    public record ItemKind(
            boolean image,
            boolean video,
            String filename,
            @Nullable ImageSize size,
            String storage,
            boolean oversized,
            long items,
            long files) {}

    /**
     * Annotations that are alike.
     *
     * @param items what their items are
     * @param label empty when there is none
     * @param facts as they were stored; null when unknown
     * @param ofItemsSize whether they are masks of their items' size
     * @param oversized whether the rows are larger than a row may be
     * @param bytes of their rows
     */
    public record AnnotationKind(
            ItemKind items,
            String type,
            String label,
            @Nullable Integer facts,
            boolean ofItemsSize,
            boolean oversized,
            long annotations,
            long bytes) {}

    /** What a snapshot has chosen: items by key, or by a condition where there are no keys. */
    record Chosen(long dataset, SqlCondition items, @Nullable SqlCondition annotations, long @Nullable [] keys, int missing) {}

    private static final int USUAL_SIDE = 4096;
    private static final String SEPARATOR = "\u001f";

    // The names that decide something: an extension where there is no media type, and any with characters that not every format can hold.
    private static final String KIND =
            """
            concat_ws(E'\\x1f', i.bytes > %s, i.storage, coalesce('m' || i.mimetype, 'e' || substring(i.filename from '[^./]{0,5}$')),
              case when i.width is null or i.height is null then 'none' when greatest(i.width, i.height) > %d then i.width || 'x' || i.height end,
              case when i.filename ~ '[\\x01-\\x1f\\ufffe\\uffff]' then i.filename end)""";

    /**
     * How many items are of a kind is unknown to the planner, which would look for the annotations of each item. The join is done as it is
     * written: a kind is found once for each item, not for each of its annotations.
     */
    private static final String WHOLE = "set local enable_nestloop = off; ";

    private static final String SETTINGS = "set local enable_sort = off; set local enable_hashjoin = on; set local enable_material = on;"
            + " set local join_collapse_limit = 1; set local from_collapse_limit = 1;"
            + " set local work_mem = '64MB'; set local max_parallel_workers_per_gather = 2; ";

    private final Connection connection;
    private final Chosen chosen;
    private final int largestRow;
    /** Each kind that the database tells apart, and its place in {@link #items}, from 1: not every one is different to formats. */
    private final Map<String, Integer> kinds = new LinkedHashMap<>();
    private final List<ItemKind> items = new ArrayList<>();
    private final List<AnnotationKind> annotations = new ArrayList<>();

    private Census(Connection connection, Chosen chosen, int largestRow) {
        this.connection = connection;
        this.chosen = chosen;
        this.largestRow = largestRow;
    }

    static Census take(Connection connection, Chosen chosen, ReadLimits limits) throws SnapshotFailed {
        Census census = new Census(connection, chosen, limits.row());
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute(SETTINGS + (chosen.keys() == null ? WHOLE : "") + limits.queryTimeout());
            }
            census.countItems();
            census.countAnnotations();
            return census;
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
    }

    public List<ItemKind> items() {
        return List.copyOf(items);
    }

    public List<AnnotationKind> annotations() {
        return List.copyOf(annotations);
    }

    /** How many items were chosen by ids that are not there. */
    public int missing() {
        return chosen.missing();
    }

    /**
     * Counts the items that have annotations of certain kinds.
     *
     * @param wanted kinds of this census whose facts are known; each with bits of its own
     * @return for each set of bits, how many items have just them among their annotations
     * @throws SnapshotFailed when the database can't, or takes too long
     */
    public List<Having> itemsHaving(List<Wanted> wanted) throws IOException {
        List<Having> found = new ArrayList<>();
        if (wanted.isEmpty()) {
            return found;
        }
        String sql = "select bits, count(*) from (select k.key, bit_or(w.bits) as bits from " + itemsWithKind() + " join annotation a on"
                + " a.item_key = k.key and a.dataset_key = ? join unnest(?::integer[], ?::text[], ?::text[], ?::integer[], ?::boolean[],"
                + " ?::integer[]) w (kind, type, label, facts, of_items_size, bits) on w.kind = k.number and w.type = a.type"
                + " and w.label = coalesce(a.label, '') and w.facts = a.facts and w.of_items_size = " + OF_ITEMS_SIZE
                + " where a.bytes <= ?" + kept() + " group by k.key) each group by bits";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int next = bindItems(statement);
            statement.setLong(next++, chosen.dataset());
            statement.setArray(next++, connection.createArrayOf("integer", wanted.stream().map(w -> items.indexOf(w.kind().items()) + 1).toArray()));
            statement.setArray(next++, connection.createArrayOf("text", wanted.stream().map(w -> w.kind().type()).toArray()));
            statement.setArray(next++, connection.createArrayOf("text", wanted.stream().map(w -> w.kind().label()).toArray()));
            statement.setArray(next++, connection.createArrayOf("integer", wanted.stream().map(w -> w.kind().facts()).toArray()));
            statement.setArray(next++, connection.createArrayOf("boolean", wanted.stream().map(w -> w.kind().ofItemsSize()).toArray()));
            statement.setArray(next++, connection.createArrayOf("integer", wanted.stream().map(Wanted::bits).toArray()));
            statement.setInt(next++, largestRow);
            bindKept(statement, next);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Having(row.getInt(1), row.getLong(2)));
                }
            }
        } catch (SQLException e) {
            throw new SnapshotFailed(e);
        }
        return found;
    }

    /** A kind to look for, and the bits that it leaves on an item. */
    public record Wanted(AnnotationKind kind, int bits) {}

    /** Items on which the same kinds left these bits. */
    public record Having(int bits, long items) {}

    private static final String OF_ITEMS_SIZE = "coalesce(a.mask_width = k.width and a.mask_height = k.height, false)";

    private void countItems() throws SQLException {
        String sql =
                "select kind, count(*), coalesce(sum(content_bytes), 0), min(mimetype), min(filename), max(width), max(height), bool_or(bytes > ?), bool_and(width is not null and height is not null), min(storage) from"
                        + " (select i.bytes, i.content_bytes, i.storage, i.mimetype, i.filename, i.width, i.height, " + kind() + " as kind from item i where "
                        + condition()
                        + ") k group by kind order by kind collate \"C\"";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, largestRow);
            bindCondition(statement, 2);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String filename = row.getString(5);
                    boolean odd = row.getString(1).endsWith(SEPARATOR + filename);
                    ImageSize size = row.getBoolean(9) ? new ImageSize(row.getInt(6), row.getInt(7)) : null;
                    add(row.getString(1), odd, new ItemKind(
                            Item.isImage(row.getString(4), filename), Item.isVideo(row.getString(4), filename), filename, size,
                            row.getString(10), row.getBoolean(8), row.getLong(2), row.getLong(3)));
                }
            }
        }
    }

    /** Adds items to those that are the same to every format. */
    private void add(String kind, boolean odd, ItemKind more) {
        for (int i = 0; i < items.size() && !odd; i++) {
            ItemKind known = items.get(i);
            if (!isOdd(i + 1) && known.image() == more.image() && known.video() == more.video() && known.oversized() == more.oversized()
                    && known.storage().equals(more.storage()) && alike(known.size(), more.size())) {
                ImageSize size = known.size() == null || more.size() == null
                        ? null
                        : new ImageSize(Math.max(known.size().width(), more.size().width()), Math.max(known.size().height(), more.size().height()));
                items.set(i, new ItemKind(
                        known.image(), known.video(), known.filename(), size, known.storage(), known.oversized(), known.items() + more.items(),
                        known.files() + more.files()));
                kinds.put(kind, i + 1);
                return;
            }
        }
        items.add(more);
        kinds.put(kind, items.size());
    }

    private boolean isOdd(int place) {
        return kinds.entrySet().stream()
                .anyMatch(kind -> kind.getValue() == place && kind.getKey().endsWith(SEPARATOR + items.get(place - 1).filename()));
    }

    private static boolean alike(@Nullable ImageSize a, @Nullable ImageSize b) {
        if (a == null || b == null) {
            return a == b;
        }
        return a.equals(b) || Math.max(a.width(), a.height()) <= USUAL_SIDE && Math.max(b.width(), b.height()) <= USUAL_SIDE;
    }

    private void countAnnotations() throws SQLException {
        if (items.isEmpty()) {
            return;
        }
        String sql = "select k.number, a.type, coalesce(a.label, ''), a.facts, " + OF_ITEMS_SIZE + ", a.bytes > ?, count(*), sum(a.bytes) from "
                + itemsWithKind() + " join annotation a on a.item_key = k.key and a.dataset_key = ? where true" + kept()
                + " group by 1, 2, 3, 4, 5, 6";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setInt(1, largestRow);
            int next = bindItems(statement, 2);
            statement.setLong(next++, chosen.dataset());
            bindKept(statement, next);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    int facts = row.getInt(4);
                    boolean unknown = row.wasNull();
                    annotations.add(new AnnotationKind(
                            items.get(row.getInt(1) - 1),
                            row.getString(2),
                            row.getString(3),
                            unknown ? null : facts,
                            row.getBoolean(5),
                            row.getBoolean(6),
                            row.getLong(7),
                            row.getLong(8)));
                }
            }
        }
    }

    private String kind() {
        return String.format(Locale.ROOT, KIND, largestRow, USUAL_SIDE);
    }

    /** The chosen items as k, with the number of their kind, from 1; {@link #bindItems} binds its values. */
    private String itemsWithKind() {
        if (items.size() == 1) {
            return "(select i.key, i.width, i.height, 1 as number from item i where " + condition() + ") k";
        }
        return "(select i.key, i.width, i.height, n.number from item i join unnest(?::text[], ?::integer[]) n (kind, number) on n.kind = "
                + kind() + " where " + condition() + ") k";
    }

    private String condition() {
        return chosen.keys() == null ? "i.dataset_key = ? and " + chosen.items().text() : "i.key = any (?)";
    }

    private String kept() {
        SqlCondition kept = chosen.annotations();
        if (kept == null) {
            return "";
        }
        return kept.needsItem()
                ? " and exists (select from item i where i.key = a.item_key and " + kept.text() + ")"
                : " and " + kept.text();
    }

    private int bindItems(PreparedStatement statement) throws SQLException {
        return bindItems(statement, 1);
    }

    private int bindItems(PreparedStatement statement, int from) throws SQLException {
        if (items.size() == 1) {
            return bindCondition(statement, from);
        }
        statement.setArray(from, connection.createArrayOf("text", kinds.keySet().toArray()));
        statement.setArray(from + 1, connection.createArrayOf("integer", kinds.values().toArray()));
        return bindCondition(statement, from + 2);
    }

    private int bindCondition(PreparedStatement statement, int from) throws SQLException {
        long[] keys = chosen.keys();
        if (keys == null) {
            statement.setLong(from, chosen.dataset());
            return Session.bind(chosen.items(), statement, from + 1);
        }
        statement.setArray(from, connection.createArrayOf("bigint", Arrays.stream(keys).boxed().toArray()));
        return from + 1;
    }

    private void bindKept(PreparedStatement statement, int from) throws SQLException {
        if (chosen.annotations() != null) {
            Session.bind(chosen.annotations(), statement, from);
        }
    }
}
