package io.datasetexport.read;

/**
 * How many bytes of rows the reader holds at a time. All are raw bytes as PostgreSQL sends them.
 *
 * @param row a bigger row is not read, only named
 * @param run items are handed over in runs of about this size
 * @param item an item with more is handed over in slices
 */
public record ReadLimits(int row, int run, int item) {

    /** Limits that bound the heap of sixteen exports at 256 MB, with this one for a row. */
    public static ReadLimits withRow(int row) {
        return new ReadLimits(row, 512 << 10, 8 << 20);
    }
}
