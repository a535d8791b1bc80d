package io.datasetexport.content;

import io.datasetexport.blob.BlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Deletes the blobs that no item has, some time after they were replaced: an export that began before may still be reading them. */
@Component
public class UnusedBlobs {

    private static final Logger log = LoggerFactory.getLogger(UnusedBlobs.class);
    private static final int RUN = 100;

    private final JdbcClient database;
    private final TransactionTemplate transaction;
    private final BlobStore store;
    private final Duration kept;

    public UnusedBlobs(JdbcClient database, TransactionTemplate transaction, BlobStore store, ContentSettings settings) {
        this.database = database;
        this.transaction = transaction;
        this.store = store;
        this.kept = settings.keepReplaced();
    }

    @Scheduled(initialDelay = 1, fixedDelay = 15, timeUnit = TimeUnit.MINUTES)
    void sweepQuietly() {
        try {
            long deleted = sweep();
            if (deleted > 0) {
                log.info("Deleted {} files that no item has any more", deleted);
            }
        } catch (IOException | RuntimeException e) {
            log.warn("Files that no item has could not be deleted; the next pass tries again: {}",
                    NestedExceptionUtils.getMostSpecificCause(e).getMessage());
        }
    }

    /** Deletes all whose time is over; returns how many. Several instances may do so at once. */
    public long sweep() throws IOException {
        long deleted = 0;
        while (true) {
            int some = deleteSome();
            deleted += some;
            if (some < RUN) {
                return deleted;
            }
        }
    }

    private int deleteSome() throws IOException {
        try {
            return transaction.execute(_ -> {
                List<String> keys = database.sql("delete from unused_blob where storage_key in (select storage_key from unused_blob"
                        + " where since < now() - make_interval(secs => ?) order by since limit ? for update skip locked) returning storage_key")
                        .params(kept.toSeconds(), RUN)
                        .query(String.class)
                        .list();
                for (String key : keys) {
                    try {
                        store.delete(key);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                return keys.size();
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
