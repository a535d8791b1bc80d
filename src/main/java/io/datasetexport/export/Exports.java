package io.datasetexport.export;

import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportRequest.Absent;
import io.datasetexport.export.ExportRequest.Given;
import io.datasetexport.export.ExportRequest.Matching;
import io.datasetexport.export.ExportRequest.SelectedItems;
import io.datasetexport.export.ExportRequest.WholeDataset;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.model.Label;
import io.datasetexport.pipeline.ArchiveRun;
import io.datasetexport.pipeline.DocumentKeeper;
import io.datasetexport.pipeline.Workplace;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.read.DatasetGone;
import io.datasetexport.read.Snapshot;
import io.datasetexport.read.SnapshotFailed;
import io.datasetexport.read.Snapshots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Starts exports: everything that can be refused is refused here, before the first byte.
 *
 * <p>The dataset comes from {@link io.datasetexport.access.Access}, which has checked what the caller may do.
 */
@Service
public class Exports {

    private static final Logger log = LoggerFactory.getLogger(Exports.class);

    /** So many unknown ids are named in a refusal. */
    private static final int MOST_NAMED = 20;

    private final JdbcClient database;
    private final Snapshots snapshots;
    private final ExportPermits permits;
    private final ExportRecords records;
    private final ExportWriters writers;
    private final Workplace workplace;
    private final ExportMeters meters;
    private final KeptJson kept;
    private final Edition edition;

    Exports(
            JdbcClient database,
            Snapshots snapshots,
            ExportPermits permits,
            ExportRecords records,
            ExportWriters writers,
            Workplace workplace,
            ExportMeters meters,
            KeptJson kept,
            Edition edition) {
        this.database = database;
        this.snapshots = snapshots;
        this.permits = permits;
        this.records = records;
        this.writers = writers;
        this.workplace = workplace;
        this.meters = meters;
        this.kept = kept;
        this.edition = edition;
    }

    /**
     * What a response's head says of an archive, known without reading a row.
     *
     * @param etag strong, with its quotes: the same for the same bytes
     * @param filename not escaped
     */
    public record Head(String etag, String filename) {}

    /**
     * The head of the archive that this request would get now. No item is looked at: {@link #start} may still refuse ids that are unknown
     * and files that can't be sent.
     *
     * @throws RequestRefused when the dataset has gone, or its labels are not those that the request numbers
     */
    public Head head(DatasetRef dataset, ExportRequest request) {
        if (request.options().classes() instanceof Given given) {
            ClassLabels.check(labels(dataset), given);
        }
        return database.sql("select name, dataset_revision(key) from dataset where key = ?")
                .param(dataset.key())
                .query((row, any) -> head(dataset.key(), row.getString(1), row.getLong(2), request))
                .optional()
                .orElseThrow(Exports::gone);
    }

    /**
     * Opens the snapshot and starts to read it.
     *
     * @throws RequestRefused when too many exports run, or the dataset has gone
     */
    public RunningExport start(Caller caller, DatasetRef dataset, ExportRequest request) {
        ExportPermits.Permit permit = permits.take(caller);
        try {
            Snapshot snapshot = snapshots.open(dataset);
            try {
                DatasetFacts facts = snapshot.dataset();
                choose(request, snapshot);
                UUID id = UUID.randomUUID();
                var formats = writers.of(request, facts);
                Head head = head(facts.key(), facts.name(), facts.revision(), request);
                boolean repeated = records.started(id, dataset, caller, request, facts.revision());
                KeptJson.Shelf shelf = repeated ? kept.shelf(request, facts) : null;
                if (shelf != null) {
                    snapshot.showKept(shelf.variant());
                }
                DocumentKeeper keeper = shelf == null ? DocumentKeeper.NONE : shelf.keeper();
                try (var _ = RunningExport.logged(id)) {
                    ArchiveRun run = ArchiveRun.start(snapshot, formats, new ExportTexts(facts, request, edition.program()), workplace, keeper);
                    RunningExport.Books books = new RunningExport.Books(records, meters, request.include());
                    return new RunningExport(id, dataset.id(), head, snapshot.takenAt(), run, permit, books);
                }
            } catch (IOException | RuntimeException e) {
                snapshot.close();
                throw e;
            }
        } catch (DatasetGone e) {
            permit.close();
            throw gone();
        } catch (IOException e) {
            permit.close();
            log.warn("An export of dataset {} could not start: {}", dataset.id(), e.getMessage());
            throw refusal(e);
        } catch (RuntimeException e) {
            permit.close();
            throw e;
        }
    }

    /** Chooses what a request asks for, or refuses it. */
    static void choose(ExportRequest request, Snapshot snapshot) throws IOException {
        switch (request.scope()) {
            case WholeDataset _ -> {}
            case SelectedItems(var ids, _) -> {
                List<String> missing = snapshot.chooseItems(ids);
                if (!missing.isEmpty() && request.options().missing() == Absent.FAIL) {
                    throw notFound(missing);
                }
            }
            case Matching(var query) -> snapshot.chooseItems(query);
        }
        if (request.annotationsQuery() != null) {
            snapshot.chooseAnnotations(request.annotationsQuery());
        }
        if (request.include().contains(ExportFormat.ITEMS) && request.options().unavailable() == Absent.FAIL) {
            requireOwnFiles(snapshot.foreignFiles(MOST_NAMED));
        }
    }

    private static void requireOwnFiles(Snapshot.ForeignFiles foreign) {
        if (foreign.external() + foreign.missing() > 0) {
            throw new RequestRefused(
                    foreign.external() > 0 ? ProblemType.EXTERNAL_ITEMS : ProblemType.MISSING_FILES,
                    "Files that can't be sent: " + foreign.external() + " are in storage of the customer's, " + foreign.missing()
                            + " were never uploaded. With options.unavailable=report they are left out and listed.",
                    "/include")
                    .with("external", foreign.external())
                    .with("missing", foreign.missing())
                    .with("items", foreign.some());
        }
    }

    private static RequestRefused notFound(List<String> missing) {
        List<String> some = missing.subList(0, Math.min(missing.size(), MOST_NAMED));
        String count = missing.size() == 1 ? "1 item is" : missing.size() + " items are";
        return new RequestRefused(ProblemType.ITEMS_NOT_FOUND, count + " not in the dataset.", "/scope/itemIds")
                .with("count", missing.size())
                .with("items", List.copyOf(some));
    }

    static RequestRefused refusal(IOException failure) {
        RequestRefused refusal = failure instanceof SnapshotFailed failed ? failed.refusal("/scope/query") : null;
        return refusal == null ? new RequestRefused(ProblemType.INTERNAL, "The export could not be started.") : refusal;
    }

    /** What class numbers are checked against: paths, and which of them are retired. */
    private List<Label> labels(DatasetRef dataset) {
        return database.sql("select number, path, folder, retired from label where dataset_key = ? order by number")
                .param(dataset.key())
                .query((row, any) -> new Label(
                        row.getInt(1), row.getString(2), List.of(row.getString(2)), null, row.getString(3), row.getBoolean(4)))
                .list();
    }

    private Head head(long datasetKey, String name, long revision, ExportRequest request) {
        String content = String.join("\n", Long.toString(datasetKey), Long.toString(revision), request.canonicalJson(), edition.key());
        return new Head("\"" + sha256(content).substring(0, 32) + "\"", request.archiveName(name, revision));
    }

    static RequestRefused gone() {
        return new RequestRefused(ProblemType.NOT_FOUND, "There is no such dataset.");
    }

    /** In hexadecimal digits. */
    static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
