package dev.patron.benchmark;

import dev.patron.server.PatronServer;
import dev.patron.server.app.NewApp;
import dev.patron.server.session.DatabaseSessions;
import dev.patron.server.session.SessionOrigin;
import dev.patron.server.sql.Database;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Fills a database with as much as is asked for, and writes down requests for tokens. */
final class Fill {

    private static final int BATCH = 10_000;
    private static final int MOST_REQUESTS = 200_000;

    /** Sessions that begin at once, where each is a transaction. */
    private static final int AT_ONCE = 16;

    private static final SessionOrigin ORIGIN = new SessionOrigin(InetAddress.getLoopbackAddress(), "Firefox on Linux");

    private final PatronServer server;
    private final Database database;
    private final OffsetDateTime now;
    private final Random random = new Random(7);
    private final MessageDigest digest;

    private Fill(PatronServer server, Instant now) {
        this.server = server;
        this.database = server.services().database;
        this.now = Database.moment(now);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static void fill(PatronServer server, Path requests, Map<String, String> sizes, Instant now) throws IOException {
        int sessions = Integer.parseInt(sizes.getOrDefault("sessions", "100000"));
        int customers = Integer.parseInt(sizes.getOrDefault("customers", Integer.toString(sessions)));
        int stores = Integer.parseInt(sizes.getOrDefault("stores", "1"));
        int apps = Integer.parseInt(sizes.getOrDefault("apps", "1"));
        List<String> clientIds = new ArrayList<>();
        for (int app = 0; app < apps; app++) {
            clientIds.add(server.services()
                    .apps
                    .create(NewApp.named("App " + app))
                    .app()
                    .clientId());
        }
        for (int store = 0; store < stores; store++) {
            server.services().stores.create("bench" + store, "Benchmark " + store, false, List.of(host(store)));
        }
        Fill fill = new Fill(server, now);
        fill.customers(customers, stores);
        // Some of all, evenly.
        int step = Math.max(1, sessions / MOST_REQUESTS);
        try (BufferedWriter writer = Files.newBufferedWriter(requests)) {
            Begun begun = (number, id) -> {
                if (number % step == 0) {
                    String host = host(customer(number, customers) % stores);
                    write(writer, host, id, clientIds.get(number / step % clientIds.size()));
                }
            };
            if (server.services().sessions instanceof DatabaseSessions) {
                fill.rows(sessions, customers, begun);
            } else {
                long before = memoryUsed();
                fill.sessions(sessions, customers, begun);
                System.out.println((memoryUsed() - before) / sessions + " bytes of Redis for each session");
            }
        }
        fill.settle();
    }

    private static String host(int store) {
        return "shop" + store + ".example";
    }

    private void customers(int count, int stores) {
        for (int first = 1; first <= count; first += BATCH) {
            int from = first;
            int to = Math.min(count, first + BATCH - 1);
            var _ = database.<int[]>transaction(handle -> {
                PreparedBatch batch = handle.prepareBatch("insert into customer (customer_key, store_hash, customer_id,"
                        + " email, first_name, last_name, group_id, disabled, created_at)"
                        + " values (?, ?, ?, ?, 'Ada', 'Lovelace', 6, false, ?)");
                for (int key = from; key <= to; key++) {
                    batch.bind(0, (long) key)
                            .bind(1, "bench" + key % stores)
                            .bind(2, (long) key)
                            .bind(3, "customer" + key + "@shop.example")
                            .bind(4, now)
                            .add();
                }
                return batch.execute();
            });
        }
    }

    private static int customer(int number, int customers) {
        return 1 + (number - 1) % customers;
    }

    /** Writes the id of a session to the file. */
    @FunctionalInterface
    private interface Begun {
        void with(int number, String id);
    }

    /** As rows, which is fast. */
    private void rows(int count, int customers, Begun begun) {
        for (int first = 1; first <= count; first += BATCH) {
            int from = first;
            int to = Math.min(count, first + BATCH - 1);
            var _ = database.<int[]>transaction(handle -> {
                PreparedBatch batch =
                        handle.prepareBatch("insert into session (session_key, session_hash, customer_key,"
                                + " began_at, last_seen_at) values (?, ?, ?, ?, ?)");
                for (int number = from; number <= to; number++) {
                    byte[] bits = new byte[32];
                    random.nextBytes(bits);
                    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
                    byte[] hash = digest.digest(id.getBytes(StandardCharsets.US_ASCII));
                    batch.bind(0, ByteBuffer.wrap(hash).getLong())
                            .bind(1, hash)
                            .bind(2, (long) customer(number, customers))
                            .bind(3, now)
                            .bind(4, now)
                            .add();
                    begun.with(number, id);
                }
                return batch.execute();
            });
        }
    }

    /** As customers begin them, wherever they are kept. */
    private void sessions(int count, int customers, Begun begun) {
        AtomicInteger next = new AtomicInteger();
        Runnable work = () -> {
            int number;
            while ((number = next.incrementAndGet()) <= count) {
                long customer = customer(number, customers);
                String id = server.services()
                        .sessions
                        .beginning(customer, ORIGIN, (_, begin) -> begin.get())
                        .reveal();
                synchronized (this) {
                    begun.with(number, id);
                }
            }
        };
        List<Thread> threads =
                IntStream.range(0, AT_ONCE).mapToObj(_ -> new Thread(work)).toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException stopping) {
                throw new IllegalStateException(stopping);
            }
        }
    }

    private static long memoryUsed() {
        RedisClient client = RedisClient.create(System.getenv("PATRON_SESSIONS_URL"));
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection
                    .sync()
                    .info("memory")
                    .lines()
                    .filter(line -> line.startsWith("used_memory:"))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                    .sum();
        } finally {
            client.shutdown();
        }
    }

    private static void write(BufferedWriter requests, String host, String session, String clientId) {
        try {
            requests.write(host + " " + session + " " + clientId + "\n");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** As it would be after some time: a PostgreSQL server has counted what there is. */
    private void settle() {
        if (!database.copiesItself()) {
            var _ = database.<Integer>patiently(handle -> handle.execute("analyze"));
        }
    }
}
