package dev.patron.server.store;

/**
 * A tenant.
 *
 * @param hash the store hash: 5 to 32 of {@code [a-z0-9]}
 * @param name what customers see, 1 to 200 characters
 * @param https whether browsers reach the store by https; then its cookies are {@code Secure}
 * @param openToDevelopers whether every developer may try their apps with its customers: for stores made to be tried with
 * @param revision counts the changes to its details, from 1
 */
public record Store(String hash, String name, boolean https, boolean openToDevelopers, long revision) {

    /** The scheme of the store's origin. */
    public String scheme() {
        return https ? "https" : "http";
    }
}
