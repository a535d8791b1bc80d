package io.datasetexport.web;

import io.datasetexport.access.Caller;
import io.datasetexport.export.Limits;
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

    LimitsController(Limits limits) {
        this.limits = limits;
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
                limits.slowestOver().toSeconds());
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
            long slowestOverSeconds) {}
}
