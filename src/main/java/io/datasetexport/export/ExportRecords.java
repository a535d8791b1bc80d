package io.datasetexport.export;

import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.pipeline.ArchiveRun;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of the table {@code export}: each export that started, and how it ended. */
@Component
public class ExportRecords {

    private final JdbcClient database;
    private final String instance;

    ExportRecords(JdbcClient database, ExportSettings settings, @Value("${server.port:8080}") String port) {
        this.database = database;
        this.instance = settings.instance() == null ? host() + ":" + port : settings.instance();
    }

    /** What an earlier process of this name left running will never end. */
    @EventListener(ApplicationReadyEvent.class)
    public void markLost() {
        database.sql("update export set state = 'lost', finished_at = now() where instance = ? and state = 'running'")
                .param(instance)
                .update();
    }

    /** Returns whether the dataset was exported before, by anyone and to the archive's end. */
    boolean started(UUID id, DatasetRef dataset, Caller caller, ExportRequest request, long revision) {
        return database.sql(
                """
                        insert into export (id, dataset_key, dataset_id, project_key, caller, request, revision, state, instance)
                        values (?, ?, ?, ?, ?, ?::json, ?, 'running', ?)
                        returning exists (select from export e where e.dataset_key = export.dataset_key and e.state = 'complete')""")
                .params(
                        id,
                        dataset.key(),
                        dataset.id(),
                        dataset.projectKey(),
                        caller.subject(),
                        request.canonicalJson(),
                        revision,
                        instance)
                .query(Boolean.class)
                .single();
    }

    void complete(UUID id, ArchiveRun.Summary summary) {
        database.sql(
                """
                        update export set state = 'complete', items = ?, annotations = ?, entries = ?, bytes = ?, finished_at = now()
                        where id = ?""")
                .params(summary.tally().items(), summary.tally().annotations(), summary.entries(), summary.bytes(), id)
                .update();
    }

    /** Not what the archive holds: who has only a part has no item. */
    void partial(UUID id, long bytes) {
        database.sql("update export set state = 'partial', bytes = ?, finished_at = now() where id = ?")
                .params(bytes, id)
                .update();
    }

    void failed(UUID id, String reason) {
        database.sql("update export set state = 'failed', reason = ?, finished_at = now() where id = ?")
                .params(reason, id)
                .update();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
