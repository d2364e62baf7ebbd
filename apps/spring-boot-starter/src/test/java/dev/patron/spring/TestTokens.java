package dev.patron.spring;

import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.CurrentCustomerSigner;
import dev.patron.token.JwsAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Tokens for tests, and the time that tests have. */
final class TestTokens {

    static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    static final String CLIENT_SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static final String STORE = "abc123";
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    static final String[] PROPERTIES = {
        "patron.client-id=" + CLIENT_ID,
        "patron.client-secrets=" + CLIENT_SECRET,
        "patron.stores=" + STORE,
        "patron.allowed-origins=https://shop.example"
    };

    private TestTokens() {}

    static String valid() {
        return issued(Duration.ZERO);
    }

    /** A token of some time ago. */
    static String issued(Duration ago) {
        return sign(CLIENT_SECRET, claims(STORE, NOW.minus(ago), null));
    }

    static String withJwtId(String jwtId) {
        return sign(CLIENT_SECRET, claims(STORE, NOW, jwtId));
    }

    static String ofStore(String store) {
        return sign(CLIENT_SECRET, claims(store, NOW, null));
    }

    static String forged() {
        return sign(CLIENT_SECRET.replace('0', '9'), claims(STORE, NOW, null));
    }

    private static CurrentCustomerClaims claims(String store, Instant at, @Nullable String jwtId) {
        CurrentCustomerClaims claims = CurrentCustomerClaims.of(CLIENT_ID, store, 4927, "john.doe@gmail.com", 6, at);
        return jwtId == null ? claims : claims.withJwtId(jwtId);
    }

    private static String sign(String secret, CurrentCustomerClaims claims) {
        return CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(secret))
                .sign(claims);
    }

    /** A clock that tests set. */
    static final class Clock implements InstantSource {

        private Instant now = NOW;

        @Override
        public synchronized Instant instant() {
            return now;
        }

        synchronized void set(Instant other) {
            now = other;
        }
    }
}
