package io.datasetexport.raster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RasterBudgetTests {

    @Test
    void givesBackOnClose() {
        RasterBudget budget = new RasterBudget(10 << 10);
        try (RasterBudget.Lease lease = budget.lease(4097)) {
            assertThat(budget.available()).as("whole KiB").isEqualTo(5 << 10);
            lease.close();
            assertThat(budget.available()).isEqualTo(10 << 10);
        }
        assertThat(budget.available()).as("closed twice").isEqualTo(10 << 10);
    }

    @Test
    void refusesWhatCanNeverFit() {
        RasterBudget budget = new RasterBudget(10 << 10);
        assertThat(budget.fits(10 << 10)).isTrue();
        assertThat(budget.fits((10 << 10) + 1)).isFalse();
        assertThatThrownBy(() -> budget.lease(1L << 40)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void waitsUntilThereIsEnough() throws Exception {
        RasterBudget budget = new RasterBudget(10 << 10);
        RasterBudget.Lease first = budget.lease(8 << 10);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> budget.lease(4 << 10).close());
        Thread.sleep(50);
        assertThat(second).isNotDone();
        first.close();
        second.get(10, TimeUnit.SECONDS);
    }

    @Test
    void staysInsideTheBudgetWhateverIsAsked() throws Exception {
        RasterBudget budget = new RasterBudget(100 << 10);
        AtomicLong held = new AtomicLong();
        AtomicLong most = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int task = 0; task < 200; task++) {
                int seed = task;
                threads.submit(() -> {
                    RandomGenerator random = RandomGenerator.of("SplittableRandom");
                    long bytes = 1 + Math.floorMod(random.nextLong() + seed, 100 << 10);
                    try (RasterBudget.Lease lease = budget.lease(bytes)) {
                        most.accumulateAndGet(held.addAndGet(bytes), Math::max);
                        Thread.yield();
                        held.addAndGet(-bytes);
                    }
                });
            }
        }
        assertThat(most.get()).isPositive().isLessThanOrEqualTo(budget.capacity());
        assertThat(budget.available()).isEqualTo(budget.capacity());
    }

    @Test
    void anInterruptEndsTheWaitAndTakesNothing() {
        RasterBudget budget = new RasterBudget(10 << 10);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> budget.lease(1)).isInstanceOf(CancellationException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(budget.available()).isEqualTo(10 << 10);
    }
}
