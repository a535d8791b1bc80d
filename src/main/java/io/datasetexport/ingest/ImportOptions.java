package io.datasetexport.ingest;

/** How a body is to be read. */
public record ImportOptions(Format format, Body body, Labels labels) {

    /** What the records are. */
    public enum Format {
        /** The platform's items with their annotations. */
        DATALOOP,
        /** Instances and key points. */
        COCO
    }

    /** How the records are packed. */
    public enum Body {
        /** One value: an item, a list of items, or a COCO file. */
        JSON,
        /** One item after the other. */
        NDJSON,
        /** An archive of our own, or any archive of JSON files. */
        ZIP
    }

    /** What happens to labels that only annotations name. */
    public enum Labels {
        /** They are created if the dataset had no label when the import began. */
        AUTO,
        /** They are created. */
        ADD,
        /** They stay unknown. */
        KEEP
    }
}
