package dev.patron.server.panel;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.console.Confirmation;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Routes;
import dev.patron.server.login.CustomerLogins;
import dev.patron.server.store.Store;
import dev.patron.server.text.VisibleText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which apps get tokens at a store. */
final class StoreAppPages {

    private final ConsolePages pages;
    private final PanelStores panel;
    private final Apps apps;
    private final CustomerLogins logins;

    StoreAppPages(ConsolePages pages, PanelStores panel, Apps apps, CustomerLogins logins) {
        this.pages = pages;
        this.panel = panel;
        this.apps = apps;
        this.logins = logins;
    }

    void addTo(Routes routes) {
        routes.on("GET", PanelTab.APPS.route(), pages.member(this::list))
                .on("POST", PanelTab.APPS.route(), pages.member(this::decide));
    }

    private void list(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_STORE);
        String notice = switch (request.parameter("notice")) {
            case "allowed" -> "The app is allowed: it gets tokens here from the next request on.";
            case "barred" ->
                "The app is barred: it gets no more tokens here. Those that it has are good for a short while.";
            case "permitted" -> "The app may sign customers in from now on, whoever they are.";
            case "forbidden" -> "The app may sign no more customers in. Those who are signed in stay so.";
            default -> null;
        };
        send(request, 200, store, "", null, notice);
    }

    private void decide(ConsoleRequest request) {
        Store store = panel.require(request, Action.GOVERN_APPS);
        String signsIn = request.field("signs_in");
        if (!signsIn.isEmpty()) {
            decideLogins(request, store, signsIn.equals("true"));
            return;
        }
        boolean allowed = !request.field("allowed").equals("false");
        String clientId = request.field("client_id").strip();
        if (apps.setAllowedAt(store.hash(), clientId, allowed)) {
            request.exchange().redirect(PanelTab.APPS.path(store) + "?notice=" + (allowed ? "allowed" : "barred"));
        } else {
            send(
                    request,
                    422,
                    store,
                    clientId,
                    clientId.isEmpty()
                            ? "Enter the client id of the app."
                            : "There is no app with this client id. Its developer sees it on the app's page.",
                    null);
        }
    }

    private void decideLogins(ConsoleRequest request, Store store, boolean permitted) {
        String clientId = request.field("client_id");
        if (permitted && !Confirmation.isGiven(request)) {
            App app = apps.find(clientId).orElseThrow(Access::noSuchObject);
            pages.ask(request, permission(request, store, app));
            return;
        }
        if (!permitted) {
            logins.forbid(store.hash(), clientId);
        } else if (!logins.permit(store.hash(), clientId)) {
            throw Access.noSuchObject();
        }
        request.exchange().redirect(PanelTab.APPS.path(store) + "?notice=" + (permitted ? "permitted" : "forbidden"));
    }

    private Confirmation permission(ConsoleRequest request, Store store, App app) {
        return Confirmation.power(
                        "Let " + VisibleText.isolated(app.name()) + " sign in as any customer of "
                                + VisibleText.isolated(store.name()) + "?",
                        "Permit sign-ins",
                        PanelTab.APPS.path(store))
                .about("App", app.name())
                .about("Client id", app.clientId())
                .about("Owner", pages.owner(app))
                .about("Store", store.name())
                .follows(
                        "Whoever has the app's secret can become any customer of this store, without a password: see their"
                                + " account, change it, and act in their name.")
                .follows("No customer is asked, and none is told.")
                .follows("Permit it only to an app that customers sign in at, such as your own login page.")
                .follows("You can end it at any time. Those who are signed in by then stay so.")
                .repeating(request, "client_id", "signs_in");
    }

    private void send(
            ConsoleRequest request,
            int status,
            Store store,
            String clientId,
            @Nullable String fault,
            @Nullable String notice) {
        pages.send(
                request,
                status,
                "Apps at " + VisibleText.isolated(store.name()),
                "panel/apps.jte",
                new StoreViews.StoreApps(
                        StoreRoom.of(request, store, notice),
                        visible(request, store),
                        logins.permitted(store.hash()),
                        apps.origins().undecided(store.hash()),
                        apps.deletedWhileBarred(store.hash()),
                        request.may(Action.GOVERN_APPS, StoreRoom.target(store)),
                        clientId,
                        fault));
    }

    /** Without those that are made for other stores only: they are none of this store's business. */
    private List<App> visible(ConsoleRequest request, Store store) {
        boolean seesAll = request.may(Action.SEE_ALL_APPS, Resource.SERVER);
        return apps.list().stream()
                .filter(app -> seesAll || app.concerns(store.hash()))
                .toList();
    }
}
