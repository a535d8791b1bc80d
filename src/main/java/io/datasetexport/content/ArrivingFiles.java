package io.datasetexport.content;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Item files that come in one archive with their items: stored as they arrive, given to the items when those are in the database.
 *
 * <p>It works inside the import's transaction. Files that no item gets, and all of them when the import fails, stay on the list of unused
 * blobs.
 */
public final class ArrivingFiles {

    private static final int WRITTEN_AT_ONCE = 500;
    private static final int MOST_NAMED = 20;

    private static final String PREPARE =
            """
            create temp table if not exists import_files (n integer primary key, entry text collate "C", path text collate "C",
              storage_key text, bytes bigint, crc32 bigint, sha256 bytea, facts jsonb, used boolean) on commit drop
            """;

    private static final String ADD = "insert into import_files (n, entry, path, storage_key, bytes, crc32, sha256, facts)"
            + " values (?, ?, ?, ?, ?, ?, ?, " + ItemContents.FACTS.formatted("?::text", "?::bigint", "?::integer", "?::integer", "?::integer", "?::integer")
            + ")";

    /** A file has one item and an item one file: what two could have, none gets. */
    private static final String GIVE =
            """
            with found as (
              select f.n, min(i.key) item_key from import_files f join item i on %s
              where i.dataset_key = ? and i.storage <> 'external' group by f.n having count(*) = 1),
            chosen as (select distinct on (item_key) item_key, n from found order by item_key, n),
            given as (
              update item i set storage = 'own', storage_key = f.storage_key, content_bytes = f.bytes, content_crc32 = f.crc32,
                content_sha256 = f.sha256, metadata = %s
              from chosen c join import_files f on f.n = c.n where i.key = c.item_key returning f.n)
            update import_files f set used = true from given where given.n = f.n
            """;

    private final ItemContents contents;
    private final Connection connection;
    private final DatasetRef dataset;
    private final long largest;
    private final List<Arrived> waiting = new ArrayList<>();
    private int count;

    private record Arrived(int n, String entry, ItemContents.Kept file) {}

    /** @param connection of the import's transaction; used by {@link #write} and {@link #give} only */
    public ArrivingFiles(ItemContents contents, ContentSettings settings, Connection connection, DatasetRef dataset) {
        this.contents = contents;
        this.connection = connection;
        this.dataset = dataset;
        this.largest = settings.largest().toBytes();
    }

    /**
     * Stores a file.
     *
     * @param entry its name in the archive: a folder, {@code /}, the path of its item
     * @return whether enough files wait to be {@linkplain #write written}
     * @throws RequestRefused when it is too large
     */
    public boolean add(String entry, InputStream content) throws IOException {
        if (entry.indexOf('\0') >= 0) {
            throw new RequestRefused(ProblemType.BAD_RECORD, "A name in the archive holds U+0000.");
        }
        waiting.add(new Arrived(count++, entry, contents.keep(new BoundedContent(content, largest, () -> tooLarge(entry)))));
        return waiting.size() >= WRITTEN_AT_ONCE;
    }

    /** Writes down which files there are. */
    public void write() throws SQLException {
        if (waiting.isEmpty()) {
            return;
        }
        try (Statement prepare = connection.createStatement()) {
            prepare.execute(PREPARE);
        }
        try (PreparedStatement add = connection.prepareStatement(ADD)) {
            for (Arrived file : waiting) {
                PictureFacts facts = file.file.facts();
                add.setInt(1, file.n);
                add.setString(2, file.entry);
                add.setString(3, file.entry.substring(file.entry.indexOf('/')));
                add.setString(4, file.file.blob().key());
                add.setLong(5, file.file.blob().bytes());
                add.setLong(6, file.file.blob().crc32());
                add.setBytes(7, file.file.blob().sha256());
                add.setString(8, facts.mediaType());
                add.setLong(9, file.file.blob().bytes());
                number(add, 10, facts.width());
                number(add, 11, facts.height());
                number(add, 12, facts.channels());
                number(add, 13, facts.orientation());
                add.addBatch();
            }
            add.executeBatch();
        }
        waiting.clear();
    }

    private static void number(PreparedStatement statement, int place, @Nullable Integer value) throws SQLException {
        if (value == null) {
            statement.setNull(place, Types.INTEGER);
        } else {
            statement.setInt(place, value);
        }
    }

    /**
     * Gives each file to its item.
     *
     * @param listed whether the table {@code import_names} says whose each is, by {@code id} and {@code file}; else it is its path
     * @return how many items have got theirs
     */
    public long give(boolean listed) throws SQLException {
        if (count == 0) {
            return 0;
        }
        write();
        String match = listed
                ? "i.id = (select min(m.id) from import_names m where m.file = f.entry having count(*) = 1)"
                : "i.filename = f.path";
        try (PreparedStatement give = connection.prepareStatement(GIVE.formatted(match, ItemContents.MERGED));
                Statement forget = connection.createStatement()) {
            give.setLong(1, dataset.key());
            long given = give.executeLargeUpdate();
            forget.executeUpdate("delete from unused_blob where storage_key in (select storage_key from import_files where used)");
            return given;
        }
    }

    /** Which files no item has got, one sentence each. */
    public List<String> left() throws SQLException {
        List<String> left = new ArrayList<>();
        if (count == 0) {
            return left;
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select entry, count(*) over () from import_files where used is null order by n limit " + MOST_NAMED)) {
            long all = 0;
            while (rows.next()) {
                left.add("The file " + rows.getString(1) + " was left out: it is not one item's.");
                all = rows.getLong(2);
            }
            if (all > MOST_NAMED) {
                left.add("So were " + (all - MOST_NAMED) + " more files.");
            }
        }
        return left;
    }

    private RequestRefused tooLarge(String entry) {
        return new RequestRefused(ProblemType.PAYLOAD_TOO_LARGE, "A file in the archive is larger than " + largest + " bytes.")
                .with("entry", entry);
    }
}
