package dev.patron.server.page;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments as pages show them. */
public final class Moments {

    private static final DateTimeFormatter TEXT =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.UK).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.UK).withZone(ZoneOffset.UTC);

    private Moments() {}

    /** Day and time to the minute, such as {@code 5 Dec 2026, 14:03 UTC}: nobody knows the reader's time zone. */
    public static String text(Instant moment) {
        return TEXT.format(moment);
    }

    /** Day and time to the second, where moments are close together. */
    public static String second(Instant moment) {
        return SECOND.format(moment);
    }
}
