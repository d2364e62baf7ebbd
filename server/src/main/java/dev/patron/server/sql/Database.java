package dev.patron.server.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.patron.server.options.Options;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Supplier;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * The database: opened, migrated, pooled. When {@link #transaction} has returned, what it wrote is in
 * the file and outlives the process. Thread-safe.
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

    /** SQLSTATE of a broken unique constraint. */
    private static final String UNIQUE_VIOLATION = "23505";

    static {
        // H2 would look up each value that it reads in a cache of shared ones, which costs more than it saves here.
        System.setProperty("h2.objectCache", "false");
    }

    private final HikariDataSource pool;
    private final Flyway flyway;
    private final Supplier<FluentConfiguration> migration;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool, Flyway flyway, Supplier<FluentConfiguration> migration) {
        this.pool = pool;
        this.flyway = flyway;
        this.migration = migration;
        this.jdbi = Jdbi.create(pool);
        // Bound arguments are e-mail addresses and sealed secrets: never in a message.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(false);
    }

    /** Opens the embedded database in the data folder, making it when it does not exist, and migrates it. */
    public static Database open(Options options) {
        Path folder = DataFolder.open(options.get(Options.DATA));
        long waitMillis = options.get(Options.DATABASE_WAIT).toMillis();
        HikariConfig config = new HikariConfig();
        config.setPoolName("patron");
        config.setJdbcUrl("jdbc:h2:file:" + folder.resolve("patron").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
                + ";CACHE_SIZE=114688;LOCK_TIMEOUT=" + waitMillis);
        config.setMaximumPoolSize(options.get(Options.DATABASE_CONNECTIONS));
        config.setMinimumIdle(1);
        config.setConnectionTimeout(waitMillis);
        config.setExceptionOverride(new BrokenConnections());
        HikariDataSource pool = new HikariDataSource(config);
        try {
            DataFolder.restrict(folder.resolve("patron.mv.db"));
            // Not the pool: it needs more connections than the smallest pool has.
            Supplier<FluentConfiguration> migration =
                    () -> Flyway.configure(Database.class.getClassLoader()).dataSource(config.getJdbcUrl(), null, null);
            Flyway flyway = migration.get().locations("classpath:db/migration").load();
            flyway.migrate();
            return new Database(pool, flyway, migration);
        } catch (RuntimeException | Error failed) {
            pool.close();
            throw failed;
        }
    }

    /**
     * Migrates tables that another module keeps beside the server's own, by its own scripts and with a history of its own.
     *
     * @param location a folder of the class path that no other module has
     * @param history the table that says which of the scripts were applied
     */
    public void migrate(String location, String history) {
        migration
                .get()
                .locations("classpath:" + location)
                .table(history)
                // The server's tables are there already.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }

    /**
     * Runs work on one connection, each statement committed by itself.
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
     */
    public <T extends @Nullable Object> T transaction(Work<T> work) {
        T result = run(() -> jdbi.inTransaction((HandleCallback<T, SQLException>) work::on));
        // H2 leaves a commit to the next one when another thread is writing to the file just then: wait for that.
        run(() -> jdbi.withHandle(handle -> handle.execute("checkpoint sync")));
        return result;
    }

    /**
     * Runs a query on a plain connection.
     *
     * @throws StorageUnavailableException when storage does not answer in time
     */
    public <T extends @Nullable Object> T query(Query<T> query) {
        return run(() -> {
            try (Connection connection = pool.getConnection()) {
                return query.on(connection);
            }
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

    /** Whether the failure says that a row with this key exists already. */
    public static boolean isDuplicate(JdbiException failure) {
        return failure.getCause() instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState());
    }

    @Override
    public void close() {
        pool.close();
    }

    @FunctionalInterface
    private interface Call<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    private static <T extends @Nullable Object> T run(Call<T> call) {
        try {
            return call.run();
        } catch (SQLException away) {
            throw new StorageUnavailableException(away);
        } catch (JdbiException failure) {
            if (isDuplicate(failure)) {
                throw failure;
            }
            throw new StorageUnavailableException(failure);
        }
    }
}
