package io.datasetexport.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class RowMemoryTests {

    private static final int MEGABYTE = 1 << 20;

    private final RowMemory memory = new RowMemory(MEGABYTE);

    @Test
    void aLeaseTakesWhatTheRowsTurnOutToBeAndGivesItBackOnce() throws InterruptedException {
        RowMemory.Lease lease = memory.account().lease(100_000);
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
        memory.account().lease(Long.MAX_VALUE / 8);
        memory.account().lease(1).settle(100L * MEGABYTE);

        assertThat(memory.used()).isEqualTo(MEGABYTE);
    }

    /** Each holds a little and wants a half: holding on to it while waiting, they would wait for ever. */
    @Test
    void leasesThatGrowDoNotWaitForEachOther() throws InterruptedException {
        RowMemory.Lease[] leases =
                {memory.account().lease(60_000), memory.account().lease(60_000), memory.account().lease(60_000), memory.account().lease(60_000)};

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

    @Test
    void whatOneReadsAheadLeavesRoomForTheOthers() throws Exception {
        RowMemory.Account greedy = memory.account();
        RowMemory.Lease first = greedy.lease(10_000);
        RowMemory.Lease second = greedy.lease(60_000);

        CompletableFuture<RowMemory.Lease> third = lease(greedy, 10_000);
        RowMemory.Account other = memory.account();

        assertThat(lease(other, 10_000)).as("another one's first").succeedsWithin(Duration.ofSeconds(20));
        assertThat(third).as("a quarter of the memory is read ahead").isNotDone();
        first.close();
        assertThat(third).as("the second is still ahead").isNotDone();
        second.close();
        assertThat(third).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void aReaderThatHoldsNothingWaitsForRoomInAllOfTheMemoryOnly() throws Exception {
        RowMemory.Account greedy = memory.account();
        greedy.lease(10_000);
        greedy.lease(64_000);
        RowMemory.Account other = memory.account();

        RowMemory.Lease lease = lease(other, 50_000).get(20, TimeUnit.SECONDS);
        lease.close();
        assertThat(lease(other, 50_000)).succeedsWithin(Duration.ofSeconds(20));
        assertThat(lease(other, 5_000)).as("its second").isNotDone();
    }

    private static CompletableFuture<RowMemory.Lease> lease(RowMemory.Account account, long bytes) {
        CompletableFuture<RowMemory.Lease> lease = CompletableFuture.supplyAsync(() -> {
            try {
                return account.lease(bytes);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofVirtual().start(task));
        await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        return lease;
    }
}
