package dev.patron.server.issuance;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.patron.server.app.MasterKey;
import dev.patron.token.CurrentCustomerSigner;
import dev.patron.token.JwsAlgorithm;

/**
 * Signers with their keys prepared. Kept by secret id and algorithm: a secret id is never used for another secret, so
 * an entry cannot be stale. Which secret signs is read anew for each token. Thread-safe.
 */
final class Signers {

    private static final int MAX_ENTRIES = 10_000;

    private record Key(long secretId, JwsAlgorithm algorithm) {}

    private final MasterKey masterKey;
    private final Cache<Key, CurrentCustomerSigner> signers =
            Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

    Signers(MasterKey masterKey) {
        this.masterKey = masterKey;
    }

    CurrentCustomerSigner of(String clientId, IssuanceData.SigningApp app) {
        return signers.get(
                new Key(app.secretId(), app.algorithm()),
                key -> CurrentCustomerSigner.create(key.algorithm(), masterKey.open(clientId, app.sealed())));
    }
}
