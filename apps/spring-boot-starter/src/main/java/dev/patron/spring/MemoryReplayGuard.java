package dev.patron.spring;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Notes tokens in memory, for apps that run once. When as many are noted as there may be, further ones are refused until some expire:
 * forgetting one early would let it in again.
 */
final class MemoryReplayGuard implements ReplayGuard {

    private final int maxTokens;
    private final InstantSource clock;
    private final Cache<String, Instant> seen;

    MemoryReplayGuard(int maxTokens, InstantSource clock) {
        this.maxTokens = maxTokens;
        this.clock = clock;
        this.seen = Caffeine.newBuilder()
                .ticker(() -> Duration.between(Instant.EPOCH, clock.instant()).toNanos())
                .expireAfter(Expiry.creating((String key, Instant until) -> Duration.between(clock.instant(), until)))
                .build();
    }

    @Override
    public boolean isFirstUse(String key, Instant until) {
        if (seen.estimatedSize() >= maxTokens) {
            seen.cleanUp();
            if (seen.estimatedSize() >= maxTokens) {
                throw new IllegalStateException("As many tokens are noted as patron.replay.max-tokens allows");
            }
        }
        return !clock.instant().isAfter(until) && seen.asMap().putIfAbsent(key, until) == null;
    }
}
