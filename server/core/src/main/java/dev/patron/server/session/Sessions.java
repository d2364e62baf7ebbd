package dev.patron.server.session;

import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.sql.Database;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.valkey.Valkey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jdbi.v3.core.Handle;

/**
 * Sessions of signed-in customers, wherever they are kept. A session that has ended does not come back. Every method throws
 * {@link StorageUnavailableException} when what keeps them does not answer in time. Thread-safe.
 */
public sealed interface Sessions permits DatabaseSessions, ValkeySessions {

    /** More sessions at once are nobody's browsers. */
    int MOST_PER_CUSTOMER = 1000;

    /** Sessions that are kept in Valkey where there is one, else in the database. */
    static Sessions of(Database database, Optional<Valkey> valkey, SessionLimits limits, InstantSource clock) {
        DatabaseSessions rows = new DatabaseSessions(database, limits, clock);
        return valkey.<Sessions>map(found -> new ValkeySessions(found, rows, database, limits, clock))
                .orElse(rows);
    }

    /** How issuing looks a session up, together with its customer and the app. */
    SessionLookUp lookUp();

    /** What is done in a transaction in which a session may begin. */
    @FunctionalInterface
    interface Beginning<T> {
        /**
         * Does it. It may be done again from the start when the customer's sessions were ended meanwhile.
         *
         * @param begin begins the session, and tells its id; to be called once at most, when the customer was found in order
         *     and their row is locked by this transaction
         */
        T in(Handle transaction, Supplier<BearerSecret> begin);
    }

    /** What was made with its first session. */
    record First<T>(T made, BearerSecret session) {}

    /**
     * Runs a transaction in which a session of a customer may begin, under a new id; their oldest ones beyond 1000 end. What
     * keeps sessions outside of the database is asked before and after the transaction: when it is away, nothing is done.
     *
     * @param origin where from; it is kept as long as the session
     */
    <T> T beginning(long customerKey, SessionOrigin origin, Beginning<T> work);

    /** The same, and with the session that begins all others of the customer end. */
    <T> T renewing(long customerKey, SessionOrigin origin, Beginning<T> work);

    /**
     * Makes a customer in a transaction, and begins their first session. When what keeps sessions goes away right after the
     * transaction, there is the customer, without a session.
     *
     * @param key tells the customer's key
     */
    <T> First<T> beginFirst(SessionOrigin origin, Function<Handle, T> creation, ToLongFunction<T> key);

    /** The session with this id, if it has not ended and its customer is one of this store. */
    Optional<Session> find(String storeHash, BearerSecret id);

    /** The customer's newest sessions that have not ended, 50 at most, the newest first. */
    List<Session> list(long customerKey, BearerSecret current);

    /**
     * A page of the sessions of a store's customers that have not ended, the newest first.
     *
     * @param customerId whose sessions, or empty for everybody's
     * @param after where the page before it ended
     */
    List<StoreSession> ofStore(String storeHash, OptionalLong customerId, StoreSession.Cursor after, int atMost);

    /** How many sessions of a store's customers have not ended; no more than so many are counted. */
    int count(String storeHash, int atMost);

    /**
     * Ends a session that {@link #ofStore} has shown, if its customer is one of this store.
     *
     * @return whether there was such a session
     */
    boolean end(String storeHash, long sessionKey);

    /** Ends a session, if its customer is one of this store. Ending one that has ended changes nothing. */
    void end(String storeHash, BearerSecret id);

    /** Ends every session of a customer, wherever it is kept, as part of the transaction that gives the reason. */
    void endAll(Handle transaction, long customerKey);

    /** How many there are, on all stores; those that have ended by themselves are counted until they are swept. */
    long count();

    /** Removes what is left of sessions that have ended by themselves, and says of how many. */
    int sweep();

    /** Notes when sessions were last seen. One that has ended stays ended. */
    void seen(Map<SecretHash, Instant> sightings);
}
