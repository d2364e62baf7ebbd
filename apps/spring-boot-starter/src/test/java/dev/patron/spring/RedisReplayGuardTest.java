package dev.patron.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.patron.engines.RedisServer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** The guard of apps that run several times, against a real Redis. */
@Timeout(60)
class RedisReplayGuardTest {

    private RedisServer redis;

    @BeforeEach
    void start() {
        redis = RedisServer.start();
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void tokens_areTakenOnce_andNotAtAllWhileRedisIsAway() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataRedisAutoConfiguration.class,
                        PatronRedisAutoConfiguration.class,
                        PatronAutoConfiguration.class))
                .withPropertyValues(TestTokens.PROPERTIES)
                .withPropertyValues(
                        "patron.replay.mode=redis",
                        "spring.data.redis.url=" + redis.url(),
                        "spring.data.redis.timeout=1s",
                        "spring.data.redis.connect-timeout=1s")
                .run(context -> {
                    ReplayGuard guard = context.getBean(ReplayGuard.class);
                    Instant now = InstantSource.system().instant();
                    Callable<Boolean> use = () -> guard.isFirstUse("one", now.plusSeconds(30));
                    ExecutorService threads = Executors.newFixedThreadPool(8);
                    int first = 0;
                    for (var answer : threads.invokeAll(Collections.nCopies(200, use))) {
                        first += answer.get() ? 1 : 0;
                    }
                    threads.shutdown();
                    assertThat(first).isEqualTo(1);
                    assertThat(guard.isFirstUse("two", now.plusSeconds(30))).isTrue();
                    assertThat(guard.isFirstUse("late", now.minusSeconds(1))).isFalse();

                    redis.kill();
                    assertThat(catchThrowable(() -> guard.isFirstUse("three", now.plusSeconds(30))))
                            .as("the authenticator refuses then")
                            .isNotNull();
                });
    }
}
