package dev.patron.server.audit;

import dev.patron.server.log.Failures;
import dev.patron.server.options.Options;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.StatementRefusedException;
import dev.patron.server.storage.StorageUnavailableException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of audit records, written in batches by one thread: every token that was made, and refusals in counts. A
 * record is on disk within {@link #INTERVAL} and the time of one write.
 *
 * <p>What can be lost: a token is given out once its record is in the queue, in memory. When the process is killed or the
 * machine fails, what waits just then is lost: less than a second's records while storage keeps up; everything since storage
 * went away, up to {@link #CAPACITY}, otherwise. A server that is stopped writes what waits, and logs how much it could not
 * write. At {@link #CAPACITY} no further token is given out.
 *
 * <p>While storage is away, everything waits and is tried again; nothing is written twice. A record that the database refuses
 * is found by halving its batch, and set aside ({@link SetAside}), so that the others are written. Thread-safe.
 */
public final class AuditLog implements Recorder, AutoCloseable {

    /** How often {@link #write} is to be called. */
    public static final Duration INTERVAL = Duration.ofMillis(250);

    /** How many disclosures wait to be written at most. */
    public static final int CAPACITY = 65_536;

    private static final int ATTEMPTS_AT_CLOSE = 5;
    private static final System.Logger LOGGER = System.getLogger(AuditLog.class.getName());
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

    /** What was taken from the queue, in order; the first may have been tried already. */
    private final Deque<Batch> unwritten = new ArrayDeque<>();

    private Instant takenAt = Instant.EPOCH;
    private long lastNumber;
    private boolean failing;
    private final LongAdder setAside = new LongAdder();

    /** A ledger kept in a database, with nothing to write. */
    public AuditLog(Database database, Options options, InstantSource clock) {
        this(database, options, clock, CAPACITY);
    }

    AuditLog(Database database, Options options, InstantSource clock, int capacity) {
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
     * small ones without end. What cannot be written now is tried again at the next call; what the database refuses is set
     * aside.
     */
    public void write() {
        writing.lock();
        try {
            if (writeUnwritten()) {
                takeBatch();
                boolean _ = writeUnwritten();
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

    /** Writes what waits, and records nothing more: no request is answered any more. */
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

    /** How many records were set aside since the process began, because the database refused them. */
    public long setAside() {
        return setAside.sum();
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
            unwritten.add(new Batch(Batch.UNNUMBERED, taken, counted));
        }
    }

    /** Writes what was taken, or sets it aside; false when it has to wait. */
    private boolean writeUnwritten() {
        while (!unwritten.isEmpty()) {
            Batch next = unwritten.removeFirst();
            // A batch keeps its number until it is known what became of it: so it is not written twice.
            Batch batch = next.number() == Batch.UNNUMBERED ? next.numbered(++lastNumber) : next;
            if (!isDone(batch)) {
                unwritten.addFirst(batch);
                return false;
            }
        }
        synchronized (queue) {
            // Whatever waits now was added after the batch was taken.
            waitingSince = takenAt;
        }
        return true;
    }

    private boolean isDone(Batch batch) {
        try {
            Batch.Known known = database.transaction(handle -> batch.write(handle, writerId, clock.instant()));
            refusals.know(known.storesByHost().keySet(), known.clientIds());
            done(batch);
            return true;
        } catch (RuntimeException failure) {
            if (!isRefused(failure)) {
                fails(failure);
                return false;
            }
            if (batch.size() == 1) {
                return isSetAside(batch, failure);
            }
            // Nothing of it was written, or it would not have been refused: its number is given up.
            batch.halves().reversed().forEach(unwritten::addFirst);
            return true;
        }
    }

    /** Whether it is the batch that cannot be written, now or later, and not storage that is away or not as it should be. */
    private static boolean isRefused(RuntimeException failure) {
        return switch (failure) {
            case StorageUnavailableException _ -> false;
            case StatementRefusedException refused -> refused.isOfData();
            case JdbiException _ -> false;
            default -> true;
        };
    }

    private boolean isSetAside(Batch single, RuntimeException failure) {
        String fault = failure instanceof StatementRefusedException refused
                ? "SQLSTATE " + refused.state()
                : failure.getClass().getSimpleName();
        boolean room;
        try {
            room = database.transaction(handle -> {
                boolean added = single.setAside(handle, writerId, fault, clock.instant());
                if (!added) {
                    handle.rollback();
                }
                return added;
            });
        } catch (RuntimeException away) {
            fails(away);
            return false;
        }
        if (!room && single.disclosures().size() > 0) {
            fails(failure);
            return false;
        }
        setAside.increment();
        LOGGER.log(
                Level.ERROR,
                () -> "A record of the ledger was refused by the database, and "
                        + (room ? "set aside in the table ledger_set_aside: " : "dropped, since that table is full: ")
                        + fault);
        done(single);
        return true;
    }

    private void done(Batch batch) {
        if (failing) {
            failing = false;
            LOGGER.log(Level.INFO, "The ledger is written again; nothing of it was lost.");
        }
        synchronized (queue) {
            waiting -= batch.disclosures().size();
        }
    }

    private void fails(RuntimeException failure) {
        if (!failing) {
            failing = true;
            LOGGER.log(
                    Level.WARNING,
                    () -> "The ledger cannot be written now, and is tried again: " + Failures.describe(failure));
        }
    }
}
