package io.datasetexport.selection;

import io.datasetexport.json.JsonPlace;
import io.datasetexport.problem.ProblemType;
import io.datasetexport.problem.RequestRefused;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates as queries spell them: ISO-8601, UTC where no offset is given and midnight where no time is, or milliseconds since 1970. */
final class Dates {

    private static final Pattern ISO = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)"
            + "(?:[T ](\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?)(Z|[+-]\\d\\d(?::?\\d\\d)?)?)?");
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private Dates() {}

    static Instant instant(JsonPlace place) {
        Matcher iso = ISO.matcher(place.text());
        if (!iso.matches()) {
            throw refused(place);
        }
        try {
            LocalDate day = LocalDate.parse(iso.group(1));
            LocalTime time = iso.group(2) == null ? LocalTime.MIDNIGHT : LocalTime.parse(iso.group(2));
            ZoneOffset offset = iso.group(3) == null ? ZoneOffset.UTC : ZoneOffset.of(iso.group(3));
            return inRange(LocalDateTime.of(day, time).toInstant(offset), place);
        } catch (DateTimeException e) {
            throw refused(place);
        }
    }

    static Instant epoch(JsonPlace place) {
        BigDecimal millis = place.node().decimalValue();
        if (millis.abs().compareTo(BigDecimal.valueOf(LAST.toEpochMilli())) > 0) {
            throw refused(place);
        }
        long whole = millis.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
        long nanos = millis.subtract(BigDecimal.valueOf(whole)).movePointRight(6).longValue();
        return inRange(Instant.ofEpochMilli(whole).plusNanos(nanos), place);
    }

    private static Instant inRange(Instant instant, JsonPlace place) {
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw refused(place);
        }
        return instant;
    }

    private static RequestRefused refused(JsonPlace place) {
        return new RequestRefused(
                ProblemType.TYPE_MISMATCH,
                "A date is needed here: like 2022-05-01, 2022-05-01T10:00:00.000Z, or milliseconds since 1970.",
                place.pointer());
    }
}
