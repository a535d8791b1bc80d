package io.datasetexport.export;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How exports run here.
 *
 * @param dataDir everything that the service keeps on disk lies below it, unless said otherwise
 * @param publicUrl where clients find the service; items that have no {@code url} and {@code stream} get theirs below it
 * @param workers threads that render and compress; 0 for one per core
 * @param pictureMemory what pictures of all exports together may take while they are drawn or read; one that needs more is left out of
 *     masks, COCO and YOLO as {@code mask-too-large}, so it is a part of what an archive's ETag stands for
 * @param keptJson what the JSON that repeated exports copy may take in the database; 0 keeps none
 * @param instance names this process in the record of exports; by default its host and port
 */
@ConfigurationProperties("dataset-export")
public record ExportSettings(
        @DefaultValue("./data") Path dataDir,
        @Nullable String publicUrl,
        @DefaultValue("0") int workers,
        @DefaultValue("96MB") DataSize pictureMemory,
        @Nullable String instance,
        @DefaultValue("10GB") DataSize keptJson,
        @DefaultValue Spool spool) {

    /**
     * @param dir by default {@code spool} in the data directory
     * @param quota most bytes on disk at one time, of all exports together
     */
    public record Spool(@Nullable Path dir, @DefaultValue("10GB") DataSize quota) {}

    Path spoolDirectory() {
        return spool.dir() == null ? dataDir.resolve("spool") : spool.dir();
    }

    /** The public address without a trailing slash. */
    public @Nullable String baseUrl() {
        return publicUrl == null || publicUrl.isBlank() ? null : publicUrl.replaceAll("/+$", "");
    }

    int threads() {
        return workers > 0 ? workers : Runtime.getRuntime().availableProcessors();
    }
}
