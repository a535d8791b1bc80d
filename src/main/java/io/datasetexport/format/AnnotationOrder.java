package io.datasetexport.format;

/** The order in which a format wants the annotations of an item that does not fit in memory. */
public enum AnnotationOrder {
    /** The source's order. */
    ORDINAL,
    /** By label in code-point order, then the source's order. */
    LABEL
}
