package io.datasetexport.blob;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;

/** Counts and sums what is read through it. */
final class Digest extends FilterInputStream {

    private final CRC32 crc = new CRC32();
    private final MessageDigest sha256;
    private long bytes;

    Digest(InputStream in) {
        super(in);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** What was read is a blob. */
    Blob blob(String key) {
        return new Blob(key, bytes, crc.getValue(), sha256.digest());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        int got = in.read(into, from, count);
        if (got > 0) {
            crc.update(into, from, got);
            sha256.update(into, from, got);
            bytes += got;
        }
        return got;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
