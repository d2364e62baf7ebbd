package dev.patron.server.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ComputePoolTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ComputePool pool = new ComputePool("test", 1, 1);
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        pool.close();
    }

    @Test
    void call_isDoneOnAPlatformThreadOfThePool() {
        Thread worker = pool.call(PATIENCE, Thread::currentThread);

        assertThat(worker.isVirtual()).isFalse();
        assertThat(worker.getName()).isEqualTo("test-0");
        assertThat(worker.isDaemon()).isTrue();
    }

    @Test
    void call_whatFails_failsForTheCaller() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pool.call(PATIENCE, () -> {
                    throw new IllegalArgumentException("wrong");
                }))
                .withMessage("wrong");
        assertThat(pool.call(PATIENCE, () -> "goes on")).isEqualTo("goes on");
    }

    @Test
    void call_moreThanMayWait_isRefusedAtOnce() throws Exception {
        FutureTask<String> working = occupy();
        FutureTask<String> waiting = elsewhere(() -> pool.call(PATIENCE, () -> "waited"));
        await(() -> pool.waiting() == 1);

        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> pool.call(PATIENCE, () -> "refused"));

        release.countDown();
        assertThat(working.get(30, TimeUnit.SECONDS)).isEqualTo("worked");
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo("waited");
    }

    @Test
    void call_givenUp_isNeverDone() throws Exception {
        FutureTask<String> working = occupy();
        AtomicBoolean done = new AtomicBoolean();

        assertThatExceptionOfType(OverloadedException.class)
                .isThrownBy(() -> pool.call(Duration.ofMillis(10), () -> {
                    done.set(true);
                    return "too late";
                }));

        release.countDown();
        assertThat(working.get(30, TimeUnit.SECONDS)).isEqualTo("worked");
        assertThat(pool.call(PATIENCE, () -> "next")).isEqualTo("next");
        assertThat(done).isFalse();
    }

    @Test
    void close_turnsAwayWhatWaits_andWhatComesLater() throws Exception {
        FutureTask<String> working = occupy();
        FutureTask<Boolean> waiting = elsewhere(() -> {
            try {
                return pool.call(PATIENCE, () -> false);
            } catch (OverloadedException turnedAway) {
                return true;
            }
        });
        await(() -> pool.waiting() == 1);

        pool.close();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
        assertThatExceptionOfType(OverloadedException.class).isThrownBy(() -> pool.call(PATIENCE, () -> "later"));
        release.countDown();
        assertThat(working.get(30, TimeUnit.SECONDS)).isEqualTo("worked");
    }

    @Test
    void run_longWork_letsTheCallerDoSomethingMeanwhile() {
        AtomicInteger seconds = new AtomicInteger();

        pool.run(this::awaitRelease, () -> {
            if (seconds.incrementAndGet() == 2) {
                release.countDown();
            }
        });

        assertThat(seconds.get()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void threads_unlessTheOperatorSaysOtherwise_areFewerThanTheProcessors() {
        int processors = Runtime.getRuntime().availableProcessors();

        assertThat(ComputePool.threads(0)).isEqualTo(Math.max(1, processors - 1));
        assertThat(ComputePool.threads(3)).isEqualTo(3);
    }

    private FutureTask<String> occupy() {
        FutureTask<String> working = elsewhere(() -> pool.call(PATIENCE, () -> {
            busy.countDown();
            awaitRelease();
            return "worked";
        }));
        await(() -> busy.getCount() == 0);
        return working;
    }

    private static <T> FutureTask<T> elsewhere(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        var _ = Thread.ofVirtual().start(task);
        return task;
    }

    private void awaitRelease() {
        await(() -> release.getCount() == 0);
    }

    private static void await(Supplier<Boolean> condition) {
        long began = System.nanoTime();
        while (!condition.get()) {
            if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(30)) {
                throw new AssertionError("It never came to that");
            }
            Thread.onSpinWait();
        }
    }
}
