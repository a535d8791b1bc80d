package io.datasetexport.ingest;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Instants as PostgreSQL's binary {@code timestamptz}: microseconds since 2000-01-01 in UTC. */
final class Instants {

    /** 1970-01-01, what an annotation without a date gets. */
    static final long UNKNOWN = -946_684_800_000_000L;

    private static final int CANONICAL_LENGTH = "yyyy-MM-ddTHH:mm:ss.SSSZ".length();

    private Instants() {}

    /** The instant, if {@code text} spells it as an export does, {@code yyyy-MM-ddTHH:mm:ss.SSSZ}; null for every other spelling. */
    static @Nullable Long canonical(String text) {
        if (text.length() != CANONICAL_LENGTH
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':'
                || text.charAt(19) != '.'
                || text.charAt(23) != 'Z') {
            return null;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 2);
        int day = digits(text, 8, 2);
        int hour = digits(text, 11, 2);
        int minute = digits(text, 14, 2);
        int second = digits(text, 17, 2);
        int milli = digits(text, 20, 3);
        if ((year | month | day | hour | minute | second | milli) < 0 || year == 0) {
            return null;
        }
        try {
            return micros(LocalDateTime.of(year, month, day, hour, minute, second, milli * 1_000_000).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The instant that any ISO-8601 date-time with an offset names; null where there is none in the years 1 to 9999. */
    static @Nullable Long parsed(String text) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
            return time.getYear() >= 1 && time.getYear() <= 9999 ? micros(time.toInstant()) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant) + UNKNOWN;
    }

    /** A number of exactly {@code count} ASCII digits, or -1. */
    private static int digits(String text, int from, int count) {
        int number = 0;
        for (int i = from; i < from + count; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
