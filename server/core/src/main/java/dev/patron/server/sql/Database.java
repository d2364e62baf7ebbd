package dev.patron.server.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.pool.HikariPool;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.storage.Bulkhead;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.storage.UnstorableTextException;
import dev.patron.server.trace.Traces;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * The database: opened, migrated, pooled. When {@link #transaction} has returned, what it wrote is on
 * disk and outlives the process. Thread-safe.
 */
public final class Database implements AutoCloseable {

    /** A statement or several on one connection. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        /** Runs the work. */
        T on(Handle handle) throws SQLException;
    }

    /** A query on a plain connection, for the one place where every microsecond counts. */
    @FunctionalInterface
    public interface Query<T extends @Nullable Object> {
        /** Runs the query. */
        T on(Connection connection) throws SQLException;
    }

    /** SQLSTATE class of connections that cannot be made, or broke. */
    private static final String CONNECTION_EXCEPTION = "08";

    /** What this thread has to do with databases: how many connections it holds, and what it does once it holds none. */
    private static final class Held {
        private int connections;
        private final List<Runnable> afterwards = new ArrayList<>();
    }

    private static final ThreadLocal<Held> HELD = ThreadLocal.withInitial(Held::new);

    private final Engine engine;
    private final HikariDataSource pool;
    private final Bulkhead bulkhead;
    private final Flyway flyway;
    private final Jdbi jdbi;
    private final LongAdder statements = new LongAdder();

    private Database(Engine engine, HikariDataSource pool, int places, Flyway flyway) {
        this.engine = engine;
        this.pool = pool;
        this.bulkhead = new Bulkhead(places);
        this.flyway = flyway;
        this.jdbi = Jdbi.create(pool);
        // Bound arguments are e-mail addresses and sealed secrets: never in a message.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(false);
        jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext statement) {
                statements.increment();
            }
        });
    }

    /**
     * Opens the database that the options say and migrates it: a PostgreSQL server's, or the embedded one in the data
     * folder, which is made when it does not exist. Of several processes that open one at once, one migrates it.
     *
     * @throws InvalidOptionException when the PostgreSQL server cannot be reached, refuses the role or is too old
     */
    public static Database open(Options options) {
        Engine engine = Engine.of(options);
        int connections = options.get(Options.DATABASE_CONNECTIONS);
        HikariConfig config = new HikariConfig();
        config.setPoolName("patron");
        config.setMaximumPoolSize(connections);
        config.setConnectionTimeout(options.get(Options.DATABASE_WAIT).toMillis());
        engine.configure(config);
        HikariDataSource pool = connect(engine, config);
        try {
            try (Connection first = pool.getConnection()) {
                engine.opened(first);
            }
            Flyway flyway =
                    migration(engine).locations("classpath:db/migration").load();
            flyway.migrate();
            return new Database(engine, pool, connections + options.get(Options.DATABASE_WAITING), flyway);
        } catch (SQLException failed) {
            pool.close();
            throw new StorageUnavailableException(failed);
        } catch (RuntimeException | Error failed) {
            pool.close();
            throw failed;
        }
    }

    private static HikariDataSource connect(Engine engine, HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException failed) {
            throw engine.refusal(failed);
        }
    }

    /** Not over the pool: it needs more connections than the smallest pool has, and more patience. */
    private static FluentConfiguration migration(Engine engine) {
        return engine.connect(Flyway.configure(Database.class.getClassLoader()));
    }

    /**
     * Migrates tables that another module keeps beside the server's own, by its own scripts and with a history of its own.
     *
     * @param location a folder of the class path that no other module has
     * @param history the table that says which of the scripts were applied
     */
    public void migrate(String location, String history) {
        migration(engine)
                .locations("classpath:" + location)
                .table(history)
                // The server's tables are there already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    /**
     * Runs work that only reads on one connection.
     *
     * @throws StorageUnavailableException when storage does not answer in time
     */
    public <T extends @Nullable Object> T with(Work<T> work) {
        return run(() -> jdbi.withHandle((HandleCallback<T, SQLException>) work::on));
    }

    /**
     * Runs several queries that see storage as it is at one moment, whatever is written meanwhile.
     *
     * @throws StorageUnavailableException when storage does not answer in time
     */
    public <T extends @Nullable Object> T snapshot(Work<T> work) {
        return run(() -> jdbi.inTransaction(
                TransactionIsolationLevel.REPEATABLE_READ, (HandleCallback<T, SQLException>) work::on));
    }

    /**
     * Runs work in one transaction: all of it is durable when this returns, and none of it when this throws.
     *
     * @throws StorageUnavailableException when storage does not answer in time
     * @throws UniqueViolationException when a unique constraint is broken
     * @throws StatementRefusedException when the database refuses anything else
     */
    public <T extends @Nullable Object> T transaction(Work<T> work) {
        return run(() -> {
            T result;
            try (Bulkhead.Permit _ = engine.transactionPermit()) {
                result = jdbi.inTransaction((HandleCallback<T, SQLException>) work::on);
            }
            engine.awaitDurable(jdbi);
            return result;
        });
    }

    /**
     * Runs work in one transaction that may take minutes and that nobody waits for: it reads, or writes what no other
     * transaction touches and what may be lost with the process.
     *
     * @throws StorageUnavailableException when storage does not answer
     */
    public <T extends @Nullable Object> T patiently(Work<T> work) {
        return run(() -> jdbi.inTransaction((HandleCallback<T, SQLException>) handle -> {
            engine.bePatient(handle);
            return work.on(handle);
        }));
    }

    /**
     * Runs a query on a plain connection.
     *
     * @throws StorageUnavailableException when storage does not answer in time
     */
    public <T extends @Nullable Object> T query(Query<T> query) {
        return run(() -> {
            try (Connection connection = pool.getConnection()) {
                statements.increment();
                return query.on(connection);
            }
        });
    }

    /** How many statements were sent so far; those of one batch count once. */
    public long statements() {
        return statements.sum();
    }

    /**
     * Does something once the transaction that this thread is in has been committed and holds nothing any more: neither a
     * connection nor a lock. It is not done when the transaction is taken back. What fails of it is the caller's failure,
     * although the transaction has been committed.
     *
     * @throws IllegalStateException when this thread is in no transaction
     */
    public static void afterTransaction(Runnable work) {
        Held held = HELD.get();
        if (held.connections == 0) {
            throw new IllegalStateException("There is no transaction to wait for");
        }
        held.afterwards.add(work);
    }

    /**
     * Makes sure that this thread holds no database connection, before it waits for another server: the embedded database lets
     * one transaction run at a time, and everybody else would wait, too.
     *
     * @throws IllegalStateException when it holds one
     */
    public static void requireNoneHeld() {
        if (HELD.get().connections > 0) {
            throw new IllegalStateException("Another server must not be asked while a database connection is held");
        }
    }

    /** How many connections are in use, and how many requests wait for one. */
    public record Connections(int used, int waiting) {}

    /** The connections as they are now. */
    public Connections connections() {
        HikariPoolMXBean bean = pool.getHikariPoolMXBean();
        return new Connections(bean.getActiveConnections(), bean.getThreadsAwaitingConnection());
    }

    /** Whether {@link #backUp} can copy it: the embedded one. A PostgreSQL server has programs of its own for that. */
    public boolean copiesItself() {
        return engine.copiesItself();
    }

    /**
     * Writes a copy of everything that is committed now to a file, while others go on.
     *
     * @throws StorageUnavailableException when there is no room for it, for one
     */
    public void backUp(Path file) {
        with(handle -> {
            engine.backUp(handle, file);
            return true;
        });
    }

    /** Whether storage answers within the time that a request would wait. */
    public boolean answers() {
        try {
            return query(connection -> connection.isValid(1));
        } catch (StorageUnavailableException away) {
            return false;
        }
    }

    /** The version of the newest migration that was applied. */
    public String schemaVersion() {
        return String.valueOf(flyway.info().current().getVersion());
    }

    /** Whether every migration that this server knows was applied, and no other. */
    public boolean isMigrated() {
        return flyway.validateWithResult().validationSuccessful;
    }

    /** A moment as the database keeps it. */
    public static OffsetDateTime moment(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    @Override
    public void close() {
        pool.close();
    }

    @FunctionalInterface
    private interface Call<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    private <T extends @Nullable Object> T run(Call<T> call) {
        Held held = HELD.get();
        int waitingBefore = held.afterwards.size();
        boolean done = false;
        T result;
        held.connections++;
        try {
            result = ask(call);
            done = true;
        } finally {
            held.connections--;
            if (!done) {
                held.afterwards.subList(waitingBefore, held.afterwards.size()).clear();
            }
        }
        if (held.connections == 0 && !held.afterwards.isEmpty()) {
            List<Runnable> afterwards = List.copyOf(held.afterwards);
            held.afterwards.clear();
            afterwards.forEach(Runnable::run);
        }
        return result;
    }

    private <T extends @Nullable Object> T ask(Call<T> call) {
        try (Traces.Part _ = Traces.part("database");
                Bulkhead.Permit _ = bulkhead.acquire()) {
            T result = call.run();
            bulkhead.succeeded();
            return result;
        } catch (SQLException failure) {
            throw meaning(failure);
        } catch (StatementRefusedException nested) {
            bulkhead.succeeded();
            throw nested;
        } catch (JdbiException failure) {
            throw SqlFault.in(failure).map(this::meaning).orElse(failure);
        }
    }

    /** What the failure of a statement means to the caller. */
    private RuntimeException meaning(SQLException failure) {
        note(failure);
        return switch (SqlFault.of(failure)) {
            case UNAVAILABLE -> new StorageUnavailableException(failure);
            case DUPLICATE -> new UniqueViolationException(failure);
            case CHARACTER -> new UnstorableTextException(failure);
            case DATA -> new StatementRefusedException(failure, SqlFault.DATA);
            case MISTAKE -> new StatementRefusedException(failure, SqlFault.MISTAKE);
        };
    }

    private void note(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (saysAway(cause)) {
                bulkhead.failed();
                return;
            }
        }
        bulkhead.succeeded();
    }

    private static boolean saysAway(Throwable failure) {
        return failure instanceof SQLTransientConnectionException
                || (failure instanceof SQLException sql
                        && sql.getSQLState() != null
                        && sql.getSQLState().startsWith(CONNECTION_EXCEPTION));
    }
}
