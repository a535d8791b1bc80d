package io.datasetexport.read;

import io.datasetexport.model.EntryNames;
import io.datasetexport.model.Item;
import io.datasetexport.model.KeptDocument;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/** Items by what an export needs to copy the documents that are kept of them, in the table {@code item_json}. */
final class KeptRows {

    /** A larger document is read by itself: as many of this size as rows are fetched at a time are still little. */
    private static final int WIDE = 16 * 1024;

    /** Of the items {@code i}; the document may follow. */
    static final String COLUMNS =
            "select i.key, i.id, i.filename, i.entry_path, i.entry_stem, i.flat_name, k.item_changed, k.crc32, k.size, k.annotations, ";
    /** Ends in the variant, which follows. */
    static final String FROM = " from item i left join item_json k on k.item_key = i.key and k.item_changed = i.changed and k.variant = ";

    /** What {@link #read} expects; a condition on the items may follow. */
    static final String SELECT =
            COLUMNS + "case when octet_length(k.document) <= " + WIDE + " then k.document end" + FROM + "? where ";

    private static final String DOCUMENT = "select document from item_json where item_key = ?";

    private final Session session;
    private final long variant;

    /** @param variant which documents stand for their items */
    KeptRows(Session session, long variant) {
        this.session = session;
        this.variant = variant;
    }

    long variant() {
        return variant;
    }

    /** Prepares a statement that begins with {@link #SELECT}; returns the index of the next parameter. */
    int prepare(PreparedStatement statement) throws SQLException {
        bytesAsTheyAre(statement);
        statement.setLong(1, variant);
        return 2;
    }

    /** The driver asks for the spelled form of {@code bytea} otherwise, which is twice as long. */
    private static void bytesAsTheyAre(PreparedStatement statement) throws SQLException {
        statement.unwrap(PGStatement.class).setPrepareThreshold(-1);
    }

    static long key(ResultSet row) throws SQLException {
        return row.getLong(1);
    }

    /** The item with its document; null when none is kept that is still true, or nobody has named the item yet. */
    @Nullable
    AnnotatedItem read(ResultSet row) throws SQLException {
        String path = row.getString(4);
        String stem = row.getString(5);
        String flat = row.getString(6);
        long changed = row.getLong(7);
        if (row.wasNull() || path == null || stem == null || flat == null) {
            return null;
        }
        byte[] deflated = row.getBytes(11);
        KeptDocument document = new KeptDocument(
                row.getLong(8), row.getInt(9), row.getInt(10), deflated == null ? wide(key(row)) : deflated);
        return item(key(row), row.getString(2), row.getString(3), new EntryNames(path, stem, flat), changed, document);
    }

    static AnnotatedItem item(long key, String id, String filename, EntryNames names, long changed, KeptDocument document) {
        return new AnnotatedItem(Item.named(key, id, filename, names), changed, new ArrayList<>(), new ArrayList<>(), false, document);
    }

    private byte[] wide(long key) throws SQLException {
        try (PreparedStatement statement = session.prepare(DOCUMENT)) {
            bytesAsTheyAre(statement);
            statement.setLong(1, key);
            try (ResultSet row = session.run(statement)) {
                row.next();
                return Objects.requireNonNull(row.getBytes(1));
            }
        }
    }
}
