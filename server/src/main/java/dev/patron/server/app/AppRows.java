package dev.patron.server.app;

import dev.patron.server.app.AppSecret.State;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Apps as storage keeps them. */
final class AppRows {

    /**
     * The row of an app, with what follows from the time already drawn from it.
     *
     * @param signingSecretId the secret that signs now
     * @param nextSecretId the secret that is planned to sign, or null
     * @param nextSignsFrom when; null together with the id
     */
    record Row(
            String clientId,
            @Nullable Long ownerId,
            AppDetails details,
            boolean everyStore,
            boolean disabled,
            boolean blocked,
            long signingSecretId,
            @Nullable Long nextSecretId,
            @Nullable Instant nextSignsFrom,
            long revision,
            Instant createdAt) {}

    private AppRows() {}

    /** The app, as it is at a moment. */
    static Optional<App> find(Handle handle, String clientId, Instant now) {
        return row(handle, clientId, now, "").map(row -> app(handle, row));
    }

    /**
     * The app, which no other transaction changes before this one ends. A planned change of the signing secret whose moment
     * has come is written down first, so that what follows finds only plans that are still ahead.
     *
     * @throws RevisionConflictException when it has another revision
     */
    static Optional<App> lock(Handle transaction, String clientId, OptionalLong revision, Instant now) {
        Optional<Row> row = row(transaction, clientId, now, " for update");
        row.ifPresent(found -> {
            RevisionConflictException.unlessCurrent(revision, found.revision());
            if (found.nextSecretId() == null) {
                transaction.execute(
                        "update app set signing_secret_id = ?, next_secret_id = null, next_signs_from = null"
                                + " where client_id = ? and next_secret_id is not null",
                        found.signingSecretId(),
                        clientId);
            }
        });
        return row.map(found -> app(transaction, found));
    }

    /** The apps that a condition picks, by name. */
    static List<App> list(Handle handle, String condition, Instant now, Object... arguments) {
        var query = handle.createQuery("select * from app" + condition + " order by name, client_id");
        for (int i = 0; i < arguments.length; i++) {
            query.bind(i, arguments[i]);
        }
        return query.map((row, _) -> row(row, Set.of(), now)).list().stream()
                .map(row -> app(handle, row))
                .toList();
    }

    /** Raises the revision: something of the app was changed. */
    static void touch(Handle transaction, String clientId) {
        transaction.execute("update app set revision = revision + 1 where client_id = ?", clientId);
    }

    /** Adds a secret, sealed, and says its id. It signs nothing yet. */
    static long insertSecret(
            Handle transaction, String clientId, ClientSecret secret, SealedSecret sealed, Instant now) {
        return transaction
                .createUpdate("insert into app_secret (client_id, sealed, fingerprint, secret_length, created_at)"
                        + " values (?, ?, ?, ?, ?)")
                .bind(0, clientId)
                .bind(1, sealed.toBytes())
                .bind(2, AppSecret.fingerprint(secret))
                .bind(3, secret.length())
                .bind(4, Database.moment(now))
                .executeAndReturnGeneratedKeys("secret_id")
                .mapTo(Long.class)
                .one();
    }

    private static Optional<Row> row(Handle handle, String clientId, Instant now, String lock) {
        return handle.createQuery("select * from app where client_id = ?" + lock)
                .bind(0, clientId)
                .map((row, _) -> row(row, Set.of(), now))
                .findOne();
    }

    private static Row row(ResultSet row, Set<String> origins, Instant now) throws SQLException {
        Set<ExtraClaim> extraClaims = EnumSet.noneOf(ExtraClaim.class);
        if (row.getBoolean("claim_jwt_id")) {
            extraClaims.add(ExtraClaim.JWT_ID);
        }
        if (row.getBoolean("claim_channel_id")) {
            extraClaims.add(ExtraClaim.CHANNEL_ID);
        }
        Set<PersonalClaim> needs = EnumSet.noneOf(PersonalClaim.class);
        if (row.getBoolean("needs_email")) {
            needs.add(PersonalClaim.EMAIL);
        }
        if (row.getBoolean("needs_group_id")) {
            needs.add(PersonalClaim.GROUP_ID);
        }
        Long nextSecretId = row.getObject("next_secret_id", Long.class);
        Instant nextSignsFrom = instant(row, "next_signs_from").orElse(null);
        boolean come = nextSignsFrom != null && !nextSignsFrom.isAfter(now);
        return new Row(
                row.getString("client_id"),
                row.getObject("owner_id", Long.class),
                new AppDetails(
                        row.getString("name"),
                        row.getString("description"),
                        JwsAlgorithm.valueOf(row.getString("algorithm")),
                        extraClaims,
                        needs,
                        origins),
                row.getBoolean("every_store"),
                row.getBoolean("disabled"),
                row.getBoolean("blocked"),
                come && nextSecretId != null ? nextSecretId : row.getLong("signing_secret_id"),
                come ? null : nextSecretId,
                come ? null : nextSignsFrom,
                row.getLong("revision"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static App app(Handle handle, Row row) {
        AppDetails details = row.details();
        return new App(
                row.clientId(),
                Optional.ofNullable(row.ownerId()),
                new AppDetails(
                        details.name(),
                        details.description(),
                        details.algorithm(),
                        details.extraClaims(),
                        details.needs(),
                        origins(handle, row.clientId())),
                row.everyStore(),
                stores(handle, row.clientId(), true),
                stores(handle, row.clientId(), false),
                row.disabled(),
                row.blocked(),
                secrets(handle, row),
                row.revision(),
                row.createdAt());
    }

    private static List<AppSecret> secrets(Handle handle, Row app) {
        return handle.createQuery("select * from app_secret where client_id = ?")
                .bind(0, app.clientId())
                .map((row, _) -> secret(row, app))
                .list();
    }

    private static AppSecret secret(ResultSet row, Row app) throws SQLException {
        long id = row.getLong("secret_id");
        State state =
                id == app.signingSecretId() ? State.SIGNING : id > app.signingSecretId() ? State.NEXT : State.PREVIOUS;
        boolean planned = app.nextSecretId() != null && id == app.nextSecretId();
        return new AppSecret(
                id,
                state,
                planned ? Optional.ofNullable(app.nextSignsFrom()) : Optional.empty(),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("fingerprint"),
                row.getInt("secret_length"),
                instant(row, "last_signed_at"),
                instant(row, "last_verified_at"));
    }

    private static Set<String> origins(Handle handle, String clientId) {
        return new HashSet<>(handle.createQuery("select origin from app_origin where client_id = ?")
                .bind(0, clientId)
                .mapTo(String.class)
                .list());
    }

    private static Set<String> stores(Handle handle, String clientId, boolean allowed) {
        return new HashSet<>(handle.createQuery("select store_hash from app_store where client_id = ? and allowed = ?")
                .bind(0, clientId)
                .bind(1, allowed)
                .mapTo(String.class)
                .list());
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
