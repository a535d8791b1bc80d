package io.datasetexport.access;

/** What a caller wants to do with a project or a dataset of it. */
public enum Action {
    /** See that it is there, its labels and counts; query its items, plan an export. An annotator sees assigned items only. */
    SEE,
    /** One item's JSON, annotations and mask. */
    EXPORT_ITEM,
    /** Export annotations and masks. */
    EXPORT,
    /** Download item files. */
    DOWNLOAD_FILES,
    /** Import, delete, change labels; new datasets. */
    CHANGE,
    /** Say which items are whose to annotate. */
    ASSIGN,
    /** Members, other people's tokens, the audit. */
    ADMINISTER
}
