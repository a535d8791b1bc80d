package io.datasetexport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import io.datasetexport.problem.RequestRefused;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

@OneAtATime
class AccessIT {

    private static final Caller NOBODY = new Caller("nobody", false);

    private static TestDatabase database;
    private static Access access;

    @BeforeAll
    static void twoProjects() {
        database = TestDatabase.fresh();
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        jdbc.sql("insert into project (id, name) values ('mine', 'Mine'), ('theirs', 'Theirs')").update();
        jdbc.sql("insert into dataset (id, project_key, name) select d, p.key, d from (values ('b', 'mine'), ('a', 'mine'), ('c', 'theirs')) v (d, p_id)"
                + " join project p on p.id = p_id").update();
        jdbc.sql("insert into project_member select p.key, r, r from project p, unnest(array['owner', 'engineer', 'annotationManager', 'annotator']) r"
                + " where p.id = 'mine'").update();
        access = new Access(jdbc);
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "owner,             SEE EXPORT_ITEM EXPORT DOWNLOAD_FILES CHANGE ASSIGN ADMINISTER",
        "engineer,          SEE EXPORT_ITEM EXPORT CHANGE ASSIGN",
        "annotationManager, SEE EXPORT_ITEM EXPORT ASSIGN",
        "annotator,         SEE EXPORT_ITEM",
    })
    void aRoleMayWhatTheTableSays(String role, String allowed) {
        Caller caller = new Caller(role, false);
        for (Action action : Action.values()) {
            if (List.of(allowed.split(" ")).contains(action.name())) {
                assertThat(access.require(caller, "a", action).id()).isEqualTo("a");
                assertThat(access.requireProject(caller, "mine", action).id()).isEqualTo("mine");
            } else {
                assertThat(refusal(caller, "a", action).type().id()).isEqualTo("forbidden");
            }
        }
    }

    @Test
    void whatACallerCantSeeIsRefusedAsWhatIsNotThere() {
        Caller owner = new Caller("owner", false);
        for (Action action : Action.values()) {
            RequestRefused invisible = refusal(owner, "c", action);
            RequestRefused unknown = refusal(owner, "no-such", action);
            assertThat(invisible.type().id()).isEqualTo("not-found");
            assertThat(invisible).hasMessage(unknown.getMessage());
            assertThat(invisible.type()).isEqualTo(unknown.type());
            assertThat(invisible.pointer()).isEqualTo(unknown.pointer());
            assertThat(invisible.members()).isEqualTo(unknown.members());
        }
        assertThat(refusal(NOBODY, "a", Action.SEE).type().id()).isEqualTo("not-found");
    }

    @Test
    void listsWhatACallerCanSee() {
        assertThat(access.visible(new Caller("annotator", false))).extracting(DatasetRef::id).containsExactly("a", "b");
        assertThat(access.visible(Caller.LOCAL)).extracting(DatasetRef::id).containsExactly("a", "b", "c");
        assertThat(access.visible(NOBODY)).isEmpty();
    }

    @Test
    void theLocalCallerOwnsEverything() {
        for (Action action : Action.values()) {
            DatasetRef theirs = access.require(Caller.LOCAL, "c", action);
            assertThat(theirs.projectId()).isEqualTo("theirs");
        }
    }

    @Test
    void aRoleOfTheDayCounts() {
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        jdbc.sql("insert into project_member select key, 'guest', 'owner' from project where id = 'theirs'").update();
        Caller guest = new Caller("guest", false);
        access.require(guest, "c", Action.CHANGE);
        jdbc.sql("delete from project_member where subject = 'guest'").update();
        assertThat(refusal(guest, "c", Action.SEE).type().id()).isEqualTo("not-found");
    }

    @ParameterizedTest
    @CsvSource({
        "datasets:read,                  SEE",
        "datasets:export,                SEE EXPORT_ITEM EXPORT",
        "datasets:write,                 SEE CHANGE ASSIGN",
        "datasets:read datasets:export,  SEE EXPORT_ITEM EXPORT",
        "files:download,                 SEE DOWNLOAD_FILES",
        "project:admin,                  SEE ADMINISTER",
    })
    void aTokenNarrowsWhatItsRoleMay(String scopes, String allowed) {
        Set<Scope> set = Stream.of(scopes.split(" ")).map(id -> Scope.named(id).orElseThrow()).collect(Collectors.toSet());
        for (Caller caller : List.of(new Caller("owner", false, new Caller.Token(UUID.randomUUID(), set, null)),
                new Caller("local", true, new Caller.Token(UUID.randomUUID(), set, null)))) {
            for (Action action : Action.values()) {
                if (List.of(allowed.split(" ")).contains(action.name())) {
                    access.require(caller, "a", action);
                } else {
                    assertThat(refusal(caller, "a", action).type().id()).isEqualTo("forbidden");
                }
            }
        }
    }

    @Test
    void aTokenNeverAllowsMoreThanItsRole() {
        Caller annotator = new Caller("annotator", false, new Caller.Token(UUID.randomUUID(), EnumSet.allOf(Scope.class), null));
        assertThat(refusal(annotator, "a", Action.EXPORT).type().id()).isEqualTo("forbidden");
        assertThat(refusal(annotator, "c", Action.SEE).type().id()).isEqualTo("not-found");
    }

    @Test
    void aTokenOfAProjectIsForNoOther() {
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        long mine = jdbc.sql("select key from project where id = 'mine'").query(Long.class).single();
        Caller bound = new Caller("local", true, new Caller.Token(UUID.randomUUID(), EnumSet.allOf(Scope.class), mine));
        assertThat(access.visible(bound)).extracting(DatasetRef::id).containsExactly("a", "b");
        assertThat(refusal(bound, "c", Action.SEE).type().id()).isEqualTo("not-found");
        assertThat(access.visibleProjects(bound)).extracting(ProjectRef::id).containsExactly("mine");
    }

    @Test
    void aServiceMayWhatItsScopesSayInEachProject() {
        Projects projects = new Projects(JdbcClient.create(database.dataSource()));
        projects.put(access.requireProject(Caller.LOCAL, "mine", Action.ADMINISTER), new Projects.Member("backend", Role.SERVICE, Set.of(Scope.READ)));
        projects.put(
                access.requireProject(Caller.LOCAL, "theirs", Action.ADMINISTER),
                new Projects.Member("backend", Role.SERVICE, Set.of(Scope.EXPORT_DATASETS)));
        Caller backend = new Caller("backend", false);
        assertThat(access.visible(backend)).extracting(DatasetRef::id).containsExactly("a", "b", "c");
        assertThat(refusal(backend, "a", Action.EXPORT).type().id()).isEqualTo("forbidden");
        access.require(backend, "c", Action.EXPORT);
        assertThat(refusal(backend, "c", Action.CHANGE).type().id()).isEqualTo("forbidden");
        projects.remove(access.requireProject(Caller.LOCAL, "mine", Action.ADMINISTER), "backend");
        assertThat(access.visible(backend)).extracting(DatasetRef::id).containsExactly("c");
    }

    @Test
    void aProjectKeepsAnOwner() {
        Projects projects = new Projects(JdbcClient.create(database.dataSource()));
        ProjectRef own = projects.create(new Caller("first", false), "own", "Own");
        assertThat(conflict(() -> projects.remove(own, "first"))).isEqualTo("conflict");
        assertThat(conflict(() -> projects.put(own, new Projects.Member("first", Role.ENGINEER, Set.of())))).isEqualTo("conflict");
        projects.put(own, new Projects.Member("second", Role.OWNER, Set.of()));
        projects.remove(own, "first");
        assertThat(projects.members(own)).extracting(Projects.Member::subject).containsExactly("second");
        assertThat(conflict(() -> projects.remove(own, "first"))).isEqualTo("not-found");
        assertThat(conflict(() -> projects.create(new Caller("third", false), "own", "Mine"))).isEqualTo("conflict");
    }

    @Test
    void anAnnotatorsItemsAreTheAssignedOnes() {
        JdbcClient jdbc = JdbcClient.create(database.dataSource());
        Projects projects = new Projects(jdbc);
        DatasetRef b = access.require(Caller.LOCAL, "b", Action.ASSIGN);
        jdbc.sql("insert into item (dataset_key, id, filename, dir, name, metadata) select ?, v, '/' || v, '/', v, m::jsonb from (values ('i1', '{}'),"
                + " ('i2', '{\"system\":{\"refs\":[{\"type\":\"task\",\"id\":\"w\"},{\"type\":\"assignment\",\"id\":\"w1\"}]}}'),"
                + " ('i3', '{\"system\":{\"refs\":[{\"type\":\"assignment\",\"id\":\"w2\"}]}}')) v (v, m)").param(b.key()).update();
        DatasetRef seen = access.require(new Caller("annotator", false), "b", Action.SEE);
        assertThat(seen.assignee()).isEqualTo("annotator");
        assertThat(assigned(jdbc, seen)).isEmpty();
        projects.assign(access.requireProject(Caller.LOCAL, "mine", Action.ASSIGN), "w1", "annotator");
        projects.assign(access.requireProject(Caller.LOCAL, "mine", Action.ASSIGN), "w", "annotator");
        assertThat(assigned(jdbc, seen)).containsExactly("i2");
        projects.assign(b, "annotator", List.of("i1", "i2"));
        assertThat(assigned(jdbc, seen)).containsExactly("i1", "i2");
        projects.assign(b, "annotator", List.of());
        projects.assign(access.requireProject(Caller.LOCAL, "mine", Action.ASSIGN), "w1", null);
        assertThat(assigned(jdbc, seen)).isEmpty();
        assertThat(conflict(() -> projects.assign(b, "annotator", List.of("i1", "no-such")))).isEqualTo("items-not-found");
    }

    private static List<String> assigned(JdbcClient jdbc, DatasetRef dataset) {
        return jdbc.sql("select id from item where key in (select k from assigned_items(?, ?) k) order by id")
                .params(dataset.key(), dataset.assignee())
                .query(String.class)
                .list();
    }

    private static String conflict(ThrowingCallable call) {
        return catchThrowableOfType(RequestRefused.class, call).type().id();
    }

    private static RequestRefused refusal(Caller caller, String dataset, Action action) {
        return catchThrowableOfType(RequestRefused.class, () -> access.require(caller, dataset, action));
    }
}
