package dev.patron.spring;

import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Notes tokens in Redis or Valkey, where the app wants that and has Spring Data Redis. */
@AutoConfiguration(
        before = PatronAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration")
@ConditionalOnClass(StringRedisTemplate.class)
@ConditionalOnProperty(name = "patron.replay.mode", havingValue = "redis")
public class PatronRedisAutoConfiguration {

    /** Made by Spring. */
    public PatronRedisAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(ReplayGuard.class)
    @ConditionalOnBean(StringRedisTemplate.class)
    ReplayGuard redisReplayGuard(StringRedisTemplate redis, ObjectProvider<InstantSource> clock) {
        return new RedisReplayGuard(redis, PatronAutoConfiguration.clock(clock));
    }
}
