package io.datasetexport.blob;

import java.io.IOException;

/** A blob is not what was stored: gone, unreadable, shorter, longer, or of other bytes. The message is fit for a log and not for a client. */
public final class BlobBroken extends IOException {

    BlobBroken(String key, String what) {
        super("Blob " + key + " " + what);
    }

    BlobBroken(String key, String what, IOException cause) {
        super("Blob " + key + " " + what, cause);
    }
}
