package io.datasetexport.ingest;

import org.jspecify.annotations.Nullable;

/** Says what is wrong with the record that is being read; {@link DatasetImport} adds which one it is. */
final class BadRecord extends RuntimeException {

    private final @Nullable String pointer;

    BadRecord(String sentence) {
        this(sentence, null);
    }

    /** @param pointer JSON pointer into the body; null for the place where the reader stands */
    BadRecord(String sentence, @Nullable String pointer) {
        super(sentence, null, false, false);
        this.pointer = pointer;
    }

    @Nullable
    String pointer() {
        return pointer;
    }
}
