package dev.patron.spring;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.cors.CorsConfiguration;

/**
 * What browsers let the pages of the stores do where something is asked for a customer: no origin that is not listed, and no
 * cookies unless sessions are cookies. Everything else is as the application has it. Immutable.
 */
final class Cors {

    private final CorsConfiguration configuration = new CorsConfiguration();
    private final List<String> allowedOrigins;

    Cors(PatronProperties properties) {
        allowedOrigins = properties.allowedOrigins();
        configuration.setAllowedOrigins(allowedOrigins);
        configuration.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        configuration.setAllowedHeaders(List.of("Accept", "Authorization", "Content-Type"));
        configuration.setAllowCredentials(
                properties.session().enabled() && properties.session().kind() == PatronProperties.Session.Kind.COOKIE);
        configuration.setMaxAge(Duration.ofHours(1));
    }

    /** Whether any origin is listed. */
    boolean isOn() {
        return !allowedOrigins.isEmpty();
    }

    /** Whether an origin is listed. */
    boolean lists(@Nullable String origin) {
        return origin != null && allowedOrigins.contains(origin);
    }

    /** The rules for the listed origins; they refuse all others. */
    CorsConfiguration configuration() {
        return configuration;
    }

    /**
     * The rules for one request.
     *
     * @param forCustomer whether the request is for a customer
     * @param origin where it comes from
     * @param others what the application says of the request; it goes on to decide about origins that are not listed here
     */
    @Nullable
    CorsConfiguration choose(boolean forCustomer, @Nullable String origin, @Nullable CorsConfiguration others) {
        return forCustomer && (others == null || lists(origin)) ? configuration : others;
    }
}
