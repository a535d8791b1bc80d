package io.datasetexport.format;

import io.datasetexport.model.AnnotationParts;
import io.datasetexport.model.Item;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** What the format reads of annotations; the rest is null when they come. */
    default AnnotationParts reads() {
        return AnnotationParts.ALL;
    }

    /** The entries whose content comes from all items and that are written when the last item is through. */
    default List<LongEntry> longEntries() {
        return List.of();
    }

    /** Why the format leaves a whole item out; null when it does not. */
    default @Nullable Reason leftOut(ItemFacts item) {
        return null;
    }

    /**
     * What becomes of an annotation of an item that is not left out: the rules that {@link #item} follows. A format that does not say is
     * planned as "at least".
     */
    default Outcome outcome(ItemFacts item, AnnotationFacts annotation) {
        return Outcome.OPEN;
    }

    /** Whether the format speaks of annotations at all. */
    default boolean holdsAnnotations() {
        return true;
    }

    /** Whether an item of which no annotation is kept is in the format all the same. */
    default boolean holdsEmptyItems() {
        return false;
    }

    /** What the format's share of an archive weighs, more or less. */
    default Weight weight() {
        return new Weight(250, 30, 0.3);
    }

    /**
     * Bytes in an archive, compressed.
     *
     * @param item of an item, its entry's name and heads included
     * @param annotation of an annotation, beside its text
     * @param text of a byte of JSON that an annotation has in the database
     */
    record Weight(int item, int annotation, double text) {}

    /**
     * The name of an item's entry, where this entry is all that the format makes of the item and is made of nothing but the item, its
     * annotations and what the writer was constructed with: then it may be kept beside the item and copied by a later export. Null where it may not.
     */
    default @Nullable String onlyEntry(Item item) {
        return null;
    }

    /** Renders one item, or one slice of a very big one. Never throws for what the data holds: it says so to {@code out}. */
    void item(ItemSlice slice, FormatOutput out);

    /** The entries that hold no item's data, such as class lists. */
    default void end(FormatOutput out) {}
}
