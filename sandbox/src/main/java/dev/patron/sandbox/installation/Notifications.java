package dev.patron.sandbox.installation;

import dev.patron.server.log.Failures;
import dev.patron.server.sql.Database;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;

/**
 * Tells apps that they were uninstalled, or that a user was removed. What is to be told is written in the transaction that
 * gives the reason, and stays until the app has answered 2xx or was tried {@value #MOST_ATTEMPTS} times; an app may be told
 * twice. Redirects are not followed. Where a callback leads is the developer's say, also into the network of this server:
 * this belongs into a sandbox. Thread-safe.
 */
final class Notifications implements AutoCloseable {

    /** Why an app is told. */
    enum Kind {
        /** The app was uninstalled. */
        UNINSTALL,
        /** A member shall be forgotten. */
        REMOVE_USER
    }

    private record Due(long id, String clientId, String storeHash, Kind kind, long memberId, int attempts) {}

    static final int MOST_ATTEMPTS = 4;

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Times four after each attempt. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(5);

    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final System.Logger LOGGER = System.getLogger(Notifications.class.getName());

    private final Database database;
    private final SignedPayload payload;
    private final InstantSource clock;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("notifications").daemon().factory());

    Notifications(Database database, SignedPayload payload, InstantSource clock) {
        this.database = database;
        this.payload = payload;
        this.clock = clock;
    }

    /**
     * Has an app told, as part of the transaction that gives the reason. What it is still to be told of the same is told once:
     * nobody can have the notifications pile up.
     */
    static void add(Handle transaction, String clientId, String storeHash, Kind kind, long memberId, Instant now) {
        transaction.execute(
                "delete from notification where client_id = ? and store_hash = ? and kind = ? and member_id = ?",
                clientId,
                storeHash,
                kind.name(),
                memberId);
        transaction.execute(
                "insert into notification (client_id, store_hash, kind, member_id, attempts, due_at)"
                        + " values (?, ?, ?, ?, 0, ?)",
                clientId,
                storeHash,
                kind.name(),
                memberId,
                Database.moment(now));
    }

    /** Begins to tell, each second what is due. */
    void start() {
        Future<?> _ = executor.scheduleWithFixedDelay(
                this::tellQuietly, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tells what is due now, one after the other, and says how much it was. */
    int tell() {
        List<Due> due = database.with(handle -> handle.createQuery(
                        "select * from notification where due_at <= ? order by due_at fetch first 100 rows only")
                .bind(0, Database.moment(clock.instant()))
                .map((row, _) -> new Due(
                        row.getLong("notification_id"),
                        row.getString("client_id"),
                        row.getString("store_hash"),
                        Kind.valueOf(row.getString("kind")),
                        row.getLong("member_id"),
                        row.getInt("attempts")))
                .list());
        for (Due one : due) {
            if (told(one) || one.attempts() + 1 >= MOST_ATTEMPTS) {
                database.transaction(
                        handle -> handle.execute("delete from notification where notification_id = ?", one.id()));
            } else {
                Duration wait = FIRST_WAIT.multipliedBy(1L << (2 * one.attempts()));
                database.transaction(handle -> handle.execute(
                        "update notification set attempts = attempts + 1, due_at = ? where notification_id = ?",
                        Database.moment(clock.instant().plus(wait)),
                        one.id()));
            }
        }
        return due.size();
    }

    private void tellQuietly() {
        try {
            tell();
        } catch (RuntimeException failure) {
            LOGGER.log(Level.WARNING, () -> "Apps cannot be told now: " + Failures.describe(failure));
        }
    }

    /** Whether nothing is left to be told. */
    private boolean told(Due due) {
        Optional<String> callback = database.with(handle -> Registrations.find(handle, due.clientId()))
                .map(registration -> switch (due.kind()) {
                    case UNINSTALL -> registration.uninstallCallback();
                    case REMOVE_USER -> registration.removeUserCallback();
                })
                .filter(url -> !url.isEmpty());
        Optional<String> parameters = payload.parameters(due.clientId(), due.storeHash(), due.memberId());
        if (callback.isEmpty() || parameters.isEmpty()) {
            return true;
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(Registration.with(callback.get(), parameters.get())))
                .timeout(ANSWER)
                .build();
        try {
            int status = client.send(request, BodyHandlers.discarding()).statusCode();
            return status >= OK && status < REDIRECT;
        } catch (IOException unreachable) {
            return false;
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        client.shutdownNow();
    }
}
