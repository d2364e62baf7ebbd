package dev.patron.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.limit.Allowance.Turn;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is remembered is bounded, whatever names clients make up. */
class LocalAllowanceTest {

    private static final Duration WINDOW = Duration.ofDays(1);

    private final LocalAllowance allowance = new LocalAllowance(3, WINDOW, 100);

    @Test
    void take_isCounted_forEachNameApart() {
        for (int i = 0; i < 3; i++) {
            assertThat(allowance.take("ada")).isZero();
        }

        assertThat(allowance.take("ada")).isPositive();
        assertThat(allowance.take("adb")).isZero();
    }

    @Test
    void turn_thatDoesNotCount_leavesNothingBehind() {
        Turn turn = allowance.begin("ada");
        assertThat(turn.toWait()).isZero();
        assertThat(allowance.size()).isEqualTo(1);

        turn.end(false);

        assertThat(allowance.size()).isZero();
    }

    @Test
    void turn_thatDoesNotCount_leavesWhatCounted() {
        assertThat(allowance.take("ada")).isZero();
        allowance.begin("ada").end(false);

        assertThat(allowance.size()).isEqualTo(1);
        assertThat(allowance.take("ada")).isZero();
        assertThat(allowance.take("ada")).isZero();
        assertThat(allowance.take("ada")).isPositive();
    }

    @Test
    void names_thatAreMadeUp_takeNoMoreThanTheirRoom() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(allowance.take("made up " + i)).isZero();
        }

        assertThat(allowance.size()).isLessThanOrEqualTo(100);
    }
}
