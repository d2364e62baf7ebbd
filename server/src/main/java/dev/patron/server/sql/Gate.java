package dev.patron.server.sql;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets in no more than storage can be asked at once, and turns the rest away at once instead of letting it queue. While
 * storage is away, which several failures in a row to reach it tell, one at a time is let in to see whether it is back.
 * Thread-safe.
 */
final class Gate {

    /** One failure may be one connection's; so many are all of them. */
    private static final int FAILURES_IN_A_ROW = 3;

    /** SQLSTATE class of connections that cannot be made, or broke. */
    private static final String CONNECTION_EXCEPTION = "08";

    private final Semaphore places;
    private final Semaphore trial = new Semaphore(1);
    private final AtomicInteger failures = new AtomicInteger();

    Gate(int places) {
        this.places = new Semaphore(places);
    }

    /**
     * Lets the caller in, who has to {@link #leave} again.
     *
     * @return where they are
     * @throws StorageUnavailableException when there is no place, or storage is away
     */
    Semaphore enter() {
        Semaphore room = failures.get() < FAILURES_IN_A_ROW ? places : trial;
        if (!room.tryAcquire()) {
            throw new StorageUnavailableException();
        }
        return room;
    }

    void leave(Semaphore room) {
        room.release();
    }

    /** Storage has answered. */
    void reached() {
        if (failures.get() > 0) {
            failures.set(0);
        }
    }

    /** Storage has not answered, or has answered that it cannot do what it was asked. */
    void failed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (saysAway(cause)) {
                failures.incrementAndGet();
                return;
            }
        }
        reached();
    }

    private static boolean saysAway(Throwable failure) {
        if (failure instanceof SQLTransientConnectionException) {
            return true;
        }
        return failure instanceof SQLException sql
                && sql.getSQLState() != null
                && sql.getSQLState().startsWith(CONNECTION_EXCEPTION);
    }
}
