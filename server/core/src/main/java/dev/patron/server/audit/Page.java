package dev.patron.server.audit;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list, the latest first.
 *
 * @param next where the list goes on; empty at its end. A page may have less than was asked for, even nothing, and the
 *     list still go on: looking for one customer, only so much is searched at once
 */
public record Page<T>(List<T> items, Optional<Cursor> next) {

    /** The most that a page has. */
    public static final int MOST = 1000;

    /** Makes the list immutable. */
    public Page {
        items = List.copyOf(items);
    }

    static int checked(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("A page has 1 to " + MOST + " items.");
        }
        return limit;
    }
}
