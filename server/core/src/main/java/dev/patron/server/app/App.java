package dev.patron.server.app;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A registered app.
 *
 * @param clientId 20 to 64 of {@code [A-Za-z0-9]}; public
 * @param ownerId the member whose app it is; empty for the operators' own
 * @param details what its owner may change
 * @param everyStore whether it is allowed at stores that say nothing about it
 * @param allowedStores store hashes where it is allowed
 * @param barredStores store hashes where it is barred
 * @param disabled whether its owner has switched it off: then it gets no token at all
 * @param blocked whether an operator has blocked it, which its owner cannot change: then it gets no token at all
 * @param secrets one or two, the newest first
 * @param revision raised with each change
 */
public record App(
        String clientId,
        Optional<Long> ownerId,
        AppDetails details,
        boolean everyStore,
        Set<String> allowedStores,
        Set<String> barredStores,
        boolean disabled,
        boolean blocked,
        List<AppSecret> secrets,
        long revision,
        Instant createdAt) {

    /** Makes the collections immutable and puts the secrets in order. */
    public App {
        allowedStores = Set.copyOf(allowedStores);
        barredStores = Set.copyOf(barredStores);
        secrets = secrets.stream()
                .sorted(Comparator.comparingLong(AppSecret::id).reversed())
                .toList();
    }

    /** Its name. */
    public String name() {
        return details.name();
    }

    /** Whether it gets tokens where it is allowed: it is neither switched off by its owner nor blocked by an operator. */
    public boolean isActive() {
        return !disabled && !blocked;
    }

    /** Whether a store decides about it: it is made for every store, or the store has decided already. */
    public boolean concerns(String storeHash) {
        return everyStore || allowedStores.contains(storeHash) || barredStores.contains(storeHash);
    }

    /** Whether a store gets tokens for it, while it is {@linkplain #isActive() active}. */
    public boolean isAllowedAt(String storeHash) {
        return allowedStores.contains(storeHash) || (everyStore && !barredStores.contains(storeHash));
    }

    /** The secret that signs now. */
    public AppSecret signingSecret() {
        return secrets.stream()
                .filter(secret -> secret.state() == AppSecret.State.SIGNING)
                .findFirst()
                .orElseThrow();
    }

    /** The secret that does not sign now, if there is one. */
    public Optional<AppSecret> otherSecret() {
        return secrets.stream()
                .filter(secret -> secret.state() != AppSecret.State.SIGNING)
                .findFirst();
    }
}
