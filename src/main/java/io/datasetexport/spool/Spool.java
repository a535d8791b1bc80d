package io.datasetexport.spool;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are written first and read later: the first ones in memory, the rest on disk.
 *
 * <p>Used by one thread at a time. Closing it deletes the file.
 */
public final class Spool implements AutoCloseable {

    private static final int IN_MEMORY = 64 * 1024;

    private final SpoolStore store;
    private byte[] buffer = new byte[512];
    private int buffered;
    private long onDisk;
    private long reserved;
    private SpoolStore.@Nullable SpoolFile file;

    public Spool(SpoolStore store) {
        this.store = store;
    }

    public long size() {
        return onDisk + buffered;
    }

    /**
     * @throws SpoolFull when the quota is used up
     * @throws SpoolDiskFailed when the disk can't take it
     */
    public void append(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int left = count;
        while (left > 0) {
            if (buffered == IN_MEMORY) {
                spill();
            }
            int room = Math.min(left, IN_MEMORY - buffered);
            if (buffered + room > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(IN_MEMORY, Math.max(buffered + room, buffer.length * 2)));
            }
            System.arraycopy(bytes, at, buffer, buffered, room);
            buffered += room;
            at += room;
            left -= room;
        }
    }

    public void append(byte[] bytes) throws IOException {
        append(bytes, 0, bytes.length);
    }

    /** Writes everything to {@code out}, first byte to last. */
    public void copyTo(OutputStream out) throws IOException {
        if (file != null) {
            byte[] chunk = new byte[IN_MEMORY];
            for (long at = 0; at < onDisk;) {
                int read = file.channel().read(ByteBuffer.wrap(chunk, 0, (int) Math.min(chunk.length, onDisk - at)), at);
                if (read < 0) {
                    throw new IOException("A spool file is shorter than what was written to it");
                }
                out.write(chunk, 0, read);
                at += read;
            }
        }
        out.write(buffer, 0, buffered);
    }

    /** Everything, first byte to last; nothing may be appended while it is read. */
    public InputStream open() {
        return new Content();
    }

    private void spill() throws IOException {
        if (!store.reserve(buffered)) {
            throw new SpoolFull(store.quota());
        }
        reserved += buffered;
        if (file == null) {
            file = store.create();
        }
        file.write(ByteBuffer.wrap(buffer, 0, buffered), onDisk);
        onDisk += buffered;
        buffered = 0;
    }

    private final class Content extends InputStream {

        private long at;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (at == size()) {
                return -1;
            }
            int read;
            if (file != null && at < onDisk) {
                read = file.channel().read(ByteBuffer.wrap(into, from, (int) Math.min(count, onDisk - at)), at);
                if (read < 0) {
                    throw new IOException("A spool file is shorter than what was written to it");
                }
            } else {
                int start = (int) (at - onDisk);
                read = Math.min(count, buffered - start);
                System.arraycopy(buffer, start, into, from, read);
            }
            at += read;
            return read;
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.delete();
            file = null;
        }
        store.release(reserved);
        reserved = 0;
        buffered = 0;
        onDisk = 0;
    }
}
