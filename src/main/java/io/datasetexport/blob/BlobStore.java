package io.datasetexport.blob;

import java.io.IOException;
import java.io.InputStream;

/** Bytes under {@linkplain BlobKeys keys}. A blob never changes: what replaces a file gets a key of its own. */
public interface BlobStore {

    /**
     * Stores all of {@code content}. Until that is done nothing can be read under the key; when it fails, nothing stays.
     *
     * @param key a {@linkplain BlobKeys#fresh() fresh} one
     * @throws IOException when the content can't be read to its end, as its stream throws it, or can't be stored
     */
    Blob store(String key, InputStream content) throws IOException;

    /**
     * Opens a blob; that it is whole is for {@link WholeBlob} to see.
     *
     * @param from the first byte that is wanted: 0, or one that the blob has
     * @throws BlobBroken when there is no such blob, or it can't be read
     */
    InputStream open(String key, long from) throws IOException;

    /** Deletes a blob; it may have gone already. */
    void delete(String key) throws IOException;
}
