package dev.patron.sandbox.installation;

import dev.patron.sandbox.management.Grant;
import dev.patron.sandbox.management.Grants;
import dev.patron.server.login.CustomerLogins;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.sql.Database;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;

/**
 * Apps that are installed at stores, and their access tokens. A token is good until the app is uninstalled, for the scopes
 * that it was given and that the store still consents to, and not while the app is disabled, blocked or barred. Storage knows only
 * hashes of tokens. Thread-safe.
 */
public final class Installations implements Grants {

    /** More tokens of one installation than these are nobody's. */
    private static final int MOST_TOKENS = 20;

    private static final RowMapper<Installation> ROW = (row, _) -> new Installation(
            row.getLong("installation_id"),
            row.getString("client_id"),
            row.getString("store_hash"),
            StoreScope.kept(row.getString("scopes")),
            row.getObject("installed_at", OffsetDateTime.class).toInstant());

    private final Database database;
    private final CustomerLogins logins;
    private final InstantSource clock;

    Installations(Database database, CustomerLogins logins, InstantSource clock) {
        this.database = database;
        this.logins = logins;
        this.clock = clock;
    }

    /**
     * Installs an app at a store without asking anybody: for demo data and tests.
     *
     * @return an access token
     * @throws IllegalArgumentException when there is no such app or store, or a scope is not known
     */
    public String install(String storeHash, String clientId, Set<String> scopes) {
        Set<StoreScope> known = StoreScope.parse(String.join(" ", scopes))
                .orElseThrow(() -> new IllegalArgumentException("One of these scopes is not known: " + scopes));
        return database.transaction(handle -> install(handle, storeHash, clientId, known, null))
                .orElseThrow(() -> new IllegalArgumentException("There is no such app or store."))
                .reveal();
    }

    /**
     * Installs an app, or installs it anew with other scopes, as part of the transaction that gives the reason.
     *
     * @param code the key of the code that the token is given for, or null
     * @return an access token; empty when there is no such app or store
     */
    Optional<BearerSecret> install(
            Handle transaction, String storeHash, String clientId, Set<StoreScope> scopes, @Nullable Long code) {
        if (!lock(transaction, clientId)) {
            return Optional.empty();
        }
        String text = StoreScope.text(scopes);
        int renewed = transaction.execute(
                "update installation set scopes = ? where client_id = ? and store_hash = ?", text, clientId, storeHash);
        if (renewed == 0) {
            int added = transaction.execute(
                    "insert into installation (client_id, store_hash, scopes, installed_at)"
                            + " select ?, store_hash, ?, ? from store where store_hash = ?",
                    clientId,
                    text,
                    Database.moment(clock.instant()),
                    storeHash);
            if (added == 0) {
                return Optional.empty();
            }
        }
        long id = find(transaction, storeHash, clientId).orElseThrow().id();
        if (scopes.contains(StoreScope.STORE_V2_CUSTOMERS_LOGIN)) {
            logins.permit(transaction, storeHash, clientId);
        } else {
            logins.forbid(transaction, storeHash, clientId);
        }
        BearerSecret token = BearerSecret.create();
        transaction.execute(
                "insert into access_grant (token_key, token_hash, installation_id, scopes, code_key, granted_at)"
                        + " values (?, ?, ?, ?, ?, ?)",
                token.hash().key(),
                token.hash().toBytes(),
                id,
                text,
                code,
                Database.moment(clock.instant()));
        transaction.execute(
                "delete from access_grant where token_key in (select token_key from access_grant"
                        + " where installation_id = ? and token_key <> ? order by granted_at desc, token_key offset "
                        + (MOST_TOKENS - 1) + " rows)",
                id,
                token.hash().key());
        return Optional.of(token);
    }

    /** Takes the token back that was given for a code; with the last one of an installation, the installation too. */
    void takeBack(Handle transaction, AuthorizationCodes.Consent consent, BearerSecret code) {
        transaction.execute(
                "delete from access_grant where code_key = ?", code.hash().key());
        int removed = transaction.execute(
                "delete from installation where client_id = ? and store_hash = ?"
                        + " and installation_id not in (select installation_id from access_grant)",
                consent.clientId(),
                consent.storeHash());
        if (removed == 1) {
            logins.forbid(transaction, consent.storeHash(), consent.clientId());
        }
    }

    /**
     * Locks an app, which everything that changes an installation does first.
     *
     * @return whether there is one
     */
    static boolean lock(Handle transaction, String clientId) {
        return transaction
                .createQuery("select 1 from app where client_id = ? for update")
                .bind(0, clientId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    @Override
    public Optional<Grant> find(String accessToken) {
        return BearerSecret.parse(accessToken).map(BearerSecret::hash).flatMap(this::find);
    }

    private Optional<Grant> find(SecretHash token) {
        return database.with(handle -> handle.createQuery(
                        "select i.store_hash, i.client_id, g.scopes, i.scopes as consented"
                                + " from access_grant g join installation i on i.installation_id = g.installation_id"
                                + " join app a on a.client_id = i.client_id"
                                + " left join app_store p on p.client_id = i.client_id and p.store_hash = i.store_hash"
                                + " where g.token_key = ? and g.token_hash = ?"
                                + " and not a.disabled and not a.blocked"
                                + " and coalesce(p.allowed, a.every_store)")
                .bind(0, token.key())
                .bind(1, token.toBytes())
                .map((row, _) -> {
                    Set<StoreScope> scopes = EnumSet.noneOf(StoreScope.class);
                    scopes.addAll(StoreScope.kept(row.getString("scopes")));
                    scopes.retainAll(StoreScope.kept(row.getString("consented")));
                    return new Grant(
                            row.getString("store_hash"),
                            row.getString("client_id"),
                            scopes.stream().map(StoreScope::id).collect(Collectors.toSet()));
                })
                .findOne());
    }

    /** The installation of an app at a store, if there is one. */
    public Optional<Installation> find(String storeHash, String clientId) {
        return database.with(handle -> find(handle, storeHash, clientId));
    }

    static Optional<Installation> find(Handle handle, String storeHash, String clientId) {
        return handle.createQuery("select * from installation where client_id = ? and store_hash = ?")
                .bind(0, clientId)
                .bind(1, storeHash)
                .map(ROW)
                .findOne();
    }

    /** The installations at a store. */
    List<Installation> ofStore(String storeHash) {
        return database.with(
                handle -> handle.createQuery("select * from installation where store_hash = ? order by client_id")
                        .bind(0, storeHash)
                        .map(ROW)
                        .list());
    }

    /** Notes that a member has opened an installed app. */
    void noteUser(Installation installation, long memberId) {
        database.transaction(handle -> handle.execute(
                "insert into installation_user (installation_id, member_id)"
                        + " select installation_id, ? from installation where installation_id = ? on conflict do nothing",
                memberId,
                installation.id()));
    }

    /** The members who have opened apps of a store, by installation id. One query. */
    Map<Long, List<Long>> usersAt(String storeHash) {
        return database.with(handle -> handle.createQuery(
                        "select u.installation_id, u.member_id from installation_user u"
                                + " join installation i on i.installation_id = u.installation_id where i.store_hash = ?"
                                + " order by u.member_id")
                .bind(0, storeHash)
                .map((row, _) -> Map.entry(row.getLong("installation_id"), row.getLong("member_id")))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList()))));
    }

    /**
     * Uninstalls an app: its tokens are of no use from the next request on, and it is told so.
     *
     * @param memberId who does it
     * @return whether it was installed
     */
    boolean uninstall(String storeHash, String clientId, long memberId) {
        return database.transaction(handle -> {
            lock(handle, clientId);
            int removed = handle.execute(
                    "delete from installation where client_id = ? and store_hash = ?", clientId, storeHash);
            if (removed == 1) {
                handle.execute(
                        "delete from authorization_code where client_id = ? and store_hash = ?", clientId, storeHash);
                logins.forbid(handle, storeHash, clientId);
                Notifications.add(handle, clientId, storeHash, Notifications.Kind.UNINSTALL, memberId, clock.instant());
            }
            return removed == 1;
        });
    }

    /**
     * Has an installed app forget a member, who may open it again.
     *
     * @return whether they were a user of it
     */
    boolean removeUser(Installation installation, long memberId) {
        return database.transaction(handle -> {
            int removed = handle.execute(
                    "delete from installation_user where installation_id = ? and member_id = ?",
                    installation.id(),
                    memberId);
            if (removed == 1) {
                Notifications.add(
                        handle,
                        installation.clientId(),
                        installation.storeHash(),
                        Notifications.Kind.REMOVE_USER,
                        memberId,
                        clock.instant());
            }
            return removed == 1;
        });
    }
}
