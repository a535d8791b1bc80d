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

    /** Whether XML 1.0 can hold the text. */
    static boolean isLegal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && isControl((byte) c) || c == 0xfffe || c == 0xffff) {
                return false;
            }
        }
        return true;
    }

    /** Appends UTF-8 text, escaped and without what XML 1.0 forbids. */
    static void append(Utf8Buffer out, byte[] utf8) {
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
            } else if (isControl(b) || isNoncharacter(utf8, i)) {
                instead = new byte[0];
                length = b < 0 ? 3 : 1;
            } else {
                continue;
            }
            out.append(utf8, from, i - from).append(instead);
            from = i + length;
            i = from - 1;
        }
        out.append(utf8, from, utf8.length - from);
    }

    /** Whether it is a control character other than white space; a carriage return is escaped, not dropped. */
    private static boolean isControl(byte b) {
        return b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r';
    }

    /** Whether U+FFFE or U+FFFF begins here. */
    private static boolean isNoncharacter(byte[] utf8, int at) {
        return utf8[at] == (byte) 0xef
                && at + 2 < utf8.length
                && utf8[at + 1] == (byte) 0xbf
                && (utf8[at + 2] == (byte) 0xbe || utf8[at + 2] == (byte) 0xbf);
    }
}
