package dev.patron.sandbox.management;

import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.order.Orders;
import dev.patron.server.PatronServer;
import dev.patron.server.http.Routes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The management API of the stores, at {@code /stores/{store_hash}/v2} and {@code /v3} on the console listener, as the platform has it
 * ({@code contract.md} section 4). {@code docs/management-api.md} says what of it there is.
 */
public final class ManagementApi {

    /** How many requests an app may make at a store in {@link #WINDOW}. */
    public static final int QUOTA = 150;

    /** For how long a quota lasts. */
    public static final Duration WINDOW = Duration.ofSeconds(30);

    private final PatronServer server;
    private final Grants grants;
    private final String demoStore;
    private final Catalogue catalogue;
    private final Orders orders;

    /**
     * The API of a server's stores.
     *
     * @param demoStore the store that has the products of the catalogue, and the orders; others have none
     */
    public ManagementApi(PatronServer server, Grants grants, String demoStore, Catalogue catalogue, Orders orders) {
        this.server = server;
        this.grants = grants;
        this.demoStore = demoStore;
        this.catalogue = catalogue;
        this.orders = orders;
    }

    /** Adds its paths to the console's. The tables of the sandbox must be there. */
    public void addTo(Routes routes) {
        InstantSource clock = server.services().clock;
        Guard guard = new Guard(grants, server.services().stores, new RateLimit(QUOTA, WINDOW, clock));
        routes.on(
                        "GET",
                        "/stores/*/v2/time",
                        guard.read(
                                Version.V2,
                                Area.INFORMATION,
                                call -> call.answer(
                                        Map.of("time", clock.instant().getEpochSecond()))))
                .on("GET", "/stores/*/v2/store", guard.read(Version.V2, Area.INFORMATION, this::showStore));
        new OrdersResource(demoStore, orders, server.services().customers).addTo(routes, guard);
        new ProductsResource(demoStore, catalogue, this::demoShop).addTo(routes, guard);
        new CustomersResource(server.services().customers).addTo(routes, guard);
        new ScriptsResource(server.services().database, server.services().scripts).addTo(routes, guard);
    }

    private String demoShop(String path) {
        return server.storefronts().url(server.services().stores.find(demoStore).orElseThrow(), path);
    }

    private void showStore(Call call) {
        var store = server.services().stores.find(call.storeHash()).orElseThrow(Refusal::notFound);
        String address = server.storefronts().url(store, "");
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", store.hash());
        members.put("name", store.name());
        members.put("domain", address.substring(address.indexOf("//") + 2));
        members.put("secure_url", address);
        members.put("currency", "USD");
        members.put("currency_symbol", "$");
        members.put("decimal_places", 2);
        members.put("timezone", Map.of("name", "UTC", "raw_offset", 0));
        members.put("language", "en");
        members.put("status", "live");
        call.answer(members);
    }
}
