package dev.patron.server.issuance;

import dev.patron.server.limit.RateLimiter;
import dev.patron.server.options.Options;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.valkey.Valkey;
import java.time.Duration;
import java.util.Optional;

/**
 * Limits how many tokens one session gets, so that it cannot fill the audit log, and, if the operator wants so, how many there
 * are for one app. Where there is a Valkey, all nodes count together; but each node lets a session have a tenth of its tokens
 * without asking Valkey, so that an ordinary visitor costs no request to it. Thread-safe.
 */
public final class IssuanceRate {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int WITHOUT_ASKING = 10;

    private final Optional<RateLimiter> ordinary;
    private final Optional<RateLimiter> sessions;
    private final Optional<RateLimiter> apps;

    /** Limits as the options say. */
    public IssuanceRate(Options options, Optional<Valkey> valkey) {
        int ofSession = options.get(Options.ISSUING_RATE);
        this.ordinary = valkey.isPresent()
                ? limiter(Optional.empty(), "ordinary-tokens-of-session", ofSession / WITHOUT_ASKING)
                : Optional.empty();
        this.sessions = limiter(valkey, "tokens-of-session", ofSession);
        this.apps = limiter(valkey, "tokens-of-app", options.get(Options.APP_ISSUING_RATE));
    }

    /** Counts a token; zero when it may be issued, else how long to wait. */
    Duration count(SecretHash session, String clientId) {
        // The key of storage: shorter than the hash, and as good.
        Duration wait = sessions.isPresent() ? count(Long.toHexString(session.key())) : Duration.ZERO;
        // Only then: a session that has none left must not use up those of an app.
        return wait.isPositive()
                ? wait
                : apps.map(limiter -> limiter.take(clientId)).orElse(Duration.ZERO);
    }

    private Duration count(String session) {
        boolean isOrdinary =
                ordinary.map(limiter -> limiter.take(session).isZero()).orElse(false);
        return isOrdinary ? Duration.ZERO : sessions.orElseThrow().take(session);
    }

    private static Optional<RateLimiter> limiter(Optional<Valkey> valkey, String kind, int perMinute) {
        return perMinute == 0 ? Optional.empty() : Optional.of(RateLimiter.of(valkey, kind, perMinute, WINDOW));
    }
}
