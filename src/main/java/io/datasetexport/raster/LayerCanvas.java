package io.datasetexport.raster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * A picture whose pixels are small numbers, 0 where nothing was painted: layers painted one over the other.
 *
 * <p>Origin top left. The numbers are held as bit planes, plane p holding bit p of every pixel: painting works on 64 pixels at once,
 * and a picture of few layers takes a few bits a pixel.
 */
public final class LayerCanvas {

    private static final int BLOCK_WORDS = 1 << 10;

    private final int width;
    private final int height;
    private final int wordsPerRow;
    private final List<long[]> planes = new ArrayList<>();

    public LayerCanvas(int width, int height) {
        this.width = width;
        this.height = height;
        wordsPerRow = wordsPerRow(width);
    }

    /** Bytes that a canvas takes once {@code highest} is the highest number on it. */
    public static long bytes(int width, int height, int highest) {
        return (long) wordsPerRow(width) * height * Long.BYTES * planesFor(highest);
    }

    /** Gives the pixels of {@code mask} the number {@code value}, from 1 on, whatever they were. */
    public void paint(BitMask mask, int value) {
        while (planes.size() < planesFor(value)) {
            planes.add(new long[wordsPerRow * height]);
        }
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int strip = 0; strip < wordsPerRow; strip++, at++) {
                long bits = mask.word64(strip, y);
                if (bits != 0) {
                    for (int p = 0; p < planes.size(); p++) {
                        long[] plane = planes.get(p);
                        plane[at] = (value >>> p & 1) == 1 ? plane[at] | bits : plane[at] & ~bits;
                    }
                }
            }
        }
    }

    /** Puts a picture of the same size on top of this one: its pixels that are not 0 replace what was there. */
    public void paint(LayerCanvas top) {
        while (planes.size() < top.planes.size()) {
            planes.add(new long[wordsPerRow * height]);
        }
        for (int i = 0; i < wordsPerRow * height; i++) {
            long painted = 0;
            for (int p = 0; p < top.planes.size(); p++) {
                painted |= top.planes.get(p)[i];
            }
            if (painted != 0) {
                for (int p = 0; p < planes.size(); p++) {
                    long above = p < top.planes.size() ? top.planes.get(p)[i] : 0;
                    planes.get(p)[i] = planes.get(p)[i] & ~painted | above;
                }
            }
        }
    }

    /** Writes row {@code y}, one byte a pixel: {@code values[n]} where the number is n. */
    public void row(int y, byte[] values, byte[] into, int from) {
        int word = y * wordsPerRow;
        for (int x = 0; x < width; x += Long.SIZE, word++) {
            int count = Math.min(Long.SIZE, width - x);
            int number = uniform(word);
            if (number >= 0) {
                Arrays.fill(into, from + x, from + x + count, values[number]);
            } else {
                for (int i = 0; i < count; i++) {
                    into[from + x + i] = values[number(word, i)];
                }
            }
        }
    }

    /** Writes row {@code y}, four bytes a pixel: those of {@code values[n]}, highest first, where the number is n. */
    public void row(int y, int[] values, byte[] into, int from) {
        int word = y * wordsPerRow;
        int at = from;
        for (int x = 0; x < width; x += Long.SIZE, word++) {
            int count = Math.min(Long.SIZE, width - x);
            int uniform = uniform(word);
            for (int i = 0; i < count; i++, at += 4) {
                int value = values[uniform >= 0 ? uniform : number(word, i)];
                into[at] = (byte) (value >>> 24);
                into[at + 1] = (byte) (value >>> 16);
                into[at + 2] = (byte) (value >>> 8);
                into[at + 3] = (byte) value;
            }
        }
    }

    /** The number that all pixels of a word have, -1 when they differ. */
    private int uniform(int word) {
        int number = 0;
        for (int p = 0; p < planes.size(); p++) {
            long bits = planes.get(p)[word];
            if (bits == -1) {
                number |= 1 << p;
            } else if (bits != 0) {
                return -1;
            }
        }
        return number;
    }

    private int number(int word, int bit) {
        int number = 0;
        for (int p = 0; p < planes.size(); p++) {
            number |= (int) (planes.get(p)[word] >>> bit & 1) << p;
        }
        return number;
    }

    private static int wordsPerRow(int width) {
        return width + Long.SIZE - 1 >> 6;
    }

    private static int planesFor(int highest) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(highest);
    }

    /** The picture in few bytes, for {@link #unpack}. */
    public byte[] pack() {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(packed, deflater)) {
            out.write(planes.size());
            ByteBuffer block = ByteBuffer.allocate(BLOCK_WORDS * Long.BYTES);
            for (long[] plane : planes) {
                for (int at = 0; at < plane.length; at += BLOCK_WORDS) {
                    int count = Math.min(BLOCK_WORDS, plane.length - at);
                    block.asLongBuffer().put(plane, at, count);
                    out.write(block.array(), 0, count * Long.BYTES);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return packed.toByteArray();
    }

    /** What {@link #pack} made of a picture of this size. */
    public static LayerCanvas unpack(int width, int height, byte[] packed) {
        LayerCanvas canvas = new LayerCanvas(width, height);
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_WORDS * Long.BYTES);
            for (int planes = in.read(); planes > 0; planes--) {
                long[] plane = new long[canvas.wordsPerRow * height];
                for (int at = 0; at < plane.length; at += BLOCK_WORDS) {
                    int count = Math.min(BLOCK_WORDS, plane.length - at);
                    in.readNBytes(block.array(), 0, count * Long.BYTES);
                    block.asLongBuffer().get(plane, at, count);
                }
                canvas.planes.add(plane);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return canvas;
    }
}
