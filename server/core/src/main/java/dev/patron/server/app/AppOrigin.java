package dev.patron.server.app;

import java.util.Set;

/**
 * A foreign origin that an app lists, and where it is approved.
 *
 * @param origin such as {@code https://shop.example}
 * @param everyStore whether an operator approved it at the stores that have not decided themselves
 * @param approvedStores hashes of the stores that approved it
 * @param refusedStores hashes of the stores that withdrew it
 */
public record AppOrigin(String origin, boolean everyStore, Set<String> approvedStores, Set<String> refusedStores) {

    /** Makes the collections immutable. */
    public AppOrigin {
        approvedStores = Set.copyOf(approvedStores);
        refusedStores = Set.copyOf(refusedStores);
    }
}
