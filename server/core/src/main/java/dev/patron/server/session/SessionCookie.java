package dev.patron.server.session;

import dev.patron.server.secret.BearerSecret;
import dev.patron.server.store.Store;
import dev.patron.server.text.Cookies;
import java.util.Optional;

/**
 * The cookie that carries a session id, under the platform's name (its documentation of storefront cookies); at a store
 * that is https, with the prefix {@code __Host-}, so that no sibling domain can plant one (RFC 6265bis section 4.1.3).
 * {@code HttpOnly}, {@code SameSite=Lax}, {@code Path=/}, never with a {@code Domain}, {@code Secure} whenever the store
 * is https. It stays in the browser for the session's absolute limit.
 */
public final class SessionCookie {

    private static final String NAME = "SHOP_SESSION_TOKEN";
    private static final String HOST_NAME = "__Host-" + NAME;

    private SessionCookie() {}

    /** A new session id, which only the cookie of its kind of store can carry. */
    static BearerSecret create(boolean https) {
        BearerSecret id = BearerSecret.create();
        return https ? id.onlyIn(HOST_NAME) : id;
    }

    /**
     * The session id in a {@code Cookie} header; none when the header has two cookies of the name. Which store is asked
     * need not be known: an id that was made for the other cookie is not valid in this one.
     */
    public static Optional<BearerSecret> read(String cookieHeader) {
        return Cookies.single(cookieHeader, HOST_NAME)
                .flatMap(BearerSecret::parse)
                .map(id -> id.onlyIn(HOST_NAME))
                .or(() -> Cookies.single(cookieHeader, NAME).flatMap(BearerSecret::parse));
    }

    /** The {@code Set-Cookie} value that hands a session to the browser. */
    public static String begin(Store store, BearerSecret id, SessionLimits limits) {
        return cookie(store, id.reveal()) + "; Max-Age=" + limits.absolute().toSeconds();
    }

    /** The {@code Set-Cookie} value that takes a session from the browser. */
    public static String end(Store store) {
        return cookie(store, "") + "; Max-Age=0";
    }

    private static String cookie(Store store, String value) {
        String attributes = "; Path=/; HttpOnly; SameSite=Lax";
        return store.https() ? HOST_NAME + "=" + value + attributes + "; Secure" : NAME + "=" + value + attributes;
    }
}
