package dev.patron.server.session;

import dev.patron.server.secret.SecretHash;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Looks up sessions that are in Valkey. Whether one has ended nevertheless, the database says in the same query. */
final class ValkeyLookUp implements SessionLookUp {

    private final ValkeySessionStore store;

    ValkeyLookUp(ValkeySessionStore store) {
        this.store = store;
    }

    @Override
    public String columns() {
        return "c.created_at, c.created_at";
    }

    @Override
    public String joins() {
        return " left join ended_session e on e.session_key = ?"
                + " left join customer c on c.customer_key = ? and c.session_generation = ? and e.session_key is null";
    }

    @Override
    public Asked ask(@Nullable SecretHash session) {
        return new Found(session == null ? null : store.read(session).orElse(null), session);
    }

    /** A session that may have ended; null when there is none. */
    private record Found(
            @Nullable ValkeySession session, @Nullable SecretHash id) implements Asked {

        @Override
        public int bind(PreparedStatement statement, int first) throws SQLException {
            if (session == null || id == null) {
                statement.setNull(first, Types.BIGINT);
                statement.setNull(first + 1, Types.BIGINT);
                statement.setNull(first + 2, Types.BIGINT);
            } else {
                statement.setLong(first, id.key());
                statement.setLong(first + 1, session.customerKey());
                statement.setLong(first + 2, session.generation());
            }
            return first + 3;
        }

        @Override
        public @Nullable Times times(ResultSet row, int column, String storeHash) {
            return session == null || !session.storeHash().equals(storeHash)
                    ? null
                    : new Times(session.began(), session.lastSeen());
        }
    }
}
