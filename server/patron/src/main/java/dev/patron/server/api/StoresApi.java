package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Principal;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.store.InvalidStoreException;
import dev.patron.server.store.Store;
import dev.patron.server.store.StoreDetails;
import dev.patron.server.store.Stores;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** {@code /api/v1/stores}: makes, lists and changes stores. */
final class StoresApi {

    /** The path of the list, and of what is below it. */
    static final String PATH = "/api/v1/stores";

    private static final Set<String> DETAILS = Set.of("name", "https", "open_to_developers", "hosts");

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
                .on("POST", PATH, guard.server(Action.MANAGE_STORES, this::create))
                .on("GET", PATH + "/*", guard.withStore(Action.SEE_STORE, this::show))
                .on("PATCH", PATH + "/*", guard.store(Action.CHANGE_STORE, this::update));
    }

    /** Those that the caller may see. */
    private void list(Exchange exchange, Principal principal) {
        Access.requireScope(principal, Action.SEE_STORE);
        Stream<Store> visible =
                stores.list().stream().filter(store -> Access.may(principal, Action.SEE_STORE, ApiGuard.target(store)));
        Map<String, List<String>> hosts = stores.hosts();
        Paging.of(exchange)
                .answer(
                        exchange,
                        "stores",
                        visible,
                        Store::hash,
                        store -> members(store, hosts.getOrDefault(store.hash(), List.of())));
    }

    private void create(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("store_hash", "name", "https", "hosts"));
        try {
            Store store = stores.create(
                    body.requiredText("store_hash"),
                    body.requiredText("name"),
                    body.flag("https").orElse(true),
                    List.copyOf(body.texts("hosts")));
            exchange.with("Location", PATH + "/" + store.hash());
            answer(exchange, 201, store);
        } catch (InvalidStoreException invalid) {
            throw Body.invalid(invalid.member() + ": " + invalid.detail());
        }
    }

    private void show(Exchange exchange, Store store) {
        answer(exchange, 200, store);
    }

    private void update(Exchange exchange) {
        Body body = Body.of(exchange, DETAILS);
        if (DETAILS.stream().noneMatch(body::has)) {
            throw Body.invalid("There is nothing to change: name, https, open_to_developers or hosts.");
        }
        try {
            Store store = stores.update(
                            exchange.segment(STORE_HASH),
                            Revisions.expected(exchange),
                            details -> new StoreDetails(
                                    body.text("name").orElse(details.name()),
                                    body.flag("https").orElse(details.https()),
                                    body.flag("open_to_developers").orElse(details.openToDevelopers()),
                                    body.has("hosts") ? List.copyOf(body.texts("hosts")) : details.hosts()))
                    .orElseThrow(() -> new ProblemException(UNKNOWN_STORE));
            answer(exchange, 200, store);
        } catch (InvalidStoreException invalid) {
            throw Body.invalid(invalid.member() + ": " + invalid.detail());
        } catch (RevisionConflictException conflict) {
            throw Revisions.refusal(conflict);
        }
    }

    private void answer(Exchange exchange, int status, Store store) {
        Revisions.tag(exchange, store.revision())
                .sendJson(status, Json.write(members(store, stores.hosts(store.hash()))));
    }

    private static Map<String, Object> members(Store store, List<String> hosts) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("store_hash", store.hash());
        members.put("name", store.name());
        members.put("https", store.https());
        members.put("open_to_developers", store.openToDevelopers());
        members.put("hosts", hosts);
        members.put("revision", store.revision());
        return members;
    }
}
