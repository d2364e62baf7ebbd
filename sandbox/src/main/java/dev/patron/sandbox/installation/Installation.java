package dev.patron.sandbox.installation;

import java.time.Instant;
import java.util.Set;

/**
 * An app that is installed at a store.
 *
 * @param scopes what the store consented to
 */
public record Installation(long id, String clientId, String storeHash, Set<StoreScope> scopes, Instant installedAt) {

    /** Makes the scopes immutable. */
    public Installation {
        scopes = Set.copyOf(scopes);
    }
}
