package io.datasetexport.archive;

import io.airlift.compress.v3.deflate.DeflateNativeCompressor;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses pieces of a stream, each by itself and ended at a byte by a sync flush, so that they are one stream when they stand one after
 * the other: RFC 1951, section 3.2.4.
 *
 * <p>By libdeflate where its native library runs, twice as fast as zlib. Its streams end with a block that is marked as the last one. A piece
 * that is short enough is one block: at the fast level libdeflate ends one after 64 KiB or 8192 matches, which numbers have in 40 KiB, at
 * higher ones also where the content changes. So the mark is the first bit. It is cleared, and the empty stored block of a flush put where
 * the bits end. A piece that became more blocks is compressed again in pieces of {@value #SHORT_PIECE} bytes. What still does not look like
 * that is compressed by zlib, as is everything where there is no libdeflate. One instance serves one thread.
 */
final class PieceDeflater {

    /** At the level that is fast. */
    static final int PIECE = 32 * 1024;
    /** At the level that is small: a longer piece has more to refer to. */
    static final int LONG_PIECE = 64 * 1024;

    private static final int SHORT_PIECE = 16 * 1024;

    private static final int FLUSH = 5;

    private final int level;
    private final int piece;
    private final @Nullable DeflateNativeCompressor compressor;
    private byte[] out = new byte[0];
    private int length;

    PieceDeflater(int level) {
        this.level = level;
        this.piece = level == DeflateCodec.FAST_LEVEL ? PIECE : LONG_PIECE;
        this.compressor = DeflateCodec.NATIVE ? new DeflateNativeCompressor(level) : null;
    }

    /** Compresses content of any length, piece by piece. */
    byte[] deflate(byte[] content, int count) {
        length = 0;
        if (compressor == null) {
            byZlib(content, 0, count);
        } else {
            for (int from = 0; from < count; from += piece) {
                int size = Math.min(piece, count - from);
                if (!piece(compressor, content, from, size)) {
                    shorter(compressor, content, from, size);
                }
            }
        }
        return Arrays.copyOf(out, length);
    }

    private void shorter(DeflateNativeCompressor compressor, byte[] content, int from, int count) {
        if (count <= SHORT_PIECE) {
            byZlib(content, from, count);
            return;
        }
        for (int at = 0; at < count; at += SHORT_PIECE) {
            int size = Math.min(SHORT_PIECE, count - at);
            if (!piece(compressor, content, from + at, size)) {
                byZlib(content, from + at, size);
            }
        }
    }

    /** Returns false, and leaves the stream as it was, where the piece did not become one block. */
    private boolean piece(DeflateNativeCompressor compressor, byte[] content, int from, int count) {
        reserve(compressor.maxCompressedLength(count) + FLUSH);
        int size = compressor.compress(content, from, count, out, length, out.length - length);
        long bits = OnlyBlock.bits(out, length, size);
        if (bits == OnlyBlock.UNKNOWN) {
            return false;
        }
        out[length] &= ~1;
        out[length + size] = 0;
        // The three bits that begin a stored block, zeros up to the next byte, its length, which is none, and the complement of that.
        length += (int) (bits + 3 + 7 >> 3);
        out[length++] = 0;
        out[length++] = 0;
        out[length++] = (byte) 0xff;
        out[length++] = (byte) 0xff;
        return true;
    }

    private void byZlib(byte[] content, int from, int count) {
        Deflater deflater = new Deflater(level, true);
        try {
            deflater.setInput(content, from, count);
            int written;
            do {
                reserve(count / 3 + 1024);
                written = deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
                length += written;
            } while (length == out.length);
        } finally {
            deflater.end();
        }
    }

    private void reserve(int room) {
        if (out.length - length < room) {
            out = Arrays.copyOf(out, Math.max(length + room, out.length * 2));
        }
    }
}
