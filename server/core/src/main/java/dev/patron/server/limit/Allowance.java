package dev.patron.server.limit;

import dev.patron.server.valkey.Valkey;
import java.time.Duration;
import java.util.Optional;

/**
 * So many of something within a window, for each of those that do it; what was used comes back evenly over the window.
 * Thread-safe.
 */
public sealed interface Allowance permits LocalAllowance, SharedAllowance {

    /**
     * An allowance that each node has of its own and, where there is a Valkey, all nodes together: what is used up at one is
     * used up at all. While Valkey is away, a node's own counts alone.
     *
     * @param kind what it is for, such as {@code customer-address}: no other allowance is called so
     */
    static Allowance of(Optional<Valkey> valkey, String kind, int amount, Duration window) {
        LocalAllowance local = new LocalAllowance(amount, window);
        return valkey.<Allowance>map(shared -> new SharedAllowance(local, shared, kind, amount, window))
                .orElse(local);
    }

    /** Takes one of what somebody may do; zero when it may be done, else how long to wait. */
    Duration take(String who);

    /** Asks whether something may be done of which only its end tells whether it counts. */
    Turn begin(String who);

    /** Something that may be going on. */
    interface Turn {

        /** Zero when it may go on, else how long to wait: then it is over already. */
        Duration toWait();

        /** It has ended, and counts or not. */
        void end(boolean counts);
    }
}
