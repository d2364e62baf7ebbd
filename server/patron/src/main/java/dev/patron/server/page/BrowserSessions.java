package dev.patron.server.page;

import dev.patron.server.http.Exchange;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.SessionCookie;
import dev.patron.server.session.SessionLimits;
import dev.patron.server.session.Sessions;
import dev.patron.server.store.Store;

/** The sessions that browsers have at a store, with the cookies that carry them. Thread-safe. */
public final class BrowserSessions {

    private final Sessions sessions;
    private final SessionLimits limits;

    /** Those of one server. */
    public BrowserSessions(Sessions sessions, SessionLimits limits) {
        this.sessions = sessions;
        this.limits = limits;
    }

    /** Ends the session that the browser has, if any, and hands it a new one with the answer. */
    public void begin(Exchange exchange, Store store, BearerSecret id) {
        endCurrent(exchange, store);
        exchange.with("Set-Cookie", SessionCookie.begin(store, id, limits));
    }

    /** Ends the session that the browser has, if any, and takes it from the browser with the answer. */
    public void end(Exchange exchange, Store store) {
        endCurrent(exchange, store);
        exchange.with("Set-Cookie", SessionCookie.end(store));
    }

    private void endCurrent(Exchange exchange, Store store) {
        SessionCookie.read(exchange.cookies()).ifPresent(id -> sessions.end(store.hash(), id));
    }
}
