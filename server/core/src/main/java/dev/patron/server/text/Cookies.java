package dev.patron.server.text;

import java.util.Optional;

/** The {@code Cookie} header (RFC 6265 section 4.2.1). */
public final class Cookies {

    private Cookies() {}

    /**
     * The value of a cookie. A header with two cookies of this name has none: whoever planted the second must not choose
     * the session.
     */
    public static Optional<String> single(String header, String name) {
        String prefix = name + "=";
        String found = null;
        int at = 0;
        while (at < header.length()) {
            int end = header.indexOf(';', at);
            if (end < 0) {
                end = header.length();
            }
            while (at < end && header.charAt(at) == ' ') {
                at++;
            }
            if (header.startsWith(prefix, at)) {
                if (found != null) {
                    return Optional.empty();
                }
                found = header.substring(at + prefix.length(), end).strip();
            }
            at = end + 1;
        }
        return Optional.ofNullable(found);
    }
}
