package io.datasetexport.access;

import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/**
 * Links that a browser can follow, which can't put a header on one: each lets its bearer have one thing, in the name of whoever made it,
 * for some minutes. What that caller may do is asked again when the link is used; a transfer that has begun is not cut when it ends.
 */
@Service
public class Links {

    /** What every link's token begins with. */
    public static final String PREFIX = "dxl_";

    private final JdbcClient jdbc;
    private final LocalMode localMode;
    private final AccessSettings settings;

    Links(JdbcClient jdbc, LocalMode localMode, AccessSettings settings) {
        this.jdbc = jdbc;
        this.localMode = localMode;
        this.settings = settings;
    }

    /** What a link is for. */
    public sealed interface Target {}

    /** @param request the body of an export's request, as it was given */
    public record ToExport(String request) implements Target {}

    /** @param label of a mask; null for all */
    public record ToItemFile(String item, File file, @Nullable String label) implements Target {}

    /** Files of one item. */
    public enum File {
        ANNOTATIONS("annotations"),
        MASK("mask"),
        /** The item file itself. */
        CONTENT("content");

        private final String id;

        File(String id) {
            this.id = id;
        }

        public String id() {
            return id;
        }
    }

    /** @param secret the link's token, kept nowhere */
    public record Created(String secret, Instant expiresAt) {}

    /** @param datasetId of the dataset that the link leads to */
    public record Link(String datasetId, Target target) {}

    /** Refused with not-found when it is to an item that the caller can't see. */
    public Created create(Caller caller, DatasetRef dataset, Target target) {
        jdbc.sql("delete from download_link where expires_at < now() - interval '1 day'").update();
        ToItemFile file = target instanceof ToItemFile to ? to : null;
        if (file != null && !isThere(dataset, file.item)) {
            throw new RequestRefused(ProblemType.NOT_FOUND, "There is no such item.");
        }
        Caller.Token token = caller.token();
        String secret = Secret.random(PREFIX);
        OffsetDateTime end = jdbc.sql("insert into download_link (hash, subject, scopes, project_key, token_id, dataset_key, item_id, file, label,"
                + " request, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?)) returning expires_at")
                .param(Secret.hash(secret))
                .param(caller.subject())
                .param(token == null ? null : Scope.ids(token.scopes()))
                .param(token == null ? null : token.projectKey())
                .param(token == null ? null : token.id())
                .param(dataset.key())
                .param(file == null ? null : file.item)
                .param(file == null ? null : file.file.id)
                .param(file == null ? null : file.label)
                .param(target instanceof ToExport to ? to.request : null)
                .param(settings.linkTime().toSeconds())
                .query(OffsetDateTime.class)
                .single();
        return new Created(secret, end.toInstant());
    }

    private boolean isThere(DatasetRef dataset, String item) {
        return jdbc.sql("select exists (select from item i where i.dataset_key = ? and i.id = ?"
                + " and (?::text is null or i.key in (select assigned from assigned_items(?, ?) assigned)))")
                .param(dataset.key())
                .param(item)
                .param(dataset.assignee())
                .param(dataset.key())
                .param(dataset.assignee())
                .query(Boolean.class)
                .single();
    }

    /** In whose name this link is; nobody's when it is unknown, expired or revoked, or the token that made it is. */
    public Optional<Caller> caller(String secret) {
        return jdbc.sql("select l.subject, l.scopes, l.project_key, l.token_id from download_link l left join access_token t on t.id = l.token_id"
                + " where l.hash = ? and l.revoked_at is null and l.expires_at > now()"
                + " and (l.token_id is null or t.revoked_at is null and t.expires_at > now())")
                .param(Secret.hash(secret))
                .query((row, _) -> caller(row))
                .optional();
    }

    private Caller caller(ResultSet row) throws SQLException {
        String subject = row.getString(1);
        UUID token = row.getObject(4, UUID.class);
        return new Caller(
                subject,
                localMode.isOn() && subject.equals(Caller.LOCAL.subject()),
                token == null ? null : new Caller.Token(token, Scope.of(row.getArray(2)), row.getObject(3, Long.class)));
    }

    /** Where a link leads. */
    public Link find(String secret) {
        return jdbc.sql("select d.id, l.request, l.item_id, l.file, l.label from download_link l join dataset d on d.key = l.dataset_key"
                + " where l.hash = ?")
                .param(Secret.hash(secret))
                .query((row, _) -> new Link(row.getString(1), target(row)))
                .optional()
                .orElseThrow(Links::gone);
    }

    private static Target target(ResultSet row) throws SQLException {
        String request = row.getString(2);
        return request != null
                ? new ToExport(request)
                : new ToItemFile(row.getString(3), File.valueOf(row.getString(4).toUpperCase(Locale.ROOT)), row.getString(5));
    }

    /** Ends a link of the caller's; another's is not there. */
    public void revoke(Caller caller, String secret) {
        int revoked = jdbc.sql("update download_link set revoked_at = now() where hash = ? and subject = ? and revoked_at is null")
                .params(Secret.hash(secret), caller.subject())
                .update();
        if (revoked == 0) {
            throw gone();
        }
    }

    private static RequestRefused gone() {
        return new RequestRefused(ProblemType.NOT_FOUND, "There is no such link.");
    }
}
