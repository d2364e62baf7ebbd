package dev.patron.server.store;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

/** Where browsers reach the pages of stores. Thread-safe. */
public final class Storefronts {

    private static final Pattern NETWORK_ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");
    private static final int HTTP = 80;

    private final Stores stores;
    private final IntSupplier port;

    /** @param port where stores without https are reached: those with it are behind a proxy, which has the usual one */
    public Storefronts(Stores stores, IntSupplier port) {
        this.stores = stores;
        this.port = port;
    }

    /** The address of a store's page, at the first of its hosts; a name rather than a network address. */
    public String url(Store store, String path) {
        List<String> hosts = stores.hosts(store.hash());
        String host = hosts.stream()
                .filter(each -> !NETWORK_ADDRESS.matcher(each).matches())
                .findFirst()
                .orElse(hosts.getFirst());
        int own = port.getAsInt();
        return store.scheme() + "://" + host + (store.https() || own == HTTP ? "" : ":" + own) + path;
    }
}
