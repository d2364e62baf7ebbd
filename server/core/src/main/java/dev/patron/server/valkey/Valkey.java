package dev.patron.server.valkey;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.patron.server.app.MasterKey;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.sql.Database;
import dev.patron.server.storage.Bulkhead;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.trace.Traces;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Valkey or Redis server, or a cluster of them, with one connection to each, which all requests share. Who waits for a
 * server waits no longer than {@code patron.sessions.wait}, and a server that is away takes nobody's time for the others. It
 * reads at masters only, so what was written is seen. It is never asked by a thread that holds a database connection: who
 * waits here would have everybody else wait there. Thread-safe.
 */
public final class Valkey implements AutoCloseable {

    /** Who waits for one server at once; further ones are turned away. */
    private static final int PLACES = 1024;

    /** What a trace calls it. */
    private static final String PART = "valkey";

    private final Connection connection;
    private final String keyspace;
    private final MasterKey masterKey;
    private final Map<String, Bulkhead> bulkheads = new ConcurrentHashMap<>();
    private final Duration wait;

    private Valkey(Connection connection, String keyspace, MasterKey masterKey, Duration wait) {
        this.connection = connection;
        this.keyspace = keyspace;
        this.masterKey = masterKey;
        this.wait = wait;
    }

    /**
     * Connects, if the options say where.
     *
     * @param database the one beside it, which says what this Patron's keys begin with
     * @param masterKey hides names in keys
     * @throws InvalidOptionException when no server can be reached, or it refuses the user or is too old
     */
    public static Optional<Valkey> open(Options options, Database database, MasterKey masterKey) {
        return options.get(Options.SESSIONS_URL)
                .map(url -> new Valkey(
                        new Connector(url, options).connect(),
                        Keyspace.of(database),
                        masterKey,
                        options.get(Options.SESSIONS_WAIT)));
    }

    /**
     * Makes whatever is on a server for this database unknown to it. A database that was restored from a copy does not know
     * what has ended since, and gives out its keys once more.
     */
    public static void forget(Database database) {
        Keyspace.forget(database);
    }

    /** How something is called here: no other Patron on the same server has this key. */
    public String key(String kind, String name) {
        return keyspace + kind + ":" + name;
    }

    /** The same for a name, such as an e-mail address, that is not to be read there, nor in the server's own logs. */
    public String hiddenKey(String kind, String name) {
        return key(kind, masterKey.pseudonym(name));
    }

    /**
     * Asks the server that has a key, one thing or several at once.
     *
     * @throws StorageUnavailableException when it does not answer in time, or cannot do what it is asked
     */
    public <T extends @Nullable Object> T ask(
            String key, Function<RedisClusterAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        Database.requireNoneHeld();
        Bulkhead bulkhead = bulkhead(key);
        try (Traces.Part _ = Traces.part(PART);
                Bulkhead.Permit _ = bulkhead.acquire()) {
            return await(bulkhead, command.apply(connection.commands()).toCompletableFuture());
        }
    }

    /**
     * Asks for several keys at once, each of the server that has it.
     *
     * @return the answers, in the order of the keys
     * @throws StorageUnavailableException when one of them does not answer in time, or cannot do what it is asked
     */
    public <T extends @Nullable Object> List<T> askEach(
            List<String> keys, BiFunction<RedisClusterAsyncCommands<String, byte[]>, String, RedisFuture<T>> command) {
        Database.requireNoneHeld();
        Map<Bulkhead, Bulkhead.Permit> permits = new HashMap<>();
        try (Traces.Part _ = Traces.part(PART)) {
            keys.forEach(key -> permits.computeIfAbsent(bulkhead(key), Bulkhead::acquire));
            List<RedisFuture<T>> futures = keys.stream()
                    .map(key -> command.apply(connection.commands(), key))
                    .toList();
            List<T> answers = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                answers.add(await(bulkhead(keys.get(i)), futures.get(i)));
            }
            return answers;
        } finally {
            permits.values().forEach(Bulkhead.Permit::close);
        }
    }

    /**
     * Does what a library does over {@link #commands} with the server that has a key.
     *
     * @throws StorageUnavailableException when the server does not answer in time, or cannot do what it is asked
     */
    public <T> T during(String key, Supplier<T> work) {
        Database.requireNoneHeld();
        Bulkhead bulkhead = bulkhead(key);
        try (Traces.Part _ = Traces.part(PART);
                Bulkhead.Permit _ = bulkhead.acquire()) {
            T result = work.get();
            bulkhead.succeeded();
            return result;
        } catch (StorageUnavailableException turnedAway) {
            throw turnedAway;
        } catch (RuntimeException failure) {
            throw failed(bulkhead, failure);
        }
    }

    /** What can be asked, for {@link #during}. */
    public RedisClusterAsyncCommands<String, byte[]> commands() {
        return connection.commands();
    }

    /** How long who asks waits for a server at most. */
    public Duration patience() {
        return wait;
    }

    /** Whether a server answers; of a cluster, whether any does. */
    public boolean answers() {
        for (Future<String> pong : connection.ping()) {
            try {
                pong.get(wait.toMillis(), MILLISECONDS);
                return true;
            } catch (ExecutionException | TimeoutException away) {
                // Perhaps another one.
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    @Override
    public void close() {
        connection.close();
    }

    private Bulkhead bulkhead(String key) {
        return bulkheads.computeIfAbsent(connection.server(key), _ -> new Bulkhead(PLACES));
    }

    private <T extends @Nullable Object> T await(Bulkhead bulkhead, Future<T> answer) {
        try {
            T result = answer.get(wait.toMillis(), MILLISECONDS);
            bulkhead.succeeded();
            return result;
        } catch (ExecutionException | TimeoutException failure) {
            throw failed(bulkhead, failure);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new StorageUnavailableException(stopping);
        }
    }

    private static StorageUnavailableException failed(Bulkhead bulkhead, Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RedisCommandExecutionException) {
                // It has answered, if only that it cannot.
                bulkhead.succeeded();
                break;
            }
            if (cause instanceof RedisException || cause instanceof TimeoutException) {
                bulkhead.failed();
                break;
            }
        }
        return new StorageUnavailableException(failure);
    }
}
