package dev.patron.spring;

import java.time.Duration;
import java.time.InstantSource;
import org.springframework.http.ResponseCookie;

/**
 * How a session is given to the browser where it is a cookie. A bean while sessions are enabled.
 *
 * <p>Thread-safe.
 */
public final class SessionCookies {

    private final PatronProperties.Session session;
    private final InstantSource clock;

    SessionCookies(PatronProperties.Session session, InstantSource clock) {
        this.session = session;
        this.clock = clock;
    }

    /**
     * The cookie for a session: {@code HttpOnly}; for https it may be sent from the pages of the stores ({@code SameSite=None}), whose
     * origin is looked at each time.
     *
     * @param begun the session
     * @return a cookie that ends with it
     */
    public ResponseCookie of(CustomerSession begun) {
        return ResponseCookie.from(session.cookieName(), begun.id())
                .httpOnly(true)
                .secure(session.cookieSecure())
                .sameSite(session.cookieSecure() ? "None" : "Lax")
                .path("/")
                .maxAge(Duration.between(clock.instant(), begun.endsAt()))
                .build();
    }
}
