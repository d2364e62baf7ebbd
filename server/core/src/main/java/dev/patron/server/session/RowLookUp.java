package dev.patron.server.session;

import dev.patron.server.secret.SecretHash;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Looks up sessions that are rows of the database. */
final class RowLookUp implements SessionLookUp {

    @Override
    public String columns() {
        return "s.began_at, s.last_seen_at";
    }

    @Override
    public String joins() {
        return " left join session s on s.session_key = ? and s.session_hash = ?"
                + " left join customer c on c.customer_key = s.customer_key";
    }

    @Override
    public Asked ask(@Nullable SecretHash session) {
        return new Asked() {
            @Override
            public int bind(PreparedStatement statement, int first) throws SQLException {
                if (session == null) {
                    statement.setNull(first, Types.BIGINT);
                    statement.setNull(first + 1, Types.VARBINARY);
                } else {
                    statement.setLong(first, session.key());
                    statement.setBytes(first + 1, session.toBytes());
                }
                return first + 2;
            }

            @Override
            public Times times(ResultSet row, int column, String storeHash) throws SQLException {
                return new Times(
                        row.getObject(column, OffsetDateTime.class).toInstant(),
                        row.getObject(column + 1, OffsetDateTime.class).toInstant());
            }
        };
    }
}
