package dev.patron.server.issuance;

import dev.patron.server.app.OriginApprovals;
import dev.patron.server.app.SealedSecret;
import dev.patron.server.issuance.IssuanceData.Origin;
import dev.patron.server.issuance.IssuanceData.Question;
import dev.patron.server.issuance.IssuanceData.SigningApp;
import dev.patron.server.issuance.IssuanceData.Vouching;
import dev.patron.server.session.SessionLookUp;
import dev.patron.server.session.Sessions;
import dev.patron.server.sql.Database;
import dev.patron.token.JwsAlgorithm;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Reads what issuing depends on: one query by primary keys, after one for the session where that is in Valkey; fresh for each
 * request, so that nothing has to be invalidated. Thread-safe.
 */
public final class IssuanceReader {

    private static final String APP = " a.algorithm, a.claim_jwt_id, a.claim_channel_id," // 8, 9, 10
            + " not a.disabled and not a.blocked and coalesce(p.allowed, a.every_store)," // 11
            + " x.secret_id, x.sealed"; // 12, 13
    private static final String APP_TABLES = " left join app a on a.client_id = ?"
            + " left join app_secret x on x.secret_id ="
            + " case when a.next_signs_from <= ? then a.next_secret_id else a.signing_secret_id end"
            + " left join app_store p on p.client_id = a.client_id and p.store_hash = h.store_hash";

    /** Only where a browser names an origin: most requests name none, and do without. */
    private static final String ORIGIN = ", t.https," // 15
            + " not a.disabled and not a.blocked and coalesce(p.allowed, a.every_store) and "
            + OriginApprovals.APPROVED; // 16

    private static final String ORIGIN_TABLES = " join store t on t.store_hash = h.store_hash"
            + " left join app_origin o on o.client_id = a.client_id and o.origin = ?"
            + " left join app_origin_approval d on d.client_id = o.client_id and d.origin = o.origin"
            + " and d.store_hash = h.store_hash";

    private static final String AT_HOST = " where h.host = ?";

    private static final String CUSTOMER =
            // A customer of another store is none. Not said in the join: H2 would then look for the customer by the
            // store while there are few, and stay with that plan when there are many.
            " case when c.store_hash = h.store_hash then c.email end, c.group_id, c.disabled,"; // 5, 6, 7

    private final Database database;
    private final SessionLookUp sessions;
    private final String query;
    private final String queryAboutOrigin;

    /** Reads from a database, and sessions from where they are. */
    public IssuanceReader(Database database, Sessions sessions) {
        this.database = database;
        this.sessions = sessions.lookUp();
        this.query = query(this.sessions, false);
        this.queryAboutOrigin = query(this.sessions, true);
    }

    private static String query(SessionLookUp sessions, boolean aboutOrigin) {
        return "select h.store_hash, c.customer_id, " // 1, 2
                + sessions.columns() + "," // 3, 4
                + CUSTOMER // 5, 6, 7
                + APP + ", c.customer_key" // 14
                + (aboutOrigin ? ORIGIN : "")
                + " from store_host h"
                + sessions.joins()
                + APP_TABLES
                + (aboutOrigin ? ORIGIN_TABLES : "")
                + AT_HOST;
    }

    /** The query, for tests that have it explained. */
    String query(boolean aboutOrigin) {
        return aboutOrigin ? queryAboutOrigin : query;
    }

    /** For a test token, which needs no session: the account's creation takes the place of the session's two times. */
    private static final String TEST_TOKEN_QUERY = "select h.store_hash," // 1
            + " c.customer_id, c.created_at, c.created_at," // 2, 3, 4
            + " c.email, c.group_id, c.disabled," // 5, 6, 7
            + APP + ", c.customer_key" // 14
            + " from store h"
            + " left join customer c on c.store_hash = h.store_hash and c.customer_id = ?"
            + APP_TABLES
            + " where h.store_hash = ?";

    /** Asks storage; null when the host belongs to no store. */
    @Nullable
    IssuanceData read(Question question) {
        // Before there is a connection: another engine may take its time.
        SessionLookUp.Asked session = sessions.ask(question.session());
        return database.<@Nullable IssuanceData>query(connection -> read(connection, question, session));
    }

    private @Nullable IssuanceData read(Connection connection, Question question, SessionLookUp.Asked session)
            throws SQLException {
        boolean aboutOrigin = question.origin() != null;
        try (PreparedStatement statement = connection.prepareStatement(query(aboutOrigin))) {
            int next = session.bind(statement, 1);
            statement.setString(next++, question.clientId());
            statement.setObject(next++, Database.moment(question.now()));
            if (question.origin() != null) {
                statement.setString(next++, question.origin());
            }
            statement.setString(next, question.host());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                SessionLookUp.Times times = hasCustomer(row) ? session.times(row, 3, row.getString(1)) : null;
                return data(row, times == null ? null : vouching(row, times), aboutOrigin);
            }
        }
    }

    /** Asks storage about a customer who need not be signed in; null when there is no such store. */
    @Nullable
    IssuanceData readForTestToken(String storeHash, long customerId, String clientId, Instant now) {
        return database.<@Nullable IssuanceData>query(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(TEST_TOKEN_QUERY)) {
                statement.setLong(1, customerId);
                statement.setString(2, clientId);
                statement.setObject(3, Database.moment(now));
                statement.setString(4, storeHash);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return null;
                    }
                    Vouching vouching = null;
                    if (hasCustomer(row)) {
                        Instant created = row.getObject(3, OffsetDateTime.class).toInstant();
                        vouching = vouching(row, new SessionLookUp.Times(created, created));
                    }
                    return data(row, vouching, false);
                }
            }
        });
    }

    private static boolean hasCustomer(ResultSet row) throws SQLException {
        return row.getString(5) != null;
    }

    private static Vouching vouching(ResultSet row, SessionLookUp.Times times) throws SQLException {
        return new Vouching(
                row.getLong(14),
                row.getLong(2),
                row.getString(5),
                row.getLong(6),
                row.getBoolean(7),
                times.beganAt(),
                times.lastSeenAt());
    }

    private static IssuanceData data(ResultSet row, @Nullable Vouching vouching, boolean aboutOrigin)
            throws SQLException {
        return new IssuanceData(
                row.getString(1),
                vouching,
                app(row),
                aboutOrigin ? new Origin(row.getBoolean(15) ? "https" : "http", row.getBoolean(16)) : null);
    }

    private static @Nullable SigningApp app(ResultSet row) throws SQLException {
        byte[] sealed = row.getBytes(13);
        return sealed == null
                ? null
                : new SigningApp(
                        JwsAlgorithm.valueOf(row.getString(8)),
                        row.getBoolean(9),
                        row.getBoolean(10),
                        row.getBoolean(11),
                        row.getLong(12),
                        SealedSecret.of(sealed));
    }
}
