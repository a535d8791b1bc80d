package io.datasetexport.access;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Projects, their members, and which items are whose; {@link Access} has checked what the caller may do. */
@Service
public class Projects {

    private final JdbcClient jdbc;

    Projects(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param scopes of a service; empty for people */
    public record Member(String subject, Role role, Set<Scope> scopes) {
        public Member {
            scopes = Set.copyOf(scopes);
        }
    }

    /** @param role the caller's; null when it is no member */
    public record Line(String id, String name, @Nullable Role role) {}

    /** The projects that these references name, with the caller's role, in their order. */
    public List<Line> lines(Caller caller, List<ProjectRef> refs) {
        return refs.stream()
                .map(ref -> jdbc.sql("select p.id, p.name, m.role from project p"
                        + " left join project_member m on m.project_key = p.key and m.subject = ? where p.key = ?")
                        .params(caller.subject(), ref.key())
                        .query((row, _) -> new Line(row.getString(1), row.getString(2), role(row.getString(3))))
                        .single())
                .toList();
    }

    /** A new project that the caller owns. Refused with conflict when its id is taken, with forbidden when the token is for less. */
    @Transactional
    public ProjectRef create(Caller caller, String id, String name) {
        Caller.Token token = caller.token();
        if (token != null && (token.projectKey() != null || !token.scopes().contains(Scope.ADMIN))) {
            throw new RequestRefused(ProblemType.FORBIDDEN, "Your token does not allow this.");
        }
        long key;
        try {
            key = jdbc.sql("insert into project (id, name) values (?, ?) returning key").params(id, name).query(Long.class).single();
        } catch (DuplicateKeyException e) {
            throw new RequestRefused(ProblemType.CONFLICT, "There is a project with this id already.", "/id");
        }
        ProjectRef created = new ProjectRef(key, id);
        put(created, new Member(caller.subject(), Role.OWNER, Set.of()));
        return created;
    }

    /** By subject in code-point order. */
    public List<Member> members(ProjectRef project) {
        return jdbc.sql("select subject, role, scopes from project_member where project_key = ? order by subject")
                .param(project.key())
                .query((row, _) -> new Member(
                        row.getString(1),
                        Role.named(row.getString(2)).orElseThrow(),
                        Scope.of(row.getArray(3))))
                .list();
    }

    /** Adds a member, or gives it another role. Refused with conflict when it is the last owner and would no longer be one. */
    @Transactional
    public void put(ProjectRef project, Member member) {
        if (member.role() != Role.OWNER) {
            requireAnotherOwner(project, member.subject());
        }
        jdbc.sql("insert into project_member (project_key, subject, role, scopes) values (?, ?, ?, ?)"
                + " on conflict (project_key, subject) do update set role = excluded.role, scopes = excluded.scopes")
                .param(project.key())
                .param(member.subject())
                .param(member.role().id())
                .param(member.role() == Role.SERVICE ? Scope.ids(member.scopes()) : null)
                .update();
    }

    /** Removes a member; who is none is refused with not-found, the last owner with conflict. */
    @Transactional
    public void remove(ProjectRef project, String subject) {
        requireAnotherOwner(project, subject);
        int removed = jdbc.sql("delete from project_member where project_key = ? and subject = ?").params(project.key(), subject).update();
        if (removed == 0) {
            throw new RequestRefused(ProblemType.NOT_FOUND, "The project has no such member.");
        }
    }

    /** Two owners who remove each other at the same time queue here: the rows of all owners are locked. */
    private void requireAnotherOwner(ProjectRef project, String subject) {
        List<String> owners = jdbc.sql("select subject from project_member where project_key = ? and role = 'owner' order by subject for update")
                .param(project.key())
                .query(String.class)
                .list();
        if (owners.equals(List.of(subject))) {
            throw new RequestRefused(ProblemType.CONFLICT, "The project would have no owner left.");
        }
    }

    /** Says who works on an assignment that items name in their {@code metadata.system.refs}; null for nobody. */
    public void assign(ProjectRef project, String assignment, @Nullable String subject) {
        if (subject == null) {
            jdbc.sql("delete from assignment where project_key = ? and id = ?").params(project.key(), assignment).update();
        } else {
            jdbc.sql("insert into assignment (project_key, id, subject) values (?, ?, ?)"
                    + " on conflict (project_key, id) do update set subject = excluded.subject")
                    .params(project.key(), assignment, subject)
                    .update();
        }
    }

    /**
     * Makes these the items of the dataset that are assigned to somebody one by one.
     *
     * @param itemIds without repetition
     * @throws RequestRefused with items-not-found when one is not there; then nothing changes
     */
    @Transactional
    public void assign(DatasetRef dataset, String subject, List<String> itemIds) {
        jdbc.sql("delete from item_assignee a using item i where i.key = a.item_key and i.dataset_key = ? and a.subject = ?")
                .params(dataset.key(), subject)
                .update();
        int assigned = jdbc.sql("insert into item_assignee (item_key, subject) select key, ? from item where dataset_key = ? and id = any (?)"
                + " on conflict do nothing")
                .params(subject, dataset.key(), itemIds.toArray(String[]::new))
                .update();
        if (assigned != itemIds.size()) {
            throw new RequestRefused(ProblemType.ITEMS_NOT_FOUND, (itemIds.size() - assigned) + " of the items are not in the dataset.", "/itemIds");
        }
    }

    private static @Nullable Role role(@Nullable String id) {
        return id == null ? null : Role.named(id).orElseThrow();
    }
}
