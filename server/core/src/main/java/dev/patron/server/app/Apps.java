package dev.patron.server.app;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.sql.UniqueKey;
import dev.patron.server.sql.UniqueViolationException;
import dev.patron.token.ClientSecret;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** The registered apps. Thread-safe. */
public final class Apps {

    /**
     * A newly registered app, with its secret for the one time that it is shown. {@link #toString()} does not tell it.
     */
    public record Registered(App app, ClientSecret secret) {}

    /** How many apps a member may have. Apps of the operators are not counted. */
    public static final int MAX_PER_MEMBER = 100;

    /** As many apps as a member may register, deleted ones included: their client ids are remembered for ever. */
    static final int MOST_APPS = 10_000;

    private static final int MOST_DELETED_SHOWN = 200;
    private static final UniqueKey CLIENT_ID_ONCE = UniqueKey.primary("app", "client_id");

    private final Database database;
    private final MasterKey masterKey;
    private final InstantSource clock;
    private final OriginApprovals origins;

    /** Apps kept in a database. */
    public Apps(Database database, MasterKey masterKey, InstantSource clock) {
        this.database = database;
        this.masterKey = masterKey;
        this.clock = clock;
        this.origins = new OriginApprovals(database, clock);
    }

    /** Where the origins that apps list are approved. */
    public OriginApprovals origins() {
        return origins;
    }

    /**
     * Registers an app. Nobody has approved the origins that it lists.
     *
     * @throws InvalidAppException as {@link #create(NewApp, boolean)} does
     * @throws DeletedClientIdException as {@link #create(NewApp, boolean)} does
     */
    public Registered create(NewApp wanted) {
        return create(wanted, false);
    }

    /**
     * Registers an app.
     *
     * @param approvesOrigins whether whoever registers it may approve origins at every store: those that an app of the
     *     operators lists are then approved
     * @throws InvalidAppException when the client id is taken, a store does not exist, the name or the description has a
     *     character that cannot be seen, or the owner is gone, has {@link #MAX_PER_MEMBER} apps already or has registered
     *     too many
     * @throws DeletedClientIdException when the client id is that of an app that was deleted
     */
    public Registered create(NewApp wanted, boolean approvesOrigins) {
        AppRules.requireVisible(wanted.details(), Optional.empty());
        String clientId = wanted.clientId().orElseGet(ClientIds::create);
        ClientSecret secret = wanted.secret().orElseGet(ClientIds::createSecret);
        Instant now = clock.instant();
        try {
            App app = database.transaction(handle -> {
                wanted.ownerId().ifPresent(owner -> requireRoom(handle, owner));
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
                // After the insert: it waits for a deletion of the same id, which is then seen here.
                if (isDeleted(handle, clientId)) {
                    throw new DeletedClientIdException();
                }
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
                OriginApprovals.replace(
                        handle,
                        clientId,
                        wanted.details().origins(),
                        approvesOrigins && wanted.ownerId().isEmpty(),
                        clock);
                return AppRows.find(handle, clientId, now).orElseThrow();
            });
            return new Registered(app, secret);
        } catch (UniqueViolationException violation) {
            if (violation.isOf(CLIENT_ID_ONCE)) {
                throw new InvalidAppException("client_id", "An app with this client id exists already.");
            }
            throw violation;
        }
    }

    /** The app with this client id. */
    public Optional<App> find(String clientId) {
        return database.snapshot(handle -> AppRows.find(handle, clientId, clock.instant()));
    }

    /** Whose app it is. */
    public record Owner(Optional<Long> memberId) {}

    /** Whose the app with this client id is, if there is one. One query. */
    public Optional<Owner> owner(String clientId) {
        return database.with(handle -> handle.createQuery("select owner_id from app where client_id = ?")
                .bind(0, clientId)
                .map((row, _) -> new Owner(Optional.ofNullable(row.getObject("owner_id", Long.class))))
                .findOne());
    }

    /** How many apps get tokens at a store. One query. */
    public int countAllowedAt(String storeHash) {
        return database.with(handle -> handle.createQuery("select count(*) from app a left join app_store p"
                        + " on p.client_id = a.client_id and p.store_hash = ?"
                        + " where not a.disabled and not a.blocked and coalesce(p.allowed, a.every_store)")
                .bind(0, storeHash)
                .mapTo(Integer.class)
                .one());
    }

    /** All apps, by name. */
    public List<App> list() {
        return database.snapshot(handle -> AppRows.list(handle, "", clock.instant()));
    }

    /** The apps of a member, by name. */
    public List<App> listOf(long ownerId) {
        return database.snapshot(handle -> AppRows.list(handle, " where a.owner_id = ?", clock.instant(), ownerId));
    }

    /**
     * Changes what an app's owner may change. A change to what it is already changes nothing. Nobody has approved the origins
     * that it adds.
     *
     * @throws InvalidAppException as {@link #update(String, OptionalLong, boolean, UnaryOperator)} does
     * @throws RevisionConflictException as {@link #update(String, OptionalLong, boolean, UnaryOperator)} does
     */
    public Optional<App> update(String clientId, OptionalLong revision, UnaryOperator<AppDetails> change) {
        return update(clientId, revision, false, change);
    }

    /**
     * Changes what an app's owner may change. A change to what it is already changes nothing.
     *
     * @param approvesOrigins whether whoever changes it may approve origins at every store: those that are added to an app of
     *     the operators are then approved, but for those that were withdrawn before
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @param change from the details as they are to those that they become
     * @return the app as it is now, if there is one
     * @throws InvalidAppException when a new name or description has a character that cannot be seen; then nothing is changed
     * @throws RevisionConflictException when it has another revision; then nothing is changed
     */
    public Optional<App> update(
            String clientId, OptionalLong revision, boolean approvesOrigins, UnaryOperator<AppDetails> change) {
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
            OriginApprovals.replace(
                    handle,
                    clientId,
                    details.origins(),
                    approvesOrigins && found.get().ownerId().isEmpty(),
                    clock);
            AppRows.touch(handle, clientId);
            return AppRows.find(handle, clientId, clock.instant());
        });
    }

    /**
     * Turns the owner's switch: disables or enables an app, for every store, from the next request on. An app that an
     * operator has blocked gets no tokens either way.
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
     * Blocks an app as an operator, or lifts that, for every store, from the next request on. Its owner cannot change it, and
     * the owner's own switch stays as it is.
     *
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @return the app as it is now, if there is one
     * @throws RevisionConflictException when it has another revision; then nothing is changed
     */
    public Optional<App> setBlocked(String clientId, OptionalLong revision, boolean blocked) {
        return database.transaction(handle -> {
            Optional<App> found = AppRows.lock(handle, clientId, revision, clock.instant());
            if (found.isEmpty() || found.get().blocked() == blocked) {
                return found;
            }
            handle.execute("update app set blocked = ? where client_id = ?", blocked, clientId);
            AppRows.touch(handle, clientId);
            return AppRows.find(handle, clientId, clock.instant());
        });
    }

    /**
     * Disables or enables an app as an operator. Of a developer's app that is {@link #setBlocked}. Of the operators' own it is
     * the owner's switch, and enabling lifts a block as well.
     *
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @return the app as it is now, if there is one
     * @throws RevisionConflictException when it has another revision; then nothing is changed
     */
    public Optional<App> setDisabledByOperator(String clientId, OptionalLong revision, boolean disabled) {
        return database.transaction(handle -> {
            Optional<App> found = AppRows.lock(handle, clientId, revision, clock.instant());
            if (found.isEmpty()) {
                return found;
            }
            App app = found.get();
            boolean own = app.ownerId().isEmpty();
            boolean switchedOff = own ? disabled : app.disabled();
            boolean blocked = own ? disabled && app.blocked() : disabled;
            if (switchedOff == app.disabled() && blocked == app.blocked()) {
                return found;
            }
            handle.execute(
                    "update app set disabled = ?, blocked = ? where client_id = ?", switchedOff, blocked, clientId);
            AppRows.touch(handle, clientId);
            return AppRows.find(handle, clientId, clock.instant());
        });
    }

    /**
     * Deletes an app for good as its owner, with its secrets. Its client id is never registered again, and that a store barred it
     * is kept.
     *
     * @param revision the revision that is to be deleted, or none to delete whatever is there
     * @return whether there was one
     * @throws BlockedAppException when an operator has blocked it; then nothing is deleted
     * @throws RevisionConflictException when it has another revision; then nothing is deleted
     */
    public boolean delete(String clientId, OptionalLong revision) {
        return delete(clientId, revision, false);
    }

    /**
     * Deletes an app as {@link #delete} does, but as an operator: whether it is blocked or not.
     *
     * @param revision the revision that is to be deleted, or none to delete whatever is there
     * @return whether there was one
     * @throws RevisionConflictException when it has another revision; then nothing is deleted
     */
    public boolean deleteByOperator(String clientId, OptionalLong revision) {
        return delete(clientId, revision, true);
    }

    private boolean delete(String clientId, OptionalLong revision, boolean blockedToo) {
        return database.transaction(handle -> {
            Optional<App> found = AppRows.lock(handle, clientId, revision, clock.instant());
            if (found.isEmpty()) {
                return false;
            }
            if (found.get().blocked() && !blockedToo) {
                throw new BlockedAppException();
            }
            handle.execute(
                    "insert into deleted_app (client_id, name, owner_id, deleted_at)"
                            + " select client_id, name, owner_id, ? from app where client_id = ?",
                    Database.moment(clock.instant()),
                    clientId);
            handle.execute(
                    "insert into deleted_app_bar (client_id, store_hash)"
                            + " select client_id, store_hash from app_store where client_id = ? and not allowed",
                    clientId);
            // The app and its secrets refer to each other.
            handle.execute(
                    "update app set signing_secret_id = null, next_secret_id = null where client_id = ?", clientId);
            handle.execute("delete from app where client_id = ?", clientId);
            return true;
        });
    }

    /** Whether an app with this client id was deleted. */
    public boolean isDeleted(String clientId) {
        return database.with(handle -> isDeleted(handle, clientId));
    }

    /** The deleted apps that a store had barred, by name. */
    public List<DeletedApp> deletedWhileBarred(String storeHash) {
        return database.with(handle -> handle.createQuery("select d.client_id, d.name, d.deleted_at"
                        + " from deleted_app_bar b join deleted_app d on d.client_id = b.client_id"
                        + " where b.store_hash = ? order by d.name, d.client_id limit " + MOST_DELETED_SHOWN)
                .bind(0, storeHash)
                .map((row, _) -> new DeletedApp(
                        row.getString("client_id"),
                        row.getString("name"),
                        row.getObject("deleted_at", OffsetDateTime.class).toInstant()))
                .list());
    }

    /** How many apps a member has. */
    public long count(long ownerId) {
        return database.with(handle -> count(handle, "app", ownerId));
    }

    /**
     * Bars an app from a store, or allows it there, whatever it says of other stores. A decision that stands already changes
     * nothing.
     *
     * @return whether both exist
     */
    public boolean setAllowedAt(String storeHash, String clientId, boolean allowed) {
        return database.transaction(handle -> {
            // Locks the app first, so that two changes follow each other.
            Optional<Optional<Boolean>> found =
                    AppRows.lock(handle, clientId) ? allowedAt(handle, storeHash, clientId) : Optional.empty();
            if (found.isEmpty() || found.get().equals(Optional.of(allowed))) {
                return found.isPresent();
            }
            handle.execute("delete from app_store where client_id = ? and store_hash = ?", clientId, storeHash);
            handle.execute(
                    "insert into app_store (client_id, store_hash, allowed) values (?, ?, ?)",
                    clientId,
                    storeHash,
                    allowed);
            AppRows.touch(handle, clientId);
            return true;
        });
    }

    /** What is said of an app at a store, if anything; nothing at all when there is no such store. */
    private static Optional<Optional<Boolean>> allowedAt(Handle handle, String storeHash, String clientId) {
        return handle.createQuery("select p.allowed from store s"
                        + " left join app_store p on p.store_hash = s.store_hash and p.client_id = ?"
                        + " where s.store_hash = ?")
                .bind(0, clientId)
                .bind(1, storeHash)
                .map((row, _) -> Optional.ofNullable(row.getObject("allowed", Boolean.class)))
                .findOne();
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

    /**
     * Locks the owner, so that two additions are counted one after the other: and they must not be deleted or disabled at the
     * same moment, which would leave an app of nobody.
     */
    private static void requireRoom(Handle handle, long ownerId) {
        boolean found = handle.createQuery("select 1 from member where member_id = ? and not disabled for update")
                .bind(0, ownerId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!found) {
            throw new InvalidAppException(
                    "owner_id", "There is no such member any more, or an operator has disabled it.");
        }
        long already = count(handle, "app", ownerId);
        if (already >= MAX_PER_MEMBER) {
            throw new InvalidAppException(
                    "owner_id",
                    "A member has at most " + MAX_PER_MEMBER + " apps. Delete one that is not needed first.");
        }
        if (already + count(handle, "deleted_app", ownerId) >= MOST_APPS) {
            throw new InvalidAppException(
                    "owner_id",
                    "A developer registers at most " + MOST_APPS
                            + " apps, deleted ones included. Ask an operator to register this one.");
        }
    }

    private static long count(Handle handle, String table, long ownerId) {
        return handle.createQuery("select count(*) from " + table + " where owner_id = ?")
                .bind(0, ownerId)
                .mapTo(Long.class)
                .one();
    }

    private static boolean isDeleted(Handle handle, String clientId) {
        return handle.createQuery("select 1 from deleted_app where client_id = ?")
                .bind(0, clientId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
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
