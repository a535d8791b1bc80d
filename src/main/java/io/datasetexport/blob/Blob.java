package io.datasetexport.blob;

/**
 * A file as it was stored.
 *
 * @param key the store's name for it
 * @param bytes its size
 * @param crc32 its CRC-32
 * @param sha256 its SHA-256, 32 bytes
 */
public record Blob(String key, long bytes, long crc32, byte[] sha256) {}
