package dev.patron.server.panel;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Member;
import dev.patron.server.member.Members;
import dev.patron.server.store.Store;
import java.util.Optional;

/** The page where a store decides about the foreign origins that an app asks for. */
final class OriginPages {

    private static final String ROUTE = PanelTab.APPS.route() + "/*/origins";
    private static final int CLIENT_ID_SEGMENT = 4;

    private final ConsolePages pages;
    private final PanelStores panel;
    private final Apps apps;
    private final Members members;

    OriginPages(ConsolePages pages, PanelStores panel, Apps apps, Members members) {
        this.pages = pages;
        this.panel = panel;
        this.apps = apps;
        this.members = members;
    }

    void addTo(Routes routes) {
        routes.on("GET", ROUTE, pages.member(this::show)).on("POST", ROUTE, pages.member(this::decide));
    }

    private void show(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_STORE);
        App app = app(request, store);
        String notice = switch (request.parameter("notice")) {
            case "approved" -> "The origin is approved at this store: it counts from the next request on.";
            case "withdrawn" ->
                "The origin is withdrawn at this store. Tokens that its pages have are good for a short while.";
            default -> null;
        };
        pages.send(
                request,
                200,
                "Origins of " + app.name(),
                "panel/origins.jte",
                new StoreViews.Origins(
                        StoreRoom.of(request, store, notice),
                        app,
                        app.ownerId().flatMap(members::find).map(Member::name),
                        apps.origins().atStore(store.hash(), app.clientId()),
                        request.may(Action.GOVERN_APPS, StoreRoom.target(store))));
    }

    private void decide(ConsoleRequest request) {
        Store store = panel.require(request, Action.GOVERN_APPS);
        App app = app(request, store);
        boolean approved = request.field("approved").equals("true");
        if (!apps.origins()
                .decide(
                        store.hash(),
                        app.clientId(),
                        request.field("origin"),
                        approved,
                        Optional.of(request.member().id()))) {
            throw Access.noSuchObject();
        }
        request.exchange()
                .redirect(StoreViews.Origins.path(store, app) + "?notice=" + (approved ? "approved" : "withdrawn"));
    }

    /** The app in the path, unless it is made for other stores only: those are none of this store's business. */
    private App app(ConsoleRequest request, Store store) {
        return apps.find(request.exchange().segment(CLIENT_ID_SEGMENT))
                .filter(app -> app.concerns(store.hash()) || request.may(Action.SEE_ALL_APPS, Resource.SERVER))
                .orElseThrow(Access::noSuchObject);
    }
}
