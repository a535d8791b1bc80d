package io.datasetexport.archive;

import io.airlift.compress.v3.Compressor;
import io.airlift.compress.v3.deflate.DeflateJavaCompressor;
import io.airlift.compress.v3.deflate.DeflateNativeCompressor;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/**
 * Compresses whole entries: by libdeflate where its native library runs, else by the JDK.
 *
 * <p>The two give different bytes for the same content, both valid; {@link #name()} tells which one runs here. One instance serves one
 * thread.
 */
public final class DeflateCodec {

    /** Level of what must be fast. */
    public static final int FAST_LEVEL = 1;

    /** Level of what must be small: the first at which libdeflate looks for a longer match at the next byte. */
    public static final int SMALL_LEVEL = 5;

    static final boolean NATIVE = DeflateNativeCompressor.isEnabled();

    private final Compressor compressor = NATIVE ? new DeflateNativeCompressor(FAST_LEVEL) : new DeflateJavaCompressor(FAST_LEVEL);
    private byte[] compressed = new byte[16 * 1024];

    /** Which codec and levels make the bytes: part of what an archive's ETag stands for. */
    public static String name() {
        return (NATIVE ? "libdeflate-" : "jdk-") + FAST_LEVEL + "-" + SMALL_LEVEL + "/pieces-" + PieceDeflater.PIECE + "-" + PieceDeflater.LONG_PIECE;
    }

    /** The entry of this content; stored where compressing does not make it smaller. */
    public EncodedEntry encode(String path, byte[] content, int from, int count) {
        int bound = compressor.maxCompressedLength(count);
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int size = count == 0 ? 0 : compressor.compress(content, from, count, compressed, 0, compressed.length);
        boolean smaller = count > 0 && size < count;
        byte[] data = smaller ? Arrays.copyOf(compressed, size) : Arrays.copyOfRange(content, from, from + count);
        return new EncodedEntry(path, smaller ? ZipEntry.DEFLATED : ZipEntry.STORED, crc(content, from, count), count, data);
    }

    /** The entry of content that is compressed in its own way: stored as it is. */
    public static EncodedEntry stored(String path, byte[] content) {
        return new EncodedEntry(path, ZipEntry.STORED, crc(content, 0, content.length), content.length, content);
    }

    private static long crc(byte[] content, int from, int count) {
        CRC32 crc = new CRC32();
        crc.update(content, from, count);
        return crc.getValue();
    }
}
