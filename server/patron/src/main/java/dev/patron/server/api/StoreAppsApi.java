package dev.patron.server.api;

import dev.patron.server.access.Action;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.login.CustomerLogins;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api/v1/stores/{store_hash}/apps/{client_id}}: whether an app gets tokens at a store, and signs customers in. */
final class StoreAppsApi {

    private static final int CLIENT_ID = 5;

    private final Apps apps;
    private final CustomerLogins logins;

    StoreAppsApi(Apps apps, CustomerLogins logins) {
        this.apps = apps;
        this.logins = logins;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("PATCH", StoresApi.PATH + "/*/apps/*", guard.store(Action.GOVERN_APPS, this::decide));
    }

    private void decide(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("allowed", "signs_customers_in"));
        Optional<Boolean> allowed = body.flag("allowed");
        Optional<Boolean> signsCustomersIn = body.flag("signs_customers_in");
        if (allowed.isEmpty() && signsCustomersIn.isEmpty()) {
            throw Body.invalid("allowed or signs_customers_in is required, as true or false.");
        }
        String storeHash = exchange.segment(StoresApi.STORE_HASH);
        String clientId = exchange.segment(CLIENT_ID);
        App app = apps.find(clientId).orElseThrow(() -> new ProblemException(AppsApi.NO_SUCH_APP));
        allowed.ifPresent(decision -> require(apps.setAllowedAt(storeHash, clientId, decision)));
        signsCustomersIn.ifPresent(decision -> {
            if (decision) {
                require(logins.permit(storeHash, clientId));
            } else {
                logins.forbid(storeHash, clientId);
            }
        });
        exchange.sendJson(
                200,
                Json.write(Map.of(
                        "client_id", clientId,
                        "allowed", allowed.orElse(app.isAllowedAt(storeHash)),
                        "signs_customers_in", logins.permitted(storeHash).contains(clientId))));
    }

    private static void require(boolean known) {
        if (!known) {
            throw new ProblemException(AppsApi.NO_SUCH_APP);
        }
    }
}
