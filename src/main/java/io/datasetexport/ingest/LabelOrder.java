package io.datasetexport.ingest;

import java.util.Comparator;

/** The order in which labels are numbered. */
final class LabelOrder {

    /** By code point: what {@code collate "C"} does, and {@link String#compareTo} does not beyond U+FFFF. */
    static final Comparator<String> CODE_POINTS = LabelOrder::compare;

    private LabelOrder() {}

    private static int compare(String one, String other) {
        int shared = Math.min(one.length(), other.length());
        for (int i = 0; i < shared; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b) ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}
