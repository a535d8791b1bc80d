package io.datasetexport.web;

import org.jspecify.annotations.Nullable;

final class ETags {

    private ETags() {}

    /** Whether {@code If-None-Match} names the tag, RFC 9110 section 13.1.2: weak comparison. */
    static boolean match(@Nullable String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return false;
        }
        for (String tag : ifNoneMatch.split(",")) {
            String stripped = tag.strip();
            if (stripped.equals("*") || stripped.equals(etag) || stripped.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }
}
