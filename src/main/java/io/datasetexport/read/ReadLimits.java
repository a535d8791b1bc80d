package io.datasetexport.read;

import java.time.Duration;

/**
 * How many bytes of rows the reader holds at a time, raw as PostgreSQL sends them, and how long it looks for them.
 *
 * @param row a bigger row is not read, only named
 * @param run items are handed over in runs of about this size
 * @param item an item with more is handed over in slices
 * @param query how long a query may look for its rows
 */
public record ReadLimits(int row, int run, int item, Duration query) {

    public ReadLimits(int row, int run, int item) {
        this(row, run, item, Duration.ofSeconds(30));
    }

    /** Limits that bound the heap of sixteen exports at 256 MB, with this one for a row. */
    public static ReadLimits withRow(int row, Duration query) {
        return new ReadLimits(row, 512 << 10, 8 << 20, query);
    }

    /** For the session's settings. */
    String queryTimeout() {
        return "set local statement_timeout = " + Math.max(1, query.toMillis()) + "; ";
    }
}
