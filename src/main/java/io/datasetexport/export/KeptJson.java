package io.datasetexport.export;

import io.datasetexport.export.ExportRequest.JsonLayout;
import io.datasetexport.format.ExportFormat;
import io.datasetexport.model.DatasetFacts;
import io.datasetexport.pipeline.DocumentKeeper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The table {@code item_json}: what exports of a dataset wrote of each item, so that the next one copies it. Rows are kept from the second
 * export of a dataset on, by a thread of their own; what it is too slow for is left to the next export.
 *
 * <p>When they take more room than they may, those of the dataset go whose last export began first.
 */
@Component
public final class KeptJson {

    private static final Logger log = LoggerFactory.getLogger(KeptJson.class);

    /** A larger one is rendered again each time: copying saves the least there. */
    private static final int LARGEST = 1 << 20;

    private static final long ROOM_IS_CHECKED_EVERY = 64 << 20;
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

    private static final String UPSERT =
            """
            insert into item_json (item_key, dataset_key, item_changed, variant, crc32, size, annotations, document)
            select i.key, i.dataset_key, i.changed, ?, d.crc32, d.size, d.annotations, d.document
            from unnest(?, ?::xid8[], ?, ?, ?, ?) d (key, changed, crc32, size, annotations, document)
              join item i on i.key = d.key and i.changed = d.changed
            on conflict (item_key) do update set item_changed = excluded.item_changed, variant = excluded.variant, crc32 = excluded.crc32,
              size = excluded.size, annotations = excluded.annotations, document = excluded.document
            where (item_json.item_changed, item_json.variant) is distinct from (excluded.item_changed, excluded.variant)""";
    private static final String BY_LAST_EXPORT =
            """
            select dataset_key, bytes from (select dataset_key, sum(octet_length(document)) as bytes from item_json group by dataset_key) kept
            order by (select max(e.started_at) from export e where e.dataset_key = kept.dataset_key) nulls first""";

    private final JdbcTemplate database;
    private final ThreadPoolExecutor writer;
    private final ExportSettings settings;
    private final Edition edition;
    private final boolean on;
    private final long mostWaiting = Runtime.getRuntime().maxMemory() / 64;
    private final AtomicLong waiting = new AtomicLong();
    private volatile long pausedUntil = System.nanoTime();
    private volatile @Nullable String server;
    // Of the writing thread.
    private long writtenSinceChecked = ROOM_IS_CHECKED_EVERY;
    private boolean full;

    KeptJson(
            JdbcTemplate database,
            @Qualifier("keptJsonWriter") ThreadPoolExecutor writer,
            ExportSettings settings,
            Edition edition,
            @Value("${dataset-export.read-replica.url:#{null}}") @Nullable String replica) {
        this.database = database;
        this.writer = writer;
        this.settings = settings;
        this.edition = edition;
        // A replica does not have the table: it is not logged.
        this.on = settings.keptJson().toBytes() > 0 && replica == null;
    }

    /** Documents of one kind: what an export may copy, and where it leaves the others. */
    record Shelf(long variant, DocumentKeeper keeper) {}

    /** The shelf for an export that makes nothing but an entry of each item's whole JSON; null for another one, and where nothing is kept. */
    @Nullable
    Shelf shelf(ExportRequest request, DatasetFacts dataset) {
        boolean entries = request.include().equals(Set.of(ExportFormat.JSON)) && request.options().jsonLayout() == JsonLayout.FILES;
        if (!on || !entries || request.annotationsQuery() != null) {
            return null;
        }
        try {
            long variant = variant(dataset);
            return new Shelf(variant, new Keeper(variant));
        } catch (DataAccessException e) {
            pause(e);
            return null;
        }
    }

    /** The same number where the same item makes the same bytes. */
    private long variant(DatasetFacts dataset) {
        String known = server;
        if (known == null) {
            // Numbers of transactions are a server's own: rows that were moved to another one mean nothing there.
            known = database.queryForObject("select system_identifier::text from pg_control_system()", String.class);
            server = known;
        }
        String decides = String.join("\n", known, dataset.id(), edition.key());
        return Long.parseUnsignedLong(Exports.sha256(decides).substring(0, 16), 16);
    }

    private final class Keeper implements DocumentKeeper {

        private final long variant;

        Keeper(long variant) {
            this.variant = variant;
        }

        @Override
        public boolean wants(int bytes) {
            return bytes <= LARGEST;
        }

        @Override
        public void keep(List<Rendered> documents) {
            long bytes = documents.stream().mapToLong(document -> document.document().deflated().length).sum();
            if (bytes == 0 || System.nanoTime() - pausedUntil < 0 || waiting.get() + bytes > mostWaiting) {
                return;
            }
            waiting.addAndGet(bytes);
            try {
                writer.execute(() -> {
                    try {
                        write(documents, bytes, variant);
                    } catch (DataAccessException e) {
                        pause(e);
                    } finally {
                        waiting.addAndGet(-bytes);
                    }
                });
            } catch (RejectedExecutionException e) {
                log.debug("The service is shutting down", e);
            }
        }
    }

    private void write(List<DocumentKeeper.Rendered> unordered, long bytes, long variant) {
        writtenSinceChecked += bytes;
        if (writtenSinceChecked >= ROOM_IS_CHECKED_EVERY) {
            writtenSinceChecked = 0;
            full = !makeRoom();
        }
        if (full) {
            return;
        }
        // Who writes the same rows at the same time, in another instance, meets them in the same order.
        List<DocumentKeeper.Rendered> documents =
                unordered.stream().sorted(Comparator.comparingLong(DocumentKeeper.Rendered::itemKey)).toList();
        database.execute((Connection connection) -> {
            try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
                statement.setLong(1, variant);
                statement.setArray(2, connection.createArrayOf("bigint", column(documents, DocumentKeeper.Rendered::itemKey)));
                statement.setArray(3, connection.createArrayOf("text", column(documents, document -> Long.toString(document.changed()))));
                statement.setArray(4, connection.createArrayOf("bigint", column(documents, document -> document.document().crc32())));
                statement.setArray(5, connection.createArrayOf("integer", column(documents, document -> document.document().size())));
                statement.setArray(6, connection.createArrayOf("integer", column(documents, document -> document.document().annotations())));
                statement.setArray(7, connection.createArrayOf(
                        "bytea", documents.stream().map(document -> document.document().deflated()).toArray(byte[][]::new)));
                return statement.executeUpdate();
            }
        });
    }

    private static Object[] column(List<DocumentKeeper.Rendered> documents, Function<DocumentKeeper.Rendered, Object> value) {
        return documents.stream().map(value).toArray();
    }

    /** Returns whether there is room. The dataset that was exported last is being exported: its rows stay. */
    private boolean makeRoom() {
        record Share(long dataset, long bytes) {}
        long room = settings.keptJson().toBytes();
        if (database.query("select pg_total_relation_size('item_json')", (row, any) -> row.getLong(1)).getFirst() <= room) {
            return true;
        }
        List<Share> shares = database.query(BY_LAST_EXPORT, (row, any) -> new Share(row.getLong(1), row.getLong(2)));
        long used = shares.stream().mapToLong(Share::bytes).sum();
        for (Share share : shares.subList(0, Math.max(0, shares.size() - 1))) {
            if (used <= room) {
                break;
            }
            database.update("delete from item_json where dataset_key = ?", share.dataset());
            used -= share.bytes();
        }
        return used <= room;
    }

    private void pause(DataAccessException failure) {
        pausedUntil = System.nanoTime() + PAUSE_AFTER_FAILURE.toNanos();
        log.warn("JSON is not kept for {} s: {}", PAUSE_AFTER_FAILURE.toSeconds(), NestedExceptionUtils.getMostSpecificCause(failure).getMessage());
    }
}
