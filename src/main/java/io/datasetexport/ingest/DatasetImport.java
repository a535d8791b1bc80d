package io.datasetexport.ingest;

import io.datasetexport.access.DatasetRef;
import io.datasetexport.content.ArrivingFiles;
import io.datasetexport.content.ContentSettings;
import io.datasetexport.content.ItemContents;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.datasetexport.spool.SpoolFull;
import io.datasetexport.spool.SpoolStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.util.unit.DataSize;

/**
 * Loads items and annotations into a dataset from a stream: in one transaction, all or nothing, in memory that does not depend on the size
 * of the body. An item that is there already is replaced.
 *
 * <p>A dataset takes one import at a time. Everything that is wrong with the body is said by {@link RequestRefused}, with the number of the
 * record, from 1, and a JSON pointer; the dataset is then as it was.
 */
@Service
public class DatasetImport {

    private static final Logger log = LoggerFactory.getLogger(DatasetImport.class);
    /** Rows that change what the planner should know. */
    private static final long MANY = 5000;
    private static final Duration PROGRESS = Duration.ofSeconds(10);

    private final Semaphore permits = new Semaphore(ImportLimits.IMPORTS);

    private final DataSource database;
    private final SpoolStore spool;
    private final ItemContents contents;
    private final ContentSettings contentSettings;
    private final int largestAnnotation;
    private final MeterRegistry meters;
    private final Counter itemsImported;
    private final Counter annotationsImported;

    /** @param annotation one annotation at most, and never more than {@link ImportLimits#ANNOTATION_BYTES} */
    public DatasetImport(
            DataSource database,
            SpoolStore spool,
            ItemContents contents,
            ContentSettings contentSettings,
            MeterRegistry meters,
            @Value("${dataset-export.limits.annotation:8MB}") DataSize annotation) {
        this.database = database;
        this.spool = spool;
        this.contents = contents;
        this.contentSettings = contentSettings;
        this.meters = meters;
        largestAnnotation = (int) Math.min(annotation.toBytes(), ImportLimits.ANNOTATION_BYTES);
        itemsImported = Counter.builder("dataset.import.items").description("Items that imports have written").register(meters);
        annotationsImported =
                Counter.builder("dataset.import.annotations").description("Annotations that imports have written").register(meters);
    }

    /**
     * Loads a body to its end.
     *
     * @throws IOException the body could not be read to its end; the dataset is as it was
     */
    public ImportReport load(DatasetRef dataset, ImportOptions options, InputStream body) throws IOException {
        if (!permits.tryAcquire()) {
            throw new RequestRefused(ProblemType.OVERLOADED, "The service is busy with other imports.").with("retryAfter", 30);
        }
        long start = System.nanoTime();
        String outcome = "aborted";
        try {
            ImportReport report = DatasetChange.run(
                    database, dataset, (connection, external) -> load(connection, dataset, external, options, new Body(body)));
            if (report.items() + report.annotations() >= MANY) {
                Statistics.refresh(database);
            }
            outcome = "complete";
            itemsImported.increment(report.items());
            annotationsImported.increment(report.annotations());
            log.info("Imported {} items with {} annotations into {}, {} new", report.items(), report.annotations(), dataset.id(),
                    report.created());
            return report;
        } catch (RequestRefused e) {
            outcome = "refused";
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause() instanceof Body.Lost lost ? lost.reason() : e.getCause();
        } finally {
            permits.release();
            ended(options.format(), outcome, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void ended(ImportOptions.Format format, String outcome, Duration took) {
        Timer.builder("dataset.import")
                .description("Imports that have ended")
                .tag("format", format.name().toLowerCase(Locale.ROOT))
                .tag("outcome", outcome)
                .register(meters)
                .record(took);
    }

    private ImportReport load(Connection connection, DatasetRef dataset, boolean external, ImportOptions options, Body body)
            throws SQLException {
        LabelRows labels = new LabelRows(connection, dataset.key());
        boolean hadLabels = !labels.all().isEmpty();
        LabelsSeen seen = new LabelsSeen();
        ItemLoad load = new ItemLoad(connection, dataset, external);
        List<String> added = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        ArrivingFiles files = new ArrivingFiles(contents, contentSettings, connection, dataset);
        boolean keptNames = false;
        try (Loading loading = new Loading(load, spool)) {
            RecordReader records = new RecordReader(loading, seen, largestAnnotation, progress(dataset, load));
            switch (options.format()) {
                case DATALOOP -> {
                    switch (options.body()) {
                        case JSON -> records.readOne(body);
                        case NDJSON -> records.readLines(body);
                        case ZIP -> {
                            ArchiveReader archive = new ArchiveReader(connection, records, spool, files);
                            archive.read(body, loading::finish);
                            loading.finish();
                            added.addAll(labels.add(archive.labels()));
                            describe(connection, dataset, archive.ontology(), archive.recipe());
                            keptNames = archive.keptNames();
                        }
                    }
                }
                case COCO -> {
                    if (options.body() != ImportOptions.Body.JSON) {
                        throw new RequestRefused(ProblemType.UNSUPPORTED_MEDIA_TYPE, "COCO is read with Content-Type: application/json.");
                    }
                    CocoReader coco = new CocoReader(connection, dataset);
                    coco.read(body, records);
                    loading.finish();
                    added.addAll(labels.add(coco.labels(), true));
                    describe(connection, dataset, null, coco.recipe());
                    lost.addAll(coco.lost());
                }
            }
            loading.finish();
        } catch (ItemLoad.Unmatched e) {
            throw RecordReader.unmatched(e);
        } catch (BadRecord e) {
            throw new RequestRefused(ProblemType.BAD_RECORD, String.valueOf(e.getMessage()), e.pointer());
        } catch (SpoolFull e) {
            throw new RequestRefused(ProblemType.OVERLOADED, "The service has no room on disk for an import of this size now.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean hasLabels = hadLabels || !added.isEmpty();
        load.contestedNames().decide(keptNames);
        long given = files.give(keptNames);
        lost.addAll(files.left());
        boolean create = switch (options.labels()) {
            case AUTO -> !hasLabels;
            case ADD -> true;
            case KEEP -> false;
        };
        if (create) {
            added.addAll(labels.add(seen.paths().stream().filter(path -> !path.isEmpty()).map(LabelSpec::ofPath).toList()));
        }
        Set<String> known = new HashSet<>();
        labels.all().forEach(label -> known.add(label.path()));
        List<String> unknown = seen.paths().stream().filter(path -> !known.contains(path)).toList();
        return new ImportReport(
                load.items(), load.annotations(), load.created(), load.items() - load.created(), given, added, unknown, lost);
    }

    /** Keeps what an archive says of its dataset, where the dataset says nothing itself. */
    private static void describe(Connection connection, DatasetRef dataset, @Nullable String ontology, @Nullable String recipe)
            throws SQLException {
        if (ontology == null && recipe == null) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(
                "update dataset set ontology = coalesce(ontology, ?::json), recipe = coalesce(recipe, ?::json) where key = ?")) {
            update.setString(1, ontology);
            update.setString(2, recipe);
            update.setLong(3, dataset.key());
            update.executeUpdate();
        }
    }

    private static Runnable progress(DatasetRef dataset, ItemLoad load) {
        return new Runnable() {
            private long next = System.nanoTime() + PROGRESS.toNanos();

            @Override
            public void run() {
                if (System.nanoTime() - next > 0) {
                    next = System.nanoTime() + PROGRESS.toNanos();
                    log.info("Importing into {}: {} items, {} annotations so far", dataset.id(), load.items(), load.annotations());
                }
            }
        };
    }
}
