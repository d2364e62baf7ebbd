package dev.patron.server.limit;

import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.valkey.Valkey;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce.LettuceBasedProxyManagerBuilder;
import io.github.bucket4j.redis.lettuce.RedisApi;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * In Valkey, for all nodes together, where it is forgotten when nothing is left to remember; and on this node first. Only
 * what counts is written to Valkey, once it has ended: nothing has to be taken back there, so an outage uses nothing up.
 */
final class SharedRateLimiter implements RateLimiter {

    /** Who wants to write what others write at the same time tries so often. */
    private static final int MOST_TRIALS = 20;

    private final LocalRateLimiter local;
    private final Valkey valkey;
    private final String kind;
    private final int amount;
    private final BucketConfiguration configuration;
    private final ProxyManager<String> buckets;

    SharedRateLimiter(LocalRateLimiter local, Valkey valkey, String kind, int amount, Duration window) {
        this.local = local;
        this.valkey = valkey;
        // Where the operator changes the numbers, counting begins anew.
        this.kind = kind + ":" + amount + ":" + window.toSeconds();
        this.amount = amount;
        this.configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(amount).refillGreedy(amount, window))
                .build();
        this.buckets = new LettuceBasedProxyManagerBuilder<String>(new Commands<>(valkey))
                .requestTimeout(valkey.patience())
                .maxRetries(MOST_TRIALS)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
                .build();
    }

    @Override
    public Duration take(String who) {
        Permit permit = local.begin(who);
        if (!permit.retryAfter().isZero()) {
            return permit.retryAfter();
        }
        Duration wait = unlessAway(() -> {
            ConsumptionProbe probe = on(who, bucket -> bucket.tryConsumeAndReturnRemaining(1));
            return probe.isConsumed() ? 0L : probe.getNanosToWaitForRefill();
        });
        permit.end(wait.isZero());
        return wait;
    }

    @Override
    public Permit begin(String who) {
        Permit permit = local.begin(who);
        if (!permit.retryAfter().isZero()) {
            return permit;
        }
        Duration wait = unlessAway(() -> {
            EstimationProbe probe = on(who, bucket -> bucket.estimateAbilityToConsume(1));
            return probe.canBeConsumed() ? 0L : probe.getNanosToWaitForRefill();
        });
        if (!wait.isZero()) {
            permit.end(false);
        }
        return new Permit() {
            @Override
            public Duration retryAfter() {
                return wait;
            }

            @Override
            public void end(boolean counts) {
                if (wait.isZero()) {
                    permit.end(counts);
                    if (counts) {
                        count(who);
                    }
                }
            }
        };
    }

    /**
     * Counts also what has gone on at several nodes at once and is more than was allowed: it has to be made up for. But no
     * more than another window of it, so that nobody can shut others out for longer.
     */
    private void count(String who) {
        var _ = unlessAway(() ->
                on(who, bucket -> bucket.getAvailableTokens() > -amount ? bucket.consumeIgnoringRateLimits(1) : 0));
    }

    /** Nanoseconds that Valkey says, or none. */
    private static Duration unlessAway(LongSupplier nanos) {
        try {
            return Duration.ofNanos(nanos.getAsLong());
        } catch (StorageUnavailableException away) {
            return Duration.ZERO;
        }
    }

    private <T> T on(String who, Function<BucketProxy, T> use) {
        String key = valkey.hiddenKey(kind, who);
        return valkey.during(key, () -> use.apply(buckets.getProxy(key, () -> configuration)));
    }

    /**
     * What Bucket4j needs of the client library. It hands over keys in an array that is none of strings, whatever it says.
     *
     * @param <K> a string
     */
    private record Commands<K>(Valkey valkey) implements RedisApi<K> {

        @Override
        public <V> RedisFuture<V> eval(String script, ScriptOutputType type, K[] keys, byte[][] arguments) {
            return valkey.commands()
                    .eval(script, type, Stream.of(keys).map(Object::toString).toArray(String[]::new), arguments);
        }

        @Override
        public RedisFuture<byte[]> get(K key) {
            return valkey.commands().get(key.toString());
        }

        @Override
        public RedisFuture<?> delete(K key) {
            return valkey.commands().del(key.toString());
        }
    }
}
