package dev.patron.server.app;

import java.time.Instant;
import java.util.Optional;

/**
 * A foreign origin that an app lists, as one store sees it.
 *
 * @param origin such as {@code https://shop.example}
 * @param approved whether pages of it may ask for the app's tokens at the store, while the app is allowed there
 * @param everyStore whether an operator approved it at the stores that have not decided themselves
 * @param decidedAt when the store decided; empty when it has not
 * @param decidedBy the member who decided for the store; empty when none did, or the operator token was used
 * @param decidedByName the name of that member, while there is the account
 */
public record StoreOrigin(
        String origin,
        boolean approved,
        boolean everyStore,
        Optional<Instant> decidedAt,
        Optional<Long> decidedBy,
        Optional<String> decidedByName) {}
