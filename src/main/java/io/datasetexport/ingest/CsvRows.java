package io.datasetexport.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads RFC 4180 row by row, in UTF-8. */
final class CsvRows {

    private static final int LONGEST_ROW = 1 << 16;

    private final Reader in;

    CsvRows(InputStream in) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** The next row's cells; null at the end. */
    @Nullable
    List<String> next() throws IOException {
        int c = in.read();
        if (c < 0) {
            return null;
        }
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        int length = 0;
        while (c >= 0 && (quoted || c != '\n')) {
            if (++length > LONGEST_ROW) {
                throw new BadRecord("A row of the table is longer than " + LONGEST_ROW + " characters.");
            }
            if (quoted && c == '"') {
                c = in.read();
                if (c != '"') {
                    quoted = false;
                    continue;
                }
                cell.append('"');
            } else if (quoted) {
                cell.append((char) c);
            } else if (c == '"') {
                quoted = true;
            } else if (c == ',') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c != '\r') {
                cell.append((char) c);
            }
            c = in.read();
        }
        if (quoted) {
            throw new BadRecord("The table ends inside a quoted cell.");
        }
        cells.add(cell.toString());
        return cells;
    }
}
