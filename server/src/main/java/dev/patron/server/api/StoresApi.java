package dev.patron.server.api;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Principal;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.Problem;
import dev.patron.server.http.Routes;
import dev.patron.server.store.InvalidStoreException;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code /api/v1/stores}: makes and lists stores. */
final class StoresApi {

    private static final String PATH = "/api/v1/stores";

    /** The number of the store hash's segment in the path. */
    static final int STORE_HASH = 3;

    static final Problem UNKNOWN_STORE = new Problem(
            404, "unknown_store", "There is no store with this hash", "List the stores to see their hashes.");

    private final Stores stores;

    StoresApi(Stores stores) {
        this.stores = stores;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", PATH, guard.anybody(this::list))
                .on("POST", PATH, guard.server(Action.MANAGE_STORES, this::create));
    }

    /** Those that the caller may see. */
    private void list(Exchange exchange, Principal principal) {
        Access.requireScope(principal, Action.SEE_STORE);
        exchange.sendJson(
                200,
                Json.write(Map.of(
                        "stores",
                        stores.list().stream()
                                .filter(store -> Access.may(principal, Action.SEE_STORE, ApiGuard.target(store)))
                                .map(this::members)
                                .toList())));
    }

    private void create(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("store_hash", "name", "https", "hosts"));
        try {
            Store store = stores.create(
                    body.requiredText("store_hash"),
                    body.requiredText("name"),
                    body.flag("https").orElse(true),
                    List.copyOf(body.texts("hosts")));
            exchange.sendJson(201, Json.write(members(store)));
        } catch (InvalidStoreException invalid) {
            throw Body.invalid(invalid.member() + ": " + invalid.detail());
        }
    }

    private Map<String, Object> members(Store store) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("store_hash", store.hash());
        members.put("name", store.name());
        members.put("https", store.https());
        members.put("hosts", stores.hosts(store.hash()));
        return members;
    }
}
