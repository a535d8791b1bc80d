package io.datasetexport.content;

import io.datasetexport.blob.BlobBroken;
import io.datasetexport.blob.BlobStore;
import io.datasetexport.blob.WholeBlob;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of one item, ready to be read.
 *
 * @param name a safe file name
 * @param mediaType what the item says that it is, null when it doesn't
 * @param bytes its size
 * @param sha256 in lower-case hexadecimal digits
 */
public record StoredContent(String name, @Nullable String mediaType, long bytes, String sha256, String key, long crc32, BlobStore store) {

    private static final Logger log = LoggerFactory.getLogger(StoredContent.class);

    /**
     * Opens all of it, or what begins at a byte; all of it is checked against its CRC-32 on the way, a part against its length, and reading
     * it fails where it is not what was stored.
     *
     * @throws RequestRefused when it is gone or no plain file any more
     */
    public InputStream open(long from) throws IOException {
        try {
            return WholeBlob.open(store, key, from, bytes, crc32);
        } catch (BlobBroken e) {
            log.error("The file of an item can't be sent: {}", e.getMessage());
            throw new RequestRefused(ProblemType.INTERNAL, "The item's file can't be read.");
        }
    }
}
