package dev.patron.server.session;

import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.sql.Database;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.valkey.Valkey;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.SetArgs;
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
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Sessions in Valkey or Redis, each under a key of its own that lives as long as the session may, and in an index of its
 * customer's and its store's. Who ends a session writes so to the database first, and what the database says has ended is
 * over whatever Valkey says: so a server that lost its latest writes brings no session back. What it can lose is sessions,
 * whose customers sign in again.
 */
public final class ValkeySessions implements Sessions {

    private static final int LISTED = 50;
    private static final int BATCH = 500;

    /** Entries of a store's index that a sweep looks at. */
    private static final int SWEPT = 20_000;

    /** After this time a session has begun, if it ever will. */
    private static final Duration SETTLED = Duration.ofMinutes(2);

    /** That a session has ended is remembered for longer than it could live, by however much clocks may differ. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private final Valkey valkey;
    private final Database database;
    private final SessionLimits limits;
    private final InstantSource clock;
    private final SessionKeys keys;
    private final Map<String, Long> sweptTo = new ConcurrentHashMap<>();

    ValkeySessions(Valkey valkey, Database database, SessionLimits limits, InstantSource clock) {
        this.valkey = valkey;
        this.database = database;
        this.limits = limits;
        this.clock = clock;
        this.keys = new SessionKeys(valkey);
    }

    private record Owner(boolean https, String storeHash, long generation) {}

    @Override
    public BearerSecret begin(Handle transaction, long customerKey, SessionOrigin origin) {
        Owner owner = transaction
                .createQuery("select s.https, c.store_hash, c.session_generation from customer c"
                        + " join store s on s.store_hash = c.store_hash where c.customer_key = ?")
                .bind(0, customerKey)
                .map((row, _) -> new Owner(
                        row.getBoolean("https"), row.getString("store_hash"), row.getLong("session_generation")))
                .one();
        BearerSecret id = SessionCookie.create(owner.https());
        Instant now = clock.instant();
        KeptSession begun =
                KeptSession.begun(id.hash(), customerKey, owner.generation(), owner.storeHash(), origin, now);
        endOldest(transaction, customerKey, now);
        transaction.afterRollback(() -> forget(Map.of(id.hash().key(), begun)));
        // The indexes first: a session that stands in none could not be found, to be ended.
        byte[] member = SessionKeys.member(id.hash().key());
        String index = keys.customer(customerKey);
        valkey.ask(index, commands -> commands.zadd(index, (double) begun.beganAt(), member));
        valkey.ask(index, commands -> commands.pexpire(index, limits.absolute()));
        listAtStore(begun, member);
        String key = keys.session(id.hash().key());
        valkey.ask(key, commands -> commands.set(key, begun.write(), SetArgs.Builder.px(begun.rest(limits, now))));
        return id;
    }

    /** One server has the list of a whole store: that it is away must not keep the store's customers out. */
    private void listAtStore(KeptSession begun, byte[] member) {
        String index = keys.store(begun.storeHash());
        try {
            valkey.ask(index, commands -> commands.zadd(index, (double) begun.beganAt(), member));
        } catch (StorageUnavailableException away) {
            // Whoever looks through the store's sessions misses it; it ends with the customer's others.
        }
    }

    private void endOldest(Handle transaction, long customerKey, Instant now) {
        String index = keys.customer(customerKey);
        Range<Long> over = Range.create(0L, KeptSession.micros(now.minus(limits.absolute())));
        valkey.ask(index, commands -> commands.zremrangebyscore(index, over));
        List<byte[]> oldest = valkey.ask(index, commands -> commands.zrange(index, 0, -MOST_PER_CUSTOMER));
        if (!oldest.isEmpty()) {
            List<Long> sessionKeys =
                    oldest.stream().map(SessionKeys::sessionKey).toList();
            remember(transaction, sessionKeys);
            transaction.afterCommit(() -> forget(read(sessionKeys)));
        }
    }

    /**
     * What Valkey says of a session; whether it has ended nevertheless, is for the database to say.
     *
     * @return empty when there is none with this id
     */
    public Optional<Found> read(SecretHash id) {
        String key = keys.session(id.key());
        return KeptSession.read(valkey.ask(key, commands -> commands.get(key)))
                .filter(session -> session.is(id))
                .map(session ->
                        new Found(session.customerKey(), session.generation(), session.began(), session.lastSeen()));
    }

    /**
     * A session that may have ended.
     *
     * @param generation if the customer has a later one, the session has ended
     */
    public record Found(long customerKey, long generation, Instant beganAt, Instant lastSeenAt) {}

    @Override
    public Optional<Session> find(String storeHash, BearerSecret id) {
        SecretHash hash = id.hash();
        String key = keys.session(hash.key());
        return KeptSession.read(valkey.ask(key, commands -> commands.get(key)))
                .filter(session -> session.is(hash) && session.storeHash().equals(storeHash))
                .filter(session -> !alive(Map.of(hash.key(), session)).isEmpty())
                .map(session -> session(session, true));
    }

    @Override
    public List<Session> list(long customerKey, BearerSecret current) {
        String index = keys.customer(customerKey);
        List<Long> newest = sessionKeys(valkey.ask(index, commands -> commands.zrevrange(index, 0, LISTED - 1)));
        Map<Long, KeptSession> alive = alive(read(newest));
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
        Optional<String> index = index(storeHash, customerId);
        if (index.isEmpty()) {
            return List.of();
        }
        List<StoreSession> found = new ArrayList<>();
        Walk walk = new Walk(index.get(), after.beganAt());
        while (found.size() < atMost && walk.hasNext()) {
            Map<Long, KeptSession> alive = walk.next();
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

    private Optional<String> index(String storeHash, OptionalLong customerId) {
        if (customerId.isEmpty()) {
            return Optional.of(keys.store(storeHash));
        }
        return database.with(handle -> handle.createQuery(
                                "select customer_key from customer where store_hash = ? and customer_id = ?")
                        .bind(0, storeHash)
                        .bind(1, customerId.getAsLong())
                        .mapTo(Long.class)
                        .findOne())
                .map(keys::customer);
    }

    private record Name(long customerId, String email, String name) {}

    private List<StoreSession> named(List<Long> sessionKeys, Map<Long, KeptSession> sessions) {
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
            KeptSession session = Objects.requireNonNull(sessions.get(key));
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
        Walk walk = new Walk(keys.store(storeHash), clock.instant());
        int count = 0;
        while (count < atMost && walk.hasNext()) {
            count += walk.next().size();
        }
        return Math.min(count, atMost);
    }

    @Override
    public boolean end(String storeHash, long sessionKey) {
        Map<Long, KeptSession> found = alive(read(List.of(sessionKey)));
        found.values().removeIf(session -> !session.storeHash().equals(storeHash));
        end(found);
        return !found.isEmpty();
    }

    @Override
    public void end(String storeHash, BearerSecret id) {
        Map<Long, KeptSession> found = read(List.of(id.hash().key()));
        found.values()
                .removeIf(session ->
                        !session.is(id.hash()) || !session.storeHash().equals(storeHash));
        end(found);
    }

    private void end(Map<Long, KeptSession> sessions) {
        if (!sessions.isEmpty()) {
            database.transaction(handle -> {
                remember(handle, sessions.keySet());
                return true;
            });
            forget(sessions);
        }
    }

    @Override
    public void endAll(Handle transaction, long customerKey) {
        transaction.execute(
                "update customer set session_generation = session_generation + 1 where customer_key = ?", customerKey);
        // They are over by that; what follows makes room.
        long generation = transaction
                .createQuery("select session_generation from customer where customer_key = ?")
                .bind(0, customerKey)
                .mapTo(Long.class)
                .findOne()
                .orElse(Long.MAX_VALUE);
        transaction.afterCommit(() -> forgetOlder(customerKey, generation));
    }

    @Override
    public void endAll(long customerKey) {
        database.transaction(handle -> {
            endAll(handle, customerKey);
            return true;
        });
    }

    @Override
    public long count() {
        return database
                .with(handle -> handle.createQuery("select store_hash from store")
                        .mapTo(String.class)
                        .list())
                .stream()
                .map(keys::store)
                .mapToLong(index -> valkey.ask(index, commands -> commands.zcard(index)))
                .sum();
    }

    @Override
    public int sweep() {
        Instant now = clock.instant();
        database.patiently(
                handle -> handle.execute("delete from ended_session where forget_at <= ?", Database.moment(now)));
        List<String> stores = database.with(handle -> handle.createQuery("select store_hash from store")
                .mapTo(String.class)
                .list());
        return stores.stream()
                .map(keys::store)
                .mapToInt(index -> sweep(index, now))
                .sum();
    }

    /** The index has no time of its own: entries of sessions that were not seen for too long are looked for in turns. */
    private int sweep(String index, Instant now) {
        Range<Long> over = Range.create(0L, KeptSession.micros(now.minus(limits.absolute())));
        int removed = valkey.ask(index, commands -> commands.zremrangebyscore(index, over))
                .intValue();
        long from = sweptTo.getOrDefault(index, 0L);
        long at = from;
        while (at < from + SWEPT) {
            long start = at;
            List<Entry> batch =
                    entries(valkey.ask(index, commands -> commands.zrangeWithScores(index, start, start + BATCH - 1)));
            if (batch.isEmpty()) {
                sweptTo.put(index, 0L);
                return removed;
            }
            int gone = removeOver(index, batch, alive(read(keysOf(batch))).keySet());
            removed += gone;
            at += batch.size() - gone;
        }
        sweptTo.put(index, at);
        return removed;
    }

    @Override
    public void seen(Map<SecretHash, Instant> sightings) {
        Map<Long, KeptSession> found =
                read(sightings.keySet().stream().map(SecretHash::key).toList());
        Map<String, KeptSession> seen = new HashMap<>();
        sightings.forEach((id, at) -> {
            KeptSession session = found.get(id.key());
            if (session != null && session.is(id)) {
                seen.put(keys.session(id.key()), session.seen(at));
            }
        });
        // Only where the key is still there: a session that ended meanwhile stays ended.
        Instant now = clock.instant();
        valkey.askEach(List.copyOf(seen.keySet()), (commands, key) -> {
            KeptSession session = Objects.requireNonNull(seen.get(key));
            return commands.set(key, session.write(), SetArgs.Builder.xx().px(session.rest(limits, now)));
        });
    }

    /** What Valkey has under these keys. */
    private Map<Long, KeptSession> read(Collection<Long> sessionKeys) {
        List<Long> asked = List.copyOf(sessionKeys);
        List<byte[]> values =
                valkey.askEach(asked.stream().map(keys::session).toList(), (commands, key) -> commands.get(key));
        Map<Long, KeptSession> found = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            long sessionKey = asked.get(i);
            KeptSession.read(values.get(i)).ifPresent(session -> found.put(sessionKey, session));
        }
        return found;
    }

    /** Those of the sessions that have not ended, neither by themselves nor by what the database says. */
    private Map<Long, KeptSession> alive(Map<Long, KeptSession> sessions) {
        Instant now = clock.instant();
        Map<Long, KeptSession> alive = new HashMap<>(sessions);
        alive.values().removeIf(session -> limits.ended(session.began(), session.lastSeen(), now));
        if (alive.isEmpty()) {
            return alive;
        }
        Set<Long> customers =
                alive.values().stream().map(KeptSession::customerKey).collect(Collectors.toSet());
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

    /** Writes to the database that sessions have ended. */
    private void remember(Handle transaction, Collection<Long> sessionKeys) {
        Instant forgetAt = clock.instant().plus(limits.absolute()).plus(MARGIN);
        for (long sessionKey : sessionKeys) {
            transaction.execute(
                    "insert into ended_session (session_key, forget_at) values (?, ?) on conflict do nothing",
                    sessionKey,
                    Database.moment(forgetAt));
        }
    }

    /** Takes sessions that are over out of Valkey. They are over, even where that cannot be done now. */
    private void forget(Map<Long, KeptSession> sessions) {
        try {
            valkey.askEach(
                    sessions.keySet().stream().map(keys::session).toList(), (commands, key) -> commands.del(key));
            sessions.forEach((sessionKey, session) -> {
                byte[] member = SessionKeys.member(sessionKey);
                valkey.askEach(
                        List.of(keys.customer(session.customerKey()), keys.store(session.storeHash())),
                        (commands, index) -> commands.zrem(index, member));
            });
        } catch (StorageUnavailableException later) {
            // They go when their time is over.
        }
    }

    private void forgetOlder(long customerKey, long generation) {
        try {
            String index = keys.customer(customerKey);
            Map<Long, KeptSession> older =
                    read(sessionKeys(valkey.ask(index, commands -> commands.zrange(index, 0, -1))));
            older.values().removeIf(session -> session.generation() >= generation);
            forget(older);
        } catch (StorageUnavailableException later) {
            // They go when their time is over.
        }
    }

    /** Takes sessions that are over out of an index, but for those that may just be beginning. */
    private int removeOver(String index, List<Entry> listed, Set<Long> alive) {
        long settled = KeptSession.micros(clock.instant().minus(SETTLED));
        byte[][] over = listed.stream()
                .filter(entry -> entry.beganAt() < settled && !alive.contains(entry.key()))
                .map(entry -> SessionKeys.member(entry.key()))
                .toArray(byte[][]::new);
        if (over.length > 0) {
            valkey.ask(index, commands -> commands.zrem(index, over));
        }
        return over.length;
    }

    private static Session session(KeptSession session, boolean current) {
        return new Session(session.customerKey(), session.began(), session.lastSeen(), current);
    }

    private static List<Long> sessionKeys(List<byte[]> members) {
        return members.stream().map(SessionKeys::sessionKey).toList();
    }

    /** A session as an index lists it. */
    private record Entry(long key, long beganAt) {

        boolean isAfter(StoreSession.Cursor cursor) {
            return beganAt < KeptSession.micros(cursor.beganAt()) || key < cursor.key();
        }
    }

    private static List<Entry> entries(List<ScoredValue<byte[]>> scored) {
        return scored.stream()
                .map(entry -> new Entry(SessionKeys.sessionKey(entry.getValue()), (long) entry.getScore()))
                .toList();
    }

    private static List<Long> keysOf(List<Entry> entries) {
        return entries.stream().map(Entry::key).toList();
    }

    /** Goes through an index from a moment on back, the newest session first, and takes out what it finds to be over. */
    private final class Walk {

        private final String index;
        private final Range<Long> range;
        private long offset;
        private List<Entry> batch = List.of();

        Walk(String index, Instant from) {
            this.index = index;
            this.range = Range.create(0L, KeptSession.micros(from));
        }

        boolean hasNext() {
            batch = entries(valkey.ask(
                    index, commands -> commands.zrevrangebyscoreWithScores(index, range, Limit.create(offset, BATCH))));
            return !batch.isEmpty();
        }

        /** Those of the next sessions that are not over. */
        Map<Long, KeptSession> next() {
            Map<Long, KeptSession> alive = alive(read(keysOf(batch)));
            offset += batch.size() - removeOver(index, batch, alive.keySet());
            return alive;
        }

        /** The same and those that are over, in order. */
        List<Entry> batch() {
            return batch;
        }
    }
}
