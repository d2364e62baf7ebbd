package dev.patron.server.api;

import dev.patron.server.access.Action;
import dev.patron.server.app.Apps;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.RefusedException;
import dev.patron.server.http.Routes;
import java.util.Map;
import java.util.Set;

/** {@code /api/v1/stores/{store_hash}/apps/{client_id}}: whether an app gets tokens at a store. */
final class StoreAppsApi {

    private static final int CLIENT_ID = 5;

    private final Apps apps;

    StoreAppsApi(Apps apps) {
        this.apps = apps;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("PATCH", StoresApi.PATH + "/*/apps/*", guard.store(Action.GOVERN_APPS, this::decide));
    }

    private void decide(Exchange exchange) {
        boolean allowed = Body.of(exchange, Set.of("allowed"))
                .flag("allowed")
                .orElseThrow(() -> Body.invalid("allowed is required, as true or false."));
        String clientId = exchange.segment(CLIENT_ID);
        if (!apps.setAllowedAt(exchange.segment(StoresApi.STORE_HASH), clientId, allowed)) {
            throw new RefusedException(AppsApi.NO_SUCH_APP);
        }
        exchange.sendJson(200, Json.write(Map.of("client_id", clientId, "allowed", allowed)));
    }
}
