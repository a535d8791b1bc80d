package io.datasetexport.access;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private static final String PROJECTS = "select p.key, p.id, m.role, m.scopes from project p"
            + " left join project_member m on m.project_key = p.key and m.subject = :subject";
    private static final String DATASETS = "select p.key, p.id, m.role, m.scopes, d.key, d.id from dataset d join project p on p.key = d.project_key"
            + " left join project_member m on m.project_key = p.key and m.subject = :subject";

    private final JdbcClient jdbc;

    Access(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Refuses with not-found what the caller can't see, with forbidden what the caller's role or token may not do. */
    public DatasetRef require(Caller caller, String datasetId, Action action) {
        return dataset(caller, datasetId).filter(found -> found.member.may(Action.SEE))
                .orElseThrow(() -> new RequestRefused(ProblemType.NOT_FOUND, "There is no such dataset."))
                .allowed(action);
    }

    /** As for a dataset. */
    public ProjectRef requireProject(Caller caller, String projectId, Action action) {
        return project(caller, projectId).filter(found -> found.member.may(Action.SEE))
                .orElseThrow(() -> new RequestRefused(ProblemType.NOT_FOUND, "There is no such project."))
                .allowed(action);
    }

    /** Every dataset that the caller can see, by id in code-point order. */
    public List<DatasetRef> visible(Caller caller) {
        return jdbc.sql(DATASETS + " order by d.id")
                .param("subject", caller.subject())
                .query((row, _) -> dataset(caller, row))
                .list()
                .stream()
                .filter(found -> found.member.may(Action.SEE))
                .map(Found::ref)
                .toList();
    }

    /** Every project that the caller can see, by id in code-point order. */
    public List<ProjectRef> visibleProjects(Caller caller) {
        return jdbc.sql(PROJECTS + " order by p.id")
                .param("subject", caller.subject())
                .query((row, _) -> project(caller, row))
                .list()
                .stream()
                .filter(found -> found.member.may(Action.SEE))
                .map(Found::ref)
                .toList();
    }

    private Optional<Found<DatasetRef>> dataset(Caller caller, String id) {
        return jdbc.sql(DATASETS + " where d.id = :id")
                .param("subject", caller.subject())
                .param("id", id)
                .query((row, _) -> dataset(caller, row))
                .optional();
    }

    private Optional<Found<ProjectRef>> project(Caller caller, String id) {
        return jdbc.sql(PROJECTS + " where p.id = :id")
                .param("subject", caller.subject())
                .param("id", id)
                .query((row, _) -> project(caller, row))
                .optional();
    }

    private static Found<DatasetRef> dataset(Caller caller, ResultSet row) throws SQLException {
        Member member = Member.of(caller, row);
        String assignee = member.role == Role.ANNOTATOR && !caller.ownsEverything() ? caller.subject() : null;
        return new Found<>(new DatasetRef(row.getLong(5), row.getString(6), row.getLong(1), row.getString(2), assignee), member);
    }

    private static Found<ProjectRef> project(Caller caller, ResultSet row) throws SQLException {
        return new Found<>(new ProjectRef(row.getLong(1), row.getString(2)), Member.of(caller, row));
    }

    private record Found<R>(R ref, Member member) {

        R allowed(Action action) {
            if (!member.may(action)) {
                throw new RequestRefused(ProblemType.FORBIDDEN, "Your role in the project, or your token, does not allow this.");
            }
            return ref;
        }
    }

    /**
     * The caller in one project.
     *
     * @param role null when the caller is no member
     * @param scopes of a service
     */
    private record Member(Caller caller, long projectKey, @Nullable Role role, Set<Scope> scopes) {

        static Member of(Caller caller, ResultSet row) throws SQLException {
            String role = row.getString(3);
            return new Member(
                    caller,
                    row.getLong(1),
                    role == null ? null : Role.named(role).orElseThrow(() -> new IllegalStateException("The database has a role " + role)),
                    Scope.of(row.getArray(4)));
        }

        boolean may(Action action) {
            Caller.Token token = caller.token();
            boolean within = token == null
                    || Scope.allow(token.scopes(), action) && (token.projectKey() == null || token.projectKey() == projectKey);
            return within && (caller.ownsEverything() || role != null && (role.may(action) || Scope.allow(scopes, action)));
        }
    }
}
