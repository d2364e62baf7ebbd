package dev.patron.server.sql;

import com.zaxxer.hikari.HikariConfig;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.storage.Bulkhead;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server. Nothing waits for it longer than the options say: the server cuts off a statement that takes too
 * long, and should it not even do that, because it stands still or the network is gone, the driver gives up a second
 * later.
 */
final class PostgreSqlEngine implements Engine {

    /** How long something may take that nobody waits for. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int OLDEST = 13;

    private final String url;
    private final String user;
    private final String password;
    private final Duration wait;

    PostgreSqlEngine(Options options) {
        url = options.get(Options.DATABASE_URL);
        user = options.get(Options.DATABASE_USER);
        password = options.get(Options.DATABASE_PASSWORD);
        wait = options.get(Options.DATABASE_WAIT);
    }

    @Override
    public void configure(HikariConfig pool) {
        long seconds = Math.ceilDiv(wait.toMillis(), 1000L);
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setValidationTimeout(wait.toMillis());
        pool.addDataSourceProperty("ApplicationName", "patron");
        pool.addDataSourceProperty("connectTimeout", Long.toString(seconds));
        pool.addDataSourceProperty("socketTimeout", Long.toString(seconds + 1));
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("reWriteBatchedInserts", "true");
        // An acknowledged write is on the server's disk, whatever the role's own settings say.
        pool.addDataSourceProperty(
                "options",
                "-c statement_timeout=" + wait.toMillis() + " -c lock_timeout=" + wait.toMillis()
                        + " -c idle_in_transaction_session_timeout=" + PATIENCE.toMillis()
                        + " -c synchronous_commit=on"
                        // What tokens are made from is in memory: also a table of few pages is better looked up in.
                        + " -c random_page_cost=1");
    }

    @Override
    public FluentConfiguration connect(FluentConfiguration migration) {
        PGSimpleDataSource patient = new PGSimpleDataSource();
        patient.setUrl(url);
        patient.setUser(user);
        patient.setPassword(password);
        patient.setApplicationName("patron migration");
        return migration.dataSource(patient);
    }

    @Override
    public void opened(Connection first) throws SQLException {
        int major = first.getMetaData().getDatabaseMajorVersion();
        if (major < OLDEST) {
            throw new InvalidOptionException("patron.database.url: PostgreSQL " + OLDEST
                    + " or newer is needed, and this server is PostgreSQL " + major + ".");
        }
    }

    @Override
    public RuntimeException refusal(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return new InvalidOptionException(refusal(sql.getSQLState()));
            }
        }
        return new InvalidOptionException(refusal(""));
    }

    /** The states of PostgreSQL's documentation, appendix A. The server's own message is not shown: it names the role. */
    private static String refusal(String state) {
        return switch (state) {
            case "28P01", "28000" ->
                "patron.database.user: The PostgreSQL server refuses the role or its password. Correct"
                        + " patron.database.user and patron.database.password, or pg_hba.conf of the server.";
            case "3D000" ->
                "patron.database.url: The PostgreSQL server has no such database. Make it, owned by the role, or correct"
                        + " the name at the end.";
            case "53300" ->
                "patron.database.connections: The PostgreSQL server has no connection left. Lower it, or raise"
                        + " max_connections of the server: each node takes that many.";
            default ->
                "patron.database.url: The PostgreSQL server cannot be reached (SQLSTATE " + state + "). Start it, or"
                        + " correct host and port.";
        };
    }

    @Override
    public Bulkhead.Permit transactionPermit() {
        // The server knows itself who has to wait for whom.
        return () -> {};
    }

    @Override
    public void awaitDurable(Jdbi jdbi) {
        // The server answers a commit when it is durable.
    }

    @Override
    public boolean copiesItself() {
        return false;
    }

    @Override
    public void backUp(Handle connection, Path file) {
        throw new UnsupportedOperationException("pg_dump copies a PostgreSQL database");
    }

    @Override
    public void bePatient(Handle transaction) throws SQLException {
        // The pool takes the second one back.
        transaction.execute("set local statement_timeout = " + PATIENCE.toMillis());
        transaction.getConnection().setNetworkTimeout(Runnable::run, (int) PATIENCE.toMillis());
    }
}
