package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportPlans;
import io.datasetexport.export.ExportRequest;
import io.datasetexport.export.ExportRequests;
import io.datasetexport.format.ExportFormat;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an export would hold, before it is made. */
@RestController
@Tag(name = "Exports")
class PlanController {

    private final Access access;
    private final ExportRequests requests;
    private final ExportPlans plans;
    private final JsonBody body;

    PlanController(Access access, ExportRequests requests, ExportPlans plans, JsonBody body) {
        this.access = access;
        this.requests = requests;
        this.plans = plans;
        this.body = body;
    }

    @PostMapping(path = "/api/v1/datasets/{dataset}/export/plan", produces = MediaType.APPLICATION_JSON_VALUE)
    @RequestBody(required = true, content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(ref = "ExportRequest")))
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(ref = "Plan")))
    @Operation(summary = "See what an export would hold and drop, and why", description = "The same body as an export; nothing is made.")
    ResponseEntity<byte[]> planExport(Caller caller, @PathVariable String dataset, HttpServletRequest request) throws IOException {
        DatasetRef ref = access.require(caller, dataset, Action.SEE);
        ExportRequest wanted = requests.fromBody(body.of(request));
        if (wanted.include().contains(ExportFormat.ITEMS)) {
            access.require(caller, dataset, Action.DOWNLOAD_FILES);
        }
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(plans.plan(caller, ref, wanted));
    }
}
