package dev.patron.token;

import org.jspecify.annotations.Nullable;

/** Small questions about text. */
final class Text {
    private static final int SHOWN_LENGTH = 64;

    private Text() {}

    /** Whether every surrogate is one of a pair, so that the text has a UTF-8 form. */
    static boolean isWellFormed(String text) {
        int i = 0;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                return false;
            }
            i += Character.charCount(codePoint);
        }
        return true;
    }

    /** A value that came from outside, fit for a message: quoted, printable ASCII, of bounded length. */
    static String shown(@Nullable String untrusted) {
        if (untrusted == null) {
            return "none";
        }
        StringBuilder shown = new StringBuilder().append('"');
        for (int i = 0; i < Math.min(untrusted.length(), SHOWN_LENGTH); i++) {
            char c = untrusted.charAt(i);
            if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
                shown.append(c);
            } else {
                shown.append(String.format("\\u%04x", (int) c));
            }
        }
        return shown.append(untrusted.length() > SHOWN_LENGTH ? "...\"" : "\"").toString();
    }
}
