package io.datasetexport.access;

/** What a caller wants to do with a dataset. */
public enum Action {
    /** See that it is there, its labels and counts; query its items. */
    SEE,
    /** Export annotations and masks. */
    EXPORT,
    /** Download item files. */
    DOWNLOAD_FILES,
    /** Import, delete, change labels. */
    CHANGE
}
