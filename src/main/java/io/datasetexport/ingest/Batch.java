package io.datasetexport.ingest;

import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolStore;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some items and their annotations between reader and database. Annotations are rows that lack what depends on their item, in the order of
 * the items; an item with more than fits goes to a file, since its own members may come after them.
 *
 * <p>An annotation is the length of what follows, in four bytes, then COPY fields: {@link #OPEN_FIELDS} that the item may fill in, with
 * {@link #OPEN} for a length where it shall, then those that are complete.
 */
final class Batch {

    /** id, creator, updated_by, created_at, updated_at. */
    static final int OPEN_FIELDS = 5;
    /** Length of a field that the item fills in. */
    static final int OPEN = -2;

    private static final int FULL_BYTES = 4 << 20;
    private static final int FULL_ITEMS = 2000;
    private static final int SPILL_BYTES = 8 << 20;
    private static final int LARGEST = 64 << 20;

    private final List<ItemDraft> items = new ArrayList<>();
    private final RowBuffer annotations = new RowBuffer(1 << 20, LARGEST);
    private final SpoolStore store;
    private long itemBytes;
    private @Nullable Spool spilled;

    /** @param store where very big items are kept for a moment */
    Batch(SpoolStore store) {
        this.store = store;
    }

    List<ItemDraft> items() {
        return items;
    }

    boolean isFull() {
        return items.size() >= FULL_ITEMS || annotations.length() + itemBytes >= FULL_BYTES || spilled != null;
    }

    void add(ItemDraft item) {
        if (item.filename != null) {
            item.natural();
        }
        items.add(item);
        itemBytes += 500 + item.metadata.length + (item.extra == null ? 0 : item.extra.length);
    }

    /** Starts an annotation: its fields go to the returned buffer. */
    RowBuffer start() {
        annotations.int32(0);
        return annotations;
    }

    /** Ends the annotation whose fields start at {@code from}. */
    void end(int from) throws IOException {
        annotations.endField(from);
        if (annotations.length() >= SPILL_BYTES) {
            spill();
        }
    }

    /** Hands out the annotations one after the other, as often as it is asked to. */
    Cursor cursor() throws IOException {
        if (spilled == null) {
            return new MemoryCursor(annotations);
        }
        spill();
        return new FileCursor(spilled.open());
    }

    void clear() {
        items.clear();
        annotations.clear();
        itemBytes = 0;
        if (spilled != null) {
            spilled.close();
            spilled = null;
        }
    }

    private void spill() throws IOException {
        Spool spool = spilled;
        if (spool == null) {
            spool = new Spool(store);
            spilled = spool;
        }
        spool.append(annotations.array(), 0, annotations.length());
        annotations.clear();
    }

    /** One annotation after the other: {@link #array()} from {@link #from()} to {@link #to()}, valid until the next. */
    interface Cursor {

        void next() throws IOException;

        byte[] array();

        int from();

        int to();
    }

    private static final class MemoryCursor implements Cursor {

        private final RowBuffer annotations;
        private int from;
        private int to;

        MemoryCursor(RowBuffer annotations) {
            this.annotations = annotations;
        }

        @Override
        public void next() {
            from = to + 4;
            to = from + int32(annotations.array(), to);
        }

        @Override
        public byte[] array() {
            return annotations.array();
        }

        @Override
        public int from() {
            return from;
        }

        @Override
        public int to() {
            return to;
        }
    }

    private static final class FileCursor implements Cursor {

        private final DataInputStream in;
        private byte[] record = new byte[1 << 16];
        private int length;

        FileCursor(InputStream file) {
            in = new DataInputStream(new BufferedInputStream(file, 1 << 18));
        }

        @Override
        public void next() throws IOException {
            length = in.readInt();
            if (length > record.length) {
                record = new byte[length];
            }
            in.readFully(record, 0, length);
        }

        @Override
        public byte[] array() {
            return record;
        }

        @Override
        public int from() {
            return 0;
        }

        @Override
        public int to() {
            return length;
        }
    }

    static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
    }
}
