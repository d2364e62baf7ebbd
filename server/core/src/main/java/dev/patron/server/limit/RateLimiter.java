package dev.patron.server.limit;

import dev.patron.server.valkey.Valkey;
import java.time.Duration;
import java.util.Optional;

/**
 * A bound on how often something may be done within a window, for each name that does it; what was used comes back evenly over
 * the window. Thread-safe.
 */
public sealed interface RateLimiter permits LocalRateLimiter, SharedRateLimiter {

    /**
     * A limiter of this node and, where there is a Valkey, of all nodes together: what is used up at one is used up at all. While
     * Valkey is away, this node counts alone.
     *
     * @param kind what it is for, such as {@code customer-address}: no other limiter has this name
     */
    static RateLimiter of(Optional<Valkey> valkey, String kind, int amount, Duration window) {
        LocalRateLimiter local = new LocalRateLimiter(amount, window);
        return valkey.<RateLimiter>map(shared -> new SharedRateLimiter(local, shared, kind, amount, window))
                .orElse(local);
    }

    /** Counts one use; zero when it is allowed, else how long to wait. */
    Duration take(String who);

    /** Asks for a permit for something of which only the end tells whether it counts. */
    Permit begin(String who);

    /** The permit for one use, which may be refused. */
    interface Permit {

        /** Zero when it is allowed, else how long to wait; then nothing has to be ended. */
        Duration retryAfter();

        /** It has ended, and counts or not. */
        void end(boolean counts);
    }
}
