package dev.patron.server.store;

/**
 * A tenant.
 *
 * @param hash the store hash: 5 to 32 of {@code [a-z0-9]}
 * @param name what customers see, 1 to 200 characters
 * @param https whether browsers reach the store by https; then its cookies are {@code Secure}
 */
public record Store(String hash, String name, boolean https) {

    /** The scheme of the store's origin. */
    public String scheme() {
        return https ? "https" : "http";
    }
}
