package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.session.Sessions;
import dev.patron.server.session.StoreSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /api/v1/stores/{store_hash}/sessions}: who is signed in at a store. */
final class SessionsApi {

    private static final String LIST = StoresApi.PATH + "/*/sessions";
    private static final int SESSION_KEY = 5;
    private static final Problem NO_SUCH_SESSION = new Problem(
            404, "no_such_session", "This store has no session with this key", "It may have ended: list the sessions.");

    private final Sessions sessions;

    SessionsApi(Sessions sessions) {
        this.sessions = sessions;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", LIST, guard.store(Action.SEE_STORE, this::list))
                .on("DELETE", LIST + "/*", guard.store(Action.MANAGE_CUSTOMERS, this::end));
    }

    private void list(Exchange exchange) {
        Paging paging = Paging.of(exchange);
        StoreSession.Cursor after = paging.start(StoreSession.Cursor.START, StoreSession.Cursor::parse);
        OptionalLong customer =
                Paging.number(exchange, "customer_id").map(OptionalLong::of).orElse(OptionalLong.empty());
        List<StoreSession> found =
                sessions.ofStore(exchange.segment(StoresApi.STORE_HASH), customer, after, paging.limit() + 1);
        boolean more = found.size() > paging.limit();
        List<StoreSession> shown = more ? found.subList(0, paging.limit()) : found;
        paging.answer(
                exchange,
                "sessions",
                shown.stream().map(SessionsApi::members).toList(),
                more ? shown.getLast().cursor().text() : null);
    }

    private void end(Exchange exchange) {
        long key = StoreSession.parseKey(exchange.segment(SESSION_KEY))
                .orElseThrow(() -> new ProblemException(NO_SUCH_SESSION));
        if (!sessions.end(exchange.segment(StoresApi.STORE_HASH), key)) {
            throw new ProblemException(NO_SUCH_SESSION);
        }
        exchange.send(204);
    }

    private static Map<String, Object> members(StoreSession session) {
        Map<String, Object> members = new LinkedHashMap<>();
        // A string: it has more digits than numbers of JavaScript.
        members.put("key", Long.toString(session.key()));
        members.put("customer_id", session.customerId());
        members.put("email", session.email());
        members.put("began_at", session.beganAt().toString());
        members.put("last_seen_at", session.lastSeenAt().toString());
        members.put(
                "address",
                Optional.of(session.address()).filter(text -> !text.isEmpty()).orElse(null));
        members.put(
                "browser",
                Optional.of(session.browser()).filter(text -> !text.isEmpty()).orElse(null));
        return members;
    }
}
