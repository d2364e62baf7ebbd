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

    /** A new one, which nobody has yet. */
    static long create() {
        long generation;
        do {
            generation = RANDOM.nextLong();
        } while (generation == NONE);
        return generation;
    }

    /** Gives the customer a new one. */
    static long renew(Handle transaction, long customerKey) {
        long generation = create();
        set(transaction, customerKey, generation);
        return generation;
    }

    /** Gives the customer one that was made before. */
    static void set(Handle transaction, long customerKey, long generation) {
        transaction.execute(
                "update customer set session_generation = ? where customer_key = ?", generation, customerKey);
    }

    /** The one that the customer has, whose row stays locked until the transaction ends. */
    static long lock(Handle transaction, long customerKey) {
        return transaction
                .createQuery("select session_generation from customer where customer_key = ? for update")
                .bind(0, customerKey)
                .mapTo(Long.class)
                .findOne()
                .orElse(NONE);
    }
}
