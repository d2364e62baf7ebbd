package dev.patron.server.session;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A session as the store's staff sees it. {@link #toString()} tells neither who nor from where.
 *
 * @param key what storage knows the session by; nobody gets into it with that
 * @param address where the customer signed in from, or an empty string when that is not known
 * @param browser such as {@code Firefox on Linux}, or an empty string
 */
public record StoreSession(
        long key,
        long customerId,
        String email,
        String customerName,
        Instant beganAt,
        Instant lastSeenAt,
        String address,
        String browser) {

    static final RowMapper<StoreSession> ROW = (row, _) -> new StoreSession(
            row.getLong("session_key"),
            row.getLong("customer_id"),
            row.getString("email"),
            row.getString("first_name") + " " + row.getString("last_name"),
            row.getObject("began_at", OffsetDateTime.class).toInstant(),
            row.getObject("last_seen_at", OffsetDateTime.class).toInstant(),
            Optional.ofNullable(row.getString("address")).orElse(""),
            Optional.ofNullable(row.getString("browser")).orElse(""));

    /** The key that a text names, if it names one: all numbers of 64 bits may be keys. */
    public static Optional<Long> parseKey(String text) {
        try {
            return text.matches("-?[0-9]{1,19}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    /** Where the list goes on after this session. */
    public Cursor cursor() {
        return new Cursor(beganAt, key);
    }

    @Override
    public String toString() {
        return "StoreSession[***]";
    }

    /** A place in the list of sessions. */
    public record Cursor(Instant beganAt, long key) {

        /** Before the newest session. */
        public static final Cursor START = new Cursor(Instant.parse("9999-01-01T00:00:00Z"), Long.MAX_VALUE);

        private static final Pattern TEXT = Pattern.compile("([0-9]{1,11})\\.([0-9]{1,9})\\.(-?[0-9]{1,19})");

        /** As it stands in a link. */
        public String text() {
            return beganAt.getEpochSecond() + "." + beganAt.getNano() + "." + key;
        }

        /** The place that a link names, if it names one. */
        public static Optional<Cursor> parse(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            Instant beganAt = Instant.ofEpochSecond(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            return parseKey(matcher.group(3)).map(key -> new Cursor(beganAt, key));
        }
    }
}
