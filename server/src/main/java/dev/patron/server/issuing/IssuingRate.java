package dev.patron.server.issuing;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.patron.server.options.Options;
import dev.patron.server.secret.SecretHash;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Limits how many tokens one session gets, if the operator wants a limit. Thread-safe, in memory, bounded. */
final class IssuingRate {

    private static final int MAX_ENTRIES = 100_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Null when there is no limit. */
    private final @Nullable LoadingCache<SecretHash, Bucket> sessions;

    IssuingRate(Options options) {
        int perMinute = options.get(Options.ISSUING_RATE);
        this.sessions = perMinute == 0
                ? null
                : Caffeine.newBuilder()
                        .maximumSize(MAX_ENTRIES)
                        .expireAfterAccess(WINDOW)
                        .build(_ -> Bucket.builder()
                                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
                                .build());
    }

    /** Counts a token for a session; zero when it may be issued, else how long to wait. */
    Duration count(SecretHash session) {
        if (sessions == null) {
            return Duration.ZERO;
        }
        ConsumptionProbe probe = sessions.get(session).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }
}
