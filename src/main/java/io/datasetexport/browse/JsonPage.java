package io.datasetexport.browse;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.datasetexport.spool.Spool;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A page of rows as JSON, UTF-8: {@code {totalItemsCount?, totalPagesCount?, hasNextPage, items: [...]}}.
 *
 * <p>Used by one thread; closing it frees what it takes.
 */
public final class JsonPage implements AutoCloseable {

    private static final byte[] END = "]}\n".getBytes(US_ASCII);

    private final byte[] head;
    private final Spool rows;

    JsonPage(byte[] head, Spool rows) {
        this.head = head;
        this.rows = rows;
    }

    /** In bytes. */
    public long size() {
        return head.length + rows.size() + END.length;
    }

    public void sendTo(OutputStream out) throws IOException {
        out.write(head);
        rows.copyTo(out);
        out.write(END);
    }

    @Override
    public void close() {
        rows.close();
    }
}
