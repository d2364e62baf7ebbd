package dev.patron.server.inspection;

import dev.patron.token.InvalidTokenException;
import dev.patron.token.InvalidTokenException.Reason;
import java.util.Optional;

/**
 * What one check came to.
 *
 * @param refusal the verifier's own word; empty unless the check failed
 */
public record CheckResult(Check check, State state, Optional<Refusal> refusal) {

    /** Whether a token passed a check. */
    public enum State {
        /** It did. */
        PASSED,
        /** It did not, and was refused for that. */
        FAILED,
        /** It had been refused before. */
        NOT_REACHED
    }

    /**
     * The verifier's own word.
     *
     * @param message what was found and what was expected; tells no secret, no token and no e-mail address
     */
    public record Refusal(Reason reason, String message) {

        static Refusal of(InvalidTokenException refusal) {
            return new Refusal(refusal.reason(), String.valueOf(refusal.getMessage()));
        }
    }
}
