package io.datasetexport.web;

import io.datasetexport.access.Access;
import io.datasetexport.access.Action;
import io.datasetexport.access.Caller;
import io.datasetexport.access.DatasetRef;
import io.datasetexport.export.ExportPlans;
import io.datasetexport.export.ExportRequest;
import io.datasetexport.export.ExportRequests;
import io.datasetexport.format.ExportFormat;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What an export would hold, before it is made. */
@RestController
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
    @RequestBody(content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(type = "object")))
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = Plan.class)))
    ResponseEntity<byte[]> plan(Caller caller, @PathVariable String dataset, HttpServletRequest request) throws IOException {
        DatasetRef ref = access.require(caller, dataset, Action.SEE);
        ExportRequest wanted = requests.fromBody(body.of(request));
        if (wanted.include().contains(ExportFormat.ITEMS)) {
            access.require(caller, dataset, Action.DOWNLOAD_FILES);
        }
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(plans.plan(caller, ref, wanted));
    }

    /** What {@link ExportPlans} writes, for the API's description. */
    record Plan(
            Map<String, String> dataset,
            String revision,
            Object request,
            long items,
            long annotations,
            List<Group> annotationsBy,
            @Nullable Integer annotationsByMore,
            Map<String, Format> formats,
            List<Warning> warnings,
            long estimatedBytes) {}

    record Group(String type, String label, long annotations, @Nullable Boolean retired) {}

    record Format(
            long items,
            long annotations,
            Map<String, Long> leftOut,
            Map<String, Long> changed,
            @Nullable Boolean atLeast,
            @Nullable Long undecided) {}

    record Warning(String warning, long count, String text) {}
}
