package dev.patron.server.store;

import java.util.List;

/**
 * What may be changed of a store.
 *
 * @param hosts host names without port, in lower case
 * @param openToDevelopers whether every developer may try their apps with its customers
 */
public record StoreDetails(String name, boolean https, boolean openToDevelopers, List<String> hosts) {

    /** Makes the list immutable. */
    public StoreDetails {
        hosts = List.copyOf(hosts);
    }

    /** The same store, open to developers or not. */
    public StoreDetails openToDevelopers(boolean open) {
        return new StoreDetails(name, https, open, hosts);
    }
}
