package dev.patron.server.app;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.sql.Database;
import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.mapper.RowMapper;

/** The registered apps. Thread-safe. */
public final class Apps {

    /**
     * A newly registered app, with its secret for the one time that it is shown. {@link #toString()} does not tell it.
     */
    public record Registered(App app, ClientSecret secret) {}

    private static final RowMapper<App> WITHOUT_COLLECTIONS = (row, context) -> {
        Set<ExtraClaim> extraClaims = EnumSet.noneOf(ExtraClaim.class);
        if (row.getBoolean("claim_jwt_id")) {
            extraClaims.add(ExtraClaim.JWT_ID);
        }
        if (row.getBoolean("claim_channel_id")) {
            extraClaims.add(ExtraClaim.CHANNEL_ID);
        }
        return new App(
                row.getString("client_id"),
                row.getString("name"),
                row.getString("description"),
                JwsAlgorithm.valueOf(row.getString("algorithm")),
                extraClaims,
                row.getBoolean("every_store"),
                Set.of(),
                Set.of(),
                Set.of(),
                row.getBoolean("disabled"),
                List.of(),
                row.getLong("revision"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    };

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
     * @throws InvalidAppException when the client id is taken or a store does not exist
     */
    public Registered create(NewApp details) {
        String clientId = details.clientId().orElseGet(ClientIds::create);
        ClientSecret secret = details.secret().orElseGet(ClientIds::createSecret);
        OffsetDateTime now = Database.moment(clock.instant());
        try {
            App app = database.transaction(handle -> {
                handle.execute(
                        "insert into app (client_id, name, description, algorithm, every_store, claim_jwt_id,"
                                + " claim_channel_id, disabled, revision, created_at)"
                                + " values (?, ?, ?, ?, ?, ?, ?, false, 1, ?)",
                        clientId,
                        details.name(),
                        details.description(),
                        details.algorithm().name(),
                        details.stores().isEmpty(),
                        details.extraClaims().contains(ExtraClaim.JWT_ID),
                        details.extraClaims().contains(ExtraClaim.CHANNEL_ID),
                        now);
                insertSigningSecret(handle, clientId, secret);
                for (String store : details.stores()) {
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
                for (String origin : details.origins()) {
                    handle.execute("insert into app_origin (client_id, origin) values (?, ?)", clientId, origin);
                }
                return find(handle, clientId).orElseThrow();
            });
            return new Registered(app, secret);
        } catch (JdbiException duplicate) {
            throw new InvalidAppException("client_id", "An app with this client id exists already.");
        }
    }

    /** The app with this client id. */
    public Optional<App> find(String clientId) {
        return database.with(handle -> find(handle, clientId));
    }

    /** All apps, by name. */
    public List<App> list() {
        return database.with(handle ->
                handle
                        .createQuery("select * from app order by name, client_id")
                        .map(WITHOUT_COLLECTIONS)
                        .list()
                        .stream()
                        .map(app -> withCollections(handle, app))
                        .toList());
    }

    /**
     * Disables or enables an app, for every store, from the next request on.
     *
     * @return the app as it is now, if there is one
     */
    public Optional<App> setDisabled(String clientId, boolean disabled) {
        return database.transaction(handle -> {
            handle.execute(
                    "update app set disabled = ?, revision = revision + 1 where client_id = ? and disabled <> ?",
                    disabled,
                    clientId,
                    disabled);
            return find(handle, clientId);
        });
    }

    /**
     * Signs an app's tokens with another secret from the next request on. The one that signed so far stays listed as the
     * previous one. There is one signing secret at every moment.
     *
     * @return whether there is such an app
     */
    public boolean signWith(String clientId, ClientSecret secret) {
        return database.transaction(handle -> {
            // Locks the app first, so that two changes follow each other.
            int rows = handle.execute("update app set revision = revision + 1 where client_id = ?", clientId);
            if (rows == 0) {
                return false;
            }
            handle.execute(
                    "update app_secret set state = ? where client_id = ? and state = ?",
                    AppSecret.State.PREVIOUS.name(),
                    clientId,
                    AppSecret.State.SIGNING.name());
            insertSigningSecret(handle, clientId, secret);
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
     * Makes sure that the master key is the one that the stored secrets were sealed with; without any, every key is.
     *
     * @throws InvalidOptionException when it opens none of them: it is another one
     */
    public void requireMasterKey() {
        boolean opens = database.with(handle -> handle.createQuery(
                        "select client_id, sealed from app_secret order by secret_id desc fetch first row only")
                .map((row, _) -> masterKey.opens(row.getString("client_id"), SealedSecret.of(row.getBytes("sealed"))))
                .findOne()
                .orElse(true));
        if (!opens) {
            throw new InvalidOptionException("patron.master-key: The client secrets in storage were sealed with another"
                    + " master key. Give that one by patron.master-key or PATRON_MASTER_KEY or, where neither is set,"
                    + " restore the file master.key in the data folder.");
        }
    }

    private void insertSigningSecret(Handle handle, String clientId, ClientSecret secret) {
        long secretId = handle.createUpdate(
                        "insert into app_secret (client_id, state, sealed, created_at) values (?, ?, ?, ?)")
                .bind(0, clientId)
                .bind(1, AppSecret.State.SIGNING.name())
                .bind(2, masterKey.seal(clientId, secret).toBytes())
                .bind(3, Database.moment(clock.instant()))
                .executeAndReturnGeneratedKeys("secret_id")
                .mapTo(Long.class)
                .one();
        handle.execute("update app set signing_secret_id = ? where client_id = ?", secretId, clientId);
    }

    private static Optional<App> find(Handle handle, String clientId) {
        return handle.createQuery("select * from app where client_id = ?")
                .bind(0, clientId)
                .map(WITHOUT_COLLECTIONS)
                .findOne()
                .map(app -> withCollections(handle, app));
    }

    private static App withCollections(Handle handle, App app) {
        return new App(
                app.clientId(),
                app.name(),
                app.description(),
                app.algorithm(),
                app.extraClaims(),
                app.everyStore(),
                stores(handle, app.clientId(), true),
                stores(handle, app.clientId(), false),
                new HashSet<>(handle.createQuery("select origin from app_origin where client_id = ?")
                        .bind(0, app.clientId())
                        .mapTo(String.class)
                        .list()),
                app.disabled(),
                handle.createQuery(
                                "select secret_id, state, created_at from app_secret where client_id = ? order by secret_id desc")
                        .bind(0, app.clientId())
                        .map((row, context) -> new AppSecret(
                                row.getLong("secret_id"),
                                AppSecret.State.valueOf(row.getString("state")),
                                row.getObject("created_at", OffsetDateTime.class)
                                        .toInstant()))
                        .list(),
                app.revision(),
                app.createdAt());
    }

    private static Set<String> stores(Handle handle, String clientId, boolean allowed) {
        return new HashSet<>(handle.createQuery("select store_hash from app_store where client_id = ? and allowed = ?")
                .bind(0, clientId)
                .bind(1, allowed)
                .mapTo(String.class)
                .list());
    }
}
