package dev.patron.spring;

import java.time.Duration;
import java.util.List;
import org.springframework.web.cors.CorsConfiguration;

/** What browsers let the pages of the stores do: no origin that is not listed, and no cookies unless sessions are cookies. */
final class Cors {

    private Cors() {}

    static CorsConfiguration configuration(PatronProperties properties) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(properties.allowedOrigins());
        cors.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"));
        cors.setAllowedHeaders(List.of("Accept", "Authorization", "Content-Type"));
        cors.setAllowCredentials(
                properties.session().enabled() && properties.session().kind() == PatronProperties.Session.Kind.COOKIE);
        cors.setMaxAge(Duration.ofHours(1));
        return cors;
    }
}
