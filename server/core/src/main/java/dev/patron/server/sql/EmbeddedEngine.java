package dev.patron.server.sql;

import com.zaxxer.hikari.HikariConfig;
import dev.patron.server.options.Options;
import dev.patron.server.storage.Bulkhead;
import dev.patron.server.storage.StorageUnavailableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** H2, in this process, on a file in the data folder. */
final class EmbeddedEngine implements Engine {

    static {
        // H2 would look up each value that it reads in a cache of shared ones, which costs more than it saves here.
        System.setProperty("h2.objectCache", "false");
    }

    private final Path folder;
    private final String url;
    private final Duration wait;
    // H2 up to 2.5.252 can lose the entry of an index when a transaction is rolled back while another one that changed
    // the
    // same row is still being committed: then no row with that value can be changed any more.
    private final ReentrantLock transactions = new ReentrantLock(true);

    EmbeddedEngine(Options options) {
        folder = DataFolder.open(options.get(Options.DATA));
        wait = options.get(Options.DATABASE_WAIT);
        url = "jdbc:h2:file:" + folder.resolve("patron").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
                + ";CACHE_SIZE=" + cacheKilobytes() + ";LOCK_TIMEOUT="
                + wait.toMillis();
    }

    /** A third of the heap: H2 counts a page at nearly twice what it takes of it. */
    private static long cacheKilobytes() {
        return Runtime.getRuntime().maxMemory() / 1024 / 8 * 5;
    }

    @Override
    public void configure(HikariConfig pool) {
        // H2 would make it as the process makes files: readable by others, where the folder is.
        DataFolder.reserve(folder.resolve("patron.mv.db"));
        pool.setJdbcUrl(url);
        pool.setMinimumIdle(1);
        pool.setExceptionOverride(new BrokenConnections());
    }

    @Override
    public FluentConfiguration connect(FluentConfiguration migration) {
        return migration.dataSource(url, null, null);
    }

    @Override
    public void opened(Connection first) {
        // Nothing has to be asked: it is this process.
    }

    @Override
    public RuntimeException refusal(RuntimeException failure) {
        return failure;
    }

    @Override
    public Bulkhead.Permit transactionPermit() {
        try {
            if (!transactions.tryLock(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StorageUnavailableException();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageUnavailableException(interrupted);
        }
        return transactions::unlock;
    }

    @Override
    public void awaitDurable(Jdbi jdbi) {
        // H2 leaves a commit to the next one when another thread is writing to the file just then: wait for that.
        jdbi.useHandle(connection -> connection.execute("checkpoint sync"));
    }

    @Override
    public boolean copiesItself() {
        return true;
    }

    @Override
    public void backUp(Handle connection, Path file) {
        connection.execute("backup to ?", file.toAbsolutePath().toString());
    }

    @Override
    public void bePatient(Handle transaction) {
        // No statement is cut off here; only waiting for a lock has a limit.
    }
}
