package dev.patron.server.session;

import dev.patron.server.secret.SecretHash;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.valkey.Valkey;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.SetArgs;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What Valkey has of sessions: each under a key of its own, which lives as long as the session may, and in two lists by when
 * they began, its customer's and its store's. Whether one of them has ended all the same is not known here. Every method
 * throws {@link StorageUnavailableException} when a server does not answer in time. Thread-safe.
 */
final class ValkeySessionStore {

    /** So many are asked for at once. */
    static final int BATCH = 500;

    private final Valkey valkey;
    private final SessionKeys keys;
    private final SessionLimits limits;

    ValkeySessionStore(Valkey valkey, SessionLimits limits) {
        this.valkey = valkey;
        this.keys = new SessionKeys(valkey);
        this.limits = limits;
    }

    /** A session as a list has it. */
    record Entry(long key, long beganAt) {

        private static Entry of(ScoredValue<byte[]> scored) {
            return new Entry(SessionKeys.sessionKey(scored.getValue()), (long) scored.getScore());
        }

        boolean isAfter(StoreSession.Cursor cursor) {
            return beganAt < ValkeySession.micros(cursor.beganAt()) || key < cursor.key();
        }
    }

    /**
     * Puts a session on its customer's list, which has to be done before it is there: one that stands on none could not be
     * found, to be ended.
     *
     * @return the customer's oldest sessions, as many as there are more than {@link Sessions#MOST_PER_CUSTOMER}
     */
    List<Long> list(long sessionKey, ValkeySession begun, Instant now) {
        String list = keys.customer(begun.customerKey());
        return sessionKeys(valkey.ask(list, commands -> {
            RedisFuture<Long> trimmed = commands.zremrangebyscore(list, over(now));
            RedisFuture<Long> added = commands.zadd(list, (double) begun.beganAt(), SessionKeys.member(sessionKey));
            RedisFuture<Boolean> kept = commands.pexpire(list, limits.absolute());
            return commands.zrange(list, 0, -Sessions.MOST_PER_CUSTOMER - 1)
                    .thenCombine(trimmed, (oldest, _) -> oldest)
                    .thenCombine(added, (oldest, _) -> oldest)
                    .thenCombine(kept, (oldest, _) -> oldest);
        }));
    }

    /** Puts a session on its store's list. */
    void listAtStore(long sessionKey, ValkeySession begun) {
        String list = keys.store(begun.storeHash());
        valkey.ask(list, commands -> commands.zadd(list, (double) begun.beganAt(), SessionKeys.member(sessionKey)));
    }

    /** Puts a session there. */
    void put(long sessionKey, ValkeySession begun, Instant now) {
        String key = keys.session(sessionKey);
        valkey.ask(key, commands -> commands.set(key, begun.write(), SetArgs.Builder.px(begun.rest(limits, now))));
    }

    /** The session with this id. */
    Optional<ValkeySession> read(SecretHash id) {
        String key = keys.session(id.key());
        return ValkeySession.read(valkey.ask(key, commands -> commands.get(key)))
                .filter(session -> session.is(id));
    }

    /** The sessions with these keys. */
    Map<Long, ValkeySession> read(Collection<Long> sessionKeys) {
        List<Long> asked = List.copyOf(sessionKeys);
        List<byte[]> values =
                valkey.askEach(asked.stream().map(keys::session).toList(), (commands, key) -> commands.get(key));
        Map<Long, ValkeySession> found = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            long sessionKey = asked.get(i);
            ValkeySession.read(values.get(i)).ifPresent(session -> found.put(sessionKey, session));
        }
        return found;
    }

    /** Notes when sessions were last seen, unless they have ended. */
    void see(Map<SecretHash, Instant> sightings, Instant now) {
        List<SecretHash> ids = List.copyOf(sightings.keySet());
        for (int from = 0; from < ids.size(); from += BATCH) {
            see(ids.subList(from, Math.min(from + BATCH, ids.size())), sightings, now);
        }
    }

    private void see(List<SecretHash> ids, Map<SecretHash, Instant> sightings, Instant now) {
        Map<Long, ValkeySession> found = read(ids.stream().map(SecretHash::key).toList());
        Map<String, ValkeySession> seen = new HashMap<>();
        for (SecretHash id : ids) {
            ValkeySession session = found.get(id.key());
            if (session != null && session.is(id)) {
                seen.put(keys.session(id.key()), session.seen(Objects.requireNonNull(sightings.get(id))));
            }
        }
        valkey.askEach(List.copyOf(seen.keySet()), (commands, key) -> {
            ValkeySession session = Objects.requireNonNull(seen.get(key));
            return commands.set(key, session.write(), SetArgs.Builder.xx().px(session.rest(limits, now)));
        });
    }

    /** Takes sessions of one customer out, and off both lists. */
    void remove(long customerKey, String storeHash, Collection<Long> sessionKeys) {
        if (sessionKeys.isEmpty()) {
            return;
        }
        byte[][] members = members(sessionKeys);
        valkey.askEach(sessionKeys.stream().map(keys::session).toList(), (commands, key) -> commands.del(key));
        valkey.askEach(
                List.of(keys.customer(customerKey), keys.store(storeHash)),
                (commands, list) -> commands.zrem(list, members));
    }

    /** A customer's newest sessions, the newest first. */
    List<Long> newest(long customerKey, int atMost) {
        String list = keys.customer(customerKey);
        return sessionKeys(valkey.ask(list, commands -> commands.zrevrange(list, 0, atMost - 1)));
    }

    /** How many entries a store's list has. */
    long count(String storeHash) {
        String list = keys.store(storeHash);
        return valkey.ask(list, commands -> commands.zcard(list));
    }

    /** The list of a store's sessions, or of a customer's. */
    Listing ofStore(String storeHash) {
        return new Listing(keys.store(storeHash));
    }

    /** The list of a customer's sessions. */
    Listing ofCustomer(long customerKey) {
        return new Listing(keys.customer(customerKey));
    }

    /** A list, to be gone through in batches. */
    final class Listing {

        private final String list;

        private Listing(String list) {
            this.list = list;
        }

        /** A batch of those that began at a moment or before, the newest first, after some of them. */
        List<Entry> newest(Instant from, long skipped) {
            Range<Long> range = Range.create(0L, ValkeySession.micros(from));
            return valkey
                    .ask(
                            list,
                            commands -> commands.zrevrangebyscoreWithScores(list, range, Limit.create(skipped, BATCH)))
                    .stream()
                    .map(Entry::of)
                    .toList();
        }

        /** A batch from a place on, the oldest first. */
        List<Entry> oldest(long from) {
            return valkey.ask(list, commands -> commands.zrangeWithScores(list, from, from + BATCH - 1)).stream()
                    .map(Entry::of)
                    .toList();
        }

        /** Takes sessions off the list. */
        void remove(List<Entry> entries) {
            if (!entries.isEmpty()) {
                byte[][] members = members(entries.stream().map(Entry::key).toList());
                valkey.ask(list, commands -> commands.zrem(list, members));
            }
        }

        /** Takes those off the list that began too long ago to live, and says how many. */
        int trim(Instant now) {
            return valkey.ask(list, commands -> commands.zremrangebyscore(list, over(now)))
                    .intValue();
        }
    }

    private Range<Long> over(Instant now) {
        return Range.create(0L, ValkeySession.micros(now.minus(limits.absolute())));
    }

    private static byte[][] members(Collection<Long> sessionKeys) {
        return sessionKeys.stream().map(SessionKeys::member).toArray(byte[][]::new);
    }

    private static List<Long> sessionKeys(List<byte[]> members) {
        return members.stream().map(SessionKeys::sessionKey).toList();
    }
}
