package dev.patron.spring;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Notes tokens in Redis or Valkey, for apps that run several times. When it does not answer, tokens are refused. */
final class RedisReplayGuard implements ReplayGuard {

    private static final String PREFIX = "patron:seen:";

    private final StringRedisTemplate redis;
    private final InstantSource clock;

    RedisReplayGuard(StringRedisTemplate redis, InstantSource clock) {
        this.redis = redis;
        this.clock = clock;
    }

    @Override
    public boolean isFirstUse(String key, Instant until) {
        Duration left = Duration.between(clock.instant(), until);
        return !left.isNegative()
                && !left.isZero()
                && Boolean.TRUE.equals(redis.opsForValue().setIfAbsent(PREFIX + key, "", left));
    }
}
