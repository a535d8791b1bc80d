package io.datasetexport.read;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The heap that rows on their way through the service may take, shared by all exports: a reader waits here before it reads, first come
 * first served, until what others hold has been written.
 *
 * <p>A lease covers a row's raw bytes and what is made of them, so its size is a multiple of the rows' bytes.
 */
public final class RowMemory {

    /** Raw bytes, the rendered text of a few formats, and its compressed form. */
    private static final int COPIES = 4;

    private static final int UNIT = 1024;

    private final Semaphore units;
    private final int total;

    /** @param bytes of heap for all exports together */
    public RowMemory(long bytes) {
        total = Math.toIntExact(Math.max(1, bytes / UNIT));
        units = new Semaphore(total, true);
    }

    /**
     * Waits for the memory that rows of so many raw bytes take. No lease asks for more than half of it all, so a very big run waits for
     * a quiet moment but not for ever.
     */
    Lease lease(long rawBytes) throws InterruptedException {
        int wanted = units(rawBytes);
        units.acquire(wanted);
        return new Lease(wanted);
    }

    private int units(long rawBytes) {
        return (int) Math.min(total / 2, rawBytes * COPIES / UNIT + 1);
    }

    /** Memory in use, in bytes. */
    public long used() {
        return (long) (total - units.availablePermits()) * UNIT;
    }

    /** Memory held for some rows. */
    public final class Lease implements AutoCloseable {
        private final AtomicInteger held;

        private Lease(int units) {
            held = new AtomicInteger(units);
        }

        /**
         * Makes it as large as the rows turned out to be. It is given back before a larger one is waited for, so that no two readers wait for
         * each other.
         */
        void settle(long rawBytes) throws InterruptedException {
            int wanted = units(rawBytes);
            int has = held.get();
            if (wanted > has) {
                close();
                units.acquire(wanted);
            } else {
                units.release(has - wanted);
            }
            held.set(wanted);
        }

        /** Gives the memory back; a second call does nothing. */
        @Override
        public void close() {
            units.release(held.getAndSet(0));
        }
    }
}
