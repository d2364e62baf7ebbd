package dev.patron.sandbox.management;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How many requests an app may make at a store: a quota for each window, as the platform has it ({@code contract.md} section 4.3).
 * Thread-safe, in memory, bounded.
 */
final class RateLimit {

    private static final int MAX_ENTRIES = 10_000;

    private record Key(String storeHash, String clientId) {}

    private record Window(Instant began, int used) {}

    /**
     * What is left.
     *
     * @param exceeded whether this request is one too many
     * @param reset how long until the quota is whole again
     */
    record Left(boolean exceeded, int requests, Duration reset) {}

    private final int quota;
    private final Duration length;
    private final InstantSource clock;
    private final Cache<Key, Window> windows =
            Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();

    RateLimit(int quota, Duration length, InstantSource clock) {
        this.quota = quota;
        this.length = length;
        this.clock = clock;
    }

    int quota() {
        return quota;
    }

    Duration length() {
        return length;
    }

    /** Counts a request. */
    Left count(Grant grant) {
        Instant now = clock.instant();
        Window window = windows.asMap().compute(new Key(grant.storeHash(), grant.clientId()), (_, known) -> {
            boolean begins = known == null || !now.isBefore(known.began().plus(length));
            return begins ? new Window(now, 1) : new Window(known.began(), Math.min(known.used() + 1, quota + 1));
        });
        return new Left(
                window.used() > quota,
                Math.max(0, quota - window.used()),
                Duration.between(now, window.began().plus(length)));
    }
}
