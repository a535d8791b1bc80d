package io.datasetexport.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two workers: the reader of the fourth run that is not rendered waits. */
class BacklogTests {

    private final Backlog backlog = new Backlog(2);
    private final List<CompletableFuture<String>> runs = new ArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    @Test
    void aReaderWaitsWhenTheWorkersHaveMoreThanTheyComeToSoon() {
        assertThat(waitingAfter(3)).isEmpty();
        assertThat(waitingAfter(3)).containsExactly(3, 4, 5);
    }

    @Test
    void oneGoesOnWhenFewAreLeft() {
        waitingAfter(7);

        render(3);
        await("four are left").during(Duration.ofMillis(200)).until(() -> waiting().equals(List.of(3, 4, 5, 6)));
        render(1);
        awaitWaiting(4, 5, 6);
        render(1);
        awaitWaiting(5, 6);
    }

    @Test
    void twoGoOnWhenAWorkerWouldSoonHaveNothingToDo() {
        waitingAfter(8);

        render(6);
        awaitWaiting(5, 6, 7);
        render(1);
        awaitWaiting(7);
    }

    @Test
    void nobodyWaitsWhenNothingIsLeft() {
        waitingAfter(20);

        render(20);
        awaitWaiting();
    }

    @Test
    void aRunThatFailsIsNotWaitedFor() {
        waitingAfter(4);

        runs.getFirst().completeExceptionally(new IllegalStateException("broken"));
        awaitWaiting();
    }

    /** Lets so many more readers add a run each; returns those who wait for their turn. */
    private List<Integer> waitingAfter(int more) {
        for (int i = 0; i < more; i++) {
            CompletableFuture<String> run = new CompletableFuture<>();
            runs.add(run);
            Thread reader = Thread.ofPlatform().daemon().start(() -> {
                try {
                    backlog.add(run);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            readers.add(reader);
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> !reader.isAlive() || reader.getState() == Thread.State.WAITING);
        }
        return waiting();
    }

    private List<Integer> waiting() {
        List<Integer> waiting = new ArrayList<>();
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).isAlive()) {
                waiting.add(i);
            }
        }
        return waiting;
    }

    private void awaitWaiting(Integer... readers) {
        await().untilAsserted(() -> assertThat(waiting()).containsExactly(readers));
    }

    private void render(int count) {
        runs.stream().filter(run -> !run.isDone()).limit(count).forEach(run -> run.complete("done"));
    }
}
