package io.datasetexport.ingest;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Keeps a dataset's revision cheap to ask for: the rows of {@code dataset_change} that count its changes are folded into one number, in
 * the background. Every snapshot sees either the rows or the number that they became, so no revision moves.
 */
@Component
public class ChangeFolding {

    private static final Logger log = LoggerFactory.getLogger(ChangeFolding.class);

    /** Fewer rows than these are counted in no time. */
    private static final int WORTHWHILE = 1000;

    private static final String LONG = "select dataset_key from dataset_change group by dataset_key having count(*) > ?";

    /** A dataset that is being imported into is left for the next pass. */
    private static final String FOLD =
            """
            with unlocked as (select key from dataset where key = ? for no key update skip locked),
              folded as (delete from dataset_change c using unlocked d where c.dataset_key = d.key returning 1)
            update dataset d set folded_changes = folded_changes + (select count(*) from folded) from unlocked u where d.key = u.key
            """;

    private final JdbcClient database;

    public ChangeFolding(JdbcClient database) {
        this.database = database;
    }

    @Scheduled(initialDelay = 1, fixedDelay = 5, timeUnit = TimeUnit.MINUTES)
    void foldQuietly() {
        try {
            fold(WORTHWHILE);
        } catch (DataAccessException e) {
            log.warn("Changes could not be folded; the next pass tries again: {}", e.getMostSpecificCause().getMessage());
        }
    }

    /** Folds the changes of each dataset that has more of them than {@code kept}. */
    void fold(int kept) {
        List<Long> datasets = database.sql(LONG).param(kept).query(Long.class).list();
        for (Long dataset : datasets) {
            database.sql(FOLD).param(dataset).update();
        }
    }
}
