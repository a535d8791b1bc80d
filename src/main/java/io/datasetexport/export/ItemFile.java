package io.datasetexport.export;

import io.datasetexport.spool.Spool;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A file that was made of one item, complete: nothing but the client can fail it any more.
 *
 * <p>Used by one thread; closing it frees what it takes.
 */
public final class ItemFile implements AutoCloseable {

    private final String name;
    private final Spool content;
    private final long leftOut;

    ItemFile(String name, Spool content, long leftOut) {
        this.name = name;
        this.content = content;
        this.leftOut = leftOut;
    }

    /** A safe file name. */
    public String name() {
        return name;
    }

    /** In bytes. */
    public long size() {
        return content.size();
    }

    /** How many of the annotations that belong in the file could not be put there. */
    public long leftOut() {
        return leftOut;
    }

    public void sendTo(OutputStream out) throws IOException {
        content.copyTo(out);
    }

    @Override
    public void close() {
        content.close();
    }
}
