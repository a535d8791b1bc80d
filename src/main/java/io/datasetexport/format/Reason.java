package io.datasetexport.format;

import java.util.Locale;

/** Why a format left something out or changed it: one list for plan, manifest and {@code skipped.ndjson}. */
public enum Reason {
    UNSUPPORTED_SHAPE,
    ATTRIBUTES,
    ROTATION,
    HOLES,
    NOT_IMAGE,
    NO_SIZE,
    UNKNOWN_LABEL,
    EMPTY_GEOMETRY,
    NON_FINITE,
    MASK_SIZE,
    MASK_TOO_LARGE,
    MASK_UNDECODABLE,
    ROW_TOO_LARGE,
    EXTERNAL_FILE,
    MISSING_FILE,
    MISSING_ITEM,
    ILLEGAL_CHARACTERS;

    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    public String id() {
        return id;
    }
}
