package io.datasetexport.archive;

import io.datasetexport.spool.Spool;

/**
 * Compressed blocks in a spool, without the end of the stream.
 *
 * @param crc CRC-32 of the content
 * @param size bytes of the content
 */
record DeflatedContent(Spool blocks, long crc, long size) {}
