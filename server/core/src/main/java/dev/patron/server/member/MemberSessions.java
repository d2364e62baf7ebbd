package dev.patron.server.member;

import dev.patron.server.options.Options;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.session.SessionLimits;
import dev.patron.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Sessions of members at the console. A session that has ended is deleted, so nothing can bring it back. Last-seen moments
 * are written at most once a minute. Thread-safe.
 */
public final class MemberSessions {

    /** How long a session waits for the second factor. */
    public static final Duration TIME_FOR_CODE = Duration.ofMinutes(5);

    /**
     * How many sessions a member has at most, and how many that wait for the second factor; the oldest ends for the next one.
     * Whoever knows a password alone cannot end sessions by that.
     */
    public static final int MOST_PER_MEMBER = 50;

    private static final Duration SIGHTING_INTERVAL = Duration.ofMinutes(1);

    private record Found(long memberId, Instant beganAt, Instant lastSeenAt) {}

    private final Database database;
    private final SessionLimits limits;
    private final InstantSource clock;

    /** Sessions kept in a database. */
    public MemberSessions(Database database, Options options, InstantSource clock) {
        this.database = database;
        this.limits = new SessionLimits(
                options.get(Options.CONSOLE_SESSION_IDLE_LIMIT), options.get(Options.CONSOLE_SESSION_ABSOLUTE_LIMIT));
        this.clock = clock;
    }

    /**
     * Begins a session under a new id, as part of the transaction that found the member in order and has locked them: of more
     * than {@link #MOST_PER_MEMBER} sessions the oldest ends.
     */
    BearerSecret begin(Handle transaction, long memberId, boolean awaitsCode) {
        BearerSecret id = BearerSecret.create();
        OffsetDateTime now = Database.moment(clock.instant());
        transaction.execute(
                "insert into member_session (session_key, session_hash, member_id, awaits_code, began_at, last_seen_at)"
                        + " values (?, ?, ?, ?, ?, ?)",
                id.hash().key(),
                id.hash().toBytes(),
                memberId,
                awaitsCode,
                now,
                now);
        transaction.execute(
                "delete from member_session where session_key in (select session_key from member_session"
                        + " where member_id = ? and awaits_code = ? and session_key <> ?"
                        + " order by began_at desc, session_key offset " + (MOST_PER_MEMBER - 1) + " rows)",
                memberId,
                awaitsCode,
                id.hash().key());
        return id;
    }

    /** The id of the member whose session this is, if it has not ended. */
    Optional<Long> find(BearerSecret id) {
        Instant now = clock.instant();
        Optional<Found> found = database.with(handle -> find(handle, id, false))
                .filter(session -> !limits.ended(session.beganAt(), session.lastSeenAt(), now));
        found.filter(session -> session.lastSeenAt().plus(SIGHTING_INTERVAL).isBefore(now))
                .ifPresent(seen -> database.transaction(handle -> handle.execute(
                        "update member_session set last_seen_at = ? where session_key = ? and session_hash = ?",
                        Database.moment(now),
                        id.hash().key(),
                        id.hash().toBytes())));
        return found.map(Found::memberId);
    }

    /** The id of the member who has shown the password, and has still to show the second factor. */
    Optional<Long> findAwaitingCode(BearerSecret id) {
        Instant oldest = clock.instant().minus(TIME_FOR_CODE);
        return database.with(handle -> find(handle, id, true))
                .filter(session -> session.beganAt().isAfter(oldest))
                .map(Found::memberId);
    }

    /** Ends a session. Ending one that has ended changes nothing. */
    public void end(BearerSecret id) {
        database.transaction(handle -> {
            end(handle, id);
            return true;
        });
    }

    private static void end(Handle transaction, BearerSecret id) {
        transaction.execute(
                "delete from member_session where session_key = ? and session_hash = ?",
                id.hash().key(),
                id.hash().toBytes());
    }

    /** Ends a session that awaits the code, as part of the transaction that lets the member in; false when it has ended. */
    boolean endAwaitingCode(Handle transaction, BearerSecret id) {
        return transaction.execute(
                        "delete from member_session where session_key = ? and session_hash = ? and awaits_code",
                        id.hash().key(),
                        id.hash().toBytes())
                == 1;
    }

    /** Ends every session of a member, as part of the transaction that gives the reason. */
    void endAll(Handle transaction, long memberId) {
        transaction.execute("delete from member_session where member_id = ?", memberId);
    }

    /** Removes the rows of sessions that have ended by themselves, and says how many. */
    public int sweep() {
        Instant now = clock.instant();
        return database.transaction(handle -> handle.execute(
                "delete from member_session where last_seen_at <= ? or began_at <= ? or (awaits_code and began_at <= ?)",
                Database.moment(now.minus(limits.idle())),
                Database.moment(now.minus(limits.absolute())),
                Database.moment(now.minus(TIME_FOR_CODE))));
    }

    /** How long a browser keeps the cookie. */
    public Duration absoluteLimit() {
        return limits.absolute();
    }

    private static Optional<Found> find(Handle handle, BearerSecret id, boolean awaitsCode) {
        return handle.createQuery("select member_id, began_at, last_seen_at from member_session"
                        + " where session_key = ? and session_hash = ? and awaits_code = ?")
                .bind(0, id.hash().key())
                .bind(1, id.hash().toBytes())
                .bind(2, awaitsCode)
                .map((row, _) -> new Found(
                        row.getLong("member_id"),
                        row.getObject("began_at", OffsetDateTime.class).toInstant(),
                        row.getObject("last_seen_at", OffsetDateTime.class).toInstant()))
                .findOne();
    }
}
