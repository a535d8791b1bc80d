package io.datasetexport.pipeline;

import java.io.IOException;

/** The side that takes the archive can't take more: the client hung up, or reads nothing. */
public final class ClientGone extends IOException {

    ClientGone(IOException cause) {
        super("The client has gone", cause);
    }
}
