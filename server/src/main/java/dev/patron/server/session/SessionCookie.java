package dev.patron.server.session;

import dev.patron.server.secret.BearerSecret;
import dev.patron.server.store.Store;
import java.util.Optional;

/**
 * The cookie that carries a {@link BearerSecret}, under the platform's name (its documentation of storefront cookies).
 * {@code HttpOnly}, {@code SameSite=Lax}, {@code Path=/}, never with a {@code Domain}, {@code Secure} whenever the store
 * is https. It stays in the browser for the session's absolute limit.
 */
public final class SessionCookie {

    /** The cookie's name. */
    public static final String NAME = "SHOP_SESSION_TOKEN";

    private static final String PREFIX = NAME + "=";

    private SessionCookie() {}

    /**
     * The session id in a {@code Cookie} header (RFC 6265 section 4.2.1). A header with two cookies of this name has
     * none: whoever planted the second must not choose the session.
     */
    public static Optional<BearerSecret> read(String cookieHeader) {
        String found = null;
        int at = 0;
        while (at < cookieHeader.length()) {
            int end = cookieHeader.indexOf(';', at);
            if (end < 0) {
                end = cookieHeader.length();
            }
            while (at < end && cookieHeader.charAt(at) == ' ') {
                at++;
            }
            if (cookieHeader.startsWith(PREFIX, at)) {
                if (found != null) {
                    return Optional.empty();
                }
                found = cookieHeader.substring(at + PREFIX.length(), end).strip();
            }
            at = end + 1;
        }
        return found == null ? Optional.empty() : BearerSecret.parse(found);
    }

    /** The {@code Set-Cookie} value that hands a session to the browser. */
    public static String begin(Store store, BearerSecret id, SessionLimits limits) {
        return PREFIX + id.reveal() + attributes(store) + "; Max-Age="
                + limits.absolute().toSeconds();
    }

    /** The {@code Set-Cookie} value that takes a session from the browser. */
    public static String end(Store store) {
        return PREFIX + attributes(store) + "; Max-Age=0";
    }

    private static String attributes(Store store) {
        return "; Path=/; HttpOnly; SameSite=Lax" + (store.https() ? "; Secure" : "");
    }
}
