package dev.patron.spring;

import java.time.Instant;

/**
 * A session of the app's own, of a customer who was verified. Whoever has its id is that customer until it ends.
 *
 * @param id opaque; send it to the browser and nowhere else
 * @param endsAt from when on it is over
 */
public record CustomerSession(String id, Instant endsAt) {

    /** Without the id. */
    @Override
    public String toString() {
        return "CustomerSession[endsAt=" + endsAt + "]";
    }
}
