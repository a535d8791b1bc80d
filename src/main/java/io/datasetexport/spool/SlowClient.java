package io.datasetexport.spool;

import java.io.IOException;

/** A client takes too little while the spool is full. */
public final class SlowClient extends IOException {

    SlowClient(long bytesPerSecond) {
        super("The client took less than " + bytesPerSecond + " bytes per second while the spool was full");
    }
}
