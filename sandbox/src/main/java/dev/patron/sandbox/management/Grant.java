package dev.patron.sandbox.management;

import java.util.Set;

/**
 * What an access token is good for.
 *
 * @param storeHash the store
 * @param clientId the app
 * @param scopes such as {@code store_v2_orders_read_only}
 */
public record Grant(String storeHash, String clientId, Set<String> scopes) {

    /** Makes the scopes immutable. */
    public Grant {
        scopes = Set.copyOf(scopes);
    }
}
