package io.datasetexport.raster;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.deflate.DeflateNativeDecompressor;
import io.datasetexport.raster.DecodedMask.Readable;
import io.datasetexport.raster.DecodedMask.Unreadable;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Reads a mask from a PNG: a pixel is set where its alpha is over 127, or, in a picture without alpha, where it is not black.
 *
 * <p>Every colour type, depth and interlacing of PNG. The size is checked before anything is decoded; then there are two rows of pixels
 * and one bit for each pixel in memory, and the picture only if it is small: libdeflate, where its native library runs, inflates it at
 * once, many times as fast as the JDK does row by row. What it does not take is left to the JDK, whose word counts. A chunk that is no picture data is skipped unread, whatever it would
 * inflate to. Colours are taken as they are stored: gamma and profiles mean nothing here.
 */
public final class MaskDecoder {

    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504c5445;
    private static final int TRNS = 0x74524e53;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454e44;
    /** In bytes, inflated: decoding so few costs an import next to nothing. */
    private static final int SMALL = 1 << 12;
    private static final int LARGEST_DEFLATE_RATIO = 1032;

    /** Bytes of inflated rows that may be in memory at once. */
    private static final int AT_ONCE = 12 << 20;

    private static final boolean NATIVE = DeflateNativeDecompressor.isEnabled();
    private static final ThreadLocal<DeflateNativeDecompressor> DECOMPRESSOR = ThreadLocal.withInitial(DeflateNativeDecompressor::new);

    private static final int GRAY = 0;
    private static final int RGB = 2;
    private static final int INDEXED = 3;
    private static final int GRAY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    private static final int[][] WHOLE = {{0, 0, 1, 1}};
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private final ByteBuffer png;
    private final boolean atOnce;
    private final Inflater inflater = new Inflater();
    private int width;
    private int height;
    private int depth;
    private int colorType;
    private int channels;
    private boolean interlaced;
    private byte[] palette = {};
    private byte[] transparency = {};
    private boolean transparent;
    private byte @Nullable [] rows;
    private int rowsRead;

    private MaskDecoder(ByteBuffer png, boolean atOnce) {
        this.png = png;
        this.atOnce = atOnce;
    }

    /** Bytes of memory that reading a picture of this size may take, the mask included and its text not. */
    public static long bytes(int width, int height, int textLength) {
        long mask = LayerCanvas.bytes(width, height, 1);
        return 2 * mask + 2L * textLength + Math.min(AT_ONCE, (8L * width + 1) * height) + 64L * width;
    }

    /** Reads a PNG in base64, as it is or as a data URI: everything up to a first comma is skipped. */
    public static DecodedMask decodeBase64(byte[] text, int from, int length) {
        ByteBuffer png = pngOfBase64(text, from, length);
        return png == null ? Unreadable.UNDECODABLE : decode(png);
    }

    private static @Nullable ByteBuffer pngOfBase64(byte[] text, int from, int length) {
        int start = from;
        int end = from + length;
        for (int i = from; i < end; i++) {
            if (text[i] == ',') {
                start = i + 1;
                break;
            }
        }
        try {
            // Many times as fast, for a text without line breaks.
            return Base64.getDecoder().decode(ByteBuffer.wrap(text, start, end - start));
        } catch (IllegalArgumentException otherCharacters) {
            return pngOfMime(ByteBuffer.wrap(text, start, end - start));
        }
    }

    private static @Nullable ByteBuffer pngOfMime(ByteBuffer text) {
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** What a look at a PNG tells of what decoding it would give. */
    public enum Inspection {
        /** It can be decoded; of a picture over {@value #SMALL} bytes, because every checksum up to its end is right. */
        INTACT,
        /** As {@link Unreadable#TOO_LARGE}. */
        TOO_LARGE,
        /** As {@link Unreadable#UNDECODABLE}. */
        UNDECODABLE,
        /** Only decoding it tells. */
        UNCERTAIN
    }

    /** Looks at what {@link #decodeBase64} would read, without decoding more than a small picture. */
    public static Inspection inspectBase64(byte[] text, int from, int length) {
        ByteBuffer png = pngOfBase64(text, from, length);
        if (png == null) {
            return Inspection.UNDECODABLE;
        }
        MaskDecoder decoder = new MaskDecoder(png, NATIVE);
        try {
            return decoder.inspect();
        } catch (DataFormatException damaged) {
            return Inspection.UNDECODABLE;
        } finally {
            decoder.inflater.end();
        }
    }

    /** Reads a PNG. */
    public static DecodedMask decode(byte[] png) {
        return decode(ByteBuffer.wrap(png));
    }

    private static DecodedMask decode(ByteBuffer png) {
        return decode(png, NATIVE);
    }

    /** @param atOnce whether a small picture may be inflated at once */
    static DecodedMask decode(ByteBuffer png, boolean atOnce) {
        MaskDecoder decoder = new MaskDecoder(png, atOnce);
        try {
            return decoder.read();
        } catch (DataFormatException damaged) {
            return Unreadable.UNDECODABLE;
        } finally {
            decoder.inflater.end();
        }
    }

    private DecodedMask read() throws DataFormatException {
        Unreadable refusal = open();
        return refusal == null ? pixels() : refusal;
    }

    private Inspection inspect() throws DataFormatException {
        Unreadable refusal = open();
        if (refusal != null) {
            return switch (refusal) {
                case TOO_LARGE -> Inspection.TOO_LARGE;
                case UNDECODABLE -> Inspection.UNDECODABLE;
            };
        }
        if (needed() <= SMALL) {
            pixels();
            return Inspection.INTACT;
        }
        nextChunk(IDAT);
        try {
            while (png.remaining() >= 8 && png.getInt(png.position() + 4) != IEND) {
                nextChunk(png.getInt(png.position() + 4));
            }
        } catch (DataFormatException damagedBehindWhatIsSurelyRead) {
            return Inspection.UNCERTAIN;
        }
        return png.remaining() >= 8 ? Inspection.INTACT : Inspection.UNCERTAIN;
    }

    /** Reads the header and goes behind it; says what is wrong with the size. */
    private @Nullable Unreadable open() throws DataFormatException {
        if (png.remaining() < 33 || png.getLong() != SIGNATURE || png.getInt() != 13 || png.getInt() != IHDR) {
            return Unreadable.UNDECODABLE;
        }
        readHeader(png.slice(png.position(), 13));
        if (width <= 0 || height <= 0) {
            return Unreadable.UNDECODABLE;
        }
        if (!BitMask.fits(width, height)) {
            return Unreadable.TOO_LARGE;
        }
        png.position(8);
        nextChunk(IHDR);
        return needed() > (long) png.remaining() * LARGEST_DEFLATE_RATIO ? Unreadable.UNDECODABLE : null;
    }

    private int[][] passes() {
        return interlaced ? ADAM7 : WHOLE;
    }

    /** In bytes, inflated. */
    private long needed() {
        long needed = 0;
        for (int[] pass : passes()) {
            needed += (1L + rowBytes(columns(pass))) * rows(pass);
        }
        return needed;
    }

    private DecodedMask pixels() throws DataFormatException {
        long needed = needed();
        rows = atOnce && needed <= AT_ONCE ? inflateAtOnce((int) needed) : null;
        if (rows == null) {
            inflater.setInput(nextChunk(IDAT));
        }
        BitMask mask = BitMask.growing(width, height);
        for (int[] pass : passes()) {
            readPass(pass, mask);
        }
        mask.reach(height - 1);
        return new Readable(mask);
    }

    private void readHeader(ByteBuffer header) throws DataFormatException {
        width = header.getInt();
        height = header.getInt();
        depth = header.get();
        colorType = header.get();
        check(header.getShort() == 0);
        int interlacing = header.get();
        check(interlacing == 0 || interlacing == 1);
        interlaced = interlacing == 1;
        boolean bytes = depth == 8 || depth == 16;
        boolean bits = depth == 1 || depth == 2 || depth == 4;
        switch (colorType) {
            case GRAY -> check(bits || bytes);
            case INDEXED -> check(bits || depth == 8);
            case RGB, GRAY_ALPHA, RGB_ALPHA -> check(bytes);
            default -> check(false);
        }
        channels = switch (colorType) {
            case RGB -> 3;
            case GRAY_ALPHA -> 2;
            case RGB_ALPHA -> 4;
            default -> 1;
        };
    }

    /** Goes to the next chunk of a type, keeping palette and transparency on the way, and gives its content. */
    private ByteBuffer nextChunk(int wanted) throws DataFormatException {
        while (true) {
            check(png.remaining() >= 12);
            int length = png.getInt();
            check(length >= 0 && length <= png.remaining() - 8);
            int type = png.getInt(png.position());
            if (type == wanted || type == PLTE || type == TRNS) {
                CRC32 crc = new CRC32();
                crc.update(png.slice(png.position(), 4 + length));
                check((int) crc.getValue() == png.getInt(png.position() + 4 + length));
            }
            ByteBuffer content = png.slice(png.position() + 4, length);
            png.position(png.position() + length + 8);
            if (type == wanted) {
                return content;
            }
            if (type == PLTE) {
                palette = bytes(content);
            } else if (type == TRNS) {
                transparency = bytes(content);
                transparent = true;
            }
        }
    }

    private static byte[] bytes(ByteBuffer content) throws DataFormatException {
        check(content.remaining() <= 768);
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        return bytes;
    }

    private int columns(int[] pass) {
        return (width - pass[0] + pass[2] - 1) / pass[2];
    }

    private int rows(int[] pass) {
        return (height - pass[1] + pass[3] - 1) / pass[3];
    }

    private int rowBytes(int columns) {
        return (int) (((long) columns * channels * depth + 7) / 8);
    }

    private void readPass(int[] pass, BitMask mask) throws DataFormatException {
        int columns = columns(pass);
        int rows = rows(pass);
        if (columns == 0 || rows == 0) {
            return;
        }
        if (colorType == RGB_ALPHA && depth == 8 && pass == WHOLE[0]) {
            readAlpha(mask);
            return;
        }
        byte[] filter = new byte[1];
        byte[] row = new byte[rowBytes(columns)];
        byte[] above = new byte[row.length];
        for (int r = 0; r < rows; r++) {
            inflate(filter);
            inflate(row);
            unfilter(filter[0], row, above, Math.max(1, channels * depth / 8));
            int y = pass[1] + r * pass[3];
            mask.reach(y);
            for (int i = 0; i < columns; i++) {
                if (isSet(row, i)) {
                    mask.set(pass[0] + i * pass[2], y);
                }
            }
            byte[] spare = above;
            above = row;
            row = spare;
        }
    }

    /** The kind of mask that platforms store. Filters work on each channel alone, so that only the fourth one need be undone. */
    private void readAlpha(BitMask mask) throws DataFormatException {
        byte[] filter = new byte[1];
        byte[] row = new byte[4 * width];
        byte[] alpha = new byte[width];
        byte[] above = new byte[width];
        for (int y = 0; y < height; y++) {
            inflate(filter);
            inflate(row);
            for (int x = 0, at = 3; x < width; x++, at += 4) {
                alpha[x] = row[at];
            }
            unfilter(filter[0], alpha, above, 1);
            mask.reach(y);
            for (int x = 0; x < width; x += Long.SIZE) {
                long word = 0;
                for (int i = Math.min(Long.SIZE, width - x) - 1; i >= 0; i--) {
                    word = word << 1 | alpha[x + i] >>> 7 & 1;
                }
                mask.word64(x >> 6, y, word);
            }
            byte[] spare = above;
            above = alpha;
            alpha = spare;
        }
    }

    /** All rows with their filters, or null when it takes the slower way to say what is wrong, if anything is. */
    private byte @Nullable [] inflateAtOnce(int size) {
        int start = png.position();
        byte[] compressed = new byte[png.remaining()];
        int length = 0;
        try {
            for (int type = IDAT; type != IEND;) {
                ByteBuffer content = nextChunk(type);
                if (type == IDAT) {
                    int count = content.remaining();
                    content.get(compressed, length, count);
                    length += count;
                }
                type = png.remaining() < 12 ? IEND : png.getInt(png.position() + 4);
            }
            boolean zlib = length > 2 && (compressed[0] & 0x0f) == 8 && (compressed[1] & 0x20) == 0
                    && ((compressed[0] & 0xff) << 8 | compressed[1] & 0xff) % 31 == 0;
            byte[] inflated = new byte[size];
            if (zlib && DECOMPRESSOR.get().decompress(compressed, 2, length - 2, inflated, 0, size) == size) {
                return inflated;
            }
        } catch (DataFormatException | MalformedInputException damaged) {
            // The rows may be whole nevertheless: what is damaged may come after them.
        }
        png.position(start);
        return null;
    }

    private void inflate(byte[] target) throws DataFormatException {
        if (rows != null) {
            System.arraycopy(rows, rowsRead, target, 0, target.length);
            rowsRead += target.length;
            return;
        }
        int filled = 0;
        while (filled < target.length) {
            int count = inflater.inflate(target, filled, target.length - filled);
            filled += count;
            if (count == 0) {
                check(!inflater.finished() && !inflater.needsDictionary());
                inflater.setInput(nextChunk(IDAT));
            }
        }
    }

    private static void unfilter(int filter, byte[] row, byte[] above, int step) throws DataFormatException {
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = step; i < row.length; i++) {
                    row[i] += row[i - step];
                }
            }
            case 2 -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 0; i < row.length; i++) {
                    int left = i < step ? 0 : row[i - step] & 0xff;
                    row[i] += (byte) (left + (above[i] & 0xff) >> 1);
                }
            }
            case 4 -> {
                for (int i = 0; i < row.length; i++) {
                    int left = i < step ? 0 : row[i - step] & 0xff;
                    int aboveLeft = i < step ? 0 : above[i - step] & 0xff;
                    row[i] += (byte) paeth(left, above[i] & 0xff, aboveLeft);
                }
            }
            default -> check(false);
        }
    }

    private static int paeth(int left, int above, int aboveLeft) {
        int toLeft = Math.abs(above - aboveLeft);
        int toAbove = Math.abs(left - aboveLeft);
        int toBoth = Math.abs(left + above - 2 * aboveLeft);
        if (toLeft <= toAbove && toLeft <= toBoth) {
            return left;
        }
        return toAbove <= toBoth ? above : aboveLeft;
    }

    private boolean isSet(byte[] row, int i) {
        if (colorType == RGB_ALPHA || colorType == GRAY_ALPHA) {
            return row[(i + 1) * channels * depth / 8 - depth / 8] < 0;
        }
        if (colorType == INDEXED) {
            int index = sample(row, i);
            return transparent
                    ? index >= transparency.length || transparency[index] < 0
                    : !isBlack(index);
        }
        boolean black = true;
        boolean key = transparent && transparency.length == 2 * channels;
        for (int channel = 0; channel < channels; channel++) {
            int sample = sample(row, i * channels + channel);
            black &= sample == 0;
            key = key && sample == ((transparency[channel * 2] & 0xff) << 8 | transparency[channel * 2 + 1] & 0xff);
        }
        return transparent ? !key : !black;
    }

    private boolean isBlack(int index) {
        int at = index * 3;
        return at + 2 >= palette.length || (palette[at] | palette[at + 1] | palette[at + 2]) == 0;
    }

    private int sample(byte[] row, int index) {
        return switch (depth) {
            case 16 -> (row[index * 2] & 0xff) << 8 | row[index * 2 + 1] & 0xff;
            case 8 -> row[index] & 0xff;
            default -> row[index * depth >> 3] >> 8 - depth - (index * depth & 7) & (1 << depth) - 1;
        };
    }

    private static void check(boolean wellFormed) throws DataFormatException {
        if (!wellFormed) {
            throw new DataFormatException();
        }
    }
}
