package dev.patron.server.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a list goes on: after the row that it names. It says nothing about whose row that is, so whoever makes one up
 * sees no more of their own list than they may.
 *
 * @param at the row's moment
 * @param id the row
 * @param index of the disclosures of a row, the one that came last
 */
public record Cursor(Instant at, long id, int index) {

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})\\.([0-9]{1,18})\\.([0-9]{1,6})");

    /** The first page of a list. */
    public static final Cursor START = new Cursor(Span.ALWAYS.to(), Long.MAX_VALUE, 0);

    /** Reads {@link #text()}; empty when it is something else. */
    public static Optional<Cursor> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new Cursor(
                        Instant.ofEpochMilli(Long.parseLong(parts.group(1))),
                        Long.parseLong(parts.group(2)),
                        Integer.parseInt(parts.group(3))))
                : Optional.empty();
    }

    /** The cursor for a URL: digits and dots. */
    public String text() {
        return at.toEpochMilli() + "." + id + "." + index;
    }
}
