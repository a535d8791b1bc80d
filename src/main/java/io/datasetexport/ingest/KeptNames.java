package io.datasetexport.ingest;

import io.datasetexport.model.SafeNames;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names that items and their files had in an archive of ours, from its {@code _export/items.csv}: items keep them where those are free. */
final class KeptNames {

    private static final List<String> HEADER = List.of("item_id", "path", "json", "mask", "file", "yolo", "voc");

    private KeptNames() {}

    /** Writes the names to the temporary table {@code import_names}. */
    static void store(InputStream csv, Connection connection) throws SQLException, IOException {
        CsvRows rows = new CsvRows(csv);
        if (!HEADER.equals(rows.next())) {
            throw new BadRecord("The table's header is not " + String.join(",", HEADER) + ".");
        }
        try (Statement create = connection.createStatement()) {
            create.execute(
                    "create temp table if not exists import_names (id text collate \"C\", path text, stem text, flat text, file text collate \"C\") on commit drop");
        }
        Copy copy = new Copy(connection, "import_names", "id, path, stem, flat, file");
        for (List<String> cells = rows.next(); cells != null; cells = rows.next()) {
            if (cells.size() != HEADER.size()) {
                throw new BadRecord("A row of the table does not have " + HEADER.size() + " cells.");
            }
            String path = first(name(cells.get(2), "json/", ".json"), name(cells.get(3), "masks/combined/", ".png"));
            String stem = first(name(cells.get(5), "yolo/", ".txt"), name(cells.get(6), "voc/", ".xml"));
            String flat = name(cells.get(4), "items/", "");
            RowBuffer row = copy.row();
            row.field(cells.getFirst());
            row.field(path);
            row.field(stem);
            row.field(flat == null || flat.indexOf('/') >= 0 ? null : flat);
            row.field(cells.get(4));
        }
        copy.send();
    }

    private static @Nullable String name(String entry, String start, String end) {
        if (!entry.startsWith(start) || !entry.endsWith(end) || entry.length() <= start.length() + end.length()) {
            return null;
        }
        String name = entry.substring(start.length(), entry.length() - end.length());
        return SafeNames.isSafe(name) ? name : null;
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one == null ? other : one;
    }
}
