package dev.patron.server.app;

import java.time.Instant;

/**
 * What may be known of a client secret after it was shown once.
 *
 * @param id never used twice
 */
public record AppSecret(long id, State state, Instant createdAt) {

    /** What a secret is used for. */
    public enum State {
        /** Made, not signing yet. */
        NEXT,
        /** Tokens are signed with it. Exactly one secret of an app is in this state. */
        SIGNING,
        /** It signed before; the app's verifier may still list it. */
        PREVIOUS
    }
}
