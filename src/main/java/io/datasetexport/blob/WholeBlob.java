package io.datasetexport.blob;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/** A blob from its first byte on; its end comes only after as many bytes, with the CRC-32, as were stored. */
public final class WholeBlob extends FilterInputStream {

    private final String key;
    private final long bytes;
    private final long expected;
    private final CRC32 crc = new CRC32();
    private long read;

    private WholeBlob(InputStream in, String key, long bytes, long crc32) {
        super(in);
        this.key = key;
        this.bytes = bytes;
        this.expected = crc32;
    }

    /** @throws BlobBroken as {@link BlobStore#open} */
    public static WholeBlob open(BlobStore store, String key, long bytes, long crc32) throws IOException {
        return new WholeBlob(store.open(key, 0), key, bytes, crc32);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws BlobBroken when it ends early or late, or with another CRC */
    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        int got = in.read(into, from, count);
        if (got < 0) {
            if (read < bytes) {
                throw new BlobBroken(key, "ends after " + read + " of " + bytes + " bytes");
            }
            if (crc.getValue() != expected) {
                throw new BlobBroken(key, "has other bytes than were stored");
            }
            return -1;
        }
        read += got;
        if (read > bytes) {
            throw new BlobBroken(key, "is longer than its " + bytes + " bytes");
        }
        crc.update(into, from, got);
        return got;
    }

    @Override
    public long skip(long count) throws IOException {
        return Math.max(0, read(new byte[(int) Math.min(count, 8192)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
