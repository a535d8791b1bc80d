package io.datasetexport.content;

import io.datasetexport.blob.BlobStore;
import io.datasetexport.blob.DirectoryBlobStore;
import io.datasetexport.blob.S3BlobStore;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store of this instance's item files. */
@Configuration(proxyBeanMethods = false)
class ContentConfiguration {

    @Bean
    BlobStore blobStore(ContentSettings settings, @Value("${dataset-export.data-dir:./data}") Path dataDir) {
        if (settings.s3() != null) {
            return new S3BlobStore(settings.s3());
        }
        return new DirectoryBlobStore(settings.dir() == null ? dataDir.resolve("files") : settings.dir());
    }
}
