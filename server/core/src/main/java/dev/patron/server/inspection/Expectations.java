package dev.patron.server.inspection;

import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.CurrentCustomerVerifier;
import java.time.Duration;
import java.util.Optional;

/**
 * What the app's verifier is set to expect, so that an inspection comes to the same end.
 *
 * @param maxAge how long ago a token may have been issued: more than 0, at most {@link CurrentCustomerClaims#LIFETIME}; empty
 *     when it is accepted until it expires
 * @param clockSkew 0 to {@link CurrentCustomerVerifier.Builder#MAX_CLOCK_SKEW}
 * @param storeHash the one store whose tokens are accepted; empty when any store's are
 */
public record Expectations(Optional<Duration> maxAge, Duration clockSkew, Optional<String> storeHash) {

    /** What a verifier expects that is not told otherwise, at any store. */
    public static final Expectations DEFAULT = new Expectations(
            Optional.of(CurrentCustomerVerifier.Builder.DEFAULT_MAX_AGE),
            CurrentCustomerVerifier.Builder.DEFAULT_CLOCK_SKEW,
            Optional.empty());

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when a value is outside them, with a message that is safe to show
     */
    public Expectations {
        // The verifier's builder knows its bounds; any id and secret will do to ask it.
        CurrentCustomerVerifier.Builder bounds = CurrentCustomerVerifier.builder("id", "secret");
        maxAge.ifPresent(bounds::maxAge);
        bounds.clockSkew(clockSkew);
        storeHash.ifPresent(bounds::expectStore);
    }
}
