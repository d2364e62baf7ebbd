package dev.patron.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that tests set. It stands still otherwise. Thread-safe. */
public final class MutableClock implements InstantSource {

    private Instant now;

    /**
     * A clock that stands at a moment.
     *
     * @param now the moment
     */
    public MutableClock(Instant now) {
        this.now = now;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /**
     * Moves it.
     *
     * @param duration by how much; negative to go back
     */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

    /**
     * Sets it.
     *
     * @param moment to when
     */
    public synchronized void set(Instant moment) {
        now = moment;
    }
}
