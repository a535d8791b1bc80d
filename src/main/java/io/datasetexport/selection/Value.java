package io.datasetexport.selection;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a condition compares with. */
public sealed interface Value {

    record Text(String text) implements Value {}

    /** @param text in which {@code *} is any run of characters, also none, and {@code ?} is exactly one */
    record Wildcards(String text) implements Value {

        /** The same for SQL's {@code LIKE} with its default escape. */
        String like() {
            StringBuilder like = new StringBuilder(text.length() + 8);
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '*' -> like.append('%');
                    case '?' -> like.append('_');
                    case '%', '_', '\\' -> like.append('\\').append(c);
                    default -> like.append(c);
                }
            }
            return like.toString();
        }
    }

    record Number(BigDecimal number) implements Value {}

    record Flag(boolean flag) implements Value {}

    /** A point in time, for members that are dates. */
    record Moment(Instant instant) implements Value {}

    /** JSON's null, which a member that is absent equals too. */
    record Null() implements Value {}

    /**
     * A list or an object, equal only to a whole value.
     *
     * @param json its text
     */
    record Json(String json, boolean list) implements Value {}

    /** What a string must look like to be compared as a number; the same expression stands in SQL. */
    String NUMBER = "^-?(0|[1-9][0-9]{0,99})([.][0-9]{1,100})?([eE][+-]?[0-9]{1,3})?$";

    Pattern NUMBER_PATTERN = Pattern.compile(NUMBER);

    /** The number that a string spells; null when it spells none. */
    static @Nullable BigDecimal number(String text) {
        return text.length() < 300 && !text.endsWith("\n") && NUMBER_PATTERN.matcher(text).find() ? new BigDecimal(text) : null;
    }
}
