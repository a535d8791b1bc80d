package io.datasetexport.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a request wants, RFC 9110 section 14: one range of bytes. Several, or what is no range, are all of it.
 *
 * @param first byte, from 0
 * @param count of bytes; 0 when the range lies behind the end
 */
record ByteRange(long first, long count) {

    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * @param range the header {@code Range}
     * @param ifRange the header {@code If-Range}: with another tag than the file's the range does not count
     * @return null when the whole file is wanted
     */
    static @Nullable ByteRange of(@Nullable String range, @Nullable String ifRange, String etag, long size) {
        if (range == null || ifRange != null && !ifRange.equals(etag)) {
            return null;
        }
        Matcher wanted = ONE.matcher(range);
        if (!wanted.matches() || wanted.group(1).isEmpty() && wanted.group(2).isEmpty()) {
            return null;
        }
        if (wanted.group(1).isEmpty()) {
            long last = Long.parseLong(wanted.group(2));
            return new ByteRange(Math.max(0, size - last), Math.min(last, size));
        }
        long first = Long.parseLong(wanted.group(1));
        long last = wanted.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(wanted.group(2));
        if (last < first) {
            return null;
        }
        return new ByteRange(first, first >= size ? 0 : Math.min(last, size - 1) - first + 1);
    }

    /** 206, or 416 for a range behind the end. */
    int status() {
        return count == 0 ? HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE : HttpServletResponse.SC_PARTIAL_CONTENT;
    }

    /** {@code Content-Range} of the answer. */
    String of(long size) {
        return count == 0 ? "bytes */" + size : "bytes " + first + "-" + (first + count - 1) + "/" + size;
    }
}
