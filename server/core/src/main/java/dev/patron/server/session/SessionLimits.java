package dev.patron.server.session;

import dev.patron.server.options.Options;
import java.time.Duration;
import java.time.Instant;

/**
 * When a session ends by itself.
 *
 * @param idle it ends when it was not seen for so long
 * @param absolute it ends when it began so long ago
 */
public record SessionLimits(Duration idle, Duration absolute) {

    /** The limits that the operator has set. */
    public static SessionLimits of(Options options) {
        return new SessionLimits(options.get(Options.SESSION_IDLE_LIMIT), options.get(Options.SESSION_ABSOLUTE_LIMIT));
    }

    /** Whether a session has ended by itself. */
    public boolean ended(Instant beganAt, Instant lastSeenAt, Instant now) {
        return !now.isBefore(lastSeenAt.plus(idle)) || !now.isBefore(beganAt.plus(absolute));
    }
}
