package dev.patron.server.http;

import dev.patron.server.options.Option;
import dev.patron.server.options.Options;
import java.util.Locale;

/** Which of the two listeners: each is an origin of its own. */
public enum ListenerKind {
    /** What shoppers' browsers ask. */
    STOREFRONT,
    /** What members' browsers and clients of the API ask. */
    CONSOLE;

    /** What metrics and traces call it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The address that it listens at. */
    Option<String> address() {
        return this == STOREFRONT ? Options.STOREFRONT_ADDRESS : Options.CONSOLE_ADDRESS;
    }

    /** The port that it listens at. */
    Option<Integer> port() {
        return this == STOREFRONT ? Options.STOREFRONT_PORT : Options.CONSOLE_PORT;
    }

    /** The most bytes of a request body. */
    Option<Integer> maxBody() {
        return this == STOREFRONT ? Options.MAX_BODY : Options.CONSOLE_MAX_BODY;
    }
}
