package dev.patron.server.app;

import dev.patron.token.JwsAlgorithm;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A registered app.
 *
 * @param clientId 20 to 64 of {@code [A-Za-z0-9]}; public
 * @param algorithm what its tokens are signed with
 * @param everyStore whether it is allowed at stores that say nothing about it
 * @param allowedStores store hashes where it is allowed
 * @param barredStores store hashes where it is barred
 * @param origins foreign origins that may ask for its tokens
 * @param revision raised with each change
 */
public record App(
        String clientId,
        String name,
        String description,
        JwsAlgorithm algorithm,
        Set<ExtraClaim> extraClaims,
        boolean everyStore,
        Set<String> allowedStores,
        Set<String> barredStores,
        Set<String> origins,
        boolean disabled,
        List<AppSecret> secrets,
        long revision,
        Instant createdAt) {

    /** Makes the collections immutable. */
    public App {
        extraClaims = Set.copyOf(extraClaims);
        allowedStores = Set.copyOf(allowedStores);
        barredStores = Set.copyOf(barredStores);
        origins = Set.copyOf(origins);
        secrets = List.copyOf(secrets);
    }
}
