package dev.patron.server.panel;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.session.Sessions;
import dev.patron.server.session.StoreSession;
import dev.patron.server.store.Store;
import dev.patron.server.text.VisibleText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Who is signed in at a store, and from where. */
final class SessionPages {

    private static final int SHOWN = 50;

    private final ConsolePages pages;
    private final PanelStores panel;
    private final Sessions sessions;

    SessionPages(ConsolePages pages, PanelStores panel, Sessions sessions) {
        this.pages = pages;
        this.panel = panel;
        this.sessions = sessions;
    }

    void addTo(Routes routes) {
        routes.on("GET", PanelTab.SESSIONS.route(), pages.member(this::list))
                .on("POST", PanelTab.SESSIONS.route() + "/end", pages.member(this::end));
    }

    private void list(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_STORE);
        StoreSession.Cursor after =
                StoreSession.Cursor.parse(request.parameter("after")).orElse(StoreSession.Cursor.START);
        List<StoreSession> found = sessions.ofStore(store.hash(), OptionalLong.empty(), after, SHOWN + 1);
        boolean more = found.size() > SHOWN;
        List<StoreSession> shown = more ? found.subList(0, SHOWN) : found;
        String notice = request.parameter("notice").equals("ended") ? "The session is ended." : null;
        pages.send(
                request,
                200,
                "Sessions at " + VisibleText.isolated(store.name()),
                "panel/sessions.jte",
                new CustomerViews.SessionListing(
                        StoreRoom.of(request, store, notice),
                        shown,
                        after.equals(StoreSession.Cursor.START),
                        more ? Optional.of(shown.getLast().cursor()) : Optional.empty(),
                        request.may(Action.MANAGE_CUSTOMERS, StoreRoom.target(store))));
    }

    private void end(ConsoleRequest request) {
        Store store = panel.require(request, Action.MANAGE_CUSTOMERS);
        sessions.end(
                store.hash(),
                StoreSession.parseKey(request.field("session_key"))
                        .orElseThrow(() -> new ProblemException(
                                Problem.badRequest("The form names no session. Load its page, and try again."))));
        String customer = request.field("customer_id");
        request.exchange()
                .redirect(
                        customer.matches("[1-9][0-9]{0,17}")
                                ? CustomerPages.path(store, Long.parseLong(customer))
                                : PanelTab.SESSIONS.path(store) + "?notice=ended");
    }
}
