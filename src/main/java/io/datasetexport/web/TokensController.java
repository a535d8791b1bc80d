package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Act;
import io.datasetexport.access.Action;
import io.datasetexport.access.Audit;
import io.datasetexport.access.Caller;
import io.datasetexport.access.ProjectRef;
import io.datasetexport.access.Scope;
import io.datasetexport.access.Tokens;
import io.datasetexport.json.JsonPlace;
import io.datasetexport.json.StrictJson;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Personal access tokens. */
@RestController
@Tag(name = "Tokens")
@RequestMapping("/api/v1/tokens")
class TokensController {

    private static final int USUAL_DAYS = 90;
    private static final int MOST_DAYS = 365;

    private final Access access;
    private final Tokens tokens;
    private final Audit audit;
    private final JsonBody body;

    TokensController(Access access, Tokens tokens, Audit audit, JsonBody body) {
        this.access = access;
        this.tokens = tokens;
        this.audit = audit;
        this.body = body;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "The caller's tokens, or those of a project")
    @Answers(refuses = ProblemType.NOT_FOUND)
    List<Token> listTokens(Caller caller, @RequestParam(required = false) @Nullable String projectId) {
        List<Tokens.Line> lines =
                projectId == null ? tokens.of(caller) : tokens.of(access.requireProject(caller, projectId, Action.ADMINISTER));
        return lines.stream().map(line -> Token.of(line, null)).toList();
    }

    @Audited(Act.CREATE_TOKEN)
    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = NewToken.class)))
    @Operation(summary = "Make a token", description = "The token itself is in this answer and never again.")
    @Answers(refuses = ProblemType.NOT_FOUND)
    Token createToken(Caller caller, HttpServletRequest request) throws IOException {
        JsonPlace wanted = StrictJson.object(body.of(request)).only(Set.of("name", "scopes", "projectId", "subject", "expiresInDays"));
        JsonPlace name = wanted.required("name");
        ProjectsController.requireLine(name.text(), name.pointer());
        Set<Scope> scopes = ProjectsController.scopes(wanted.required("scopes"), EnumSet.allOf(Scope.class));
        JsonPlace days = wanted.member("expiresInDays");
        if (days != null && (days.integer() < 1 || days.integer() > MOST_DAYS)) {
            throw days.refuse("must be from 1 to " + MOST_DAYS);
        }
        JsonPlace subject = wanted.member("subject");
        if (subject != null) {
            ProjectsController.requireLine(subject.text(), subject.pointer());
        }
        JsonPlace projectId = wanted.member("projectId");
        boolean ofAnother = subject != null && !subject.text().equals(caller.subject());
        Tokens.Created created = tokens.create(
                caller,
                name.text(),
                subject == null ? null : subject.text(),
                scopes,
                projectId == null ? null : project(caller, projectId, ofAnother ? Action.ADMINISTER : Action.SEE),
                Duration.ofDays(days == null ? USUAL_DAYS : days.integer()));
        note(created.line(), request);
        return Token.of(created.line(), created.secret());
    }

    private void note(Tokens.Line line, HttpServletRequest request) {
        AuditTrail.Note note = AuditTrail.Note.required(request)
                .target(line.id().toString())
                .asked(line.subject() + " " + line.scopes().stream().map(Scope::id).sorted().toList());
        audit.projectOf(null, line.projectId()).ifPresent(note::project);
    }

    @Audited(Act.REVOKE_TOKEN)
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Revoke a token")
    void revokeToken(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Tokens.Line line = tokens.find(id).filter(found -> mayRevoke(caller, found))
                .orElseThrow(() -> new RequestRefused(ProblemType.NOT_FOUND, "There is no such token."));
        note(line, request);
        tokens.revoke(line.id());
    }

    /** A token may always end itself. */
    private boolean mayRevoke(Caller caller, Tokens.Line line) {
        if (caller.token() != null && caller.token().id().equals(line.id()) || Tokens.manages(caller) && line.subject().equals(caller.subject())) {
            return true;
        }
        try {
            return line.projectId() != null && access.requireProject(caller, line.projectId(), Action.ADMINISTER).id().equals(line.projectId());
        } catch (RequestRefused notTheirs) {
            return false;
        }
    }

    private ProjectRef project(Caller caller, JsonPlace id, Action action) {
        try {
            return access.requireProject(caller, id.text(), action);
        } catch (RequestRefused refused) {
            throw refused.at(id.pointer());
        }
    }

    /** @param token the token itself, in the answer that made it and never again */
    record Token(
            UUID id,
            String name,
            String subject,
            List<String> scopes,
            @Nullable String projectId,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant lastUsedAt,
            @Nullable String token) {

        static Token of(Tokens.Line line, @Nullable String secret) {
            return new Token(
                    line.id(),
                    line.name(),
                    line.subject(),
                    line.scopes().stream().map(Scope::id).sorted().toList(),
                    line.projectId(),
                    line.createdAt(),
                    line.expiresAt(),
                    line.revokedAt(),
                    line.lastUsedAt(),
                    secret);
        }
    }

    record NewToken(
            String name,
            List<String> scopes,
            @Nullable String projectId,
            @Nullable String subject,
            @Nullable Integer expiresInDays) {}
}
