package io.datasetexport.export;

import io.datasetexport.format.ExportFormat;
import io.datasetexport.pipeline.Progress;
import io.datasetexport.read.Snapshots;
import io.datasetexport.spool.SpoolStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The numbers of exports, for a monitoring system: counters, from which it makes rates, and what is in use now.
 *
 * <p>Series are few: three outcomes, nine reasons, and the sets of formats that somebody asked for; nothing that names a caller or a dataset.
 */
@Component
final class ExportMeters implements Progress {

    static final String COMPLETE = "complete";

    /** A range of the archive's bytes was sent, all of it. */
    static final String PARTIAL = "partial";

    private final MeterRegistry meters;
    private final Counter items;
    private final Counter copied;
    private final Counter annotations;
    private final Counter bytes;

    ExportMeters(MeterRegistry meters, ExportPermits permits, Limits limits, SpoolStore spool, Snapshots snapshots) {
        this.meters = meters;
        items = Counter.builder("dataset.export.items").description("Items that went into archives").register(meters);
        copied = Counter.builder("dataset.export.copied").description("Those of the items whose JSON was kept").register(meters);
        annotations = Counter.builder("dataset.export.annotations").description("Annotations of those items").register(meters);
        bytes = Counter.builder("dataset.export.sent").baseUnit("bytes").description("Bytes of archives that clients took").register(meters);
        Gauge.builder("dataset.export.permits.used", permits, ExportPermits::taken).description("Exports that run now").register(meters);
        Gauge.builder("dataset.export.permits.limit", limits, Limits::exports).description("Exports that may run at the same time").register(meters);
        Gauge.builder("dataset.spool.used", spool, SpoolStore::used).baseUnit("bytes").description("Bytes that wait on disk").register(meters);
        Gauge.builder("dataset.spool.quota", spool, SpoolStore::quota).baseUnit("bytes").description("Most bytes that may").register(meters);
        Gauge.builder("dataset.snapshot.open", snapshots, Snapshots::open).description("Snapshots that are read now").register(meters);
        TimeGauge.builder("dataset.snapshot.oldest", snapshots, TimeUnit.MILLISECONDS, all -> all.oldest().toMillis())
                .description("How long the oldest of them has been open: the database can't clean up behind it").register(meters);
    }

    @Override
    public void assembled(long moreItems, long moreAnnotations, long moreCopied) {
        items.increment(moreItems);
        copied.increment(moreCopied);
        annotations.increment(moreAnnotations);
    }

    @Override
    public void sent(long more) {
        bytes.increment(more);
    }

    /** Whether the client was sent all that it asked for. */
    static boolean isSent(String outcome) {
        return outcome.equals(COMPLETE) || outcome.equals(PARTIAL);
    }

    /** @param outcome {@link #COMPLETE}, {@link #PARTIAL}, or why it was cut */
    void ended(Set<ExportFormat> formats, String outcome, Duration took) {
        boolean sent = isSent(outcome);
        Timer.builder("dataset.export")
                .description("Exports that have ended, from the snapshot to the last byte")
                .tag("formats", formats.stream().sorted().map(ExportFormat::id).collect(Collectors.joining("+")))
                .tag("outcome", sent ? outcome : "aborted")
                .tag("reason", sent ? "none" : outcome)
                .register(meters)
                .record(took);
    }
}
