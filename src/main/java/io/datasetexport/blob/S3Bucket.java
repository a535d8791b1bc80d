package io.datasetexport.blob;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A bucket of AWS or of a store that speaks S3.
 *
 * @param bucket its name
 * @param endpoint of a store that is not AWS
 * @param region by default the one that the AWS SDK finds; with an endpoint {@code us-east-1}, which such stores take for any
 * @param pathStyle whether the bucket stands in the path and not in the host name
 * @param prefix of all keys, such as {@code datasets/}
 */
public record S3Bucket(
        String bucket, @Nullable URI endpoint, @Nullable String region, @DefaultValue("false") boolean pathStyle, @DefaultValue("") String prefix) {}
