package dev.patron.server.session;

import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.session.ValkeySessionStore.Entry;
import dev.patron.server.session.ValkeySessionStore.Listing;
import dev.patron.server.sql.Database;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.valkey.Valkey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Sessions in Valkey or Redis. Who ends a session writes so to the database first, and what the database says has ended is
 * over whatever Valkey says: so a server that lost its latest writes brings no session back. What it can lose is sessions,
 * whose customers sign in again. Valkey is asked before and after a transaction, never within: a session is put there with
 * the generation that its customer has, and begins when the transaction finds the same one.
 */
public final class ValkeySessions implements Sessions {

    private static final int LISTED = 50;

    /** Entries of a store's list that a sweep looks at. */
    private static final int SWEPT = 20_000;

    /** How many endings are forgotten in one transaction. */
    private static final int STEP = 1_000;

    /** How often a session is prepared while others end all of its customer's. */
    private static final int ATTEMPTS = 5;

    /** After this time a session has begun, if it ever will. */
    private static final Duration SETTLED = Duration.ofMinutes(2);

    /** That a session has ended is remembered for longer than it could live, by however much clocks may differ. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private final ValkeySessionStore sessions;
    private final DatabaseSessions rows;
    private final Database database;
    private final SessionLimits limits;
    private final InstantSource clock;
    private final Map<String, Long> sweptTo = new ConcurrentHashMap<>();

    /**
     * Sessions in Valkey.
     *
     * @param rows sessions of a time without Valkey, which are over here, but not for good
     */
    ValkeySessions(Valkey valkey, DatabaseSessions rows, Database database, SessionLimits limits, InstantSource clock) {
        this.sessions = new ValkeySessionStore(valkey, limits);
        this.rows = rows;
        this.database = database;
        this.limits = limits;
        this.clock = clock;
    }

    private record Owner(boolean https, String storeHash, long generation) {}

    /**
     * A session that is in Valkey before the transaction that lets it begin. Nobody knows its id yet.
     *
     * @param expected the generation that the customer had then
     * @param oldest the customer's oldest sessions, as many as there are too many
     */
    private record Prepared(BearerSecret id, ValkeySession session, long expected, List<Long> oldest) {
        long key() {
            return id.hash().key();
        }
    }

    /** The customer's sessions were ended since the session was prepared. */
    private static final class GenerationChangedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public <T> T beginning(long customerKey, SessionOrigin origin, Beginning<T> work) {
        return run(customerKey, origin, false, work);
    }

    @Override
    public <T> T renewing(long customerKey, SessionOrigin origin, Beginning<T> work) {
        return run(customerKey, origin, true, work);
    }

    private <T> T run(long customerKey, SessionOrigin origin, boolean renewing, Beginning<T> work) {
        for (int attempt = 1; ; attempt++) {
            Optional<Prepared> prepared = prepare(customerKey, origin, renewing);
            if (prepared.isEmpty()) {
                return database.transaction(handle -> work.in(handle, () -> {
                    throw new IllegalStateException("There is no such customer");
                }));
            }
            try {
                return run(prepared.get(), renewing, work);
            } catch (GenerationChangedException changed) {
                if (attempt == ATTEMPTS) {
                    throw new StorageUnavailableException(changed);
                }
            }
        }
    }

    private <T> T run(Prepared prepared, boolean renewing, Beginning<T> work) {
        AtomicBoolean begun = new AtomicBoolean();
        boolean committed = false;
        try {
            T result = database.transaction(handle -> work.in(handle, () -> {
                begin(handle, prepared, renewing);
                begun.set(true);
                return prepared.id();
            }));
            committed = true;
            if (begun.get()) {
                settle(prepared);
            }
            return result;
        } finally {
            if (!committed || !begun.get()) {
                discard(prepared);
            }
        }
    }

    /** Lets a prepared session begin, unless the customer's sessions were ended since. */
    private void begin(Handle transaction, Prepared prepared, boolean renewing) {
        long customerKey = prepared.session().customerKey();
        long current = SessionGeneration.lock(transaction, customerKey);
        if (renewing) {
            rows.endAll(transaction, customerKey);
            Database.afterTransaction(() -> removeAll(customerKey, current));
        } else if (current != prepared.expected()) {
            throw new GenerationChangedException();
        }
        if (current != prepared.session().generation()) {
            SessionGeneration.set(transaction, customerKey, prepared.session().generation());
        }
    }

    @Override
    public <T> First<T> beginFirst(SessionOrigin origin, Function<Handle, T> creation, ToLongFunction<T> key) {
        // So that nobody is made while Valkey is away.
        var _ = sessions.read(BearerSecret.create().hash());
        record Made<T>(T made, long key, Owner owner) {}
        Made<T> made = database.transaction(handle -> {
            T customer = creation.apply(handle);
            long customerKey = key.applyAsLong(customer);
            SessionGeneration.renew(handle, customerKey);
            return new Made<>(customer, customerKey, owner(handle, customerKey).orElseThrow());
        });
        Prepared prepared = put(made.key(), made.owner(), made.owner().generation(), origin);
        settle(prepared);
        return new First<>(made.made(), prepared.id());
    }

    private Optional<Prepared> prepare(long customerKey, SessionOrigin origin, boolean renewing) {
        return database.with(handle -> owner(handle, customerKey)).map(owner -> {
            boolean fresh = renewing || owner.generation() == SessionGeneration.NONE;
            return put(customerKey, owner, fresh ? SessionGeneration.create() : owner.generation(), origin);
        });
    }

    private static Optional<Owner> owner(Handle handle, long customerKey) {
        return handle.createQuery("select s.https, c.store_hash, c.session_generation from customer c"
                        + " join store s on s.store_hash = c.store_hash where c.customer_key = ?")
                .bind(0, customerKey)
                .map((row, _) -> new Owner(
                        row.getBoolean("https"), row.getString("store_hash"), row.getLong("session_generation")))
                .findOne();
    }

    private Prepared put(long customerKey, Owner owner, long generation, SessionOrigin origin) {
        BearerSecret id = SessionCookie.create(owner.https());
        Instant now = clock.instant();
        ValkeySession session = ValkeySession.begun(id.hash(), customerKey, generation, owner.storeHash(), origin, now);
        Prepared prepared = new Prepared(
                id, session, owner.generation(), sessions.list(id.hash().key(), session, now));
        boolean there = false;
        try {
            sessions.put(prepared.key(), session, now);
            there = true;
            return prepared;
        } finally {
            if (!there) {
                discard(prepared);
            }
        }
    }

    private void discard(Prepared prepared) {
        remove(prepared.session().customerKey(), prepared.session().storeHash(), List.of(prepared.key()));
    }

    /** Does what can wait until a session has begun, and is done by the next one if it cannot be done now. */
    private void settle(Prepared begun) {
        ValkeySession session = begun.session();
        listAtStore(begun.key(), session);
        try {
            if (!begun.oldest().isEmpty()) {
                database.transaction(handle -> {
                    remember(handle, begun.oldest());
                    return true;
                });
            }
        } catch (StorageUnavailableException later) {
            return;
        }
        remove(session.customerKey(), session.storeHash(), begun.oldest());
    }

    /** One server has the list of a whole store: that it is away must not keep the store's customers out. */
    private void listAtStore(long key, ValkeySession begun) {
        try {
            sessions.listAtStore(key, begun);
        } catch (StorageUnavailableException away) {
            // Whoever looks through the store's sessions misses it; it ends with the customer's others.
        }
    }

    @Override
    public SessionLookUp lookUp() {
        return new ValkeyLookUp(sessions);
    }

    @Override
    public Optional<Session> find(String storeHash, BearerSecret id) {
        SecretHash hash = id.hash();
        return sessions.read(hash)
                .filter(session -> session.storeHash().equals(storeHash))
                .filter(session -> !alive(Map.of(hash.key(), session)).isEmpty())
                .map(session -> session(session, true));
    }

    @Override
    public List<Session> list(long customerKey, BearerSecret current) {
        List<Long> newest = sessions.newest(customerKey, LISTED);
        Map<Long, ValkeySession> alive = alive(sessions.read(newest));
        return newest.stream()
                .filter(alive::containsKey)
                .map(key -> session(
                        Objects.requireNonNull(alive.get(key)),
                        key == current.hash().key()))
                .toList();
    }

    @Override
    public List<StoreSession> ofStore(
            String storeHash, OptionalLong customerId, StoreSession.Cursor after, int atMost) {
        Optional<Listing> listing = listing(storeHash, customerId);
        if (listing.isEmpty()) {
            return List.of();
        }
        List<StoreSession> found = new ArrayList<>();
        Walk walk = new Walk(listing.get(), after.beganAt());
        while (found.size() < atMost && walk.hasNext()) {
            Map<Long, ValkeySession> alive = walk.next();
            found.addAll(named(
                    walk.batch().stream()
                            .filter(entry -> alive.containsKey(entry.key()) && entry.isAfter(after))
                            .map(Entry::key)
                            .limit((long) atMost - found.size())
                            .toList(),
                    alive));
        }
        return found;
    }

    private Optional<Listing> listing(String storeHash, OptionalLong customerId) {
        if (customerId.isEmpty()) {
            return Optional.of(sessions.ofStore(storeHash));
        }
        return database.with(handle -> handle.createQuery(
                                "select customer_key from customer where store_hash = ? and customer_id = ?")
                        .bind(0, storeHash)
                        .bind(1, customerId.getAsLong())
                        .mapTo(Long.class)
                        .findOne())
                .map(sessions::ofCustomer);
    }

    private record Name(long customerId, String email, String name) {}

    private List<StoreSession> named(List<Long> sessionKeys, Map<Long, ValkeySession> sessions) {
        if (sessionKeys.isEmpty()) {
            return List.of();
        }
        Set<Long> customers = sessionKeys.stream()
                .map(key -> Objects.requireNonNull(sessions.get(key)).customerKey())
                .collect(Collectors.toSet());
        Map<Long, Name> names = new HashMap<>();
        database.with(handle -> handle
                .createQuery("select customer_key, customer_id, email, first_name, last_name"
                        + " from customer where customer_key in (<keys>)")
                .bindList("keys", customers)
                .map((row, _) -> names.put(
                        row.getLong("customer_key"),
                        new Name(
                                row.getLong("customer_id"),
                                row.getString("email"),
                                row.getString("first_name") + " " + row.getString("last_name"))))
                .stream()
                .count());
        List<StoreSession> named = new ArrayList<>();
        for (long key : sessionKeys) {
            ValkeySession session = Objects.requireNonNull(sessions.get(key));
            Name name = names.get(session.customerKey());
            if (name != null) {
                named.add(new StoreSession(
                        key,
                        name.customerId(),
                        name.email(),
                        name.name(),
                        session.began(),
                        session.lastSeen(),
                        session.address(),
                        session.browser()));
            }
        }
        return named;
    }

    @Override
    public int count(String storeHash, int atMost) {
        Walk walk = new Walk(sessions.ofStore(storeHash), clock.instant());
        int count = 0;
        while (count < atMost && walk.hasNext()) {
            count += walk.next().size();
        }
        return Math.min(count, atMost);
    }

    @Override
    public boolean end(String storeHash, long sessionKey) {
        Map<Long, ValkeySession> found = alive(sessions.read(List.of(sessionKey)));
        found.values().removeIf(session -> !session.storeHash().equals(storeHash));
        found.forEach(this::end);
        return !found.isEmpty();
    }

    @Override
    public void end(String storeHash, BearerSecret id) {
        rows.end(storeHash, id);
        SecretHash hash = id.hash();
        Optional<ValkeySession> found;
        try {
            found = sessions.read(hash);
        } catch (StorageUnavailableException away) {
            // Whether there is such a session cannot be said now. That it has ended can.
            remember(hash.key());
            return;
        }
        found.filter(session -> session.storeHash().equals(storeHash)).ifPresent(session -> end(hash.key(), session));
    }

    private void end(long sessionKey, ValkeySession session) {
        remember(sessionKey);
        remove(session.customerKey(), session.storeHash(), List.of(sessionKey));
    }

    @Override
    public void endAll(Handle transaction, long customerKey) {
        long generation = SessionGeneration.lock(transaction, customerKey);
        rows.endAll(transaction, customerKey);
        // They are over by that; what follows makes room.
        Database.afterTransaction(() -> removeAll(customerKey, generation));
    }

    @Override
    public long count() {
        return stores().stream().mapToLong(sessions::count).sum();
    }

    @Override
    public int sweep() {
        int swept = rows.sweep();
        Instant now = clock.instant();
        forgetEndings(now);
        for (String store : stores()) {
            swept += sweep(store, now);
        }
        return swept;
    }

    private List<String> stores() {
        return database.with(handle -> handle.createQuery("select store_hash from store")
                .mapTo(String.class)
                .list());
    }

    private void forgetEndings(Instant now) {
        int forgotten;
        do {
            forgotten = database.transaction(handle -> handle.execute(
                    "delete from ended_session where session_key in (select session_key from ended_session"
                            + " where forget_at <= ? fetch first " + STEP + " rows only)",
                    Database.moment(now)));
        } while (forgotten == STEP);
    }

    /** The list has no time of its own: entries of sessions that were not seen for too long are looked for in turns. */
    private int sweep(String store, Instant now) {
        Listing listing = sessions.ofStore(store);
        int removed = listing.trim(now);
        long from = sweptTo.getOrDefault(store, 0L);
        long at = from;
        while (at < from + SWEPT) {
            List<Entry> batch = listing.oldest(at);
            if (batch.isEmpty()) {
                sweptTo.put(store, 0L);
                return removed;
            }
            int gone = removeOver(
                    listing, batch, alive(sessions.read(keysOf(batch))).keySet());
            removed += gone;
            at += batch.size() - gone;
        }
        sweptTo.put(store, at);
        return removed;
    }

    @Override
    public void seen(Map<SecretHash, Instant> sightings) {
        sessions.see(sightings, clock.instant());
    }

    /** Those of the sessions that have not ended, neither by themselves nor by what the database says. */
    private Map<Long, ValkeySession> alive(Map<Long, ValkeySession> sessions) {
        Instant now = clock.instant();
        Map<Long, ValkeySession> alive = new HashMap<>(sessions);
        alive.values().removeIf(session -> limits.ended(session.began(), session.lastSeen(), now));
        if (alive.isEmpty()) {
            return alive;
        }
        Set<Long> customers =
                alive.values().stream().map(ValkeySession::customerKey).collect(Collectors.toSet());
        Map<Long, Long> generations = new HashMap<>();
        Set<Long> ended = database.with(handle -> {
            handle.createQuery("select customer_key, session_generation from customer where customer_key in (<keys>)")
                    .bindList("keys", customers)
                    .map((row, _) -> generations.put(row.getLong("customer_key"), row.getLong("session_generation")))
                    .list();
            return new HashSet<>(
                    handle.createQuery("select session_key from ended_session where session_key in (<keys>)")
                            .bindList("keys", alive.keySet())
                            .mapTo(Long.class)
                            .list());
        });
        alive.keySet().removeAll(ended);
        alive.values()
                .removeIf(session -> !Objects.equals(generations.get(session.customerKey()), session.generation()));
        return alive;
    }

    /** Writes to the database that a session has ended. */
    private void remember(long sessionKey) {
        database.transaction(handle -> {
            remember(handle, List.of(sessionKey));
            return true;
        });
    }

    private void remember(Handle transaction, Collection<Long> sessionKeys) {
        if (sessionKeys.isEmpty()) {
            return;
        }
        Instant forgetAt = clock.instant().plus(limits.absolute()).plus(MARGIN);
        PreparedBatch batch = transaction.prepareBatch(
                "insert into ended_session (session_key, forget_at) values (?, ?) on conflict do nothing");
        sessionKeys.forEach(
                key -> batch.bind(0, key).bind(1, Database.moment(forgetAt)).add());
        batch.execute();
    }

    /** Takes sessions that are over out of Valkey. They are over, even where that cannot be done now. */
    private void remove(long customerKey, String storeHash, Collection<Long> sessionKeys) {
        try {
            sessions.remove(customerKey, storeHash, sessionKeys);
        } catch (StorageUnavailableException later) {
            // They go when their time is over.
        }
    }

    private void removeAll(long customerKey, long generation) {
        try {
            Map<Long, ValkeySession> over = sessions.read(sessions.newest(customerKey, MOST_PER_CUSTOMER));
            over.values().removeIf(session -> session.generation() != generation);
            over.values().stream()
                    .map(ValkeySession::storeHash)
                    .distinct()
                    .forEach(store -> remove(customerKey, store, over.keySet()));
        } catch (StorageUnavailableException later) {
            // They go when their time is over.
        }
    }

    /** Takes sessions that are over off a list, but for those that may just be beginning. */
    private int removeOver(Listing listing, List<Entry> listed, Set<Long> alive) {
        long settled = ValkeySession.micros(clock.instant().minus(SETTLED));
        List<Entry> over = listed.stream()
                .filter(entry -> entry.beganAt() < settled && !alive.contains(entry.key()))
                .toList();
        listing.remove(over);
        return over.size();
    }

    private static List<Long> keysOf(List<Entry> entries) {
        return entries.stream().map(Entry::key).toList();
    }

    private static Session session(ValkeySession session, boolean current) {
        return new Session(session.customerKey(), session.began(), session.lastSeen(), current);
    }

    /** Goes through a list from a moment on back, the newest session first, and takes off what it finds to be over. */
    private final class Walk {

        private final Listing listing;
        private final Instant from;
        private long skipped;
        private List<Entry> batch = List.of();

        Walk(Listing listing, Instant from) {
            this.listing = listing;
            this.from = from;
        }

        boolean hasNext() {
            batch = listing.newest(from, skipped);
            return !batch.isEmpty();
        }

        /** Those of the next sessions that are not over. */
        Map<Long, ValkeySession> next() {
            Map<Long, ValkeySession> alive = alive(sessions.read(keysOf(batch)));
            skipped += batch.size() - removeOver(listing, batch, alive.keySet());
            return alive;
        }

        /** The same and those that are over, in order. */
        List<Entry> batch() {
            return batch;
        }
    }
}
