package dev.patron.server.app;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.token.ClientSecret;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Update;

/** The registered apps. Thread-safe. */
public final class Apps {

    /**
     * A newly registered app, with its secret for the one time that it is shown. {@link #toString()} does not tell it.
     */
    public record Registered(App app, ClientSecret secret) {}

    private final Database database;
    private final MasterKey masterKey;
    private final InstantSource clock;

    /** Apps kept in a database. */
    public Apps(Database database, MasterKey masterKey, InstantSource clock) {
        this.database = database;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    /**
     * Registers an app.
     *
     * @throws InvalidAppException when the client id is taken, a store does not exist, or the name or the description has a
     *     character that cannot be seen
     */
    public Registered create(NewApp wanted) {
        AppRules.requireVisible(wanted.details(), Optional.empty());
        String clientId = wanted.clientId().orElseGet(ClientIds::create);
        ClientSecret secret = wanted.secret().orElseGet(ClientIds::createSecret);
        Instant now = clock.instant();
        try {
            App app = database.transaction(handle -> {
                wanted.ownerId().ifPresent(owner -> requireMember(handle, owner));
                bind(
                                handle.createUpdate(
                                        "insert into app (client_id, owner_id, name, description, algorithm,"
                                                + " claim_jwt_id, claim_channel_id, needs_email, needs_group_id, every_store,"
                                                + " disabled, revision, created_at) values (:client, :owner, :name,"
                                                + " :description, :algorithm, :jti, :channel, :email, :group, :every, false, 1,"
                                                + " :now)"),
                                wanted.details())
                        .bind("client", clientId)
                        .bind("owner", wanted.ownerId().orElse(null))
                        .bind("every", wanted.stores().isEmpty())
                        .bind("now", Database.moment(now))
                        .execute();
                handle.execute(
                        "update app set signing_secret_id = ? where client_id = ?",
                        AppRows.insertSecret(handle, clientId, secret, masterKey.seal(clientId, secret), now),
                        clientId);
                for (String store : wanted.stores()) {
                    int known = handle.execute(
                            "insert into app_store (client_id, store_hash, allowed)"
                                    + " select ?, store_hash, true from store where store_hash = ?",
                            clientId,
                            store);
                    if (known == 0) {
                        throw new InvalidAppException(
                                "stores", "There is no store with one of the store hashes given.");
                    }
                }
                insertOrigins(handle, clientId, wanted.details());
                return AppRows.find(handle, clientId, now).orElseThrow();
            });
            return new Registered(app, secret);
        } catch (JdbiException duplicate) {
            throw new InvalidAppException("client_id", "An app with this client id exists already.");
        }
    }

    /** The app with this client id. */
    public Optional<App> find(String clientId) {
        return database.snapshot(handle -> AppRows.find(handle, clientId, clock.instant()));
    }

    /** All apps, by name. */
    public List<App> list() {
        return database.snapshot(handle -> AppRows.list(handle, "", clock.instant()));
    }

    /** The apps of a member, by name. */
    public List<App> listOf(long ownerId) {
        return database.snapshot(handle -> AppRows.list(handle, " where owner_id = ?", clock.instant(), ownerId));
    }

    /**
     * Changes what an app's owner may change. A change to what it is already changes nothing.
     *
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @param change from the details as they are to those that they become
     * @return the app as it is now, if there is one
     * @throws InvalidAppException when a new name or description has a character that cannot be seen; then nothing is changed
     * @throws RevisionConflictException when it has another revision; then nothing is changed
     */
    public Optional<App> update(String clientId, OptionalLong revision, UnaryOperator<AppDetails> change) {
        return database.transaction(handle -> {
            Optional<App> found = AppRows.lock(handle, clientId, revision, clock.instant());
            if (found.isEmpty()) {
                return found;
            }
            AppDetails details = change.apply(found.get().details());
            if (details.equals(found.get().details())) {
                return found;
            }
            AppRules.requireVisible(details, Optional.of(found.get().details()));
            bind(
                            handle.createUpdate("update app set name = :name, description = :description,"
                                    + " algorithm = :algorithm, claim_jwt_id = :jti, claim_channel_id = :channel,"
                                    + " needs_email = :email, needs_group_id = :group where client_id = :client"),
                            details)
                    .bind("client", clientId)
                    .execute();
            handle.execute("delete from app_origin where client_id = ?", clientId);
            insertOrigins(handle, clientId, details);
            AppRows.touch(handle, clientId);
            return AppRows.find(handle, clientId, clock.instant());
        });
    }

    /**
     * Disables or enables an app, for every store, from the next request on.
     *
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @return the app as it is now, if there is one
     * @throws RevisionConflictException when it has another revision; then nothing is changed
     */
    public Optional<App> setDisabled(String clientId, OptionalLong revision, boolean disabled) {
        return database.transaction(handle -> {
            Optional<App> found = AppRows.lock(handle, clientId, revision, clock.instant());
            if (found.isEmpty() || found.get().disabled() == disabled) {
                return found;
            }
            handle.execute("update app set disabled = ? where client_id = ?", disabled, clientId);
            AppRows.touch(handle, clientId);
            return AppRows.find(handle, clientId, clock.instant());
        });
    }

    /**
     * Deletes an app for good, with its secrets.
     *
     * @param revision the revision that is to be deleted, or none to delete whatever is there
     * @return whether there was one
     * @throws RevisionConflictException when it has another revision; then nothing is deleted
     */
    public boolean delete(String clientId, OptionalLong revision) {
        return database.transaction(handle -> {
            if (AppRows.lock(handle, clientId, revision, clock.instant()).isEmpty()) {
                return false;
            }
            // The app and its secrets refer to each other.
            handle.execute(
                    "update app set signing_secret_id = null, next_secret_id = null where client_id = ?", clientId);
            handle.execute("delete from app where client_id = ?", clientId);
            return true;
        });
    }

    /**
     * Bars an app from a store, or allows it there, whatever it says of other stores.
     *
     * @return whether both exist
     */
    public boolean setAllowedAt(String storeHash, String clientId, boolean allowed) {
        return database.transaction(handle -> {
            // Locks the app first, so that two changes follow each other.
            handle.execute(
                    "update app set revision = revision + 1 where client_id = ?"
                            + " and exists (select 1 from store where store_hash = ?)",
                    clientId,
                    storeHash);
            handle.execute("delete from app_store where client_id = ? and store_hash = ?", clientId, storeHash);
            return handle.execute(
                            "insert into app_store (client_id, store_hash, allowed)"
                                    + " select a.client_id, s.store_hash, ? from app a cross join store s"
                                    + " where a.client_id = ? and s.store_hash = ?",
                            allowed,
                            clientId,
                            storeHash)
                    == 1;
        });
    }

    /** Whether pages of this origin may ask for the app's tokens at the store of this host. */
    public boolean listsOrigin(String clientId, String origin, String host) {
        return database.with(
                handle -> handle.createQuery("select 1 from app_origin o join app a on a.client_id = o.client_id"
                                + " join store_host h on h.host = ?"
                                + " left join app_store p on p.client_id = a.client_id and p.store_hash = h.store_hash"
                                + " where o.client_id = ? and o.origin = ?"
                                + " and not a.disabled and coalesce(p.allowed, a.every_store)")
                        .bind(0, host)
                        .bind(1, clientId)
                        .bind(2, origin)
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent());
    }

    /**
     * Makes sure that the master key is the one that storage was first opened with, on this node or another.
     *
     * @throws InvalidOptionException when it is another one
     */
    public void requireMasterKey() {
        boolean right = database.with(handle -> handle.createQuery(
                        "select client_id, sealed from app_secret order by secret_id desc fetch first row only")
                .map((row, _) -> masterKey.opens(row.getString("client_id"), SealedSecret.of(row.getBytes("sealed"))))
                .findOne()
                .orElse(true));
        if (!right || !masterKey.proves(proof())) {
            throw new InvalidOptionException("patron.master-key: Storage was written with another master key. Give that"
                    + " one, on each node, by patron.master-key or PATRON_MASTER_KEY or, where neither is set, restore"
                    + " the file master.key in the data folder.");
        }
    }

    private SealedSecret proof() {
        return kept().orElseGet(() -> {
            // Of several nodes that start at once, one is first.
            database.transaction(handle -> handle.execute(
                    "insert into master_key_proof (proof_id, sealed) values (1, ?) on conflict do nothing",
                    masterKey.proof().toBytes()));
            return kept().orElseThrow();
        });
    }

    private Optional<SealedSecret> kept() {
        return database.with(handle -> handle.createQuery("select sealed from master_key_proof where proof_id = 1")
                .map((row, _) -> SealedSecret.of(row.getBytes("sealed")))
                .findOne());
    }

    /** Locks the owner: H2 would let them be deleted at the same moment, and leave an app of nobody. */
    private static void requireMember(Handle handle, long ownerId) {
        boolean found = handle.createQuery("select 1 from member where member_id = ? for update")
                .bind(0, ownerId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!found) {
            throw new InvalidAppException("owner_id", "There is no such member any more.");
        }
    }

    private static void insertOrigins(Handle handle, String clientId, AppDetails details) {
        for (String origin : details.origins()) {
            handle.execute("insert into app_origin (client_id, origin) values (?, ?)", clientId, origin);
        }
    }

    private static Update bind(Update statement, AppDetails details) {
        return statement
                .bind("name", details.name())
                .bind("description", details.description())
                .bind("algorithm", details.algorithm().name())
                .bind("jti", details.extraClaims().contains(ExtraClaim.JWT_ID))
                .bind("channel", details.extraClaims().contains(ExtraClaim.CHANNEL_ID))
                .bind("email", details.needs().contains(PersonalClaim.EMAIL))
                .bind("group", details.needs().contains(PersonalClaim.GROUP_ID));
    }
}
