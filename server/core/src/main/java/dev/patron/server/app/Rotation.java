package dev.patron.server.app;

import dev.patron.server.app.Apps.Registered;
import dev.patron.server.app.RotationException.Reason;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.token.ClientSecret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * Changes of an app's secret without downtime. An app has one secret that signs and at most one other. Make a second one,
 * let the app's verifiers list both, sign with the new one now or from a moment on, retire the old one; until then the change
 * can be undone. Which secret signs follows from one row and the time, so there are never two, and never none.
 * Each change may name the revision that it was made from. Thread-safe.
 */
public final class Rotation {

    private static final Duration FARTHEST = Duration.ofDays(366);

    private final Database database;
    private final MasterKey masterKey;
    private final InstantSource clock;

    /** Rotation of secrets kept in a database. */
    public Rotation(Database database, MasterKey masterKey, InstantSource clock) {
        this.database = database;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    /**
     * Makes a second secret, which signs nothing yet.
     *
     * @param given a secret to take over from elsewhere, or empty for a new one
     * @return the app and the secret, for the one time that it is shown; empty when there is no such app
     * @throws RevisionConflictException when the app has another revision
     * @throws RotationException {@link Reason#TWO_SECRETS}
     * @throws InvalidAppException when the given secret is too short or too long
     */
    public Optional<Registered> makeSecret(String clientId, OptionalLong revision, Optional<ClientSecret> given) {
        ClientSecret secret = secret(given);
        return change(clientId, revision, (handle, app) -> {
                    if (app.otherSecret().isPresent()) {
                        throw new RotationException(Reason.TWO_SECRETS);
                    }
                    insert(handle, clientId, secret);
                })
                .map(app -> new Registered(app, secret));
    }

    /**
     * Signs with a secret from the next request on, or from a moment on.
     *
     * @param from when, at most a year ahead; a moment that has passed means now, and so does empty
     * @return the app as it is now, if there is one
     * @throws RevisionConflictException when the app has another revision
     * @throws RotationException {@link Reason#NO_SUCH_SECRET}, {@link Reason#TOO_FAR}
     */
    public Optional<App> signWith(String clientId, OptionalLong revision, long secretId, Optional<Instant> from) {
        Instant now = clock.instant();
        Optional<Instant> ahead = from.filter(moment -> moment.isAfter(now));
        if (ahead.filter(moment -> moment.isAfter(now.plus(FARTHEST))).isPresent()) {
            throw new RotationException(Reason.TOO_FAR);
        }
        return change(clientId, revision, (handle, app) -> {
            require(app, secretId);
            if (ahead.isPresent() && secretId != app.signingSecret().id()) {
                handle.execute(
                        "update app set next_secret_id = ?, next_signs_from = ? where client_id = ?",
                        secretId,
                        Database.moment(ahead.get()),
                        clientId);
            } else {
                sign(handle, clientId, secretId);
            }
        });
    }

    /**
     * Takes a planned change of the signing secret back.
     *
     * @return the app as it is now, if there is one
     * @throws RevisionConflictException when the app has another revision
     * @throws RotationException {@link Reason#NOT_SCHEDULED}
     */
    public Optional<App> cancel(String clientId, OptionalLong revision) {
        return change(clientId, revision, (handle, app) -> {
            if (app.secrets().stream().allMatch(secret -> secret.signsFrom().isEmpty())) {
                throw new RotationException(Reason.NOT_SCHEDULED);
            }
            sign(handle, clientId, app.signingSecret().id());
        });
    }

    /**
     * Retires a secret: it is gone for good.
     *
     * @return the app as it is now, if there is one
     * @throws RevisionConflictException when the app has another revision
     * @throws RotationException {@link Reason#NO_SUCH_SECRET}, {@link Reason#SIGNING}, {@link Reason#SCHEDULED}
     */
    public Optional<App> retire(String clientId, OptionalLong revision, long secretId) {
        return change(clientId, revision, (handle, app) -> {
            AppSecret secret = require(app, secretId);
            if (secret.state() == AppSecret.State.SIGNING) {
                throw new RotationException(Reason.SIGNING);
            }
            if (secret.signsFrom().isPresent()) {
                throw new RotationException(Reason.SCHEDULED);
            }
            handle.execute("delete from app_secret where secret_id = ?", secretId);
        });
    }

    /**
     * Makes a secret and signs with it from the next request on. The one that signed so far stays, as the previous one.
     *
     * @param given a secret to take over from elsewhere, or empty for a new one
     * @param retireOther whether a secret that does not sign makes room, if there is one
     * @return the app and the secret, for the one time that it is shown; empty when there is no such app
     * @throws RevisionConflictException when the app has another revision
     * @throws RotationException {@link Reason#TWO_SECRETS}
     * @throws InvalidAppException when the given secret is too short or too long
     */
    public Optional<Registered> rotateNow(
            String clientId, OptionalLong revision, Optional<ClientSecret> given, boolean retireOther) {
        ClientSecret secret = secret(given);
        return change(clientId, revision, (handle, app) -> {
                    Optional<AppSecret> other = app.otherSecret();
                    if (other.isPresent() && !retireOther) {
                        throw new RotationException(Reason.TWO_SECRETS);
                    }
                    sign(handle, clientId, insert(handle, clientId, secret));
                    other.ifPresent(
                            unused -> handle.execute("delete from app_secret where secret_id = ?", unused.id()));
                })
                .map(app -> new Registered(app, secret));
    }

    /**
     * Notes that a verifier has seen a token of one of the secrets; the latest report counts.
     *
     * @param fingerprint as {@link AppSecret#fingerprint} has it
     * @return whether the app has such a secret
     */
    public boolean reportVerified(String clientId, String fingerprint) {
        return database.transaction(handle -> handle.execute(
                        "update app_secret set last_verified_at = ? where client_id = ? and fingerprint = ?",
                        Database.moment(clock.instant()),
                        clientId,
                        fingerprint))
                > 0;
    }

    /**
     * The secrets of an app, opened, in the order of {@link App#secrets}, without those that were retired meanwhile: for
     * verifying its tokens, never for showing.
     */
    public List<OpenedSecret> open(App app) {
        Map<Long, ClientSecret> opened = database.with(handle -> handle.createQuery(
                        "select secret_id, sealed from app_secret where client_id = ?")
                .bind(0, app.clientId())
                .reduceRows(new HashMap<>(), (secrets, row) -> {
                    secrets.put(
                            row.getColumn("secret_id", Long.class),
                            masterKey.open(app.clientId(), SealedSecret.of(row.getColumn("sealed", byte[].class))));
                    return secrets;
                }));
        return app.secrets().stream()
                .flatMap(
                        about -> Stream.ofNullable(opened.get(about.id())).map(value -> new OpenedSecret(about, value)))
                .toList();
    }

    @FunctionalInterface
    private interface Change {
        void make(Handle transaction, App app);
    }

    private Optional<App> change(String clientId, OptionalLong revision, Change change) {
        return database.transaction(handle -> {
            Optional<App> app = AppRows.lock(handle, clientId, revision, clock.instant());
            if (app.isEmpty()) {
                return app;
            }
            change.make(handle, app.get());
            AppRows.touch(handle, clientId);
            return AppRows.find(handle, clientId, clock.instant());
        });
    }

    private static AppSecret require(App app, long secretId) {
        return app.secrets().stream()
                .filter(secret -> secret.id() == secretId)
                .findFirst()
                .orElseThrow(() -> new RotationException(Reason.NO_SUCH_SECRET));
    }

    private long insert(Handle transaction, String clientId, ClientSecret secret) {
        return AppRows.insertSecret(transaction, clientId, secret, masterKey.seal(clientId, secret), clock.instant());
    }

    private static void sign(Handle transaction, String clientId, long secretId) {
        transaction.execute(
                "update app set signing_secret_id = ?, next_secret_id = null, next_signs_from = null where client_id = ?",
                secretId,
                clientId);
    }

    private static ClientSecret secret(Optional<ClientSecret> given) {
        given.ifPresent(NewApp::requireLength);
        return given.orElseGet(ClientIds::createSecret);
    }
}
