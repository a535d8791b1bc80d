package io.datasetexport.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class RowMemoryTests {

    private static final int MEGABYTE = 1 << 20;

    private final RowMemory memory = new RowMemory(MEGABYTE);

    @Test
    void aLeaseTakesWhatTheRowsTurnOutToBeAndGivesItBackOnce() throws InterruptedException {
        RowMemory.Lease lease = memory.lease(100_000);
        long guessed = memory.used();
        lease.settle(10_000);
        long settled = memory.used();
        lease.settle(50_000);
        long grown = memory.used();
        lease.close();
        lease.close();

        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(guessed).isBetween(400_000L, 402_000L);
            softly.assertThat(settled).isBetween(40_000L, 42_000L);
            softly.assertThat(grown).isBetween(200_000L, 202_000L);
            softly.assertThat(memory.used()).isZero();
        });
    }

    @Test
    void noLeaseTakesMoreThanHalf() throws InterruptedException {
        memory.lease(Long.MAX_VALUE / 8);
        memory.lease(1).settle(100L * MEGABYTE);

        assertThat(memory.used()).isEqualTo(MEGABYTE);
    }

    /** Each holds a little and wants a half: holding on to it while waiting, they would wait for ever. */
    @Test
    void leasesThatGrowDoNotWaitForEachOther() throws InterruptedException {
        RowMemory.Lease[] leases = {memory.lease(60_000), memory.lease(60_000), memory.lease(60_000), memory.lease(60_000)};

        CompletableFuture<?>[] grown = new CompletableFuture<?>[leases.length];
        for (int i = 0; i < leases.length; i++) {
            RowMemory.Lease lease = leases[i];
            grown[i] = CompletableFuture.runAsync(() -> {
                try (lease) {
                    lease.settle(MEGABYTE);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }, task -> Thread.ofVirtual().start(task));
        }

        assertThat(CompletableFuture.allOf(grown)).succeedsWithin(Duration.ofSeconds(20));
        assertThat(memory.used()).isZero();
    }
}
