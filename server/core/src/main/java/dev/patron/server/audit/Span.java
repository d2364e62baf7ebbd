package dev.patron.server.audit;

import java.time.Duration;
import java.time.Instant;

/**
 * A time to look at.
 *
 * @param from the first moment
 * @param to the first moment that is not part of it any more
 */
public record Span(Instant from, Instant to) {

    /** Before and after anything that a ledger has. */
    public static final Span ALWAYS =
            new Span(Instant.parse("2000-01-01T00:00:00Z"), Instant.parse("9000-01-01T00:00:00Z"));

    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException when it ends before it begins
     */
    public Span {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("A span ends after it begins.");
        }
    }

    /** How long it is. */
    public Duration length() {
        return Duration.between(from, to);
    }

    /** The part of it that is not before a moment. */
    Span notBefore(Instant moment) {
        Instant later = moment.isAfter(from) ? moment : from;
        return new Span(later, later.isAfter(to) ? later : to);
    }

    boolean contains(Instant moment) {
        return !moment.isBefore(from) && moment.isBefore(to);
    }
}
