package dev.patron.server.sql;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;
import org.h2.api.ErrorCode;

/**
 * Tells the pool which connections are of no more use. H2's own states for a database that closed itself, after a full
 * disk for one, do not begin with 08 as the pool expects; and a busy pool does not test its connections, so it would
 * hand such a connection out for ever.
 */
final class BrokenConnections implements SQLExceptionOverride {

    private static final Set<Integer> BROKEN = Set.of(
            ErrorCode.OBJECT_CLOSED,
            ErrorCode.CONNECTION_BROKEN_1,
            ErrorCode.DATABASE_IS_CLOSED,
            ErrorCode.DATABASE_CALLED_AT_SHUTDOWN);

    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException failure) {
        return BROKEN.contains(failure.getErrorCode())
                ? SQLExceptionOverride.Override.MUST_EVICT
                : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
}
