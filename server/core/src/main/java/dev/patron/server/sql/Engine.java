package dev.patron.server.sql;

import com.zaxxer.hikari.HikariConfig;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.storage.Bulkhead;
import dev.patron.server.storage.StorageUnavailableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A kind of database that everything may be kept in: what differs between them, beside the one SQL. Thread-safe. */
interface Engine {

    /** The one that the options say. */
    static Engine of(Options options) {
        return options.get(Options.DATABASE_URL).isEmpty()
                ? new EmbeddedEngine(options)
                : new PostgreSqlEngine(options);
    }

    /** Tells the pool how to connect. */
    void configure(HikariConfig pool);

    /** Tells who migrates where, over connections that may take their time. */
    FluentConfiguration connect(FluentConfiguration migration);

    /**
     * Does what is to be done once the first connection was made.
     *
     * @throws InvalidOptionException when this is not the database that the options promise
     */
    void opened(Connection first) throws SQLException;

    /** What to tell the operator when the first connection could not be made. */
    RuntimeException refusal(RuntimeException failure);

    /**
     * Waits until this thread may run a transaction, if others have to end first.
     *
     * @return to be closed when the transaction has ended
     * @throws StorageUnavailableException when others take too long
     */
    Bulkhead.Permit transactionPermit();

    /** Returns when every transaction that has been committed so far outlives the process. */
    void awaitDurable(Jdbi jdbi);

    /** Whether {@link #backUp} can copy it; a PostgreSQL server has programs of its own for that. */
    boolean copiesItself();

    /** Writes a copy of everything that is committed now to a file, while others go on. */
    void backUp(Handle connection, Path file);

    /** Lets the transaction on this connection take its time. */
    void bePatient(Handle transaction) throws SQLException;
}
