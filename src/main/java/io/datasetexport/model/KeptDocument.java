package io.datasetexport.model;

/**
 * An item's document as an earlier export wrote it, to be copied.
 *
 * @param crc32 of the document
 * @param size of the document, in bytes
 * @param annotations in the document
 * @param deflated the document as an entry's data, RFC 1951
 */
public record KeptDocument(long crc32, int size, int annotations, byte[] deflated) {}
