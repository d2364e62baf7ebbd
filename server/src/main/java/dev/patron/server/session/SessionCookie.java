package dev.patron.server.session;

import dev.patron.server.http.Cookies;
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

    /** The session id in a {@code Cookie} header; none when the header has two cookies of this name. */
    public static Optional<BearerSecret> read(String cookieHeader) {
        return Cookies.single(cookieHeader, NAME).flatMap(BearerSecret::parse);
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
