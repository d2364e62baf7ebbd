package dev.patron.server.session;

import dev.patron.server.secret.SecretHash;
import dev.patron.server.storage.StorageUnavailableException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An engine's part in the one query that issuing asks of the database: the SQL that finds a session's customer. In it, the table
 * {@code customer} has the alias {@code c}. Thread-safe.
 */
public interface SessionLookUp {

    /** Two columns: when the session began, and when it was last seen, unless {@link Asked#times} says better. */
    String columns();

    /** The joins that find the customer of a session that has not ended; {@link Asked#bind} sets their parameters. */
    String joins();

    /**
     * Begins to look for a session. An engine outside of the database is asked now.
     *
     * @param session null when a request has none
     * @throws StorageUnavailableException when that engine does not answer in time
     */
    Asked ask(@Nullable SecretHash session);

    /** The look-up of one session. */
    interface Asked {

        /**
         * Sets the parameters of the joins.
         *
         * @param first the index of the first one
         * @return the index of the next one
         */
        int bind(PreparedStatement statement, int first) throws SQLException;

        /**
         * When the session began, and when it was last seen.
         *
         * @param row has found a customer
         * @param column the first one of {@link SessionLookUp#columns}
         * @param storeHash the store that is asked about
         * @return null when the session is of another store
         */
        @Nullable
        Times times(ResultSet row, int column, String storeHash) throws SQLException;
    }

    /** When a session began, and when it was last seen. */
    record Times(Instant beganAt, Instant lastSeenAt) {}
}
