package io.datasetexport.export;

import io.datasetexport.access.Caller;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** How often one caller may start work, by the minute; the local mode's owner as often as the machine can. */
@Component
public class StartRates {

    /** Callers remembered; one who is forgotten starts with a full minute. */
    private static final int MOST = 10_000;

    private final int perMinute;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST;
        }
    };

    public StartRates(Limits limits) {
        perMinute = limits.startsPerMinute();
    }

    /** @throws RequestRefused when the caller has started as much as allowed in the last minute */
    public void take(Caller caller) {
        if (caller.ownsEverything()) {
            return;
        }
        Bucket bucket;
        synchronized (buckets) {
            bucket = buckets.computeIfAbsent(caller.subject(), _ -> Bucket.builder()
                    .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                    .build());
        }
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw new RequestRefused(ProblemType.TOO_MANY_REQUESTS, "You start more than " + perMinute + " exports, imports and downloads a minute.")
                    .with("limit", perMinute)
                    .with("retryAfter", Math.max(1, Duration.ofNanos(probe.getNanosToWaitForRefill()).plusMillis(999).toSeconds()));
        }
    }
}
