package dev.patron.spring;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a browser says that a page of the app, or of an allowed origin, sends a request. */
final class OwnPages {

    private static final Set<String> OWN = Set.of("same-origin", "none");

    private final List<String> allowedOrigins;

    OwnPages(PatronProperties properties) {
        this.allowedOrigins = properties.allowedOrigins();
    }

    /** Without a word from the browser the answer is no. */
    boolean send(@Nullable String fetchSite, @Nullable String origin) {
        return (fetchSite != null && OWN.contains(fetchSite)) || (origin != null && allowedOrigins.contains(origin));
    }
}
