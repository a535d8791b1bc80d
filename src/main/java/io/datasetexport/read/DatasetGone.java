package io.datasetexport.read;

/** The dataset was deleted between the check of the caller's rights and the snapshot. */
public final class DatasetGone extends RuntimeException {

    DatasetGone() {
        super("The dataset was deleted", null, false, false);
    }
}
