package io.datasetexport.export;

import io.datasetexport.blob.BlobBroken;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.pipeline.ArchiveRun;
import io.datasetexport.pipeline.ClientGone;
import io.datasetexport.read.SnapshotFailed;
import io.datasetexport.spool.SlowClient;
import io.datasetexport.spool.SpoolDiskFailed;
import io.datasetexport.spool.SpoolFull;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;

/**
 * An export that has its permit and its snapshot and is being made; closing it gives everything back.
 *
 * <p>Used by one thread.
 */
public final class RunningExport implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RunningExport.class);

    private final UUID id;
    private final String datasetId;
    private final Exports.Head head;
    private final Instant takenAt;
    private final ArchiveRun run;
    private final ExportPermits.Permit permit;
    private final Books books;
    private final long start = System.nanoTime();
    private String outcome = "not-sent";

    /** Where it is written down how an export ended. */
    record Books(ExportRecords records, ExportMeters meters, Set<ExportFormat> formats) {}

    RunningExport(
            UUID id,
            String datasetId,
            Exports.Head head,
            Instant takenAt,
            ArchiveRun run,
            ExportPermits.Permit permit,
            Books books) {
        this.id = id;
        this.datasetId = datasetId;
        this.head = head;
        this.takenAt = takenAt;
        this.run = run;
        this.permit = permit;
        this.books = books;
    }

    public UUID id() {
        return id;
    }

    public Exports.Head head() {
        return head;
    }

    /** The instant whose data the archive shows. */
    public Instant takenAt() {
        return takenAt;
    }

    /**
     * Bytes of the archive; waits until all rows are read.
     *
     * @throws ExportCut when they can't be
     */
    public long length() throws ExportCut {
        try (var _ = logged(id)) {
            return measured();
        }
    }

    private long measured() throws ExportCut {
        try {
            return run.measure().bytes();
        } catch (IOException | RuntimeException | Error e) {
            throw cut(e);
        }
    }

    /**
     * Sends the archive.
     *
     * @throws ExportCut when it can't be completed: the connection must be broken, so that nobody takes the part for the whole
     */
    public void sendTo(OutputStream out) throws ExportCut {
        try (var _ = logged(id)) {
            send(() -> run.sendTo(out), Long.MAX_VALUE);
        }
    }

    /**
     * Sends a part of the archive, from byte {@code first} on.
     *
     * @throws ExportCut as {@link #sendTo(OutputStream)}
     */
    public void sendTo(OutputStream out, long first, long count) throws ExportCut {
        try (var _ = logged(id)) {
            send(() -> run.sendTo(out, first, count), count);
        }
    }

    private interface Sending {
        ArchiveRun.Summary send() throws IOException;
    }

    private void send(Sending sending, long count) throws ExportCut {
        try {
            ArchiveRun.Summary archive = sending.send();
            if (count < archive.bytes()) {
                outcome = ExportMeters.PARTIAL;
                books.records.partial(id, count);
                log.info("A part of export {} of dataset {} is sent: {} of {} bytes", id, datasetId, count, archive.bytes());
            } else {
                outcome = ExportMeters.COMPLETE;
                books.records.complete(id, archive);
                log.info(
                        "Export {} of dataset {} is complete: {} items, {} annotations, {} entries, {} bytes",
                        id,
                        datasetId,
                        archive.tally().items(),
                        archive.tally().annotations(),
                        archive.entries(),
                        archive.bytes());
            }
        } catch (IOException | RuntimeException | Error e) {
            throw cut(e);
        }
    }

    private ExportCut cut(Throwable failure) {
        outcome = reason(failure);
        logCut(failure);
        return new ExportCut(id, outcome);
    }

    /** A client may leave when it likes; what nobody foresaw is logged in full. */
    private void logCut(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null && !(innermost instanceof BlobBroken)) {
            innermost = innermost.getCause();
        }
        Level level = outcome.equals("client-gone") ? Level.INFO : Level.WARN;
        log.atLevel(level)
                .setCause(outcome.equals("internal") ? failure : null)
                .log("Export {} of dataset {} was cut, {}: {}", id, datasetId, outcome, told(innermost));
    }

    /** Without where the file is on the disk, with which the exceptions of the file system begin. */
    private static String told(Throwable failure) {
        return failure instanceof FileSystemException file
                ? file.getClass().getName() + (file.getReason() == null ? "" : ": " + file.getReason())
                : failure.toString();
    }

    @Override
    public void close() {
        try (var _ = logged(id)) {
            try {
                run.close();
            } finally {
                permit.close();
                books.meters.ended(books.formats, outcome, Duration.ofNanos(System.nanoTime() - start));
            }
            if (!ExportMeters.isSent(outcome)) {
                books.records.failed(id, outcome);
            }
        }
    }

    /** Until it is closed, this thread's lines in the log carry the export's id. */
    static MDC.MDCCloseable logged(UUID export) {
        return MDC.putCloseable("exportId", export.toString());
    }

    private static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case SlowClient _ -> {
                    return "slow-client";
                }
                case SpoolFull _ -> {
                    return "spool-full";
                }
                case SpoolDiskFailed _ -> {
                    return "spool-disk";
                }
                case BlobBroken _ -> {
                    return "item-file";
                }
                case SnapshotFailed _ -> {
                    return "database";
                }
                case ClientGone _ -> {
                    return "client-gone";
                }
                default -> {}
            }
        }
        return "internal";
    }
}
