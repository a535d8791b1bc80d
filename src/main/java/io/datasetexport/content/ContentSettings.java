package io.datasetexport.content;

import io.datasetexport.blob.S3Bucket;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where item files are kept.
 *
 * @param dir by default {@code files} in the data directory
 * @param s3 a bucket in the folder's place
 * @param keepReplaced how long a file stays after it was replaced or its item deleted; longer than any export takes
 * @param largest one file at upload
 */
@ConfigurationProperties("dataset-export.files")
public record ContentSettings(
        @Nullable Path dir,
        @Nullable S3Bucket s3,
        @DefaultValue("24h") Duration keepReplaced,
        @DefaultValue("10GB") DataSize largest) {}
