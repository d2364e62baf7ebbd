package dev.patron.server.console;

import dev.patron.server.options.Options;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.text.Cookies;
import java.time.Duration;
import java.util.Optional;

/**
 * The cookie of the console, apart from every storefront's. {@code HttpOnly}, {@code SameSite=Lax}, {@code Path=/}, without a
 * {@code Domain}. Where the console is reached by https it is {@code Secure} and has the {@code __Host-} prefix, so that no
 * sibling domain can plant one. Immutable.
 */
final class ConsoleCookie {

    private static final String NAME = "PATRON_CONSOLE_SESSION";
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax";

    private final String name;
    private final String attributes;

    ConsoleCookie(Options options) {
        boolean https = options.get(Options.CONSOLE_HTTPS);
        this.name = https ? "__Host-" + NAME : NAME;
        this.attributes = https ? ATTRIBUTES + "; Secure" : ATTRIBUTES;
    }

    /** The session in a {@code Cookie} header. */
    Optional<BearerSecret> read(String header) {
        return Cookies.single(header, name).flatMap(BearerSecret::parse);
    }

    /** The {@code Set-Cookie} value that hands a session to the browser. */
    String begin(BearerSecret session, Duration validity) {
        return name + "=" + session.reveal() + attributes + "; Max-Age=" + validity.toSeconds();
    }

    /** The {@code Set-Cookie} value that takes a session from the browser. */
    String end() {
        return name + "=" + attributes + "; Max-Age=0";
    }
}
