package dev.patron.endpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The headers of every answer: no cache keeps it, and no other origin reads, sniffs or frames it. */
public final class SecurityHeaders {

    /** Names and values, in the order in which they are sent. Unmodifiable. */
    public static final Map<String, String> ALL = all();

    private SecurityHeaders() {}

    private static Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Cache-Control", "no-store, private");
        all.put("Vary", "Cookie, Accept, Origin, Sec-Fetch-Site");
        all.put("X-Content-Type-Options", "nosniff");
        all.put("Cross-Origin-Resource-Policy", "same-origin");
        all.put("Referrer-Policy", "no-referrer");
        all.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        return Collections.unmodifiableMap(all);
    }
}
