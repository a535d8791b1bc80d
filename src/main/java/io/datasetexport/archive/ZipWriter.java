package io.datasetexport.archive;

import io.datasetexport.spool.Spool;
import io.datasetexport.spool.SpoolStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;

/**
 * Writes a ZIP: entry after entry, and the central directory only when {@link #complete()} is called.
 *
 * <p>Every local header carries sizes and CRC, so any reader can stream the archive; there are no data descriptors. Names are UTF-8
 * with the language bit set, times are 1980-01-01 00:00, Zip64 fields appear only where a number needs them. The central directory
 * gathers in a spool, so memory does not grow with the number of entries. An archive that is closed without {@code complete()} has no
 * central directory: no reader of ZIP files accepts it. Format: PKWARE APPNOTE.TXT 6.3, sections 4.3 and 4.5.3.
 */
public final class ZipWriter implements AutoCloseable {

    private static final int MAX_16 = 0xFFFF;
    private static final long MAX_32 = 0xFFFFFFFFL;
    private static final short UTF_8_NAMES = 0x0800;
    private static final int DATE_1980_01_01 = 0x0021;
    /** A final block without content, RFC 1951: ends the blocks of a {@link BlockDeflater}. */
    private static final byte[] END_OF_STREAM = {3, 0};

    private OutputStream out;
    private final Sink sink = new Sink();
    private final Spool directory;
    private long first;
    private long end = Long.MAX_VALUE;
    private long written;
    private long entries;

    public ZipWriter(OutputStream out, SpoolStore store) {
        this.out = out;
        this.directory = new Spool(store);
    }

    /** Entries so far. */
    public long entries() {
        return entries;
    }

    /** Bytes so far. */
    public long written() {
        return written;
    }

    /**
     * Writes to another stream from here on, and only a part of the archive; the other bytes are counted.
     *
     * @param first byte of the archive that is wanted
     * @param end the byte behind the last one that is wanted
     */
    public void continueOn(OutputStream next, long first, long end) {
        this.out = next;
        this.first = first;
        this.end = end;
    }

    public void add(EncodedEntry entry) throws IOException {
        header(entry.path(), entry.method(), entry.crc(), entry.size(), entry.data().length);
        write(entry.data(), entry.data().length);
    }

    /**
     * Writes one entry that is stored as it is.
     *
     * @param crc CRC-32 that {@code content} must have: the local header names it before the first byte is read
     * @param content of exactly {@code size} bytes. Not asked when none of it is wanted
     */
    public void add(String path, long size, long crc, Content content) throws IOException {
        header(path, ZipEntry.STORED, crc, size, size);
        long start = written;
        long from = Math.clamp(first - start, 0, size);
        long until = Math.clamp(end - start, from, size);
        if (from < until) {
            written = start + from;
            content.copyTo(new Bounded(start + until), from, until - from);
            if (written != start + until) {
                throw new IOException("An entry ends " + (start + until - written) + " bytes before what its header says");
            }
        }
        written = start + size;
    }

    /** What an entry holds, read when its turn comes. */
    public interface Content {

        /**
         * Writes a part of it.
         *
         * @param from the first byte that is wanted: 0, or one that there is
         * @param count of bytes that are wanted
         * @throws IOException also when its last byte is among them and it is not what the header says: longer, shorter or with another CRC
         */
        void copyTo(OutputStream out, long from, long count) throws IOException;
    }

    /** Writes one entry from what several deflaters compressed, in this order; their spools are closed. */
    public void add(String path, List<BlockDeflater> parts) throws IOException {
        long crc = 0;
        long size = 0;
        long compressed = END_OF_STREAM.length;
        List<DeflatedContent> contents = new ArrayList<>(parts.size());
        for (BlockDeflater part : parts) {
            DeflatedContent content = part.finish();
            crc = Crc32.combine(crc, content.crc(), content.size());
            size += content.size();
            compressed += content.blocks().size();
            contents.add(content);
        }
        header(path, ZipEntry.DEFLATED, crc, size, compressed);
        for (DeflatedContent content : contents) {
            content.blocks().copyTo(sink);
            content.blocks().close();
        }
        write(END_OF_STREAM, END_OF_STREAM.length);
    }

    /** Writes the central directory: only now is this an archive. */
    public void complete() throws IOException {
        long start = written;
        long size = directory.size();
        directory.copyTo(sink);
        ByteBuffer end = littleEndian(56 + 20 + 22);
        if (entries >= MAX_16 || size >= MAX_32 || start >= MAX_32) {
            end.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45).putInt(0).putInt(0);
            end.putLong(entries).putLong(entries).putLong(size).putLong(start);
            end.putInt(0x07064b50).putInt(0).putLong(start + size).putInt(1);
        }
        short count = (short) Math.min(entries, MAX_16);
        end.putInt(0x06054b50).putShort((short) 0).putShort((short) 0).putShort(count).putShort(count);
        end.putInt((int) Math.min(size, MAX_32)).putInt((int) Math.min(start, MAX_32)).putShort((short) 0);
        write(end.array(), end.position());
    }

    private void header(String path, int method, long crc, long size, long compressed) throws IOException {
        byte[] name = EntryPath.check(path).getBytes(StandardCharsets.UTF_8);
        boolean big = big(size, compressed);
        boolean far = written >= MAX_32;
        ByteBuffer local = littleEndian(30 + name.length + 20);
        local.putInt(0x04034b50);
        common(local, method, crc, size, compressed, name, big, big, false);
        local.put(name);
        if (big) {
            local.putShort((short) 1).putShort((short) 16).putLong(size).putLong(compressed);
        }
        ByteBuffer central = littleEndian(46 + name.length + 28);
        central.putInt(0x02014b50).putShort((short) (big || far ? 45 : 20));
        common(central, method, crc, size, compressed, name, big, big || far, far);
        central.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        central.putInt((int) Math.min(written, MAX_32)).put(name);
        if (big || far) {
            central.putShort((short) 1).putShort((short) ((big ? 16 : 0) + (far ? 8 : 0)));
            if (big) {
                central.putLong(size).putLong(compressed);
            }
            if (far) {
                central.putLong(written);
            }
        }
        directory.append(central.array(), 0, central.position());
        write(local.array(), local.position());
        entries++;
    }

    private static void common(
            ByteBuffer to, int method, long crc, long size, long compressed, byte[] name, boolean big, boolean extra, boolean far) {
        to.putShort((short) (big || far ? 45 : 20)).putShort(UTF_8_NAMES).putShort((short) method);
        to.putShort((short) 0).putShort((short) DATE_1980_01_01).putInt((int) crc);
        to.putInt(big ? -1 : (int) compressed).putInt(big ? -1 : (int) size);
        to.putShort((short) name.length).putShort((short) (extra ? 4 + (big ? 16 : 0) + (far ? 8 : 0) : 0));
    }

    private void write(byte[] bytes, int count) throws IOException {
        sink.write(bytes, 0, count);
    }

    private static boolean big(long size, long compressed) {
        return size >= MAX_32 || compressed >= MAX_32;
    }

    /** Passes on what is wanted, and counts all. */
    private class Sink extends OutputStream {

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            int known = Math.clamp(first - written, 0, count);
            int wanted = Math.clamp(end - written, known, count) - known;
            if (wanted > 0) {
                out.write(bytes, from + known, wanted);
            }
            written += count;
        }
    }

    /** Takes no byte behind the content of an entry. */
    private final class Bounded extends Sink {

        private final long until;

        Bounded(long until) {
            this.until = until;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            if (count > until - written) {
                throw new IOException("An entry has " + (count - (until - written)) + " bytes more than its header says");
            }
            super.write(bytes, from, count);
        }
    }

    /** How long the archive will be: as long as now, if nothing is added to the forecast. */
    public Forecast forecast() {
        return new Forecast(written, directory.size(), entries);
    }

    /** The length of an archive when entries are added to it that are known by size only. */
    public static final class Forecast {

        private long at;
        private long directory;
        private long entries;

        private Forecast(long at, long directory, long entries) {
            this.at = at;
            this.directory = directory;
            this.entries = entries;
        }

        /** @param compressed bytes in the archive; the same as {@code size} for one that is stored as it is */
        public void add(String path, long size, long compressed) {
            int name = path.getBytes(StandardCharsets.UTF_8).length;
            boolean big = big(size, compressed);
            boolean far = at >= MAX_32;
            directory += 46 + name + (big || far ? 4 : 0) + (big ? 16 : 0) + (far ? 8 : 0);
            at += 30 + name + (big ? 20 : 0) + compressed;
            entries++;
        }

        public long entries() {
            return entries;
        }

        /** Bytes of the complete archive. */
        public long length() {
            boolean far = entries >= MAX_16 || directory >= MAX_32 || at >= MAX_32;
            return at + directory + (far ? 56 + 20 : 0) + 22;
        }
    }

    private static ByteBuffer littleEndian(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Frees the spool; it completes nothing. */
    @Override
    public void close() {
        directory.close();
    }
}
