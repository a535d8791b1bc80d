package io.datasetexport.blob;

import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/** Sums what is read through {@link #content()}. */
final class Digest {

    private final MessageDigest sha256;
    private final CheckedInputStream content;

    Digest(InputStream in) {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        content = new CheckedInputStream(new DigestInputStream(in, sha256), new CRC32());
    }

    InputStream content() {
        return content;
    }

    /** What was read, so many bytes, is a blob. */
    Blob blob(String key, long bytes) {
        return new Blob(key, bytes, content.getChecksum().getValue(), sha256.digest());
    }
}
