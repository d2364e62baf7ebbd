package dev.patron.server;

import dev.patron.server.log.Failures;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does what has to be done now and then, one thing after the other. A task that fails is tried again in its turn. */
final class Sweeper implements AutoCloseable {

    private static final System.Logger LOGGER = System.getLogger(Sweeper.class.getName());

    private final ScheduledExecutorService executor;

    Sweeper(String threadName) {
        executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name(threadName).daemon().factory());
    }

    void every(Duration interval, Runnable task) {
        var _ = executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error failure) {
                        LOGGER.log(Level.WARNING, () -> "A periodic task failed: " + Failures.describe(failure));
                    }
                },
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
