package dev.patron.server.issuance;

import dev.patron.server.app.SealedSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.token.JwsAlgorithm;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What issuing reads: the store at a host, a session there and its customer, an app, and an origin.
 *
 * @param vouching null when the host's store has no such session
 * @param app null when there is no such app, or it has nothing to sign with
 * @param origin null when nothing was asked about an origin
 */
record IssuanceData(
        String storeHash,
        @Nullable Vouching vouching,
        @Nullable SigningApp app,
        @Nullable Origin origin) {

    /**
     * What an origin is to a store and an app.
     *
     * @param storeScheme the scheme of the store's own pages
     * @param mayAsk whether pages of the origin may ask for the app's tokens at the store
     */
    record Origin(String storeScheme, boolean mayAsk) {}

    /** What is asked about; a null session stands for none, a null origin for one that is not asked about. */
    record Question(
            String host,
            @Nullable SecretHash session,
            String clientId,
            @Nullable String origin,
            Instant now) {}

    /** A session and its customer. {@link #toString()} tells only the customer's id. */
    record Vouching(
            long customerKey,
            long customerId,
            String email,
            long groupId,
            boolean disabled,
            Instant beganAt,
            Instant lastSeenAt) {

        @Override
        public String toString() {
            return "Vouching[" + customerId + "]";
        }
    }

    /** An app, as far as signing needs it. */
    record SigningApp(
            JwsAlgorithm algorithm,
            boolean jwtId,
            boolean channelId,
            boolean allowed,
            long secretId,
            SealedSecret sealed) {}
}
