package dev.patron.server.sql;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.h2.mvstore.MVStoreException;

/**
 * What a failed statement means, by its SQLSTATE: the standard's and PostgreSQL's classes (its documentation, appendix A),
 * and H2's own codes where H2 has no state of the standard.
 */
enum SqlFault {

    /** Storage is away, stopping, full, read-only, too slow, or busy with a transaction that excludes this one. */
    UNAVAILABLE,

    /** A unique constraint is broken. */
    DUPLICATE,

    /** A text has a character that the database cannot store: U+0000, for PostgreSQL. */
    CHARACTER,

    /** The database refuses a value: too long, of the wrong kind, or against a constraint. */
    DATA,

    /** The statement cannot be run at all, whatever its values: our own mistake. */
    MISTAKE;

    private static final Set<String> DUPLICATES = Set.of("23505");

    private static final Set<String> CHARACTERS = Set.of("22021", "22P05");

    /** Connections, transactions to be tried again, resources, an operator's interventions, and the system below. */
    private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "40", "53", "57", "58");

    private static final Set<String> UNAVAILABLE_STATES = Set.of(
            // PostgreSQL: a standby; a transaction that took too long; a lock that was not free in time; corrupt files.
            "25006",
            "25P03",
            "25P04",
            "55P03",
            "XX001",
            "XX002",
            // H2: a lock that was not free in time.
            "HYT00");

    private static final Set<Integer> UNAVAILABLE_IN_H2 = Set.of(
            ErrorCode.OBJECT_CLOSED,
            ErrorCode.DATABASE_ALREADY_OPEN_1,
            ErrorCode.FILE_RENAME_FAILED_2,
            ErrorCode.FILE_DELETE_FAILED_1,
            ErrorCode.IO_EXCEPTION_1,
            ErrorCode.FILE_CORRUPTED_1,
            ErrorCode.IO_EXCEPTION_2,
            ErrorCode.FILE_CREATION_FAILED_1,
            ErrorCode.CONNECTION_BROKEN_1,
            ErrorCode.DATABASE_IS_READ_ONLY,
            ErrorCode.DATABASE_IS_CLOSED,
            ErrorCode.OUT_OF_MEMORY,
            ErrorCode.DATABASE_CALLED_AT_SHUTDOWN,
            ErrorCode.CONCURRENT_UPDATE_1,
            ErrorCode.DATABASE_IS_IN_EXCLUSIVE_MODE);

    /** The failure of a statement in what was thrown, if it is one. The one that has a state tells most. */
    static Optional<SQLException> in(Throwable thrown) {
        SQLException first = null;
        Deque<Throwable> left = new ArrayDeque<>();
        left.add(thrown);
        while (!left.isEmpty()) {
            Throwable next = left.remove();
            if (next instanceof SQLException sql) {
                // The pool's tells that it has waited for too long; its cause, why the last attempt failed.
                if (sql.getSQLState() != null || sql instanceof SQLTransientConnectionException) {
                    return Optional.of(sql);
                }
                first = first == null ? sql : first;
                if (sql.getNextException() != null) {
                    left.add(sql.getNextException());
                }
            }
            if (next.getCause() != null) {
                left.add(next.getCause());
            }
        }
        return Optional.ofNullable(first);
    }

    static SqlFault of(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || failure instanceof SQLTransientConnectionException) {
            // Both databases say a state; the pool, whose connection is broken or which is closed, may say none.
            return UNAVAILABLE;
        }
        if (DUPLICATES.contains(state)) {
            return DUPLICATE;
        }
        if (CHARACTERS.contains(state)) {
            return CHARACTER;
        }
        if (isUnavailable(failure, state)) {
            return UNAVAILABLE;
        }
        return state.startsWith("22") || state.startsWith("23") ? DATA : MISTAKE;
    }

    private static boolean isUnavailable(SQLException failure, String state) {
        return UNAVAILABLE_STATES.contains(state)
                || UNAVAILABLE_CLASSES.stream().anyMatch(state::startsWith)
                || UNAVAILABLE_IN_H2.contains(failure.getErrorCode())
                || (failure.getErrorCode() == ErrorCode.GENERAL_ERROR_1 && isOfFile(failure));
    }

    /** Whether H2's general error is one of its file. */
    private static boolean isOfFile(Throwable failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof MVStoreException) {
                return true;
            }
        }
        return false;
    }
}
