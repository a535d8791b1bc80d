package io.datasetexport.access;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The one gate: whoever touches a dataset or a project has asked here first, at the time of the request.
 *
 * <p>What a caller can't see is refused exactly as what is not there, so that a refusal tells nothing about other people's data.
 */
@Component
public class Access {

    private static final String MEMBERS = " left join project_member m on m.project_key = p.key and m.subject = :subject";

    private final JdbcClient jdbc;

    Access(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Refuses with not-found what the caller can't see, with forbidden what the caller's role may not do. */
    public DatasetRef require(Caller caller, String datasetId, Action action) {
        return jdbc.sql("select d.key, d.id, p.key, p.id, m.role from dataset d join project p on p.key = d.project_key" + MEMBERS
                + " where d.id = :dataset")
                .param("subject", caller.subject())
                .param("dataset", datasetId)
                .query((row, _) -> new Found<>(new DatasetRef(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4)), row.getString(5)))
                .optional()
                .filter(found -> may(caller, found.role, Action.SEE))
                .orElseThrow(() -> new RequestRefused(ProblemType.NOT_FOUND, "There is no such dataset."))
                .allowed(caller, action);
    }

    /** As for a dataset. */
    public ProjectRef requireProject(Caller caller, String projectId, Action action) {
        return jdbc.sql("select p.key, p.id, m.role from project p" + MEMBERS + " where p.id = :project")
                .param("subject", caller.subject())
                .param("project", projectId)
                .query((row, _) -> new Found<>(new ProjectRef(row.getLong(1), row.getString(2)), row.getString(3)))
                .optional()
                .filter(found -> may(caller, found.role, Action.SEE))
                .orElseThrow(() -> new RequestRefused(ProblemType.NOT_FOUND, "There is no such project.", "/projectId"))
                .allowed(caller, action);
    }

    /** Every dataset that the caller can see, by id in code-point order. */
    public List<DatasetRef> visible(Caller caller) {
        return jdbc.sql("select d.key, d.id, p.key, p.id, m.role from dataset d join project p on p.key = d.project_key" + MEMBERS
                + " order by d.id")
                .param("subject", caller.subject())
                .query((row, _) -> new Found<>(new DatasetRef(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4)), row.getString(5)))
                .list()
                .stream()
                .filter(found -> may(caller, found.role, Action.SEE))
                .map(Found::ref)
                .toList();
    }

    private static boolean may(Caller caller, @Nullable String role, Action action) {
        return caller.ownsEverything() || role != null && Role.named(role).may(action);
    }

    /** @param role the caller's; null when the caller is no member */
    private record Found<R>(R ref, @Nullable String role) {

        R allowed(Caller caller, Action action) {
            if (!may(caller, role, action)) {
                throw new RequestRefused(ProblemType.FORBIDDEN, "Your role in the project does not allow this.");
            }
            return ref;
        }
    }
}
