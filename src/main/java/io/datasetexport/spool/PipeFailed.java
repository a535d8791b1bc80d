package io.datasetexport.spool;

import java.io.IOException;

/** The side that writes has failed; its cause is this one's cause. */
public final class PipeFailed extends IOException {

    PipeFailed(Throwable cause) {
        super("The archive can't be completed", cause);
    }
}
