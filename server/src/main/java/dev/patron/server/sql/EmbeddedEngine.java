package dev.patron.server.sql;

import com.zaxxer.hikari.HikariConfig;
import dev.patron.server.options.Options;
import java.nio.file.Path;
import java.sql.Connection;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;

/** H2, in this process, on a file in the data folder. */
final class EmbeddedEngine implements Engine {

    static {
        // H2 would look up each value that it reads in a cache of shared ones, which costs more than it saves here.
        System.setProperty("h2.objectCache", "false");
    }

    private final Path folder;
    private final String url;

    EmbeddedEngine(Options options) {
        folder = DataFolder.open(options.get(Options.DATA));
        url = "jdbc:h2:file:" + folder.resolve("patron").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
                + ";CACHE_SIZE=114688;LOCK_TIMEOUT="
                + options.get(Options.DATABASE_WAIT).toMillis();
    }

    @Override
    public void configure(HikariConfig pool) {
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
        DataFolder.restrict(folder.resolve("patron.mv.db"));
    }

    @Override
    public RuntimeException refusal(RuntimeException failure) {
        return failure;
    }

    @Override
    public void awaitDurable(Handle connection) {
        // H2 leaves a commit to the next one when another thread is writing to the file just then: wait for that.
        connection.execute("checkpoint sync");
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
