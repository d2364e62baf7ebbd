package dev.patron.server.compute;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A few platform threads with a bounded queue, for work that keeps a processor busy.
 *
 * <p>Requests run on virtual threads, which share as many carrier threads as there are processors and are never preempted:
 * work of this kind would hold up all of them. The operating system shares the processors fairly between the threads of a
 * pool and the carriers. A thread without work for a minute ends. Thread-safe.
 */
public final class ComputePool implements AutoCloseable {

    private static final long IDLE_MINUTES = 1;

    private final ThreadPoolExecutor executor;

    /**
     * A pool without any thread yet.
     *
     * @param name what its threads are called, with a number
     * @param threads how many work at once
     * @param waiting how many pieces of work may wait for a thread
     */
    public ComputePool(String name, int threads, int waiting) {
        this.executor = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_MINUTES,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(waiting),
                Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        executor.allowCoreThreadTimeOut(true);
    }

    /** How many threads there are for a number that the operator sets: 0 is one fewer than the processors, at least one. */
    public static int threads(int wanted) {
        return wanted > 0 ? wanted : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    /**
     * Has work done, and waits for its end. Work that has not begun when its caller gives up is never done.
     *
     * @param patience how long it may wait for a thread
     * @return what the work returns
     * @throws OverloadedException when too much is waiting, or it has waited for so long, or the pool is closed
     */
    public <T> T call(Duration patience, Supplier<T> work) {
        Task<T> task = new Task<>(work);
        submit(task);
        try {
            if (!task.hasLeftTheQueue(patience) && executor.remove(task)) {
                throw new OverloadedException();
            }
            return task.get();
        } catch (InterruptedException stopping) {
            executor.remove(task);
            Thread.currentThread().interrupt();
            throw new OverloadedException();
        } catch (CancellationException closed) {
            throw new OverloadedException();
        } catch (ExecutionException failed) {
            throw rethrown(failed.getCause());
        }
    }

    /**
     * Has work done while the caller does something else now and then.
     *
     * @param everySecond what the caller does meanwhile
     * @throws OverloadedException when too much is waiting, or the pool is closed
     */
    public void run(Runnable work, Runnable everySecond) {
        FutureTask<Boolean> task = new FutureTask<>(work, true);
        submit(task);
        while (true) {
            try {
                var _ = task.get(1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException notYet) {
                everySecond.run();
            } catch (InterruptedException stopping) {
                executor.remove(task);
                Thread.currentThread().interrupt();
                throw new OverloadedException();
            } catch (CancellationException closed) {
                throw new OverloadedException();
            } catch (ExecutionException failed) {
                throw rethrown(failed.getCause());
            }
        }
    }

    /** How many pieces of work wait for a thread. */
    public int waiting() {
        return executor.getQueue().size();
    }

    private void submit(FutureTask<?> task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException fullOrClosed) {
            throw new OverloadedException();
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException fault ? fault : new IllegalStateException(cause);
    }

    /** Begins no further work, and turns away what waits. What has begun goes on to its end. */
    @Override
    public void close() {
        executor.shutdown();
        List<Runnable> waiting = new ArrayList<>();
        executor.getQueue().drainTo(waiting);
        waiting.forEach(task -> ((FutureTask<?>) task).cancel(false));
    }

    /** Work whose caller can wait for its beginning. */
    private static final class Task<T> extends FutureTask<T> {

        private final CountDownLatch leftTheQueue;

        Task(Supplier<T> work) {
            this(work, new CountDownLatch(1));
        }

        private Task(Supplier<T> work, CountDownLatch leftTheQueue) {
            super(() -> {
                leftTheQueue.countDown();
                return work.get();
            });
            this.leftTheQueue = leftTheQueue;
        }

        boolean hasLeftTheQueue(Duration patience) throws InterruptedException {
            return leftTheQueue.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        /** Also when it was turned away. */
        @Override
        protected void done() {
            leftTheQueue.countDown();
        }
    }
}
