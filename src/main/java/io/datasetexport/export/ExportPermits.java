package io.datasetexport.export;

import io.datasetexport.access.Caller;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** How many exports run at the same time, here and for one caller. A permit is had at once or not at all: nobody queues. */
@Component
public class ExportPermits {

    private final int total;
    private final int perCaller;
    private final Map<String, Integer> running = new HashMap<>();
    private int taken;

    public ExportPermits(Limits limits) {
        this.total = limits.exports();
        this.perCaller = limits.exportsPerCaller();
    }

    /** The right to run one export, until it is closed. */
    public final class Permit implements AutoCloseable {
        private final String subject;
        private boolean held = true;

        private Permit(String subject) {
            this.subject = subject;
        }

        @Override
        public void close() {
            synchronized (ExportPermits.this) {
                if (held) {
                    held = false;
                    taken--;
                    running.compute(subject, (any, count) -> count == null || count == 1 ? null : count - 1);
                }
            }
        }
    }

    /** @throws RequestRefused when the caller, or everybody together, has as many as allowed */
    public synchronized Permit take(Caller caller) {
        if (running.getOrDefault(caller.subject(), 0) >= perCaller) {
            throw new RequestRefused(
                    ProblemType.TOO_MANY_EXPORTS,
                    "You have " + perCaller + " exports running; wait until one of them ends.")
                    .with("limit", perCaller);
        }
        if (taken >= total) {
            throw new RequestRefused(ProblemType.OVERLOADED, "The service runs as many exports as it can; try again soon.")
                    .with("limit", total);
        }
        taken++;
        running.merge(caller.subject(), 1, Integer::sum);
        return new Permit(caller.subject());
    }

    /** Permits in use. */
    public synchronized int taken() {
        return taken;
    }
}
