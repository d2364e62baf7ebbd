package dev.patron.server.issuing;

import dev.patron.server.limit.Allowance;
import dev.patron.server.options.Options;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.valkey.Valkey;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/** Limits how many tokens one session gets, and how many there are for one app, if the operator wants limits. Thread-safe. */
final class IssuingRate {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Optional<Allowance> sessions;
    private final Optional<Allowance> apps;

    IssuingRate(Options options, Optional<Valkey> valkey) {
        this.sessions = allowance(valkey, "tokens-of-session", options.get(Options.ISSUING_RATE));
        this.apps = allowance(valkey, "tokens-of-app", options.get(Options.APP_ISSUING_RATE));
    }

    /** Counts a token; zero when it may be issued, else how long to wait. */
    Duration count(SecretHash session, String clientId) {
        Duration wait = sessions.map(allowance -> allowance.take(HexFormat.of().formatHex(session.toBytes())))
                .orElse(Duration.ZERO);
        // Only then: a session that has none left must not use up those of an app.
        return wait.isPositive()
                ? wait
                : apps.map(allowance -> allowance.take(clientId)).orElse(Duration.ZERO);
    }

    private static Optional<Allowance> allowance(Optional<Valkey> valkey, String kind, int perMinute) {
        return perMinute == 0 ? Optional.empty() : Optional.of(Allowance.of(valkey, kind, perMinute, WINDOW));
    }
}
