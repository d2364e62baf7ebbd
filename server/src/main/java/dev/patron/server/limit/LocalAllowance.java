package dev.patron.server.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/** In memory, bounded. What is going on counts until it has ended, so that not too much can go on at once. */
final class LocalAllowance implements Allowance {

    /** A bucket and its key take up to 2 KiB, and a server has some eight allowances: a quarter of the heap at the very most. */
    private static final long MAX_ENTRIES = Math.clamp(Runtime.getRuntime().maxMemory() / (64 * 1024), 1_000, 100_000);

    private final LoadingCache<String, Bucket> buckets;

    LocalAllowance(int amount, Duration window) {
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterAccess(window)
                .build(_ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(amount).refillGreedy(amount, window))
                        .build());
    }

    @Override
    public Duration take(String who) {
        ConsumptionProbe probe = buckets.get(who).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Duration.ZERO : Duration.ofNanos(probe.getNanosToWaitForRefill());
    }

    @Override
    public Turn begin(String who) {
        Duration wait = take(who);
        return new Turn() {
            @Override
            public Duration toWait() {
                return wait;
            }

            @Override
            public void end(boolean counts) {
                if (!counts && wait.isZero()) {
                    buckets.get(who).addTokens(1);
                }
            }
        };
    }
}
