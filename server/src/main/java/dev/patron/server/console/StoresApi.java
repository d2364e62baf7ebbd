package dev.patron.server.console;

import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
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

    private final Stores stores;

    StoresApi(Stores stores) {
        this.stores = stores;
    }

    void addTo(Routes routes, OperatorToken operator) {
        routes.on("GET", PATH, operator.guard(this::list)).on("POST", PATH, operator.guard(this::create));
    }

    private void list(Exchange exchange) {
        exchange.sendJson(
                200,
                Json.write(Map.of(
                        "stores", stores.list().stream().map(this::members).toList())));
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
