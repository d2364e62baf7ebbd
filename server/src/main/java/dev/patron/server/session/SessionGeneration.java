package dev.patron.server.session;

import java.security.SecureRandom;
import org.jdbi.v3.core.Handle;

/**
 * A number in a customer's row that the sessions which Valkey keeps for them carry too: with a new one, all of before are over.
 * It is random, so that a database that was restored from a copy does not come to numbers again that it had given out before.
 */
final class SessionGeneration {

    /** What the row of a customer says who has had no session in Valkey yet. */
    static final long NONE = 0;

    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionGeneration() {}

    /** Gives the customer a new one. */
    static long renew(Handle transaction, long customerKey) {
        long generation;
        do {
            generation = RANDOM.nextLong();
        } while (generation == NONE);
        transaction.execute(
                "update customer set session_generation = ? where customer_key = ?", generation, customerKey);
        return generation;
    }
}
