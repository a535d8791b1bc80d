package io.datasetexport.pipeline;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The runs of rows of all exports that were read and are not rendered yet: while there are more than the workers will come to soon, readers
 * wait their turn, so that few rows grow old on the heap, where the collector would copy them.
 *
 * <p>When few are left, each run that is rendered lets one reader go on, two when a worker would soon have nothing to do, and the last one
 * all. So nobody waits when it is the database that is slow, and for clients nobody waits here, as rendering never does.
 */
public final class Backlog {

    /** Runs that wait beside those in work. */
    private static final int WAITING = 2;

    private final int workers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition turn = lock.newCondition();
    private int runs;

    /** @param workers how many runs are rendered at a time */
    public Backlog(int workers) {
        this.workers = workers;
    }

    /** Counts a run until it is complete, in whatever way, and returns when its reader may read the next one. */
    void add(CompletableFuture<?> run) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            runs++;
            var _ = run.whenComplete((rendered, failed) -> rendered());
            if (runs >= workers + WAITING) {
                // Not asked again after it: that there are many once more is no reason to wait behind those who came later.
                turn.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void rendered() {
        lock.lock();
        try {
            runs--;
            if (runs == 0) {
                turn.signalAll();
            } else if (runs < workers) {
                turn.signal();
                turn.signal();
            } else if (runs < workers + WAITING) {
                turn.signal();
            }
        } finally {
            lock.unlock();
        }
    }
}
