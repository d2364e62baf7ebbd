package dev.patron.spring;

import java.time.Instant;

/** Notes which tokens were seen, so that each is taken once. Thread-safe. */
@FunctionalInterface
public interface ReplayGuard {

    /**
     * Notes a token.
     *
     * @param key what is known of the token and of no other; it does not lead back to it
     * @param until how long it has to be remembered: afterwards it is refused for its age
     * @return whether it was not seen before
     * @throws RuntimeException when it cannot be told: the token is refused then
     */
    boolean isFirstUse(String key, Instant until);
}
