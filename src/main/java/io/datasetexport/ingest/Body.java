package io.datasetexport.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a request; a failure to read them is told apart from a failure of our own disk. */
final class Body extends FilterInputStream {

    private long count;

    Body(InputStream in) {
        super(in);
    }

    /** Bytes that were read. */
    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        try {
            int next = in.read();
            count += next < 0 ? 0 : 1;
            return next;
        } catch (IOException e) {
            throw new Lost(e);
        }
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        try {
            int read = in.read(buffer, from, length);
            count += Math.max(read, 0);
            return read;
        } catch (IOException e) {
            throw new Lost(e);
        }
    }

    /** The sender went away. */
    static final class Lost extends IOException {

        Lost(IOException cause) {
            super("The body could not be read to its end", cause);
        }
    }
}
