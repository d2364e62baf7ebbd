package dev.patron.server.issuing;

import dev.patron.server.limit.Allowance;
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
final class IssuingRate {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int WITHOUT_ASKING = 10;

    private final Optional<Allowance> ordinary;
    private final Optional<Allowance> sessions;
    private final Optional<Allowance> apps;

    IssuingRate(Options options, Optional<Valkey> valkey) {
        int ofSession = options.get(Options.ISSUING_RATE);
        this.ordinary = valkey.isPresent()
                ? allowance(Optional.empty(), "ordinary-tokens-of-session", ofSession / WITHOUT_ASKING)
                : Optional.empty();
        this.sessions = allowance(valkey, "tokens-of-session", ofSession);
        this.apps = allowance(valkey, "tokens-of-app", options.get(Options.APP_ISSUING_RATE));
    }

    /** Counts a token; zero when it may be issued, else how long to wait. */
    Duration count(SecretHash session, String clientId) {
        // The key of storage: shorter than the hash, and as good.
        Duration wait = sessions.isPresent() ? count(Long.toHexString(session.key())) : Duration.ZERO;
        // Only then: a session that has none left must not use up those of an app.
        return wait.isPositive()
                ? wait
                : apps.map(allowance -> allowance.take(clientId)).orElse(Duration.ZERO);
    }

    private Duration count(String session) {
        boolean isOrdinary =
                ordinary.map(allowance -> allowance.take(session).isZero()).orElse(false);
        return isOrdinary ? Duration.ZERO : sessions.orElseThrow().take(session);
    }

    private static Optional<Allowance> allowance(Optional<Valkey> valkey, String kind, int perMinute) {
        return perMinute == 0 ? Optional.empty() : Optional.of(Allowance.of(valkey, kind, perMinute, WINDOW));
    }
}
