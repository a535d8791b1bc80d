package io.datasetexport.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datasetexport.OneAtATime;
import io.datasetexport.TestDatabase;
import io.datasetexport.problem.RequestRefused;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.jdbc.core.simple.JdbcClient;

@OneAtATime
class TokensIT {

    private static final String GOOD = "q8Zr2kXvT9mWc4LnB7yHs1PdF6gJu3Ae";
    private static final Caller ALICE = new Caller("alice", false);
    private static final Set<Scope> READ = Set.of(Scope.READ);

    private static TestDatabase database;
    private static JdbcClient jdbc;
    private static ProjectRef project;

    @BeforeAll
    static void aProject() {
        database = TestDatabase.fresh();
        jdbc = JdbcClient.create(database.dataSource());
        project = new Projects(jdbc).create(ALICE, "p", "P");
    }

    @AfterAll
    static void drop() {
        database.close();
    }

    @Test
    void letsItsBearerInUntilItIsRevoked() throws UnknownHostException {
        Tokens tokens = tokens(GOOD);
        Tokens.Created created = tokens.create(ALICE, "script", null, READ, project, Duration.ofDays(1));
        Caller caller = tokens.caller(created.secret()).orElseThrow();
        assertThat(caller.subject()).isEqualTo("alice");
        assertThat(caller.ownsEverything()).isFalse();
        assertThat(caller.token()).isEqualTo(new Caller.Token(created.line().id(), READ, project.key()));
        assertThat(created.line().expiresAt()).isCloseTo(Instant.now().plus(1, ChronoUnit.DAYS), org.assertj.core.api.Assertions.within(1, ChronoUnit.MINUTES));
        assertThat(tokens.find(created.line().id().toString()).orElseThrow().lastUsedAt()).isNotNull();
        tokens.revoke(created.line().id());
        assertThat(tokens.caller(created.secret())).isEmpty();
    }

    @Test
    void letsNobodyInAfterItsEnd() throws UnknownHostException {
        Tokens tokens = tokens(GOOD);
        Tokens.Created created = tokens.create(ALICE, "short", null, READ, null, Duration.ofSeconds(60));
        assertThat(tokens.caller(created.secret())).isPresent();
        jdbc.sql("update access_token set expires_at = now() where id = ?").param(created.line().id()).update();
        assertThat(tokens.caller(created.secret())).isEmpty();
    }

    @Test
    void keepsNothingThatLetsIn() throws UnknownHostException {
        Tokens.Created created = tokens(GOOD).create(ALICE, "kept", null, READ, null, Duration.ofDays(1));
        assertThat(created.secret()).startsWith("dxp_").hasSizeGreaterThan(40);
        assertThat(jdbc.sql("select t::text from access_token t").query(String.class).list())
                .isNotEmpty()
                .noneMatch(row -> row.contains(created.secret()) || row.contains(created.secret().substring(4)));
        assertThat(created.line().toString()).doesNotContain(created.secret());
    }

    @Test
    void aTokenMakesNoneThatIsGoodForMore() throws UnknownHostException {
        Tokens tokens = tokens(GOOD);
        Caller admin =
                new Caller("alice", false, new Caller.Token(tokens.create(ALICE, "admin", null, Set.of(Scope.ADMIN, Scope.READ), null, Duration.ofDays(1))
                        .line().id(), Set.of(Scope.ADMIN, Scope.READ), null));
        assertThat(tokens.create(admin, "less", null, READ, null, Duration.ofDays(1)).line().scopes()).isEqualTo(READ);
        assertThat(refusal(() -> tokens.create(admin, "more", null, EnumSet.of(Scope.READ, Scope.FILES), null, Duration.ofDays(1)))).isEqualTo("forbidden");
        Caller reader = new Caller("alice", false, new Caller.Token(java.util.UUID.randomUUID(), READ, null));
        assertThat(refusal(() -> tokens.create(reader, "same", null, READ, null, Duration.ofDays(1)))).isEqualTo("forbidden");
        assertThat(refusal(() -> tokens.of(reader))).isEqualTo("forbidden");
        Caller bound = new Caller("alice", false, new Caller.Token(java.util.UUID.randomUUID(), EnumSet.allOf(Scope.class), project.key()));
        assertThat(refusal(() -> tokens.create(bound, "wider", null, READ, null, Duration.ofDays(1)))).isEqualTo("forbidden");
    }

    @Test
    void aTokenOfSomebodyElsesIsForOneProject() throws UnknownHostException {
        Tokens tokens = tokens(GOOD);
        assertThat(refusal(() -> tokens.create(ALICE, "for bob", "bob", READ, null, Duration.ofDays(1)))).isEqualTo("forbidden");
        Tokens.Created made = tokens.create(ALICE, "for bob", "bob", READ, project, Duration.ofDays(1));
        assertThat(tokens.caller(made.secret()).orElseThrow().subject()).isEqualTo("bob");
        assertThat(tokens.of(project)).extracting(Tokens.Line::id).contains(made.line().id());
        for (String reserved : List.of("local", "bootstrap")) {
            assertThat(refusal(() -> tokens.create(ALICE, "for us", reserved, READ, project, Duration.ofDays(1)))).isEqualTo("forbidden");
        }
    }

    @Test
    void theBootstrapTokensSubjectOwnsTheDefaultProject() throws Exception {
        Tokens tokens = tokens(GOOD);
        tokens.run(new DefaultApplicationArguments());
        Caller caller = tokens.caller(GOOD).orElseThrow();
        assertThat(caller).isEqualTo(new Caller(Tokens.BOOTSTRAP, false));
        assertThat(new Access(jdbc).requireProject(caller, "default", Action.ADMINISTER).id()).isEqualTo("default");
        assertThat(tokens.caller(GOOD + "x")).isEmpty();
        assertThat(tokens(null).caller(GOOD)).isEmpty();
    }

    @Test
    void theLocalOwnersTokenOwnsNothingOutsideLocalMode() throws UnknownHostException {
        Tokens.Created made = tokens(null).create(Caller.LOCAL, "mine", null, READ, null, Duration.ofDays(1));
        assertThat(tokens(null).caller(made.secret()).orElseThrow().ownsEverything()).isTrue();
        assertThat(tokens(GOOD).caller(made.secret()).orElseThrow().ownsEverything()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "k7", "0123456789abcdef0123456789abcdef", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abababababababababababababababababab",
        "changeme-changeme-changeme-changeme-12", "replace-me-with-32-random-characters!", "q8Zr2kXvT9mWc4LnB7yHs1PdF6gJu3A",
        "q8Zr2kXvT9mWc4Ln B7yHs1PdF6gJu3Ae"
    })
    void refusesABootstrapTokenThatCanBeGuessed(String token) {
        assertThatThrownBy(() -> tokens(token)).isInstanceOfSatisfying(UnsafeSettings.class, refused -> {
            var analysis = new UnsafeSettingsFailureAnalyzer().analyze(refused, refused);
            assertThat(analysis.getAction()).contains("openssl rand -hex 32");
            if (token.length() > 5) {
                assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain(token);
            }
        });
        assertThat(new AccessSettings(false, token, List.of(), Duration.ofMinutes(10)).toString()).doesNotContain("bootstrapToken");
    }

    private static Tokens tokens(@Nullable String bootstrap) throws UnknownHostException {
        AccessSettings settings = new AccessSettings(false, bootstrap, List.of(), Duration.ofMinutes(10));
        return new Tokens(jdbc, new LocalMode(settings, InetAddress.getByName("127.0.0.1")), settings);
    }

    private static String refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(RequestRefused.class, call).type().id();
    }
}
