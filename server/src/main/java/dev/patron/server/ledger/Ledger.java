package dev.patron.server.ledger;

import dev.patron.server.http.Failures;
import dev.patron.server.options.Options;
import dev.patron.server.sql.Database;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes down every token that was made and every refusal, and writes them in batches, off the request: a row follows
 * its token within {@link #INTERVAL} and the time of one write. There is no token without its row: while {@link
 * #CAPACITY} of them wait to be written, no further one may be given to anybody. What is lost when the process is
 * killed is what waits just then. Thread-safe.
 */
public final class Ledger implements Recorder, AutoCloseable {

    /** How often {@link #write} is to be called. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    /** How many disclosures wait to be written at most. */
    public static final int CAPACITY = 65_536;

    private static final int ATTEMPTS_AT_CLOSE = 5;
    private static final System.Logger LOGGER = System.getLogger(Ledger.class.getName());
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database database;
    private final Retention retention;
    private final InstantSource clock;
    private final int capacity;
    private final long writerId = RANDOM.nextLong();
    private final RefusalCounts refusals = new RefusalCounts();

    /** Guards what requests and the writer share; held for no longer than an addition. */
    private final Object queue = new Object();

    private Waiting fresh = new Waiting();
    private int waiting;
    private Instant waitingSince = Instant.EPOCH;
    private boolean closed;

    /** Guards what only the writer needs; held while it writes. */
    private final ReentrantLock writing = new ReentrantLock();

    private @Nullable Batch unwritten;
    private Instant takenAt = Instant.EPOCH;
    private long lastNumber;
    private boolean failing;

    /** A ledger kept in a database, with nothing to write. */
    public Ledger(Database database, Options options, InstantSource clock) {
        this(database, options, clock, CAPACITY);
    }

    Ledger(Database database, Options options, InstantSource clock, int capacity) {
        this.database = database;
        this.retention = new Retention(database, options, clock);
        this.clock = clock;
        this.capacity = capacity;
    }

    @Override
    public boolean disclosed(Disclosed token) {
        synchronized (queue) {
            if (closed || waiting >= capacity) {
                return false;
            }
            if (waiting == 0) {
                waitingSince = token.at();
            }
            fresh.add(token);
            waiting++;
            return true;
        }
    }

    @Override
    public void refused(String host, @Nullable String clientId, String reason) {
        refusals.count(clock.instant(), host, clientId == null ? "" : clientId, reason);
    }

    /**
     * Writes what waits now; what comes meanwhile is for the next call, so that a busy server has few large batches rather than
     * small ones without end. What cannot be written is tried again at the next call; nothing is written twice.
     */
    public void write() {
        writing.lock();
        try {
            if (unwritten == null || written(unwritten)) {
                takeBatch();
                boolean _ = unwritten == null || written(unwritten);
            }
        } finally {
            writing.unlock();
        }
    }

    /** Removes what was kept for long enough, and the keys of erased customers, some rows at a time. */
    public void sweep() {
        retention.sweep();
    }

    /**
     * Makes what is written of a customer anonymous, and what is still to be written as well. The ledger itself never
     * had more of the customer than a key, which led to their row: this is for the transaction that removes that row.
     *
     * @return whether the store has the customer
     */
    public boolean erase(Handle transaction, String storeHash, long customerId) {
        return Erasure.erase(transaction, storeHash, customerId, clock.instant());
    }

    /** Takes down nothing more, and writes what waits; for when nobody is answered any more. */
    @Override
    public void close() {
        synchronized (queue) {
            closed = true;
        }
        for (int attempt = 1; attempt <= ATTEMPTS_AT_CLOSE; attempt++) {
            write();
            if (waiting() == 0) {
                return;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
        int lost = waiting();
        LOGGER.log(Level.ERROR, () -> lost + " disclosures could not be written, and are lost: storage is away.");
    }

    /** How many disclosures are not written yet. */
    public int waiting() {
        synchronized (queue) {
            return waiting;
        }
    }

    /** For how long the oldest disclosure that is not written yet has waited, at most. */
    public Duration lag() {
        synchronized (queue) {
            return waiting == 0 ? Duration.ZERO : Duration.between(waitingSince, clock.instant());
        }
    }

    private void takeBatch() {
        Waiting taken;
        synchronized (queue) {
            taken = fresh;
            takenAt = clock.instant();
            fresh = new Waiting();
        }
        RefusalCounts.Taken counted = refusals.take();
        if (taken.size() > 0 || !counted.isEmpty()) {
            lastNumber++;
            unwritten = new Batch(lastNumber, taken, counted);
        }
    }

    private boolean written(Batch batch) {
        try {
            Batch.Known known = database.transaction(handle -> batch.write(handle, writerId, clock.instant()));
            refusals.know(known.storesByHost().keySet(), known.clientIds());
        } catch (RuntimeException failure) {
            if (!failing) {
                failing = true;
                LOGGER.log(
                        Level.WARNING,
                        () -> "The ledger cannot be written now, and is tried again: " + Failures.describe(failure));
            }
            return false;
        }
        if (failing) {
            failing = false;
            LOGGER.log(Level.INFO, "The ledger is written again; nothing of it was lost.");
        }
        unwritten = null;
        synchronized (queue) {
            waiting -= batch.disclosures().size();
            // Whatever waits now was added after the batch was taken.
            waitingSince = takenAt;
        }
        return true;
    }
}
