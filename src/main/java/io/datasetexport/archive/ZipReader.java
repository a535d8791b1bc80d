package io.datasetexport.archive;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ZIP from a stream, file after file, and proves at its end that it is whole: the central directory must be there and count the
 * entries that were read. A reader that only looks at local headers takes an archive that was cut between two entries for a shorter one.
 */
public final class ZipReader {

    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int END_BYTES = 22;

    private final Tail tail;
    private final ZipInputStream zip;
    private long entries;

    public ZipReader(InputStream in) {
        tail = new Tail(in);
        zip = new ZipInputStream(tail);
    }

    /**
     * The name of the next file; null behind the last, when the archive is whole.
     *
     * @throws BrokenArchive also while content is read
     */
    public @Nullable String next() throws IOException {
        try {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries++;
                if (!entry.isDirectory()) {
                    return entry.getName();
                }
            }
        } catch (IllegalArgumentException e) {
            throw new BrokenArchive("A name in the archive is not UTF-8.");
        } catch (ZipException | EOFException e) {
            throw broken(e);
        }
        prove();
        return null;
    }

    /** The content of the file that {@link #next} named; closing it has no effect. */
    public InputStream content() {
        return new FilterInputStream(zip) {
            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                try {
                    return zip.read(buffer, from, length);
                } catch (ZipException | EOFException e) {
                    throw broken(e);
                }
            }

            @Override
            public void close() {}
        };
    }

    private static BrokenArchive broken(IOException e) {
        return new BrokenArchive(e instanceof EOFException || e.getMessage() == null
                ? "The archive ends before it is complete."
                : "The archive can't be read: " + e.getMessage() + ".");
    }

    private void prove() throws IOException {
        byte[] rest = new byte[8192];
        while (tail.read(rest, 0, rest.length) >= 0) {
        }
        ByteBuffer end = tail.bytes();
        for (int at = end.limit() - END_BYTES; at >= 0; at--) {
            if (end.getInt(at) == END && at + END_BYTES + (end.getShort(at + 20) & 0xffff) == end.limit()) {
                if (counted(end, at) != entries) {
                    throw new BrokenArchive("The archive's directory does not match its entries.");
                }
                return;
            }
        }
        throw new BrokenArchive("The archive has no end: it was cut.");
    }

    private static long counted(ByteBuffer end, int at) {
        int count = end.getShort(at + 10) & 0xffff;
        if (count == 0xffff) {
            // Zip64: its end record and the locator of that stand right before.
            int at64 = at - 20 - 56;
            if (at64 >= 0 && end.getInt(at64) == END_64) {
                return end.getLong(at64 + 32);
            }
        }
        return count;
    }

    /** Remembers the last bytes that went through: as many as an end record with the longest comment has. */
    private static final class Tail extends FilterInputStream {

        private static final int KEPT = END_BYTES + 0xffff + 20 + 56;

        private final byte[] ring = new byte[KEPT];
        private long passed;

        Tail(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = in.read(buffer, from, length);
            if (read > 0) {
                int kept = Math.min(read, KEPT);
                int source = from + read - kept;
                int at = (int) ((passed + read - kept) % KEPT);
                int first = Math.min(kept, KEPT - at);
                System.arraycopy(buffer, source, ring, at, first);
                System.arraycopy(buffer, source + first, ring, 0, kept - first);
                passed += read;
            }
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] skipped = new byte[(int) Math.min(count, 8192)];
            return Math.max(0, read(skipped, 0, skipped.length));
        }

        ByteBuffer bytes() {
            int length = (int) Math.min(passed, KEPT);
            ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
            int start = (int) ((passed - length) % KEPT);
            int first = Math.min(length, KEPT - start);
            return bytes.put(ring, start, first).put(ring, 0, length - first).flip();
        }
    }
}
