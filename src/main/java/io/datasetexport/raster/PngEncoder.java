package io.datasetexport.raster;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Encodes pictures of 8 bits a sample as PNG, row by row from the top, without ever holding their pixels.
 *
 * <p>Made for masks, which are runs and repeated rows: no row filter, the deflater's fastest level. The same pixels give the same
 * bytes. Not safe for use by several threads; holds native memory until it is closed.
 */
public final class PngEncoder implements AutoCloseable {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte INDEXED = 3;
    private static final byte RGBA = 6;
    private static final int BLOCK = 1 << 16;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    private final CRC32 crc = new CRC32();
    private byte[] rows = new byte[0];
    private byte[] out = new byte[1 << 12];
    private int length;

    /** Gives the pixels of one row; rows are asked for once each, from the top. */
    @FunctionalInterface
    public interface Rows {

        /** Writes row {@code y} to {@code into} from {@code from} on; what is there before is undefined. */
        void write(int y, byte[] into, int from);
    }

    /**
     * Encodes one byte a pixel, an index into {@code palette}; index 0 is fully transparent.
     *
     * @param palette red, green and blue of index 0, of index 1 and so on: up to 256 colours, the first of them black
     */
    public byte[] indexed(int width, int height, byte[] palette, Rows pixels) {
        start(width, height, INDEXED);
        chunk("PLTE", palette);
        chunk("tRNS", new byte[] {0});
        return finish(width, height, pixels);
    }

    /** Encodes four bytes a pixel: red, green, blue and opacity, not multiplied. */
    public byte[] rgba(int width, int height, Rows pixels) {
        start(width, height, RGBA);
        return finish(Math.multiplyExact(width, 4), height, pixels);
    }

    @Override
    public void close() {
        deflater.end();
    }

    private void start(int width, int height, byte colourType) {
        length = 0;
        append(SIGNATURE);
        byte[] header = new byte[13];
        putInt(header, 0, width);
        putInt(header, 4, height);
        header[8] = 8;
        header[9] = colourType;
        chunk("IHDR", header);
    }

    private byte[] finish(int rowBytes, int height, Rows pixels) {
        int stride = rowBytes + 1;
        int rowsAtOnce = Math.max(1, Math.min(height, BLOCK / stride));
        if (rows.length < rowsAtOnce * stride) {
            rows = new byte[rowsAtOnce * stride];
        }
        int chunk = openChunk("IDAT");
        deflater.reset();
        for (int top = 0; top < height; top += rowsAtOnce) {
            int count = Math.min(rowsAtOnce, height - top);
            for (int i = 0; i < count; i++) {
                rows[i * stride] = 0;
                pixels.write(top + i, rows, i * stride + 1);
            }
            deflater.setInput(rows, 0, count * stride);
            drain();
        }
        deflater.finish();
        drain();
        closeChunk(chunk);
        chunk("IEND", new byte[0]);
        return Arrays.copyOf(out, length);
    }

    private void drain() {
        int count;
        do {
            ensure(1 << 10);
            count = deflater.deflate(out, length, out.length - length);
            length += count;
        } while (count > 0);
    }

    private void chunk(String type, byte[] content) {
        int chunk = openChunk(type);
        append(content);
        closeChunk(chunk);
    }

    private int openChunk(String type) {
        int at = length;
        append(new byte[4]);
        append(type.getBytes(StandardCharsets.US_ASCII));
        return at;
    }

    private void closeChunk(int at) {
        putInt(out, at, length - at - 8);
        crc.reset();
        crc.update(out, at + 4, length - at - 4);
        ensure(4);
        putInt(out, length, (int) crc.getValue());
        length += 4;
    }

    private void append(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
    }

    private void ensure(int count) {
        if (out.length - length < count) {
            out = Arrays.copyOf(out, Math.addExact(out.length, Math.max(count, out.length)));
        }
    }

    private static void putInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }
}
