package io.datasetexport.format;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item with its annotations, in the source's order: all of them, or, when they do not fit in memory, the next run of them in the
 * order that the writer asked for.
 *
 * <p>Slices of one item are given to a writer one after the other, {@linkplain #first} to {@linkplain #last}, so it may keep a
 * {@linkplain #carry() state} between them; slices of different items are rendered at the same time.
 */
public final class ItemSlice {

    private final Item item;
    private final List<Annotation> annotations;
    private final boolean first;
    private final boolean last;
    private @Nullable Object carry;

    private ItemSlice(Item item, List<Annotation> annotations, boolean first, boolean last, @Nullable Object carry) {
        this.item = item;
        this.annotations = annotations;
        this.first = first;
        this.last = last;
        this.carry = carry;
    }

    /** An item with all of its annotations. */
    public static ItemSlice whole(Item item, List<Annotation> annotations) {
        return new ItemSlice(item, annotations, true, true, null);
    }

    /** A run of an item's annotations; {@code carry} is what the writer left in the slice before. */
    public static ItemSlice part(
            Item item, List<Annotation> annotations, boolean first, boolean last, @Nullable Object carry) {
        return new ItemSlice(item, annotations, first, last, carry);
    }

    public Item item() {
        return item;
    }

    public List<Annotation> annotations() {
        return annotations;
    }

    public boolean first() {
        return first;
    }

    public boolean last() {
        return last;
    }

    public boolean whole() {
        return first && last;
    }

    /** What the writer left in the item's slice before this one; null in the first. */
    public @Nullable Object carry() {
        return carry;
    }

    /** Leaves something for the item's next slice. */
    public void carry(Object state) {
        carry = state;
    }
}
