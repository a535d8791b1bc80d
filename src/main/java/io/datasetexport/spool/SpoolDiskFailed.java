package io.datasetexport.spool;

import java.io.IOException;

/** The spool's disk did not take what was written to it, most often because it is full. */
public final class SpoolDiskFailed extends IOException {

    SpoolDiskFailed(IOException cause) {
        super("The spool can't be written", cause);
    }
}
