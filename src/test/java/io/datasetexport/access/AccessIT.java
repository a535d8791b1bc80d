package io.datasetexport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datasetexport.TestDatabase;
import io.datasetexport.problem.RequestRefused;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

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
        "owner,             SEE EXPORT DOWNLOAD_FILES CHANGE",
        "engineer,          SEE EXPORT CHANGE",
        "annotationManager, SEE EXPORT",
        "annotator,         SEE",
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

    private static RequestRefused refusal(Caller caller, String dataset, Action action) {
        return catchThrowableOfType(RequestRefused.class, () -> access.require(caller, dataset, action));
    }
}
