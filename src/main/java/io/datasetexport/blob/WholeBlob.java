package io.datasetexport.blob;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/** A blob to its end, which comes only where it was stored to be: after as many bytes and, when all of them are read, with their CRC-32. */
public final class WholeBlob extends FilterInputStream {

    private final String key;
    private final long from;
    private final long bytes;
    private final long expected;
    private final CRC32 crc = new CRC32();
    private long read;

    private WholeBlob(InputStream in, String key, long from, long bytes, long crc32) {
        super(in);
        this.key = key;
        this.from = from;
        this.read = from;
        this.bytes = bytes;
        this.expected = crc32;
    }

    /**
     * Opens it.
     *
     * @param from the first byte that is wanted: 0, or one that the blob has
     * @param bytes of the whole blob
     * @param crc32 of the whole blob
     * @throws BlobBroken as {@link BlobStore#open}
     */
    public static WholeBlob open(BlobStore store, String key, long from, long bytes, long crc32) throws IOException {
        return new WholeBlob(store.open(key, from), key, from, bytes, crc32);
    }

    /**
     * Asks for what follows the last byte, when that was read.
     *
     * @throws BlobBroken when anything follows, or the bytes are not those that were stored
     */
    public void expectEnd() throws IOException {
        read();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws BlobBroken when it ends early or late, or with another CRC */
    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        int got = in.read(into, offset, count);
        if (got < 0) {
            if (read < bytes) {
                throw new BlobBroken(key, "ends after " + read + " of " + bytes + " bytes");
            }
            if (from == 0 && crc.getValue() != expected) {
                throw new BlobBroken(key, "has other bytes than were stored");
            }
            return -1;
        }
        read += got;
        if (read > bytes) {
            throw new BlobBroken(key, "is longer than its " + bytes + " bytes");
        }
        crc.update(into, offset, got);
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
