package io.datasetexport.ingest;

/** What an import may hold; the number of items and the size of the body are not limited. */
public final class ImportLimits {

    /** Imports that run at the same time in one instance, each with a connection of the pool that everybody uses; one in a dataset. */
    public static final int IMPORTS = 4;

    /** Bytes of one annotation, where the configuration does not say less. */
    public static final int ANNOTATION_BYTES = 8 << 20;

    /** Labels of one dataset. */
    public static final int LABELS = 100_000;

    /** Bytes of a label's dotted path. */
    public static final int LABEL_BYTES = 1000;

    /** Bytes of an item's or an annotation's id. */
    public static final int ID_BYTES = 200;

    /** Bytes of an item's filename, with its directories. */
    public static final int FILENAME_BYTES = 2000;

    private ImportLimits() {}
}
