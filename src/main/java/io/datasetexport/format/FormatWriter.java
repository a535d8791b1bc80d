package io.datasetexport.format;

import java.util.List;

/**
 * Turns items into entries of one format. One instance serves one export.
 *
 * <p>Items are pushed in export order, in runs that several threads render at the same time: a writer keeps no state between calls but
 * its constructor's. What must be numbered through the whole archive is asked of the {@link FormatOutput}. The same items give the
 * same bytes, however they were cut into runs.
 */
public interface FormatWriter {

    ExportFormat format();

    /** How to hand over an item that does not fit in memory; {@linkplain ItemSlice#whole() whole} items come in the source's order. */
    default AnnotationOrder order() {
        return AnnotationOrder.ORDINAL;
    }

    /** The entries whose content comes from all items and that are written when the last item is through. */
    default List<LongEntry> longEntries() {
        return List.of();
    }

    /** Renders one item, or one slice of a very big one. Never throws for what the data holds: it says so to {@code out}. */
    void item(ItemSlice slice, FormatOutput out);

    /** The entries that hold no item's data, such as class lists. */
    default void end(FormatOutput out) {}
}
