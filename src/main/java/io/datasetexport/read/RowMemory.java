package io.datasetexport.read;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The heap that rows on their way through the service may take, shared by all exports: a reader waits here before it reads, first come
 * first served, until what others hold has been written.
 *
 * <p>A lease covers a row's raw bytes and what is made of them, so its size is a multiple of the rows' bytes. One run of rows at a time is
 * what an export needs to go on; what it reads ahead of that, all exports together do in a part of the memory. So those whose clients are
 * slow can't stop the others, and few rows grow old on the heap, where the collector would copy them.
 */
public final class RowMemory {

    /** Raw bytes, the rendered text of a few formats, and its compressed form. */
    private static final int COPIES = 4;

    private static final int UNIT = 1024;
    private static final int PART_FOR_AHEAD = 4;

    private final Semaphore units;
    private final Semaphore aheadUnits;
    private final int total;

    /** @param bytes of heap for all exports together */
    public RowMemory(long bytes) {
        total = Math.toIntExact(Math.max(PART_FOR_AHEAD, bytes / UNIT));
        units = new Semaphore(total, true);
        aheadUnits = new Semaphore(total / PART_FOR_AHEAD, true);
    }

    private int units(long rawBytes) {
        return (int) Math.min(total / 2, rawBytes * COPIES / UNIT + 1);
    }

    /** Memory in use, in bytes. */
    public long used() {
        return (long) (total - units.availablePermits()) * UNIT;
    }

    /** The leases of one reader. */
    Account account() {
        return new Account();
    }

    /** Knows whether its reader has a lease, so that the next one is ahead of what it needs. */
    final class Account {

        private final AtomicInteger open = new AtomicInteger();

        /**
         * Waits for the memory that rows of so many raw bytes take. No lease asks for more than half of it all, so a very big run waits for
         * a quiet moment but not for ever.
         */
        Lease lease(long rawBytes) throws InterruptedException {
            Lease lease = new Lease(this, open.getAndIncrement() > 0);
            try {
                lease.take(units(rawBytes));
                return lease;
            } catch (InterruptedException e) {
                lease.close();
                throw e;
            }
        }
    }

    /** Memory held for some rows. */
    public final class Lease implements AutoCloseable {

        private final Account account;
        private final boolean ahead;
        private final AtomicInteger held = new AtomicInteger();
        private final AtomicBoolean closed = new AtomicBoolean();

        private Lease(Account account, boolean ahead) {
            this.account = account;
            this.ahead = ahead;
        }

        /**
         * Makes it as large as the rows turned out to be. It is given back before a larger one is waited for, so that no two readers wait for
         * each other.
         */
        void settle(long rawBytes) throws InterruptedException {
            int wanted = units(rawBytes);
            int had = held.get();
            if (wanted > had) {
                giveBack();
                take(wanted);
            } else {
                held.set(wanted);
                release(had, wanted);
            }
        }

        private void take(int wanted) throws InterruptedException {
            if (ahead) {
                aheadUnits.acquire(ahead(wanted));
            }
            try {
                units.acquire(wanted);
            } catch (InterruptedException e) {
                if (ahead) {
                    aheadUnits.release(ahead(wanted));
                }
                throw e;
            }
            held.set(wanted);
        }

        private void giveBack() {
            release(held.getAndSet(0), 0);
        }

        private void release(int had, int keeps) {
            units.release(had - keeps);
            if (ahead) {
                aheadUnits.release(ahead(had) - ahead(keeps));
            }
        }

        private int ahead(int wanted) {
            return Math.min(total / PART_FOR_AHEAD, wanted);
        }

        /** Gives the memory back; a second call does nothing. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                giveBack();
                account.open.decrementAndGet();
            }
        }
    }
}
