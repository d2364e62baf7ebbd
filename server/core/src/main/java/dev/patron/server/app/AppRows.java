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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
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

    /** Whether there is such an app, which no other transaction changes before this one ends. */
    static boolean lock(Handle transaction, String clientId) {
        return transaction
                .createQuery("select 1 from app where client_id = ? for update")
                .bind(0, clientId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** The apps that a condition on the table {@code app a} picks, by name: four queries, however many there are. */
    static List<App> list(Handle handle, String condition, Instant now, Object... arguments) {
        List<Row> rows = query(handle, "select * from app a" + condition + " order by name, client_id", arguments)
                .map((row, _) -> row(row, Set.of(), now))
                .list();
        return rows.isEmpty() ? List.of() : apps(handle, rows, condition, arguments);
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
        return apps(handle, List.of(row), " where a.client_id = ?", row.clientId())
                .getFirst();
    }

    /** The apps of some rows, with what other tables have of them; the condition has picked the rows. */
    private static List<App> apps(Handle handle, List<Row> rows, String condition, Object... arguments) {
        String from = " x join app a on a.client_id = x.client_id" + condition;
        Map<String, Set<String>> origins = new HashMap<>();
        query(handle, "select x.client_id, x.origin from app_origin" + from, arguments)
                .map((row, _) -> add(origins, row.getString("client_id"), row.getString("origin")))
                .list();
        Map<String, Set<String>> allowed = new HashMap<>();
        Map<String, Set<String>> barred = new HashMap<>();
        query(handle, "select x.client_id, x.store_hash, x.allowed from app_store" + from, arguments)
                .map((row, _) -> add(
                        row.getBoolean("allowed") ? allowed : barred,
                        row.getString("client_id"),
                        row.getString("store_hash")))
                .list();
        Map<String, Row> byId = rows.stream().collect(Collectors.toMap(Row::clientId, Function.identity()));
        Map<String, List<AppSecret>> secrets = query(
                        handle, "select x.* from app_secret" + from + " order by x.secret_id", arguments)
                .map((row, _) -> {
                    // The rows were read before: an app that was made since is none of them.
                    Row app = byId.get(row.getString("client_id"));
                    return app == null
                            ? Optional.<Map.Entry<String, AppSecret>>empty()
                            : Optional.of(Map.entry(app.clientId(), secret(row, app)));
                })
                .list()
                .stream()
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        return rows.stream()
                .map(row -> new App(
                        row.clientId(),
                        Optional.ofNullable(row.ownerId()),
                        withOrigins(row.details(), origins.getOrDefault(row.clientId(), Set.of())),
                        row.everyStore(),
                        allowed.getOrDefault(row.clientId(), Set.of()),
                        barred.getOrDefault(row.clientId(), Set.of()),
                        row.disabled(),
                        row.blocked(),
                        secrets.getOrDefault(row.clientId(), List.of()),
                        row.revision(),
                        row.createdAt()))
                .toList();
    }

    private static AppDetails withOrigins(AppDetails details, Set<String> origins) {
        return new AppDetails(
                details.name(),
                details.description(),
                details.algorithm(),
                details.extraClaims(),
                details.needs(),
                origins);
    }

    private static boolean add(Map<String, Set<String>> map, String key, String value) {
        return map.computeIfAbsent(key, _ -> new HashSet<>()).add(value);
    }

    private static Query query(Handle handle, String sql, Object... arguments) {
        Query query = handle.createQuery(sql);
        for (int i = 0; i < arguments.length; i++) {
            query.bind(i, arguments[i]);
        }
        return query;
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

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}
