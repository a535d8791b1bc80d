package io.datasetexport.access;

import java.util.Locale;

/** What the audit speaks of. */
public enum Act {
    EXPORT(true),
    ITEM_FILE(true),
    UPLOAD(true),
    IMPORT(true),
    CREATE_DATASET(false),
    CHANGE_LABELS(false),
    DELETE_DATASET(false),
    DELETE_ITEM(false),
    CREATE_PROJECT(false),
    PUT_MEMBER(false),
    REMOVE_MEMBER(false),
    ASSIGN(false),
    CREATE_TOKEN(false),
    REVOKE_TOKEN(false),
    CREATE_LINK(true),
    REVOKE_LINK(false);

    private final boolean startsWork;

    Act(boolean startsWork) {
        this.startsWork = startsWork;
    }

    /** Whether a caller may begin it only so often. */
    public boolean startsWork() {
        return startsWork;
    }

    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
