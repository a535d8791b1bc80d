package io.datasetexport.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a request; a failure to read them is told apart from a failure of our own disk. */
final class Body extends FilterInputStream {

    Body(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (IOException e) {
            throw new Lost(e);
        }
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        try {
            return in.read(buffer, from, length);
        } catch (IOException e) {
            throw new Lost(e);
        }
    }

    /** The sender went away. */
    static final class Lost extends IOException {

        private final IOException reason;

        Lost(IOException reason) {
            super("The body could not be read to its end", reason);
            this.reason = reason;
        }

        IOException reason() {
            return reason;
        }
    }
}
