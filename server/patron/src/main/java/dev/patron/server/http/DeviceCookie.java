package dev.patron.server.http;

import dev.patron.server.text.Cookies;
import java.time.Duration;

/**
 * The cookie by which a browser shows that it has signed in to an account before. It signs nobody in. {@code HttpOnly},
 * {@code SameSite=Strict}, {@code Path=/}, without a {@code Domain}; over https it is {@code Secure} and has the prefix
 * {@code __Host-}, so that no sibling domain can plant one. Immutable.
 */
public final class DeviceCookie {

    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Strict";

    private final String name;
    private final String attributes;

    /**
     * A cookie.
     *
     * @param name its name, without a prefix
     * @param https whether browsers reach the pages by https
     */
    public DeviceCookie(String name, boolean https) {
        this.name = https ? "__Host-" + name : name;
        this.attributes = https ? ATTRIBUTES + "; Secure" : ATTRIBUTES;
    }

    /** What it holds, or an empty string. */
    public String read(Exchange exchange) {
        return Cookies.single(exchange.cookies(), name).orElse("");
    }

    /** Hands it to the browser with the answer, beside the cookies that were set before. */
    public void set(Exchange exchange, String value, Duration validity) {
        exchange.withCookie(name + "=" + value + attributes + "; Max-Age=" + validity.toSeconds());
    }
}
