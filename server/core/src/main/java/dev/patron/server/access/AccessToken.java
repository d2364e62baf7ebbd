package dev.patron.server.access;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A personal access token, as its member sees it: what it is for, not what it is.
 *
 * @param name what the member calls it
 * @param expiresAt empty when it works until it is revoked
 * @param expired whether that moment has passed
 * @param lastUsedAt to the minute; empty when it was never used
 */
public record AccessToken(
        long id,
        String name,
        Set<Scope> scopes,
        Instant createdAt,
        Optional<Instant> expiresAt,
        boolean expired,
        Optional<Instant> lastUsedAt) {

    /** Makes the scopes immutable. */
    public AccessToken {
        scopes = Set.copyOf(scopes);
    }
}
