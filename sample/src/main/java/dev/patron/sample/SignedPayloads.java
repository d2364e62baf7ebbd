package dev.patron.sample;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.patron.spring.PatronProperties;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What the platform says when it opens or uninstalls the app: signed with the app's secret, and for this app only. Thread-safe. */
@Component
class SignedPayloads {

    private static final String SUBJECT = "stores/";

    private final PatronProperties app;

    SignedPayloads(PatronProperties app) {
        this.app = app;
    }

    /** The store that a {@code signed_payload_jwt} is about; nothing when it is not to be believed. */
    Optional<String> storeHash(String payload) {
        for (String secret : app.clientSecrets()) {
            try {
                DecodedJWT verified = JWT.require(Algorithm.HMAC256(secret))
                        .withAudience(app.clientId())
                        .withIssuer("bc")
                        .acceptLeeway(5)
                        .build()
                        .verify(payload);
                return Optional.of(verified.getSubject())
                        .filter(subject -> subject.startsWith(SUBJECT))
                        .map(subject -> subject.substring(SUBJECT.length()));
            } catch (JWTVerificationException another) {
                // The next secret, or nothing.
            }
        }
        return Optional.empty();
    }
}
