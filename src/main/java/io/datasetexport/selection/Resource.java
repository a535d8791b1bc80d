package io.datasetexport.selection;

import java.util.Locale;

/** What a query finds. */
public enum Resource {
    ITEMS,
    ANNOTATIONS;

    /** As queries spell it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    Resource other() {
        return this == ITEMS ? ANNOTATIONS : ITEMS;
    }
}
