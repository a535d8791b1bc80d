package io.datasetexport.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.model.EntryNames;
import io.datasetexport.model.Item;
import io.datasetexport.model.SafeNames;
import io.datasetexport.model.Storage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rows of the table {@code item} as {@link Item}. */
final class ItemRows {

    /** What {@link #read} expects; metadata and extra of a row over the given size come as null. */
    static final String COLUMNS =
            """
            key, bytes, id, filename, dir, name, type, hidden, annotated, annotations_count, creator, created_at, updated_by, updated_at,
            description, width, height, mimetype, entry_path, entry_stem, flat_name,
            case when bytes <= ? then metadata end, case when bytes <= ? then extra end,
            storage, storage_key, content_bytes, content_crc32, changed""";

    private static final byte[] NOTHING = {'{', '}'};

    private ItemRows() {}

    static long key(ResultSet row) throws SQLException {
        return row.getLong(1);
    }

    static int bytes(ResultSet row) throws SQLException {
        return row.getInt(2);
    }

    static long changed(ResultSet row) throws SQLException {
        return row.getLong(28);
    }

    static Item read(ResultSet row) throws SQLException {
        return read(row, Objects.requireNonNullElse(row.getBytes(22), NOTHING), row.getBytes(23));
    }

    static Item read(ResultSet row, byte[] metadata, byte @Nullable [] extra) throws SQLException {
        String id = row.getString(3);
        String filename = row.getString(4);
        String name = row.getString(6);
        return new Item(
                row.getLong(1),
                id,
                filename,
                row.getString(5),
                name,
                row.getString(7),
                row.getBoolean(8),
                row.getString(9),
                integer(row, 10),
                row.getString(11),
                time(row, 12),
                row.getString(13),
                time(row, 14),
                row.getString(15),
                metadata,
                extra,
                integer(row, 16),
                integer(row, 17),
                row.getString(18),
                names(row.getString(19), row.getString(20), row.getString(21), filename, name, id),
                storage(row));
    }

    private static Storage storage(ResultSet row) throws SQLException {
        return switch (row.getString(24)) {
            case "own" -> new Storage.Own(row.getString(25), row.getLong(26), row.getLong(27));
            case "external" -> new Storage.External(row.getString(25));
            default -> new Storage.None();
        };
    }

    /** Names as stored; a row that another program wrote and nobody has named yet goes by its path and id. */
    private static EntryNames names(
            @Nullable String path, @Nullable String stem, @Nullable String flat, String filename, String name, String id) {
        return path == null || stem == null || flat == null
                ? SafeNames.provisional(filename, name, id)
                : new EntryNames(path, stem, flat);
    }

    private static @Nullable Integer integer(ResultSet row, int column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable String time(ResultSet row, int column) throws SQLException {
        byte[] iso = AnnotationRows.isoTime(row.getBytes(column));
        return iso == null ? null : new String(iso, UTF_8);
    }
}
