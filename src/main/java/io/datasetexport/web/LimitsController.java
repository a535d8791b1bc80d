package io.datasetexport.web;

import io.datasetexport.access.Caller;
import io.datasetexport.content.ContentSettings;
import io.datasetexport.export.Limits;
import io.datasetexport.ingest.ImportLimits;
import io.datasetexport.selection.Query;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The limits in force. */
@RestController
@Tag(name = "Service")
class LimitsController {

    private final Limits limits;
    private final ContentSettings files;

    LimitsController(Limits limits, ContentSettings files) {
        this.limits = limits;
        this.files = files;
    }

    @GetMapping(path = "/api/v1/limits", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "The limits in force")
    LimitsBody getLimits(Caller caller) {
        return new LimitsBody(
                limits.exports(),
                limits.exportsPerCaller(),
                limits.startsPerMinute(),
                limits.itemIds(),
                limits.body().toBytes(),
                limits.bodyTime().toSeconds(),
                limits.queryDepth(),
                limits.queryNodes(),
                limits.queryValues(),
                limits.queryTime().toSeconds(),
                limits.annotation().toBytes(),
                limits.maskSide(),
                limits.maskPixels(),
                limits.stalled().toSeconds(),
                limits.slowest().toBytes(),
                limits.slowestOver().toSeconds(),
                Query.LARGEST_PAGE,
                ImportLimits.IMPORTS,
                (int) Math.min(limits.annotation().toBytes(), ImportLimits.ANNOTATION_BYTES),
                ImportLimits.ID_BYTES,
                ImportLimits.FILENAME_BYTES,
                ImportLimits.LABELS,
                ImportLimits.LABEL_BYTES,
                files.largest().toBytes());
    }

    /** Counts, bytes, pixels and seconds. */
    @Schema(name = "Limits")
    record LimitsBody(
            int concurrentExports,
            int concurrentExportsPerCaller,
            int startsPerMinute,
            int itemIds,
            long bodyBytes,
            long bodySeconds,
            int queryDepth,
            int queryNodes,
            int queryValues,
            long querySeconds,
            long annotationBytes,
            int maskSide,
            int maskPixels,
            long stalledSeconds,
            long slowestBytesPerSecond,
            long slowestOverSeconds,
            int pageSize,
            int concurrentImports,
            int importAnnotationBytes,
            int importIdBytes,
            int importFilenameBytes,
            int labels,
            int labelBytes,
            long fileBytes) {}
}
