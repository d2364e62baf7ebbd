package dev.patron.spring;

import java.nio.charset.StandardCharsets;

/** Reads the path and the query of an address as servers do: percent-encoding and plus signs undone, once. */
final class DecodedAddress {

    private static final int HEX = 16;
    private static final int NONE = -1;

    private DecodedAddress() {}

    /** The text without its encoding. What is not well-formed stays as it is. */
    static String decode(String raw) {
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            int escaped = escaped(raw, i);
            if (escaped != NONE) {
                bytes[length++] = (byte) escaped;
                i += 2;
            } else {
                char character = raw.charAt(i);
                bytes[length++] = character == '+' ? (byte) ' ' : (byte) (character < 128 ? character : '?');
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * Whether a query has a parameter of this name. A name whose encoding is malformed counts as well: servers differ in what
     * they make of it.
     */
    static boolean hasParameter(String rawQuery, String name) {
        for (String parameter : rawQuery.split("[&;]", -1)) {
            int equals = parameter.indexOf('=');
            String rawName = equals < 0 ? parameter : parameter.substring(0, equals);
            if (isMalformed(rawName) || decode(rawName).equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMalformed(String raw) {
        for (int i = raw.indexOf('%'); i >= 0; i = raw.indexOf('%', i + 1)) {
            if (escaped(raw, i) == NONE) {
                return true;
            }
        }
        return false;
    }

    /** The byte that an escape at this place stands for. */
    private static int escaped(String raw, int at) {
        if (raw.charAt(at) != '%' || at + 2 >= raw.length()) {
            return NONE;
        }
        int high = Character.digit(raw.charAt(at + 1), HEX);
        int low = Character.digit(raw.charAt(at + 2), HEX);
        return high < 0 || low < 0 ? NONE : high * HEX + low;
    }
}
