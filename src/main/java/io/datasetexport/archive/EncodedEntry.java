package io.datasetexport.archive;

/**
 * An entry that is ready to be written.
 *
 * @param path the entry's name
 * @param method {@link java.util.zip.ZipEntry#STORED} or {@link java.util.zip.ZipEntry#DEFLATED}
 * @param crc CRC-32 of the content
 * @param size bytes of the content
 * @param data the content as {@code method} encodes it
 */
public record EncodedEntry(String path, int method, long crc, long size, byte[] data) {}
