package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Audit;
import io.datasetexport.access.Caller;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What was done in a project, for its owners. */
@RestController
@Tag(name = "Projects")
class AuditController {

    private static final int MOST = 1000;

    private final Access access;
    private final Audit audit;

    AuditController(Access access, Audit audit) {
        this.access = access;
        this.audit = audit;
    }

    /** Newest first; the id of the last one is the next page's {@code before}. */
    @GetMapping(path = "/api/v1/projects/{project}/audit", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "What was done in a project, newest first")
    List<Audit.Event> listAudit(
            Caller caller,
            @PathVariable String project,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "100") int limit) {
        var ref = access.requireProject(caller, project, Action.ADMINISTER);
        if (limit < 1 || limit > MOST) {
            throw new RequestRefused(ProblemType.VALIDATION, "\"limit\" must be from 1 to " + MOST + ".", "limit");
        }
        return audit.of(ref, before == null ? Long.MAX_VALUE : before, limit);
    }
}
