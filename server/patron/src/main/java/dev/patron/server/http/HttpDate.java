package dev.patron.server.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The {@code Date} header, in GMT as RFC 9110 section 5.6.7 demands: left to itself, the HTTP library writes the time zone of
 * the machine. Made once a second. Thread-safe.
 */
final class HttpDate {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private record Second(long epoch, Header header) {}

    private final InstantSource clock;
    private volatile Second latest = second(0);

    HttpDate(InstantSource clock) {
        this.clock = clock;
    }

    /** The header of this second. */
    Header header() {
        long now = Math.floorDiv(clock.millis(), 1000L);
        Second second = latest;
        if (second.epoch() != now) {
            second = second(now);
            latest = second;
        }
        return second.header();
    }

    private static Second second(long epoch) {
        String text = FORMAT.format(Instant.ofEpochSecond(epoch));
        return new Second(epoch, HeaderValues.createCached(HeaderNames.DATE, text));
    }
}
