package dev.patron.server.sql;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A unique constraint is broken. Which one decides whether somebody was told that something is taken or our own mistake
 * has shown: {@link #isOf}.
 */
public final class UniqueViolationException extends StatementRefusedException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable UniqueKey broken;

    UniqueViolationException(SQLException cause) {
        super(cause, SqlFault.DUPLICATE);
        this.broken = UniqueKey.brokenIn(cause).orElse(null);
    }

    /** Whether this constraint is the one that is broken. */
    public boolean isOf(UniqueKey key) {
        return broken != null && key.isSame(broken);
    }
}
