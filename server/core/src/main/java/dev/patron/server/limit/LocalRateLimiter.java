package dev.patron.server.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * A rate limiter of this process. A permit counts until it is ended, so that no more than the limit can be in use at once. It
 * keeps counts for a number of names that depends on the heap, by their hashes. Thread-safe.
 */
final class LocalRateLimiter implements RateLimiter {

    /** An entry takes some 300 bytes, and a server has twenty limiters: a tenth of the heap, were all of them full. */
    private static final long HEAP_BYTES_PER_ENTRY = 64 * 1024;

    private static final byte[] SALT = SecureRandom.getSeed(16);

    private final Cache<Key, Bucket> buckets;
    private final int amount;
    private final Duration window;

    /** A name's hash: names are as long as clients make them. */
    private record Key(long high, long low) {

        static Key of(String name) {
            try {
                MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
                sha256.update(SALT);
                ByteBuffer hash = ByteBuffer.wrap(sha256.digest(name.getBytes(StandardCharsets.UTF_8)));
                return new Key(hash.getLong(), hash.getLong());
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    LocalRateLimiter(int amount, Duration window) {
        this(amount, window, Math.clamp(Runtime.getRuntime().maxMemory() / HEAP_BYTES_PER_ENTRY, 1_000, 100_000));
    }

    LocalRateLimiter(int amount, Duration window, long mostEntries) {
        this.amount = amount;
        this.window = window;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(mostEntries)
                .expireAfterAccess(window)
                .build();
    }

    @Override
    public Duration take(String who) {
        return take(Key.of(who));
    }

    private Duration take(Key key) {
        ConsumptionProbe[] probe = new ConsumptionProbe[1];
        buckets.asMap().compute(key, (_, known) -> {
            Bucket bucket = known == null ? full() : known;
            probe[0] = bucket.tryConsumeAndReturnRemaining(1);
            return bucket;
        });
        return probe[0].isConsumed() ? Duration.ZERO : Duration.ofNanos(probe[0].getNanosToWaitForRefill());
    }

    private Bucket full() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(amount).refillGreedy(amount, window))
                .build();
    }

    @Override
    public Permit begin(String who) {
        Key key = Key.of(who);
        Duration wait = take(key);
        return new Permit() {
            @Override
            public Duration retryAfter() {
                return wait;
            }

            @Override
            public void end(boolean counts) {
                if (!counts && wait.isZero()) {
                    giveBack(key);
                }
            }
        };
    }

    /** One of which nothing has been used is forgotten: it says no more than none. */
    private void giveBack(Key key) {
        buckets.asMap().computeIfPresent(key, (_, bucket) -> {
            bucket.addTokens(1);
            return bucket.getAvailableTokens() >= amount ? null : bucket;
        });
    }

    /** How many names are remembered. */
    long size() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }
}
