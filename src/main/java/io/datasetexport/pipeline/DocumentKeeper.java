package io.datasetexport.pipeline;

import io.datasetexport.model.KeptDocument;
import java.util.List;

/** Keeps the documents of items that an export rendered, for the next one. */
public interface DocumentKeeper {

    /** Keeps nothing. */
    DocumentKeeper NONE = new DocumentKeeper() {
        @Override
        public boolean wants(int bytes) {
            return false;
        }

        @Override
        public void keep(List<Rendered> documents) {}
    };

    /**
     * A document and what it was made of.
     *
     * @param itemKey the database's own
     * @param changed the transaction that changed the item last, as the export saw it
     */
    record Rendered(long itemKey, long changed, KeptDocument document) {}

    /** Whether a document of so many compressed bytes is worth the room. */
    boolean wants(int bytes);

    /** Takes some, or not; never waits and never fails. */
    void keep(List<Rendered> documents);
}
