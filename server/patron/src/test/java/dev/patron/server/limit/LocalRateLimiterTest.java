package dev.patron.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.limit.RateLimiter.Permit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is remembered is bounded, whatever names clients make up. */
class LocalRateLimiterTest {

    private static final Duration WINDOW = Duration.ofDays(1);

    private final LocalRateLimiter limiter = new LocalRateLimiter(3, WINDOW, 100);

    @Test
    void take_isCounted_forEachNameApart() {
        for (int i = 0; i < 3; i++) {
            assertThat(limiter.take("ada")).isZero();
        }

        assertThat(limiter.take("ada")).isPositive();
        assertThat(limiter.take("adb")).isZero();
    }

    @Test
    void turn_thatDoesNotCount_leavesNothingBehind() {
        Permit permit = limiter.begin("ada");
        assertThat(permit.retryAfter()).isZero();
        assertThat(limiter.size()).isEqualTo(1);

        permit.end(false);

        assertThat(limiter.size()).isZero();
    }

    @Test
    void turn_thatDoesNotCount_leavesWhatCounted() {
        assertThat(limiter.take("ada")).isZero();
        limiter.begin("ada").end(false);

        assertThat(limiter.size()).isEqualTo(1);
        assertThat(limiter.take("ada")).isZero();
        assertThat(limiter.take("ada")).isZero();
        assertThat(limiter.take("ada")).isPositive();
    }

    @Test
    void names_thatAreMadeUp_takeNoMoreThanTheirRoom() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(limiter.take("made up " + i)).isZero();
        }

        assertThat(limiter.size()).isLessThanOrEqualTo(100);
    }
}
