package io.datasetexport.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Who did what, and how it ended: a row and a line of the log for each act. */
@Service
public class Audit {

    private static final Logger log = LoggerFactory.getLogger(Audit.class);

    private final JdbcClient jdbc;

    Audit(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An act that ended.
     *
     * @param projectId of the project, null when there is none or it is not known
     * @param target the item, member, token or assignment
     * @param request what was asked for, not all of it when it is long
     * @param outcome {@code finished}, {@code partial} (a range of bytes, as asked for), {@code refused}, {@code failed} or {@code aborted}
     * @param status of the answer
     * @param bytes of the answer's body that were sent
     */
    public record Event(
            long id,
            Instant at,
            String subject,
            @Nullable UUID token,
            String act,
            @Nullable String projectId,
            @Nullable String datasetId,
            @Nullable String target,
            @Nullable String request,
            String outcome,
            int status,
            long bytes,
            String requestId) {}

    /** The project of a dataset or, by its own id, a project. */
    public Optional<ProjectRef> projectOf(@Nullable String datasetId, @Nullable String projectId) {
        return jdbc.sql(datasetId != null
                ? "select p.key, p.id from dataset d join project p on p.key = d.project_key where d.id = ?"
                : "select key, id from project where id = ?")
                .param(datasetId != null ? datasetId : projectId)
                .query((row, _) -> new ProjectRef(row.getLong(1), row.getString(2)))
                .optional();
    }

    /** Writes the row and the line; what fails here fails nothing else. */
    public void record(@Nullable ProjectRef project, Event event) {
        log.info("audit {}", JsonMapper.shared().writeValueAsString(event));
        try {
            jdbc.sql("insert into audit_event (subject, token_id, act, project_key, project_id, dataset_id, target, request, outcome, status, bytes,"
                    + " request_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                    .param(event.subject)
                    .param(event.token)
                    .param(event.act)
                    .param(project == null ? null : project.key())
                    .param(event.projectId)
                    .param(event.datasetId)
                    .param(event.target)
                    .param(event.request)
                    .param(event.outcome)
                    .param(event.status)
                    .param(event.bytes)
                    .param(event.requestId)
                    .update();
        } catch (DataAccessException e) {
            log.error("An act is in the log only, the database did not take it", e.getMostSpecificCause());
        }
    }

    /**
     * A project's acts, newest first.
     *
     * @param before only those with a smaller id
     */
    public List<Event> of(ProjectRef project, long before, int limit) {
        return jdbc.sql("select id, at, subject, token_id, act, project_id, dataset_id, target, request, outcome, status, bytes, request_id"
                + " from audit_event where project_key = ? and id < ? order by id desc limit ?")
                .params(project.key(), before, limit)
                .query((row, _) -> event(row))
                .list();
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getLong(1),
                row.getObject(2, OffsetDateTime.class).toInstant(),
                row.getString(3),
                row.getObject(4, UUID.class),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getInt(11),
                row.getLong(12),
                row.getString(13));
    }
}
