package io.datasetexport.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.model.EntryNames;
import io.datasetexport.model.KeptDocument;
import io.datasetexport.selection.SqlCondition;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A dataset's items in export order with the documents that are kept of them, by {@code COPY}: the server sends row after row without being
 * asked, where a cursor waits for each fetch. While it sends, its session can do nothing else, so items come in blocks.
 */
final class KeptCopy {

    private static final String ITEMS = KeptRows.COLUMNS + "k.document" + KeptRows.FROM
            + "? where i.dataset_key = ? and (i.filename, i.id) > (?, ?) and %s order by i.filename, i.id limit ?";
    /** Of what the server sends before the first row. */
    private static final int SIGNATURE_AND_FLAGS = 15;

    private final Session session;
    private final long dataset;
    private final long variant;
    private final SqlCondition condition;
    private String filename = "";
    private String id = "";

    /** @param condition on the items {@code i}, without arrays */
    KeptCopy(Session session, long dataset, long variant, SqlCondition condition) {
        this.session = session;
        this.dataset = dataset;
        this.variant = variant;
        this.condition = condition;
    }

    /** The next items behind the last one that was taken of the block before. */
    Block next(int items) throws SQLException {
        List<Object> values = new ArrayList<>(List.of(variant, dataset, filename, id));
        values.addAll(condition.values());
        values.add(items);
        return new Block(session.copy(ITEMS.formatted(condition.text()), values));
    }

    /** Some items, one at a time. The session is free again when it is closed. */
    final class Block implements AutoCloseable {

        private final Session.Copy rows;
        private int taken;
        private long sentBytes;
        private long key;
        private @Nullable AnnotatedItem item;

        private Block(Session.Copy rows) {
            this.rows = rows;
        }

        boolean next() throws SQLException {
            byte[] sent = rows.next();
            if (sent == null) {
                return false;
            }
            ByteBuffer row = ByteBuffer.wrap(sent);
            if (taken == 0) {
                row.position(SIGNATURE_AND_FLAGS);
                row.position(row.getInt() + row.position());
            }
            if (row.getShort() < 0) {
                return next();
            }
            taken++;
            sentBytes += sent.length;
            read(row);
            return true;
        }

        private void read(ByteBuffer row) {
            key = int8(row);
            id = Objects.requireNonNull(text(row));
            filename = Objects.requireNonNull(text(row));
            String path = text(row);
            String stem = text(row);
            String flat = text(row);
            if (row.getInt() < 0 || path == null || stem == null || flat == null) {
                item = null;
                return;
            }
            long changed = row.getLong();
            long crc32 = int8(row);
            int size = int4(row);
            int annotations = int4(row);
            KeptDocument document = new KeptDocument(crc32, size, annotations, Objects.requireNonNull(bytes(row)));
            item = KeptRows.item(key, id, filename, new EntryNames(path, stem, flat), changed, document);
        }

        /** How many there were so far. */
        int taken() {
            return taken;
        }

        /** Of their rows. */
        long sentBytes() {
            return sentBytes;
        }

        long key() {
            return key;
        }

        /** The item with its document; null when none is kept that is still true, or nobody has named the item yet. */
        @Nullable
        AnnotatedItem item() {
            return item;
        }

        @Override
        public void close() throws SQLException {
            rows.close();
        }
    }

    private static long int8(ByteBuffer row) {
        row.getInt();
        return row.getLong();
    }

    private static int int4(ByteBuffer row) {
        row.getInt();
        return row.getInt();
    }

    private static @Nullable String text(ByteBuffer row) {
        int bytes = row.getInt();
        if (bytes < 0) {
            return null;
        }
        String text = new String(row.array(), row.position(), bytes, UTF_8);
        row.position(row.position() + bytes);
        return text;
    }

    private static byte @Nullable [] bytes(ByteBuffer row) {
        int count = row.getInt();
        if (count < 0) {
            return null;
        }
        byte[] bytes = new byte[count];
        row.get(bytes);
        return bytes;
    }
}
