package io.datasetexport.raster;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/**
 * The memory that all exports together may spend on pictures, shared first come, first served.
 *
 * <p>Nobody can wait for himself or in a circle as long as a task leases everything it needs at once, and gives it back before it
 * leases again or waits for anything else. A task that asks for more than there is must be refused before, see {@link #fits}.
 */
public final class RasterBudget {

    private static final int UNIT = 1024;

    private final int units;
    private final Semaphore free;

    /** @param bytes how much there is to share, rounded down to whole KiB */
    public RasterBudget(long bytes) {
        if (bytes < UNIT) {
            throw new IllegalArgumentException("A raster budget of " + bytes + " bytes");
        }
        units = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT);
        free = new Semaphore(units, true);
    }

    /** Bytes that there are when nothing is leased. */
    public long capacity() {
        return (long) units * UNIT;
    }

    /** Bytes that are not leased now. */
    public long available() {
        return (long) free.availablePermits() * UNIT;
    }

    /** Whether {@code bytes} can ever be leased at once. */
    public boolean fits(long bytes) {
        return bytes <= capacity();
    }

    /**
     * Waits until {@code bytes} are free and takes them.
     *
     * @throws IllegalArgumentException when they do not {@linkplain #fits fit}
     * @throws CancellationException when the thread is interrupted; it stays interrupted
     */
    public Lease lease(long bytes) {
        if (bytes < 0 || !fits(bytes)) {
            throw new IllegalArgumentException(bytes + " bytes asked of a raster budget of " + capacity());
        }
        int wanted = (int) Math.ceilDiv(bytes, UNIT);
        try {
            free.acquire(wanted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while waiting for raster memory");
        }
        return new Lease(wanted);
    }

    /** A part of the budget, given back when it is closed; closing it again does nothing. */
    public final class Lease implements AutoCloseable {

        private int held;

        private Lease(int held) {
            this.held = held;
        }

        @Override
        public void close() {
            free.release(held);
            held = 0;
        }
    }
}
