package io.datasetexport.archive;

import java.util.zip.ZipEntry;

/**
 * An entry that is ready to be written.
 *
 * @param path the entry's name
 * @param method {@link ZipEntry#STORED} or {@link ZipEntry#DEFLATED}
 * @param crc CRC-32 of the content
 * @param size bytes of the content
 * @param data the content as {@code method} encodes it
 */
public record EncodedEntry(String path, int method, long crc, long size, byte[] data) {

    /** An entry whose content was compressed before. */
    public static EncodedEntry deflated(String path, long crc, long size, byte[] data) {
        return new EncodedEntry(path, ZipEntry.DEFLATED, crc, size, data);
    }

    public boolean isDeflated() {
        return method == ZipEntry.DEFLATED;
    }
}
