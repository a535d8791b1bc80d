package io.datasetexport.format.voc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.datasetexport.text.Utf8Buffer;

/** Text between XML tags. */
final class XmlText {

    private static final byte[] AMPERSAND = "&amp;".getBytes(UTF_8);
    private static final byte[] LESS = "&lt;".getBytes(UTF_8);
    private static final byte[] GREATER = "&gt;".getBytes(UTF_8);
    /** A bare carriage return would be read as a line feed. */
    private static final byte[] CARRIAGE_RETURN = "&#13;".getBytes(UTF_8);

    private XmlText() {}

    /** Appends UTF-8 text, escaped and without what XML 1.0 forbids; false when something was dropped. */
    static boolean append(Utf8Buffer out, byte[] utf8) {
        boolean whole = true;
        int from = 0;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            int length = 1;
            byte[] instead;
            if (b == '&') {
                instead = AMPERSAND;
            } else if (b == '<') {
                instead = LESS;
            } else if (b == '>') {
                instead = GREATER;
            } else if (b == '\r') {
                instead = CARRIAGE_RETURN;
            } else if (b >= 0 && b < ' ' && b != '\t' && b != '\n' || isNoncharacter(utf8, i)) {
                instead = new byte[0];
                length = b < 0 ? 3 : 1;
                whole = false;
            } else {
                continue;
            }
            out.append(utf8, from, i - from).append(instead);
            from = i + length;
            i = from - 1;
        }
        out.append(utf8, from, utf8.length - from);
        return whole;
    }

    /** Whether U+FFFE or U+FFFF begins here. */
    private static boolean isNoncharacter(byte[] utf8, int at) {
        return utf8[at] == (byte) 0xef
                && at + 2 < utf8.length
                && utf8[at + 1] == (byte) 0xbf
                && (utf8[at + 2] == (byte) 0xbe || utf8[at + 2] == (byte) 0xbf);
    }
}
