package dev.patron.server.storage;

import dev.patron.endpoint.UnavailableException;
import dev.patron.server.log.Failures;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Logs why storage is unavailable. An outage fails every request, so its reason is logged at most once in ten seconds.
 * Thread-safe.
 */
public final class OutageLog {

    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final System.Logger LOGGER = System.getLogger(OutageLog.class.getName());

    private final InstantSource clock;
    private final AtomicLong next = new AtomicLong();

    /** A log with nothing in it yet. */
    public OutageLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Logs a reason, unless one was logged just now. */
    public void report(UnavailableException reason) {
        long now = clock.millis();
        long due = next.get();
        if (now >= due && next.compareAndSet(due, now + INTERVAL.toMillis())) {
            LOGGER.log(Level.WARNING, () -> "Storage is unavailable: " + Failures.describe(reason));
        }
    }
}
