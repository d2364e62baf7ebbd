package dev.patron.server.audit;

import dev.patron.server.sql.Database;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** What came of requests for tokens, counted by hour, and some of the refusals one by one. Thread-safe. */
public final class Activity {

    /** The longest time whose hours can be asked for at once. */
    public static final Duration LONGEST = Duration.ofDays(32);

    private static final String COUNTS = "select * from hourly_count where begins_at >= ? and begins_at < ? and ";
    private static final String REFUSALS =
            "select * from refusal where refused_at >= :from and refused_at < :to and refused_at <= :at"
                    + " and (refused_at < :at or refusal_id < :id) and ";

    private static final RowMapper<HourlyCount> COUNT = (row, _) -> new HourlyCount(
            row.getObject("begins_at", OffsetDateTime.class).toInstant(),
            row.getString("store_hash"),
            row.getString("client_id"),
            row.getString("outcome"),
            row.getLong("times"));

    /** A refusal and where it is in the list. */
    private record Found(Refusal refusal, Cursor cursor) {}

    private static final RowMapper<Found> FOUND = (row, _) -> {
        Refusal refusal = new Refusal(
                row.getObject("refused_at", OffsetDateTime.class).toInstant(),
                row.getString("store_hash"),
                row.getString("client_id"),
                row.getString("reason"));
        return new Found(refusal, new Cursor(refusal.at(), row.getLong("refusal_id"), 0));
    };

    private final Database database;

    /** Activity in a database. */
    public Activity(Database database) {
        this.database = database;
    }

    /**
     * The counts of a store, of one app or all, by hour. Hours without any are not in the list.
     *
     * @param span begins with the hour that it begins in; at most {@link #LONGEST}
     */
    public List<HourlyCount> countsOfStore(String storeHash, Optional<String> clientId, Span span) {
        requireShort(span);
        Span hours = hours(span);
        return database.with(handle -> handle.createQuery(
                        COUNTS + "store_hash = ? and (? = '' or client_id = ?) order by begins_at, client_id, outcome")
                .bind(0, Database.moment(hours.from()))
                .bind(1, Database.moment(hours.to()))
                .bind(2, storeHash)
                .bind(3, clientId.orElse(""))
                .bind(4, clientId.orElse(""))
                .map(COUNT)
                .list());
    }

    /**
     * The counts of an app, at all stores, by hour and store. Hours without any are not in the list.
     *
     * @param span begins with the hour that it begins in; at most {@link #LONGEST}
     */
    public List<HourlyCount> countsOfApp(String clientId, Span span) {
        requireShort(span);
        return database.with(handle -> AppTime.of(handle, clientId, span)
                .map(Activity::hours)
                .map(hours -> handle.createQuery(COUNTS + "client_id = ? order by begins_at, store_hash, outcome")
                        .bind(0, Database.moment(hours.from()))
                        .bind(1, Database.moment(hours.to()))
                        .bind(2, clientId)
                        .map(COUNT)
                        .list())
                .orElse(List.of()));
    }

    /**
     * A page of a store's refusals, of one app or all. At most one of a kind is kept for each second.
     *
     * @param after where the page before it ended, or {@link Cursor#START}
     * @param limit 1 to {@link Page#MOST}
     */
    public Page<Refusal> refusalsOfStore(
            String storeHash, Optional<String> clientId, Span span, Cursor after, int limit) {
        Page.checked(limit);
        return database.with(
                handle -> refusals(handle, "store_hash", storeHash, clientId.orElse(""), span, after, limit));
    }

    /**
     * A page of an app's refusals, at all stores. At most one of a kind is kept for each second.
     *
     * @param after where the page before it ended, or {@link Cursor#START}
     * @param limit 1 to {@link Page#MOST}
     */
    public Page<Refusal> refusalsOfApp(String clientId, Span span, Cursor after, int limit) {
        Page.checked(limit);
        return database.with(handle -> AppTime.of(handle, clientId, span)
                .map(time -> refusals(handle, "client_id", clientId, "", time, after, limit))
                .orElse(new Page<>(List.of(), Optional.empty())));
    }

    private static Page<Refusal> refusals(
            Handle handle, String column, String name, String app, Span span, Cursor after, int limit) {
        List<Found> found = handle.createQuery(
                        REFUSALS + column + " = :name and (:app = '' or client_id = :app) order by " + column
                                + ", refused_at desc, refusal_id desc fetch first " + (limit + 1) + " rows only")
                .bind("name", name)
                .bind("app", app)
                .bind("from", Database.moment(span.from()))
                .bind("to", Database.moment(span.to()))
                .bind("at", Database.moment(after.at()))
                .bind("id", after.id())
                .map(FOUND)
                .list();
        List<Found> page = found.subList(0, Math.min(limit, found.size()));
        return new Page<>(
                page.stream().map(Found::refusal).toList(),
                found.size() > limit ? Optional.of(page.getLast().cursor()) : Optional.empty());
    }

    private static void requireShort(Span span) {
        if (span.length().compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("Hours are told of at most " + LONGEST.toDays() + " days at once.");
        }
    }

    /** Its beginning is that of its hour; a span without any time, such as before there was the app, stays so. */
    private static Span hours(Span span) {
        return span.length().isZero() ? span : new Span(span.from().truncatedTo(ChronoUnit.HOURS), span.to());
    }
}
