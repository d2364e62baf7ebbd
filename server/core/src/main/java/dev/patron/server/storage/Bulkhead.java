package dev.patron.server.storage;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bound on how many callers use an engine at once. Further ones are refused at once, and do not queue. After several
 * failures in a row to reach the engine, one caller at a time is let through, to see whether it is back. Thread-safe.
 */
public final class Bulkhead {

    /** One failure may be one connection's; so many are all of them. */
    private static final int FAILURES_IN_A_ROW = 3;

    private final Semaphore all;
    private final Semaphore trial = new Semaphore(1);
    private final AtomicInteger failures = new AtomicInteger();

    /** A bulkhead for so many callers at once. */
    public Bulkhead(int callers) {
        this.all = new Semaphore(callers);
    }

    /** The right to use the engine, until it is closed. */
    @FunctionalInterface
    public interface Permit extends AutoCloseable {
        /** Gives it back. */
        @Override
        void close();
    }

    /**
     * Takes a permit.
     *
     * @throws StorageUnavailableException when there is none, or the engine is away
     */
    public Permit acquire() {
        Semaphore permits = failures.get() < FAILURES_IN_A_ROW ? all : trial;
        if (!permits.tryAcquire()) {
            throw new StorageUnavailableException();
        }
        return permits::release;
    }

    /** The engine has answered, if only that it cannot do what it was asked. */
    public void succeeded() {
        if (failures.get() > 0) {
            failures.set(0);
        }
    }

    /** The engine could not be reached. */
    public void failed() {
        failures.incrementAndGet();
    }
}
