package dev.patron.server.issuance;

import dev.patron.server.app.OriginApprovals;
import dev.patron.server.app.SealedSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.session.ValkeySessions;
import dev.patron.server.sql.Database;
import dev.patron.token.JwsAlgorithm;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What storage says, now, of the store at a host, of a session there, its customer, an app, and an origin: one query by
 * primary keys, after one for the session where that is in Valkey; fresh for each request, so that nothing has to be
 * invalidated.
 *
 * @param vouching null when the host's store has no such session
 * @param app null when there is no such app, or it has nothing to sign with
 * @param origin null when nothing was asked about an origin
 */
record IssuanceData(
        String storeHash,
        @Nullable Vouching vouching,
        @Nullable SigningApp app,
        @Nullable Origin origin) {

    /**
     * What an origin is to a store and an app.
     *
     * @param storeScheme the scheme of the store's own pages
     * @param mayAsk whether pages of the origin may ask for the app's tokens at the store
     */
    record Origin(String storeScheme, boolean mayAsk) {}

    /** What is asked about; a null session stands for none, a null origin for one that is not asked about. */
    record Question(
            String host,
            @Nullable SecretHash session,
            String clientId,
            @Nullable String origin,
            Instant now) {}

    /** A session and its customer. {@link #toString()} tells only the customer's id. */
    record Vouching(
            long customerKey,
            long customerId,
            String email,
            long groupId,
            boolean disabled,
            Instant beganAt,
            Instant lastSeenAt) {

        Vouching seen(Instant beganAt, Instant lastSeenAt) {
            return new Vouching(customerKey, customerId, email, groupId, disabled, beganAt, lastSeenAt);
        }

        @Override
        public String toString() {
            return "Vouching[" + customerId + "]";
        }
    }

    /** An app, as far as signing needs it. */
    record SigningApp(
            JwsAlgorithm algorithm,
            boolean jwtId,
            boolean channelId,
            boolean allowed,
            long secretId,
            SealedSecret sealed) {}

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

    static final String QUERY = query(false, false);

    static final String QUERY_ABOUT_ORIGIN = query(false, true);

    /** With a session that was found elsewhere, unless it has ended: its own times stand for those that are asked for here. */
    static final String QUERY_WITH_SESSION = query(true, false);

    static final String QUERY_WITH_SESSION_ABOUT_ORIGIN = query(true, true);

    private static String query(boolean withSession, boolean aboutOrigin) {
        return "select h.store_hash," // 1
                + (withSession
                        ? " c.customer_id, c.created_at, c.created_at,"
                        : " c.customer_id, s.began_at, s.last_seen_at,")
                + CUSTOMER // 5, 6, 7; before it 2, 3, 4
                + APP + ", c.customer_key" // 14
                + (aboutOrigin ? ORIGIN : "")
                + " from store_host h"
                + (withSession
                        ? " left join ended_session e on e.session_key = ?"
                                + " left join customer c on c.customer_key = ? and c.session_generation = ?"
                                + " and e.session_key is null"
                        : " left join session s on s.session_key = ? and s.session_hash = ?"
                                + " left join customer c on c.customer_key = s.customer_key")
                + APP_TABLES
                + (aboutOrigin ? ORIGIN_TABLES : "")
                + AT_HOST;
    }

    /** Without a session: the account's own time stands for those of one. */
    private static final String TEST_TOKEN_QUERY = "select h.store_hash," // 1
            + " c.customer_id, c.created_at, c.created_at," // 2, 3, 4
            + " c.email, c.group_id, c.disabled," // 5, 6, 7
            + APP + ", c.customer_key" // 14
            + " from store h"
            + " left join customer c on c.store_hash = h.store_hash and c.customer_id = ?"
            + APP_TABLES
            + " where h.store_hash = ?";

    /** Asks storage; null when the host belongs to no store. */
    static @Nullable IssuanceData read(Connection connection, Question question) throws SQLException {
        boolean aboutOrigin = question.origin() != null;
        try (PreparedStatement statement = connection.prepareStatement(aboutOrigin ? QUERY_ABOUT_ORIGIN : QUERY)) {
            SecretHash session = question.session();
            if (session == null) {
                statement.setNull(1, Types.BIGINT);
                statement.setNull(2, Types.VARBINARY);
            } else {
                statement.setLong(1, session.key());
                statement.setBytes(2, session.toBytes());
            }
            bind(statement, 3, question);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? data(row, vouching(row), aboutOrigin) : null;
            }
        }
    }

    /**
     * Asks storage about the customer of a session that was found elsewhere; null when the host belongs to no store.
     *
     * @param found null when there is no such session
     */
    static @Nullable IssuanceData read(Connection connection, Question question, ValkeySessions.@Nullable Found found)
            throws SQLException {
        boolean aboutOrigin = question.origin() != null;
        try (PreparedStatement statement =
                connection.prepareStatement(aboutOrigin ? QUERY_WITH_SESSION_ABOUT_ORIGIN : QUERY_WITH_SESSION)) {
            SecretHash session = question.session();
            if (session == null || found == null) {
                statement.setNull(1, Types.BIGINT);
                statement.setNull(2, Types.BIGINT);
                statement.setNull(3, Types.BIGINT);
            } else {
                statement.setLong(1, session.key());
                statement.setLong(2, found.customerKey());
                statement.setLong(3, found.generation());
            }
            bind(statement, 4, question);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                Vouching vouching = vouching(row);
                return data(
                        row,
                        vouching == null || found == null || !found.storeHash().equals(row.getString(1))
                                ? null
                                : vouching.seen(found.beganAt(), found.lastSeenAt()),
                        aboutOrigin);
            }
        }
    }

    private static void bind(PreparedStatement statement, int first, Question question) throws SQLException {
        int next = first;
        statement.setString(next++, question.clientId());
        statement.setObject(next++, Database.moment(question.now()));
        if (question.origin() != null) {
            statement.setString(next++, question.origin());
        }
        statement.setString(next, question.host());
    }

    private static IssuanceData data(ResultSet row, @Nullable Vouching vouching, boolean aboutOrigin)
            throws SQLException {
        return new IssuanceData(
                row.getString(1),
                vouching,
                app(row),
                aboutOrigin ? new Origin(row.getBoolean(15) ? "https" : "http", row.getBoolean(16)) : null);
    }

    /** Asks storage about a customer who need not be signed in; null when there is no such store. */
    static @Nullable IssuanceData readForTestToken(
            Connection connection, String storeHash, long customerId, String clientId, Instant now)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TEST_TOKEN_QUERY)) {
            statement.setLong(1, customerId);
            statement.setString(2, clientId);
            statement.setObject(3, Database.moment(now));
            statement.setString(4, storeHash);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? data(row, vouching(row), false) : null;
            }
        }
    }

    private static @Nullable Vouching vouching(ResultSet row) throws SQLException {
        String email = row.getString(5);
        return email == null
                ? null
                : new Vouching(
                        row.getLong(14),
                        row.getLong(2),
                        email,
                        row.getLong(6),
                        row.getBoolean(7),
                        row.getObject(3, OffsetDateTime.class).toInstant(),
                        row.getObject(4, OffsetDateTime.class).toInstant());
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
