package dev.patron.server.storage;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets in no more than an engine can be asked at once, and turns the rest away at once instead of letting it queue. While
 * the engine is away, which several failures in a row to reach it tell, one at a time is let in to see whether it is back.
 * Thread-safe.
 */
public final class Gate {

    /** One failure may be one connection's; so many are all of them. */
    private static final int FAILURES_IN_A_ROW = 3;

    private final Semaphore places;
    private final Semaphore trial = new Semaphore(1);
    private final AtomicInteger failures = new AtomicInteger();

    /** A gate that lets so many in at once. */
    public Gate(int places) {
        this.places = new Semaphore(places);
    }

    /** A place behind the gate, to be left again. */
    @FunctionalInterface
    public interface Stay extends AutoCloseable {
        /** Leaves. */
        @Override
        void close();
    }

    /**
     * Lets the caller in.
     *
     * @throws StorageUnavailableException when there is no place, or the engine is away
     */
    public Stay enter() {
        Semaphore room = failures.get() < FAILURES_IN_A_ROW ? places : trial;
        if (!room.tryAcquire()) {
            throw new StorageUnavailableException();
        }
        return room::release;
    }

    /** The engine has answered, if only that it cannot do what it was asked. */
    public void reached() {
        if (failures.get() > 0) {
            failures.set(0);
        }
    }

    /** The engine could not be reached. */
    public void away() {
        failures.incrementAndGet();
    }
}
