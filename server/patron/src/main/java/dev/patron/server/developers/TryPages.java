package dev.patron.server.developers;

import dev.patron.endpoint.Outcome;
import dev.patron.endpoint.Problem;
import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.Customers;
import dev.patron.server.http.Routes;
import dev.patron.server.inspection.Expectations;
import dev.patron.server.inspection.Inspector;
import dev.patron.server.issuance.TestTokens;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import dev.patron.server.text.VisibleText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A token to try an app with, for a customer of a store where the member may do that, and the code to begin with. */
final class TryPages {

    private static final int CUSTOMERS_SHOWN = 100;

    private final ConsolePages pages;
    private final OwnApps ownApps;
    private final Stores stores;
    private final Customers customers;
    private final TestTokens testTokens;
    private final Inspector inspector;

    TryPages(
            ConsolePages pages,
            OwnApps ownApps,
            Stores stores,
            Customers customers,
            TestTokens testTokens,
            Inspector inspector) {
        this.pages = pages;
        this.ownApps = ownApps;
        this.stores = stores;
        this.customers = customers;
        this.testTokens = testTokens;
        this.inspector = inspector;
    }

    void addTo(Routes routes) {
        routes.on("GET", AppTab.TRY.route(), pages.member(this::show))
                .on("POST", AppTab.TRY.route(), pages.member(this::issue));
    }

    private void show(ConsoleRequest request) {
        App app = ownApps.require(request, Action.SEE_APP);
        List<Store> open = open(request);
        String wanted = request.parameter("store");
        Store store = wanted.isEmpty()
                ? open.stream().findFirst().orElse(null)
                : open.stream()
                        .filter(each -> each.hash().equals(wanted))
                        .findFirst()
                        .orElseThrow(Access::noSuchObject);
        send(request, 200, app, open, store, "", null, null, Map.of());
    }

    private void issue(ConsoleRequest request) {
        App app = ownApps.require(request, Action.CHANGE_APP);
        Store store = stores.find(request.field("store_hash")).orElseThrow(Access::noSuchObject);
        request.require(Action.TRY_APPS, new Resource.OneStore(store.hash(), store.openToDevelopers()));
        String chosen = request.field("customer_id");
        if (!chosen.matches("[1-9][0-9]{0,17}")) {
            send(
                    request,
                    422,
                    app,
                    open(request),
                    store,
                    "",
                    null,
                    null,
                    Map.of("customer_id", "Choose one of the store's customers."));
            return;
        }
        Outcome outcome = testTokens.issue(store.hash(), Long.parseLong(chosen), app.clientId());
        switch (outcome) {
            case Outcome.Issued issued -> send(request, 200, app, open(request), store, chosen, issued, null, Map.of());
            case Outcome.Refused refused
            when refused.problem().id().equals("not_signed_in") ->
                send(
                        request,
                        422,
                        app,
                        open(request),
                        store,
                        chosen,
                        null,
                        null,
                        Map.of("customer_id", "The customer is gone or disabled. Choose another one."));
            case Outcome.Refused refused ->
                send(request, 409, app, open(request), store, chosen, null, refused.problem(), Map.of());
        }
    }

    private void send(
            ConsoleRequest request,
            int status,
            App app,
            List<Store> open,
            @Nullable Store store,
            String customerId,
            Outcome.@Nullable Issued issued,
            @Nullable Problem refusal,
            Map<String, String> faults) {
        String token = issued == null ? "" : issued.token();
        List<Customer> shown = store == null ? List.of() : customers.first(store.hash(), CUSTOMERS_SHOWN);
        InspectorViews.Result result = issued == null || store == null
                ? null
                : new InspectorViews.Result(
                        app,
                        inspector.inspect(
                                app,
                                token,
                                new Expectations(
                                        Expectations.DEFAULT.maxAge(),
                                        Expectations.DEFAULT.clockSkew(),
                                        Optional.of(store.hash()))));
        pages.send(
                request,
                status,
                (status == 409 ? "No token: " : "") + "Try " + VisibleText.isolated(app.name()),
                "developers/try.jte",
                new TryView(app, open, store, shown, customerId, token, result, refusal, faults));
    }

    /** Where the member may try apps. */
    private List<Store> open(ConsoleRequest request) {
        List<Store> candidates = OwnApps.seesAll(request) ? stores.list() : stores.openToDevelopers();
        return candidates.stream()
                .filter(store ->
                        request.may(Action.TRY_APPS, new Resource.OneStore(store.hash(), store.openToDevelopers())))
                .toList();
    }
}
