package dev.patron.server.session;

import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Sessions as rows beside their customers. One that has ended is deleted, so nothing can bring it back. */
public final class DatabaseSessions implements Sessions {

    /** How many keys of sessions that are over one look finds: the look reads the whole table. */
    private static final int SWEPT_AT_ONCE = 100_000;

    /** How many of them are removed in one transaction. */
    private static final int STEP = 1_000;

    private final Database database;
    private final SessionLimits limits;
    private final InstantSource clock;

    DatabaseSessions(Database database, SessionLimits limits, InstantSource clock) {
        this.database = database;
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public SessionLookUp lookUp() {
        return new RowLookUp();
    }

    @Override
    public <T> T beginning(long customerKey, SessionOrigin origin, Beginning<T> work) {
        return database.transaction(handle -> work.in(handle, () -> begin(handle, customerKey, origin)));
    }

    @Override
    public <T> T renewing(long customerKey, SessionOrigin origin, Beginning<T> work) {
        return database.transaction(handle -> work.in(handle, () -> {
            endAll(handle, customerKey);
            return begin(handle, customerKey, origin);
        }));
    }

    @Override
    public <T> First<T> beginFirst(SessionOrigin origin, Function<Handle, T> creation, ToLongFunction<T> key) {
        return database.transaction(handle -> {
            T made = creation.apply(handle);
            return new First<>(made, begin(handle, key.applyAsLong(made), origin));
        });
    }

    private BearerSecret begin(Handle transaction, long customerKey, SessionOrigin origin) {
        boolean https = transaction
                .createQuery("select s.https from customer c join store s on s.store_hash = c.store_hash"
                        + " where c.customer_key = ?")
                .bind(0, customerKey)
                .mapTo(Boolean.class)
                .one();
        BearerSecret id = SessionCookie.create(https);
        OffsetDateTime now = Database.moment(clock.instant());
        transaction.execute(
                "insert into session (session_key, session_hash, customer_key, began_at, last_seen_at)"
                        + " values (?, ?, ?, ?, ?)",
                id.hash().key(),
                id.hash().toBytes(),
                customerKey,
                now,
                now);
        transaction.execute(
                "insert into session_origin (session_key, address, browser) values (?, ?, ?)",
                id.hash().key(),
                origin.address().getHostAddress(),
                origin.browser());
        transaction.execute(
                "delete from session where session_key in (select session_key from session"
                        + " where customer_key = ? and session_key <> ?"
                        + " order by began_at desc, session_key offset " + (MOST_PER_CUSTOMER - 1) + " rows)",
                customerKey,
                id.hash().key());
        return id;
    }

    @Override
    public Optional<Session> find(String storeHash, BearerSecret id) {
        SecretHash hash = id.hash();
        return database.with(handle -> handle.createQuery("select s.customer_key, s.began_at, s.last_seen_at"
                                + " from session s join customer c on c.customer_key = s.customer_key"
                                + " where s.session_key = ? and s.session_hash = ? and c.store_hash = ?")
                        .bind(0, hash.key())
                        .bind(1, hash.toBytes())
                        .bind(2, storeHash)
                        .map((row, _) -> session(row, true))
                        .findOne())
                .filter(this::lives);
    }

    @Override
    public List<Session> list(long customerKey, BearerSecret current) {
        long currentKey = current.hash().key();
        return database
                .with(handle -> handle.createQuery("select session_key, customer_key, began_at, last_seen_at"
                                + " from session where customer_key = ? order by began_at desc limit 50")
                        .bind(0, customerKey)
                        .map((row, _) -> session(row, row.getLong("session_key") == currentKey))
                        .list())
                .stream()
                .filter(this::lives)
                .toList();
    }

    @Override
    public List<StoreSession> ofStore(
            String storeHash, OptionalLong customerId, StoreSession.Cursor after, int atMost) {
        Instant now = clock.instant();
        return database.with(handle -> {
            Query query = handle.createQuery("select s.session_key, s.began_at, s.last_seen_at, o.address, o.browser,"
                            + " c.customer_id, c.email, c.first_name, c.last_name"
                            + " from session s join customer c on c.customer_key = s.customer_key"
                            + " left join session_origin o on o.session_key = s.session_key"
                            + " where c.store_hash = :store and s.last_seen_at > :idle and s.began_at > :absolute"
                            + " and s.began_at <= :at and (s.began_at < :at or s.session_key < :key)"
                            + (customerId.isPresent() ? " and c.customer_id = :customer" : "")
                            + " order by s.began_at desc, s.session_key desc fetch first :most rows only")
                    .bind("store", storeHash)
                    .bind("idle", Database.moment(now.minus(limits.idle())))
                    .bind("absolute", Database.moment(now.minus(limits.absolute())))
                    .bind("at", Database.moment(after.beganAt()))
                    .bind("key", after.key())
                    .bind("most", atMost);
            customerId.ifPresent(id -> query.bind("customer", id));
            return query.map(StoreSession.ROW).list();
        });
    }

    @Override
    public int count(String storeHash, int atMost) {
        Instant now = clock.instant();
        return database.with(handle -> handle.createQuery("select count(*) from (select s.session_key from session s"
                        + " join customer c on c.customer_key = s.customer_key"
                        + " where c.store_hash = ? and s.last_seen_at > ? and s.began_at > ?"
                        + " fetch first ? rows only) alive")
                .bind(0, storeHash)
                .bind(1, Database.moment(now.minus(limits.idle())))
                .bind(2, Database.moment(now.minus(limits.absolute())))
                .bind(3, atMost)
                .mapTo(Integer.class)
                .one());
    }

    @Override
    public boolean end(String storeHash, long sessionKey) {
        return database.transaction(handle -> handle.execute(
                        "delete from session where session_key = ?"
                                + " and customer_key in (select customer_key from customer where store_hash = ?)",
                        sessionKey,
                        storeHash)
                == 1);
    }

    @Override
    public void end(String storeHash, BearerSecret id) {
        SecretHash hash = id.hash();
        database.transaction(handle -> handle.execute(
                "delete from session where session_key = ? and session_hash = ?"
                        + " and customer_key in (select customer_key from customer where store_hash = ?)",
                hash.key(),
                hash.toBytes(),
                storeHash));
    }

    @Override
    public void endAll(Handle transaction, long customerKey) {
        transaction.execute("delete from session where customer_key = ?", customerKey);
        // Also those that Valkey keeps, where it was in use or a node beside this one uses it.
        SessionGeneration.renew(transaction, customerKey);
    }

    @Override
    public long count() {
        return database.patiently(handle -> handle.createQuery("select count(*) from session")
                .mapTo(Long.class)
                .one());
    }

    @Override
    public int sweep() {
        Instant now = clock.instant();
        OffsetDateTime idle = Database.moment(now.minus(limits.idle()));
        OffsetDateTime absolute = Database.moment(now.minus(limits.absolute()));
        int swept = 0;
        List<Long> over;
        do {
            over = database.patiently(handle -> handle.createQuery(
                            "select session_key from session where last_seen_at <= ? or began_at <= ? fetch first "
                                    + SWEPT_AT_ONCE + " rows only")
                    .bind(0, idle)
                    .bind(1, absolute)
                    .mapTo(Long.class)
                    .list());
            swept += remove(over, idle, absolute);
        } while (over.size() == SWEPT_AT_ONCE);
        return swept;
    }

    /** In small steps, so that nobody waits long for one of them. */
    private int remove(List<Long> keys, OffsetDateTime idle, OffsetDateTime absolute) {
        int removed = 0;
        for (int from = 0; from < keys.size(); from += STEP) {
            List<Long> step = keys.subList(from, Math.min(from + STEP, keys.size()));
            removed += database.transaction(handle -> {
                PreparedBatch batch = handle.prepareBatch(
                        "delete from session where session_key = ? and (last_seen_at <= ? or began_at <= ?)");
                step.forEach(key ->
                        batch.bind(0, key).bind(1, idle).bind(2, absolute).add());
                return IntStream.of(batch.execute()).sum();
            });
        }
        return removed;
    }

    @Override
    public void seen(Map<SecretHash, Instant> sightings) {
        database.transaction(handle -> {
            PreparedBatch batch = handle.prepareBatch(
                    "update session set last_seen_at = ? where session_key = ? and session_hash = ?");
            sightings.forEach((session, at) -> batch.bind(0, Database.moment(at))
                    .bind(1, session.key())
                    .bind(2, session.toBytes())
                    .add());
            return batch.execute();
        });
    }

    private static Session session(ResultSet row, boolean current) throws SQLException {
        return new Session(
                row.getLong("customer_key"),
                row.getObject("began_at", OffsetDateTime.class).toInstant(),
                row.getObject("last_seen_at", OffsetDateTime.class).toInstant(),
                current);
    }

    private boolean lives(Session session) {
        return !limits.ended(session.beganAt(), session.lastSeenAt(), clock.instant());
    }
}
