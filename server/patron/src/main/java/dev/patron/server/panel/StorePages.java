package dev.patron.server.panel;

import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.Apps;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.customer.Customers;
import dev.patron.server.http.Routes;
import dev.patron.server.script.Script;
import dev.patron.server.script.Scripts;
import dev.patron.server.session.Sessions;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.store.InvalidStoreException;
import dev.patron.server.store.Store;
import dev.patron.server.store.StoreDetails;
import dev.patron.server.store.Stores;
import dev.patron.server.text.VisibleText;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The list of stores, making one, a store's numbers and its settings. */
final class StorePages {

    private static final String LIST = "/panel";
    private static final String NEW = StoreRoom.PATH + "/new";

    private final ConsolePages pages;
    private final PanelStores panel;
    private final Stores stores;
    private final Customers customers;
    private final Sessions sessions;
    private final Apps apps;
    private final Scripts scripts;

    StorePages(
            ConsolePages pages, PanelStores panel, Customers customers, Sessions sessions, Apps apps, Scripts scripts) {
        this.pages = pages;
        this.panel = panel;
        this.stores = panel.stores();
        this.customers = customers;
        this.sessions = sessions;
        this.apps = apps;
        this.scripts = scripts;
    }

    void addTo(Routes routes) {
        routes.on("GET", LIST, pages.member(this::list))
                .on("GET", NEW, pages.member(this::showCreation))
                .on("POST", NEW, pages.member(this::create))
                .on("GET", PanelTab.OVERVIEW.route(), pages.member(this::show))
                .on("GET", PanelTab.SETTINGS.route(), pages.member(this::showSettings))
                .on("POST", PanelTab.SETTINGS.route(), pages.member(this::save));
    }

    private void list(ConsoleRequest request) {
        Optional<String> own = request.member().storeHash();
        if (own.isPresent()) {
            request.exchange().redirect(StoreRoom.PATH + "/" + own.get());
            return;
        }
        request.require(Action.MANAGE_STORES, Resource.SERVER);
        List<Store> all = stores.list();
        pages.send(request, 200, "Stores", "panel/stores.jte", new StoreViews.Listing(all, stores.hosts()));
    }

    private void showCreation(ConsoleRequest request) {
        request.require(Action.MANAGE_STORES, Resource.SERVER);
        sendCreation(request, 200, StoreForm.EMPTY);
    }

    private void create(ConsoleRequest request) {
        request.require(Action.MANAGE_STORES, Resource.SERVER);
        StoreForm form = StoreForm.typed(request, request.field("store_hash").strip());
        try {
            Store store = stores.create(form.hash(), form.name(), form.https(), form.hostList());
            request.exchange().redirect(StoreRoom.path(store) + "?notice=created");
        } catch (InvalidStoreException invalid) {
            sendCreation(request, 422, form.withFault(invalid.member(), invalid.detail()));
        }
    }

    private void sendCreation(ConsoleRequest request, int status, StoreForm form) {
        pages.send(request, status, "New store", "panel/new-store.jte", form);
    }

    private void show(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_STORE);
        String notice = request.parameter("notice").equals("created")
                ? "The store is there. Customers can sign up at its hosts."
                : null;
        List<Script> all = scripts.list(store.hash());
        long on = all.stream().filter(script -> script.details().enabled()).count();
        long allowed = apps.countAllowedAt(store.hash());
        pages.send(
                request,
                200,
                VisibleText.isolated(store.name()),
                "panel/overview.jte",
                new StoreViews.Overview(
                        StoreRoom.of(request, store, notice),
                        stores.hosts(store.hash()),
                        customers.count(store.hash(), StoreViews.COUNTED),
                        sessions.count(store.hash(), StoreViews.COUNTED),
                        allowed,
                        on,
                        all.size() - on));
    }

    private void showSettings(ConsoleRequest request) {
        Store store = panel.require(request, Action.CHANGE_STORE);
        String notice = request.parameter("notice").equals("saved") ? "The settings are saved." : null;
        sendSettings(request, 200, store, StoreForm.of(store, stores.hosts(store.hash())), notice);
    }

    private void save(ConsoleRequest request) {
        Store store = panel.require(request, Action.CHANGE_STORE);
        StoreForm form = StoreForm.typed(request, store.hash());
        try {
            StoreDetails details = form.details();
            stores.update(store.hash(), request.revision(), _ -> details);
            request.exchange().redirect(PanelTab.SETTINGS.path(store) + "?notice=saved");
        } catch (RevisionConflictException changed) {
            sendSettings(request, 409, panel.require(request, Action.CHANGE_STORE), form.inConflict(), null);
        } catch (InvalidStoreException invalid) {
            sendSettings(request, 422, store, form.withFault(invalid.member(), invalid.detail()), null);
        }
    }

    private void sendSettings(
            ConsoleRequest request, int status, Store store, StoreForm form, @Nullable String notice) {
        pages.send(
                request,
                status,
                "Settings of " + VisibleText.isolated(store.name()),
                "panel/settings.jte",
                new StoreViews.Settings(StoreRoom.of(request, store, notice), form));
    }
}
