package io.datasetexport.access;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Personal access tokens: random, stored as a hash, narrowed to scopes and perhaps to a project, and good until they expire or are
 * revoked. And the one token that the service's environment holds, by which the first owner gets in.
 */
@Service
public class Tokens implements ApplicationRunner {

    /** The subject of the bootstrap token; nobody else can have it. */
    public static final String BOOTSTRAP = "bootstrap";

    /** What every personal access token begins with. */
    public static final String PREFIX = "dxp_";

    private static final int SHORTEST_BOOTSTRAP = 32;
    private static final int FEWEST_CHARACTERS = 10;
    private static final List<String> SAMPLES =
            List.of("changeme", "change-me", "example", "password", "replace", "sample", "secret", "token", "your-", "0123456789", "abcdef");

    private static final String COLUMNS = "t.id, t.name, t.subject, t.scopes, p.id, t.created_at, t.expires_at, t.revoked_at, t.last_used_at";

    private final JdbcClient jdbc;
    private final LocalMode localMode;
    private final byte @Nullable [] bootstrap;

    Tokens(JdbcClient jdbc, LocalMode localMode, AccessSettings settings) {
        this.jdbc = jdbc;
        this.localMode = localMode;
        String token = settings.bootstrapToken();
        if (token != null) {
            requireRandom(token);
        }
        bootstrap = token == null ? null : Secret.hash(token);
    }

    /** @param projectId the one project that it is good for; null for all of the subject's */
    public record Line(
            UUID id,
            String name,
            String subject,
            Set<Scope> scopes,
            @Nullable String projectId,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt) {}

    /** @param secret shown this once, and kept nowhere */
    public record Created(Line line, String secret) {}

    /** Makes the bootstrap token's subject what it is said to be. */
    @Override
    public void run(ApplicationArguments arguments) {
        if (bootstrap != null) {
            jdbc.sql("insert into project_member (project_key, subject, role) select key, ?, 'owner' from project where id = 'default'"
                    + " on conflict (project_key, subject) do update set role = 'owner', scopes = null").param(BOOTSTRAP).update();
        }
    }

    /** Who shows this text; nobody when it is unknown, expired or revoked. */
    public Optional<Caller> caller(String secret) {
        byte[] hash = Secret.hash(secret);
        if (bootstrap != null && MessageDigest.isEqual(bootstrap, hash)) {
            return Optional.of(new Caller(BOOTSTRAP, false));
        }
        if (!secret.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Optional<Caller> caller = jdbc.sql("select id, subject, scopes, project_key from access_token"
                + " where hash = ? and revoked_at is null and expires_at > now()").param(hash).query((row, _) -> caller(row)).optional();
        caller.map(Caller::token).ifPresent(token -> jdbc.sql("update access_token set last_used_at = now() where id = ?"
                + " and (last_used_at is null or last_used_at < now() - interval '1 minute')").param(token.id()).update());
        return caller;
    }

    private Caller caller(ResultSet row) throws SQLException {
        Caller.Token token = new Caller.Token(row.getObject(1, UUID.class), Scope.of(row.getArray(3)), row.getObject(4, Long.class));
        String subject = row.getString(2);
        return new Caller(subject, localMode.isOn() && subject.equals(Caller.LOCAL.subject()), token);
    }

    /**
     * A new token of the caller's own, or, for one project, of somebody else's.
     *
     * @param subject whose; null for the caller's
     * @param project the only one that it is good for, which the caller was allowed to administer if it is somebody else's; null for all
     */
    public Created create(Caller caller, String name, @Nullable String subject, Set<Scope> scopes, @Nullable ProjectRef project, Duration life) {
        requireManages(caller);
        if (caller.token() != null && !caller.token().scopes().containsAll(scopes)) {
            throw new RequestRefused(ProblemType.FORBIDDEN, "A token can't make one that is good for more than itself.", "/scopes");
        }
        String whose = subject == null ? caller.subject() : subject;
        if (!whose.equals(caller.subject()) && (project == null || isReserved(whose))) {
            throw new RequestRefused(ProblemType.FORBIDDEN, "A token of somebody else's needs a project of yours.", "/subject");
        }
        UUID id = UUID.randomUUID();
        String secret = Secret.random(PREFIX);
        jdbc.sql("insert into access_token (id, hash, subject, name, scopes, project_key, created_by, expires_at)"
                + " values (?, ?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?))")
                .param(id)
                .param(Secret.hash(secret))
                .param(whose)
                .param(name)
                .param(Scope.ids(scopes))
                .param(project == null ? null : project.key())
                .param(caller.subject())
                .param(life.toSeconds())
                .update();
        Line line = lines("where t.id = ?", id).getFirst();
        return new Created(line, secret);
    }

    /** The caller's own, newest first. */
    public List<Line> of(Caller caller) {
        requireManages(caller);
        return lines("where t.subject = ?", caller.subject());
    }

    /** Everybody's for one project, newest first. */
    public List<Line> of(ProjectRef project) {
        return lines("where t.project_key = ?", project.key());
    }

    /** Anybody's. */
    public Optional<Line> find(String id) {
        try {
            return lines("where t.id = ?", UUID.fromString(id)).stream().findFirst();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** From now on nobody gets in by it. */
    public void revoke(UUID id) {
        jdbc.sql("update access_token set revoked_at = now() where id = ? and revoked_at is null").param(id).update();
    }

    /** Whether a name is the service's own, so that no token or identity provider can give it to anybody. */
    public static boolean isReserved(String subject) {
        return subject.equals(BOOTSTRAP) || subject.equals(Caller.LOCAL.subject());
    }

    /** A token manages tokens only when it is for all projects and for administering. */
    public static boolean manages(Caller caller) {
        Caller.Token token = caller.token();
        return token == null || token.projectKey() == null && token.scopes().contains(Scope.ADMIN);
    }

    private static void requireManages(Caller caller) {
        if (!manages(caller)) {
            throw new RequestRefused(ProblemType.FORBIDDEN, "Your token does not allow this.");
        }
    }

    private List<Line> lines(String where, Object value) {
        return jdbc.sql("select " + COLUMNS + " from access_token t left join project p on p.key = t.project_key " + where
                + " order by t.created_at desc, t.id")
                .param(value)
                .query((row, _) -> new Line(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getString(3),
                        EnumSet.copyOf(Scope.of(row.getArray(4))),
                        row.getString(5),
                        row.getObject(6, OffsetDateTime.class).toInstant(),
                        row.getObject(7, OffsetDateTime.class).toInstant(),
                        instant(row, 8),
                        instant(row, 9)))
                .list();
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static void requireRandom(String token) {
        String lower = token.toLowerCase(Locale.ROOT);
        boolean sample = SAMPLES.stream().anyMatch(lower::contains);
        if (token.length() < SHORTEST_BOOTSTRAP || token.chars().distinct().count() < FEWEST_CHARACTERS || sample
                || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new UnsafeSettings(
                    "dataset-export.access.bootstrap-token can be guessed: it is shorter than " + SHORTEST_BOOTSTRAP
                            + " characters, repeats a few of them, or looks like the sample of a manual.",
                    "Set it to something random, such as what this prints: openssl rand -hex 32");
        }
    }
}
