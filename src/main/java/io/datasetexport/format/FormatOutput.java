package io.datasetexport.format;

import io.datasetexport.model.Annotation;
import io.datasetexport.model.Item;
import io.datasetexport.model.Storage;
import io.datasetexport.text.Utf8Buffer;
import org.jspecify.annotations.Nullable;

/** Where one format puts what it made of a run of items. Used by one thread at a time. */
public interface FormatOutput {

    /** An empty buffer, the same one at every call: what it held before is gone. */
    Utf8Buffer scratch();

    /**
     * Adds an entry; the body is copied. For a slice of a very big item the body is the entry's next piece, and the entry ends with the
     * item's last slice; where no slice added one, there is no entry.
     *
     * @param path the entry's name in the archive, made of {@link io.datasetexport.model.EntryNames} and fixed text only
     */
    void entry(String path, Utf8Buffer body, ItemSlice slice);

    /** Adds an entry that belongs to no item. */
    void entry(String path, Utf8Buffer body);

    /** Adds an entry that is compressed already, such as a PNG: it is stored as it is. */
    void stored(String path, byte[] content);

    /** Says which long entry holds the item, where {@code items.csv} has a column for the format and it makes no entry of the item. */
    void heldBy(LongEntry entry);

    /** Adds the file of an item as an entry: it is stored as it is, behind everything that is made of rows. */
    void file(String path, Storage.Own file);

    /** Starts an element of a section; write it to the returned buffer before anything else is asked of this output. */
    Utf8Buffer element(LongEntry.Section section);

    /** Takes the next number of a sequence. What it returns is only a ticket: the number itself is known when all items before are through. */
    int next(RunningNumber sequence);

    /** Writes the number behind a {@linkplain #next ticket} to the element that was {@linkplain #element started} last. */
    void number(RunningNumber sequence, int ticket);

    /** Counts an item that is in this format, once. */
    void countItem();

    /** Counts annotations that are in this format. */
    void countAnnotations(int annotations);

    /** Says that the format can't hold an annotation, or, with a null annotation, the whole item. */
    void leftOut(Reason reason, Item item, @Nullable Annotation annotation);

    /** Says that the format holds {@code count} of the item's annotations changed: the reason names what they lost. */
    void changed(Reason reason, Item item, int count);
}
