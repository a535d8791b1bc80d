package io.datasetexport.export;

import io.datasetexport.raster.BitMask;
import io.datasetexport.selection.QueryLimits;
import jakarta.validation.constraints.Positive;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What one instance allows; the number of items and the size of an archive are not limited.
 *
 * @param exports running at the same time in this instance
 * @param exportsPerCaller running at the same time for one caller
 * @param startsPerMinute exports, downloads of one item's files, imports and links that one caller may begin in a minute
 * @param itemIds that one request may name
 * @param body of a request that is not an import
 * @param bodyTime how long such a body may take to arrive
 * @param queryDepth nesting of a query
 * @param queryNodes conditions and operators of a query
 * @param queryValues in one list of a query
 * @param queryTime how long a query may look for its rows before the first of them is sent
 * @param annotation one annotation at import; a larger one that is already stored is left out of exports and listed, so it is a part of what an
 *     archive's ETag stands for
 * @param stalled how long a client may read nothing
 * @param slowest bytes a second that a client must read, averaged over {@code slowestOver}, once the spool is full
 */
@Validated
@ConfigurationProperties("dataset-export.limits")
public record Limits(
        @Positive @DefaultValue("16") int exports,
        @Positive @DefaultValue("4") int exportsPerCaller,
        @Positive @DefaultValue("60") int startsPerMinute,
        @Positive @DefaultValue("10000") int itemIds,
        @DefaultValue("1MB") DataSize body,
        @DefaultValue("30s") Duration bodyTime,
        @Positive @DefaultValue("20") int queryDepth,
        @Positive @DefaultValue("500") int queryNodes,
        @Positive @DefaultValue("10000") int queryValues,
        @DefaultValue("30s") Duration queryTime,
        @DefaultValue("8MB") DataSize annotation,
        @DefaultValue("20s") Duration stalled,
        @DefaultValue("32KB") DataSize slowest,
        @DefaultValue("60s") Duration slowestOver) {

    /** Pixels along one side of a mask; not for configuration. */
    public int maskSide() {
        return BitMask.MAX_SIDE;
    }

    /** Pixels of a mask; not for configuration. */
    public int maskPixels() {
        return BitMask.MAX_PIXELS;
    }

    /** What a query may hold. */
    public QueryLimits query() {
        return new QueryLimits(queryDepth, queryNodes, queryValues);
    }
}
