package io.datasetexport.ingest;

import io.datasetexport.access.DatasetRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of one import to the database, inside its transaction: finds out which items are there, replaces those and adds the others.
 * A new item gets its natural names at once where nobody has them; the others are left to {@link ContestedNames}.
 */
final class ItemLoad {

    /** Kinds of names in {@link Seen}, beside the {@linkplain NameSpace name spaces}. */
    private static final int IDS = 3;

    private static final int FILENAMES = 4;

    private static final String ITEM_COLUMNS =
            "dataset_key, key, id, filename, dir, name, type, hidden, annotated, annotations_count, creator, created_at, updated_by,"
                    + " updated_at, description, metadata, extra, storage";
    private static final String NAME_COLUMNS = "entry_path, entry_path_key, entry_stem, entry_stem_key, flat_name, flat_name_key";
    private static final String ANNOTATION_COLUMNS =
            "item_key, ordinal, dataset_key, id, creator, updated_by, created_at, updated_at, type, label, attributes, coordinates,"
                    + " metadata, source, extra, facts, mask_width, mask_height";

    /** Where the server has it: PostgreSQL's own compression costs as much as all the rest of writing a row. */
    private static final String FAST_COMPRESSION =
            """
            select set_config(name, 'lz4', true) from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)
            """;

    /** In kB: the triggers of a COPY see its rows, of which there are some megabytes; beyond the work memory they would go to a file first. */
    private static final String ROWS_OF_A_STATEMENT_FIT =
            """
            select set_config(name, '16384', true) from pg_settings where name = 'work_mem' and setting::integer < 16384
            """;

    private static final String PREPARE =
            """
            create temp table import_replaced (
              dataset_key bigint, key bigint, id text, filename text, dir text, name text, type text, hidden boolean, annotated jsonb,
              annotations_count integer, creator text, created_at timestamptz, updated_by text, updated_at timestamptz, description text,
              metadata jsonb, extra jsonb, storage text) on commit drop
            """;

    private static final String MATCH_BY_ID =
            """
            select k.n, r.key, r.id, r.filename, r.mine from unnest(?) with ordinality k(v, n) cross join lateral (
              select i.dataset_key d, i.key, i.id, i.filename, i.changed = pg_current_xact_id() mine from item i
              where (i.dataset_key, i.id) >= (?, k.v collate "C") order by i.dataset_key, i.id limit 1) r
            where r.id = k.v and r.d = ?
            """;
    private static final String MATCH_BY_FILENAME =
            """
            select k.n, r.key, r.id, r.filename, r.mine from unnest(?) with ordinality k(v, n) cross join lateral (
              select i.dataset_key d, i.key, i.id, i.filename, i.changed = pg_current_xact_id() mine from item i
              where (i.dataset_key, i.filename) >= (?, k.v collate "C") order by i.dataset_key, i.filename, i.id limit 2) r
            where r.filename = k.v and r.d = ?
            """;

    private static final String REPLACE =
            """
            update item i set
              filename = r.filename, dir = r.dir, name = r.name, type = r.type, hidden = r.hidden, annotated = r.annotated,
              annotations_count = r.annotations_count, creator = r.creator, created_at = r.created_at, updated_by = r.updated_by,
              updated_at = r.updated_at, description = r.description, metadata = r.metadata, extra = r.extra,
              storage = case when i.storage = 'own' then 'own' else r.storage end,
              entry_path = case when i.filename = r.filename then i.entry_path end,
              entry_path_key = case when i.filename = r.filename then i.entry_path_key end,
              entry_stem = case when i.filename = r.filename then i.entry_stem end,
              entry_stem_key = case when i.filename = r.filename then i.entry_stem_key end,
              flat_name = case when i.filename = r.filename then i.flat_name end,
              flat_name_key = case when i.filename = r.filename then i.flat_name_key end
            from import_replaced r where i.key = r.key
            """;

    private final Connection connection;
    private final DatasetRef dataset;
    private final boolean external;
    private final NameDecision names;
    private final Copy newItems;
    private final Copy replacedItems;
    private final Copy annotations;
    private final MessageDigest sha256 = sha256();
    private final long firstKey;
    private final ContestedNames contested;
    /** What this import wrote to a dataset that was empty: whatever else is asked for is not there. Null where it was not empty. */
    private final @Nullable Seen seen;

    private long items;
    private long annotationRows;
    private long created;

    /** @param external whether the dataset's files are with the customer */
    ItemLoad(Connection connection, DatasetRef dataset, boolean external) throws SQLException {
        this.connection = connection;
        this.dataset = dataset;
        this.external = external;
        names = new NameDecision(connection, dataset.key());
        newItems = new Copy(connection, "item", ITEM_COLUMNS + ", " + NAME_COLUMNS);
        replacedItems = new Copy(connection, "import_replaced", ITEM_COLUMNS);
        annotations = new Copy(connection, "annotation", ANNOTATION_COLUMNS);
        try (Statement prepare = connection.createStatement()) {
            prepare.execute(NameDecision.ALWAYS_BY_INDEX);
            prepare.execute(FAST_COMPRESSION);
            prepare.execute(ROWS_OF_A_STATEMENT_FIT);
            prepare.execute(PREPARE);
        }
        firstKey = keys(1)[0];
        contested = new ContestedNames(connection, dataset.key(), names, firstKey);
        seen = isEmpty() ? new Seen() : null;
    }

    private boolean isEmpty() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select not exists (select from item where dataset_key = ?)")) {
            select.setLong(1, dataset.key());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private boolean mayBeThere(int kind, String name) {
        return seen == null || seen.add(kind, name);
    }

    long items() {
        return items;
    }

    long annotations() {
        return annotationRows;
    }

    long created() {
        return created;
    }

    /** The names that several of the items wanted, to be decided when all are in. */
    ContestedNames contestedNames() {
        return contested;
    }

    void write(Batch batch) throws SQLException, IOException {
        match(batch.items());
        List<ItemDraft> fresh = new ArrayList<>();
        List<ItemDraft> replaced = new ArrayList<>();
        for (ItemDraft item : batch.items()) {
            (item.replaces ? replaced : fresh).add(item);
        }
        insert(fresh);
        replace(replaced);
        copyAnnotations(batch);
        items += batch.items().size();
        created += fresh.size();
    }

    /** Finds each item in the dataset, or makes it a new one; refuses an item that this import has written already. */
    private void match(List<ItemDraft> batch) throws SQLException {
        List<ItemDraft> nameless = new ArrayList<>();
        for (ItemDraft item : batch) {
            boolean known = item.filename != null && mayBeThere(FILENAMES, item.filename);
            if (item.id == null && known) {
                nameless.add(item);
            }
        }
        if (!nameless.isEmpty()) {
            matchByFilename(nameless);
        }
        Map<String, ItemDraft> ids = HashMap.newHashMap(batch.size());
        List<ItemDraft> known = new ArrayList<>();
        for (ItemDraft item : batch) {
            if (item.id == null) {
                item.id = hash(dataset.id() + item.knownFilename());
            }
            if (ids.putIfAbsent(item.id, item) != null) {
                throw twice(item);
            }
            if (mayBeThere(IDS, item.id)) {
                known.add(item);
            }
        }
        if (!known.isEmpty()) {
            matchById(known);
        }
        for (ItemDraft item : batch) {
            if (item.filename == null) {
                item.filename = "/" + item.id;
            }
        }
    }

    private void matchByFilename(List<ItemDraft> nameless) throws SQLException {
        List<String> filenames = nameless.stream().map(ItemDraft::knownFilename).toList();
        try (PreparedStatement select = connection.prepareStatement(MATCH_BY_FILENAME)) {
            select.setArray(1, connection.createArrayOf("text", filenames.toArray()));
            select.setLong(2, dataset.key());
            select.setLong(3, dataset.key());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ItemDraft item = nameless.get(rows.getInt(1) - 1);
                    if (rows.getBoolean(5)) {
                        throw twice(item);
                    }
                    if (item.id != null) {
                        throw new Unmatched(item, "Several items of the dataset have this filename, and the record has no id.");
                    }
                    item.id = rows.getString(3);
                }
            }
        }
    }

    private void matchById(List<ItemDraft> batch) throws SQLException {
        List<String> ids = batch.stream().map(ItemDraft::knownId).toList();
        try (PreparedStatement select = connection.prepareStatement(MATCH_BY_ID)) {
            select.setArray(1, connection.createArrayOf("text", ids.toArray()));
            select.setLong(2, dataset.key());
            select.setLong(3, dataset.key());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ItemDraft item = batch.get(rows.getInt(1) - 1);
                    if (rows.getBoolean(5)) {
                        throw twice(item);
                    }
                    item.key = rows.getLong(2);
                    item.replaces = true;
                    if (item.filename == null) {
                        item.filename = rows.getString(4);
                    }
                }
            }
        }
    }

    private static Unmatched twice(ItemDraft item) {
        return new Unmatched(item, "The item is there twice: an earlier record has the same id or filename.");
    }

    private void insert(List<ItemDraft> fresh) throws SQLException {
        if (fresh.isEmpty()) {
            return;
        }
        long[] keys = keys(fresh.size());
        List<List<String>> asked = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < fresh.size(); i++) {
            ItemDraft item = fresh.get(i);
            item.key = keys[i];
            for (NameSpace space : NameSpace.values()) {
                String key = item.natural().keys().get(space.ordinal());
                if (mayBeThere(space.ordinal(), key)) {
                    asked.get(space.ordinal()).add(key);
                }
            }
        }
        List<Map<String, Long>> taken = names.taken(asked);
        List<Set<String>> claimed = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
        List<ContestedNames.Contest> contests = new ArrayList<>();
        for (ItemDraft item : fresh) {
            RowBuffer row = newItems.row();
            itemFields(item, row);
            for (NameSpace space : NameSpace.values()) {
                String key = item.natural().keys().get(space.ordinal());
                Long holder = taken.get(space.ordinal()).get(key);
                if (holder == null && !space.isOwn(key) && claimed.get(space.ordinal()).add(key)) {
                    row.field(space.natural(item.natural().names()));
                    row.field(key);
                } else {
                    row.nullField();
                    row.nullField();
                    contests.add(new ContestedNames.Contest(item.key, space, holder == null || holder >= firstKey ? key : null));
                }
            }
        }
        newItems.send();
        contested.remember(contests);
    }

    private void replace(List<ItemDraft> replaced) throws SQLException {
        if (replaced.isEmpty()) {
            return;
        }
        for (ItemDraft item : replaced) {
            itemFields(item, replacedItems.row());
        }
        replacedItems.send();
        try (Statement replace = connection.createStatement();
                PreparedStatement delete = connection.prepareStatement("delete from annotation where item_key = any (?)")) {
            replace.executeUpdate(REPLACE);
            replace.executeUpdate("truncate import_replaced");
            Object[] keys = replaced.stream().map(item -> item.key).toArray();
            delete.setArray(1, connection.createArrayOf("bigint", keys));
            delete.executeUpdate();
            contested.rememberUnnamed(keys);
        }
    }

    private void itemFields(ItemDraft item, RowBuffer row) {
        row.field(dataset.key());
        row.field(item.key);
        row.field(item.id);
        row.field(item.filename);
        row.field(item.dir == null ? item.directory() : item.dir);
        row.field(item.name == null ? item.base() : item.name);
        row.field(item.type == null ? "file" : item.type);
        row.field(Boolean.valueOf(item.hidden));
        row.jsonbField(item.annotated);
        row.field(item.annotationsCount);
        row.field(item.creator);
        row.field(item.createdAt);
        row.field(item.updatedBy);
        row.field(item.updatedAt);
        row.field(item.description);
        row.jsonbField(item.metadata);
        row.jsonbField(item.extra);
        row.field(external || item.link ? "external" : "none");
    }

    private void copyAnnotations(Batch batch) throws SQLException, IOException {
        Batch.Cursor cursor = batch.cursor();
        for (ItemDraft item : batch.items()) {
            for (int ordinal = 0; ordinal < item.annotations; ordinal++) {
                cursor.next();
                RowBuffer row = annotations.row();
                row.field(item.key);
                row.field(ordinal);
                row.field(dataset.key());
                int at = cursor.from();
                for (int field = 0; field < Batch.OPEN_FIELDS; field++) {
                    int length = Batch.int32(cursor.array(), at);
                    at += 4;
                    if (length == Batch.OPEN) {
                        fillIn(field, item, ordinal, row);
                    } else {
                        row.raw(cursor.array(), at - 4, 4 + Math.max(length, 0));
                        at += Math.max(length, 0);
                    }
                }
                row.raw(cursor.array(), at, cursor.to() - at);
            }
            annotationRows += item.annotations;
        }
        annotations.send();
    }

    /** A field that the annotation does not say: id, creator, updated_by, created_at, updated_at. */
    private void fillIn(int field, ItemDraft item, int ordinal, RowBuffer row) {
        switch (field) {
            case 0 -> row.field(hash(item.knownId() + "/" + ordinal));
            case 1 -> row.field(item.creator == null ? "unknown" : item.creator);
            case 2 -> row.field(item.updatedBy != null ? item.updatedBy : item.creator != null ? item.creator : "unknown");
            default -> row.field(item.createdAt == null ? Instants.UNKNOWN : item.createdAt.longValue());
        }
    }

    private long[] keys(int count) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select nextval((select pg_get_serial_sequence('item', 'key')::regclass)) from generate_series(1, ?)")) {
            select.setInt(1, count);
            long[] keys = new long[count];
            try (ResultSet rows = select.executeQuery()) {
                for (int i = 0; i < count; i++) {
                    rows.next();
                    keys[i] = rows.getLong(1);
                }
            }
            return keys;
        }
    }

    /** 24 hexadecimal digits, as long as the platform's own ids. */
    private String hash(String text) {
        return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)), 0, 12);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** A record that can't be matched with one item. */
    static final class Unmatched extends RuntimeException {

        private final ItemDraft item;

        Unmatched(ItemDraft item, String sentence) {
            super(sentence, null, false, false);
            this.item = item;
        }

        ItemDraft item() {
            return item;
        }
    }
}
