package io.datasetexport.text;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Numbers and strings as Python's {@code repr} spells them: the formats' own samples were printed by Python, and are met to the
 * last digit.
 *
 * <p>A float is the shortest decimal that reads back as the same number, positional where its exponent is -4 to 15
 * ({@code 0.0001}, {@code 640.0}), else in scientific form ({@code 1e-05}, {@code 1e+16}); a finite one is a JSON number as well.
 * A string is in single quotes, or in double quotes where it holds a single and no double one; what does not print is escaped.
 */
public final class PythonText {

    private static final double EXACT_BELOW = 0x1p53;
    private static final double FEW_BITS_BELOW = 1e-320;
    private static final MathContext ONE_DIGIT = new MathContext(1);
    private static final int LARGEST_POSITIONAL_EXPONENT = 15;

    /** 0.0001. */
    private static final long SCIENTIFIC_BELOW_MILLIONTHS = 100;

    private static final int SMALLEST_POSITIONAL_EXPONENT = -4;

    private PythonText() {}

    /** Appends a float: {@code 1.0}, {@code 379.40999999999997}, {@code 1e-05}. */
    public static void appendFloat(Utf8Buffer out, double number) {
        if (number < 0 || 1 / number < 0) {
            out.append('-');
        }
        double magnitude = Math.abs(number);
        if (appendFewPlaces(out, magnitude)) {
            return;
        }
        if (magnitude < EXACT_BELOW && magnitude == (long) magnitude) {
            out.append((long) magnitude).append('.').append('0');
        } else if (magnitude <= Double.MAX_VALUE) {
            appendShortest(out, magnitude);
        } else {
            out.append(Double.isNaN(number) ? "nan" : "inf");
        }
    }

    /** Appends a whole number as an int: {@code 640}. */
    public static void appendInt(Utf8Buffer out, double whole) {
        if (Math.abs(whole) < 0x1p63) {
            out.append((long) whole);
        } else {
            out.append(new BigDecimal(whole).toBigInteger().toString());
        }
    }

    /**
     * Appends what has six decimal places at most and eight digits before them, as most coordinates do: such a decimal is the only one of
     * its length that reads back as the number (IEEE 754 doubles hold any fifteen digits), so it is the shortest when its last digit is not zero.
     */
    private static boolean appendFewPlaces(Utf8Buffer out, double magnitude) {
        if (!(magnitude < Utf8Buffer.NINE_DIGITS)) {
            return false;
        }
        long millionths = (long) (magnitude * 1e6 + 0.5);
        if (millionths / 1e6 != magnitude || millionths < SCIENTIFIC_BELOW_MILLIONTHS && millionths > 0) {
            return false;
        }
        out.appendMillionths(millionths);
        return true;
    }

    /**
     * Java finds the same shortest digits; only the place of the point differs, and that Java prints two digits at least, which is one
     * too many for a few numbers next to zero (4.9E-324 is 5e-324).
     */
    private static void appendShortest(Utf8Buffer out, double magnitude) {
        String java = Double.toString(magnitude);
        int length = java.indexOf('E');
        int exponent = length < 0 ? 0 : Integer.parseInt(java, length + 1, java.length(), 10);
        length = length < 0 ? java.length() : length;
        char[] digits = new char[length];
        int count = 0;
        for (int i = 0; i < length; i++) {
            char c = java.charAt(i);
            if (c == '.') {
                exponent += i - 1;
            } else if (c != '0' || count > 0) {
                digits[count++] = c;
            } else {
                exponent--;
            }
        }
        while (digits[count - 1] == '0') {
            count--;
        }
        if (magnitude < FEW_BITS_BELOW) {
            BigDecimal one = new BigDecimal(magnitude).round(ONE_DIGIT);
            if (one.doubleValue() == magnitude) {
                digits[0] = Character.forDigit(one.unscaledValue().intValue(), 10);
                exponent = -one.scale();
                count = 1;
            }
        }
        if (exponent >= SMALLEST_POSITIONAL_EXPONENT && exponent <= LARGEST_POSITIONAL_EXPONENT) {
            appendPositional(out, digits, count, exponent);
        } else {
            appendScientific(out, digits, count, exponent);
        }
    }

    private static void appendPositional(Utf8Buffer out, char[] digits, int count, int exponent) {
        if (exponent < 0) {
            out.append('0').append('.');
            for (int i = exponent + 1; i < 0; i++) {
                out.append('0');
            }
        }
        int places = Math.max(count, exponent + 2);
        for (int i = 0; i < places; i++) {
            out.append(i < count ? digits[i] : '0');
            if (i == exponent) {
                out.append('.');
            }
        }
    }

    private static void appendScientific(Utf8Buffer out, char[] digits, int count, int exponent) {
        out.append(digits[0]);
        if (count > 1) {
            out.append('.');
        }
        for (int i = 1; i < count; i++) {
            out.append(digits[i]);
        }
        out.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        if (size < 10) {
            out.append('0');
        }
        out.append((long) size);
    }

    /** Appends a string with its quotes: {@code 'all'}, {@code "it's"}, {@code 'nl\n'}. */
    public static void appendString(Utf8Buffer out, String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < text.length();) {
            int c = text.codePointAt(i);
            int chars = Character.charCount(c);
            if (c == quote || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c >= 0x20 && c < 0x7f) {
                out.append((char) c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (prints(c)) {
                out.append(text.substring(i, i + chars));
            } else if (c < 0x100) {
                appendHex(out.append("\\x"), c, 2);
            } else if (c < 0x10000) {
                appendHex(out.append("\\u"), c, 4);
            } else {
                appendHex(out.append("\\U"), c, 8);
            }
            i += chars;
        }
        out.append(quote);
    }

    private static boolean prints(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void appendHex(Utf8Buffer out, int value, int digits) {
        for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(value >> shift & 15, 16));
        }
    }
}
