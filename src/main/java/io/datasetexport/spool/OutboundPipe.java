package io.datasetexport.spool;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes an archive's bytes at the speed of the database and gives them at the speed of the client: what the client has not taken waits
 * in memory up to a bound, then in files, which are deleted as they are read.
 *
 * <p>One thread writes, another one reads. When the store's quota is used up the writer waits; a client that then takes too little is
 * given up.
 */
public final class OutboundPipe extends OutputStream {

    private static final int CHUNK = 64 * 1024;
    private static final int CHUNKS_IN_MEMORY = 16;
    private static final long SEGMENT = 16L * 1024 * 1024;

    private final SpoolStore store;
    private final Patience patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> memory = new ArrayDeque<>();
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();
    private final ArrayDeque<Segment> disk = new ArrayDeque<>();
    private byte[] chunk = new byte[CHUNK];
    private byte @Nullable [] lent;
    private int inChunk;
    private long taken;
    private boolean readerWaits;
    private boolean finished;
    private boolean closed;
    private @Nullable Throwable failure;

    private static final class Segment {
        final SpoolStore.SpoolFile file;
        long written;
        long read;

        Segment(SpoolStore.SpoolFile file) {
            this.file = file;
        }
    }

    /**
     * How slow a client may be while the spool is full.
     *
     * @param bytesPerSecond that it must take
     * @param over the time over which they are averaged
     */
    public record Patience(long bytesPerSecond, Duration over) {}

    public OutboundPipe(SpoolStore store, Patience patience) {
        this.store = store;
        this.patience = patience;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /**
     * @throws SpoolDiskFailed when the disk can't take more
     * @throws IOException when the reader has gone
     */
    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int left = count;
        while (left > 0) {
            int room = Math.min(left, CHUNK - inChunk);
            System.arraycopy(bytes, at, chunk, inChunk, room);
            inChunk += room;
            at += room;
            left -= room;
            if (inChunk == CHUNK) {
                pass();
            }
        }
    }

    /** Passes on what is there when the reader waits for it; otherwise bytes go on gathering. */
    @Override
    public void flush() throws IOException {
        boolean wanted;
        lock.lock();
        try {
            wanted = readerWaits && memory.isEmpty() && disk.isEmpty();
        } finally {
            lock.unlock();
        }
        if (wanted && inChunk > 0) {
            pass();
        }
    }

    /** Says that nothing more will be written and everything was. */
    public void finish() throws IOException {
        if (inChunk > 0) {
            pass();
        }
        lock.lock();
        try {
            finished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says that the archive will never be whole: the reader learns it at once. The first cause is kept. */
    public void fail(Throwable cause) {
        lock.lock();
        try {
            if (failure == null && !finished) {
                failure = cause;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the next bytes, waiting for them. They may be overwritten from the next call on.
     *
     * @return null at the end
     * @throws PipeFailed when the writer failed; bytes that it wrote before may be lost
     */
    public byte @Nullable [] take() throws IOException, InterruptedException {
        Segment head;
        int count;
        lock.lockInterruptibly();
        try {
            if (lent != null && lent.length == CHUNK) {
                spare.push(lent);
            }
            lent = null;
            while (true) {
                if (failure != null) {
                    throw new PipeFailed(failure);
                }
                byte[] next = memory.poll();
                if (next != null) {
                    taken += next.length;
                    lent = next;
                    changed.signalAll();
                    return next;
                }
                head = disk.peek();
                if (head != null && head.read < head.written) {
                    count = (int) Math.min(CHUNK, head.written - head.read);
                    break;
                }
                if (finished) {
                    return null;
                }
                readerWaits = true;
                changed.await();
                readerWaits = false;
            }
        } finally {
            readerWaits = false;
            lock.unlock();
        }
        return takeFrom(head, count);
    }

    private byte[] takeFrom(Segment head, int count) throws IOException {
        byte[] bytes = new byte[count];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (head.file.channel().read(buffer, head.read + buffer.position()) < 0) {
                throw new IOException("A spool file is shorter than what was written to it");
            }
        }
        lock.lock();
        try {
            head.read += bytes.length;
            taken += bytes.length;
            boolean last = disk.size() == 1;
            if (head.read == head.written && (head.written >= SEGMENT || last)) {
                disk.remove();
                drop(head);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return bytes;
    }

    private void pass() throws IOException {
        byte[] full = inChunk == CHUNK ? chunk : Arrays.copyOf(chunk, inChunk);
        lock.lock();
        try {
            check();
            if (disk.isEmpty() && memory.size() < CHUNKS_IN_MEMORY) {
                memory.add(full);
                if (full == chunk) {
                    chunk = spare.isEmpty() ? new byte[CHUNK] : spare.pop();
                }
                inChunk = 0;
                changed.signalAll();
                return;
            }
        } finally {
            lock.unlock();
        }
        reserve(inChunk);
        spill();
    }

    private void spill() throws IOException {
        lock.lock();
        try {
            check();
            Segment tail = disk.peekLast();
            if (tail == null || tail.written >= SEGMENT) {
                tail = new Segment(store.create());
                disk.add(tail);
            }
            tail.file.write(ByteBuffer.wrap(chunk, 0, inChunk), tail.written);
            tail.written += inChunk;
            inChunk = 0;
            changed.signalAll();
        } catch (IOException e) {
            store.release(inChunk);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void reserve(int bytes) throws IOException {
        long since = System.nanoTime();
        long takenThen = taken();
        while (!store.reserve(bytes)) {
            try {
                store.awaitRelease(250);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while waiting for the spool", e);
            }
            lock.lock();
            try {
                check();
            } finally {
                lock.unlock();
            }
            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
            if (waited >= patience.over().toMillis()) {
                if ((taken() - takenThen) * 1000 / waited < patience.bytesPerSecond()) {
                    throw new SlowClient(patience.bytesPerSecond());
                }
                since = System.nanoTime();
                takenThen = taken();
            }
        }
    }

    private long taken() {
        lock.lock();
        try {
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void check() throws IOException {
        if (closed) {
            throw new IOException("The client has gone");
        }
        if (failure != null) {
            throw new PipeFailed(failure);
        }
    }

    private void drop(Segment segment) {
        segment.file.delete();
        store.release(segment.written);
    }

    /** The reader is done, or has gone: files are deleted and the writer's next write fails. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            memory.clear();
            disk.forEach(this::drop);
            disk.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
