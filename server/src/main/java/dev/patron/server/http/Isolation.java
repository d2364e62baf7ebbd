package dev.patron.server.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.List;

/** The headers that keep an answer to itself: no cache keeps it, no other origin reads, sniffs or frames it. */
final class Isolation {

    /** On every answer, unless its handler says otherwise. */
    static final List<Header> DEFAULTS = List.of(
            HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store, private"),
            HeaderValues.createCached(HeaderNames.VARY, "Cookie, Accept, Origin, Sec-Fetch-Site"),
            HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
            HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin"),
            HeaderValues.createCached("Referrer-Policy", "no-referrer"),
            HeaderValues.createCached("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"));

    private Isolation() {}
}
