package io.datasetexport.spool;

import java.io.IOException;

/** The spool's quota is used up, and waiting would not help. */
public final class SpoolFull extends IOException {

    SpoolFull(long quota) {
        super("The spool holds its quota of " + quota + " bytes");
    }
}
