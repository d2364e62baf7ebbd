package dev.patron.benchmark;

import dev.patron.server.PatronServer;
import dev.patron.server.app.NewApp;
import dev.patron.server.sql.Database;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.jdbi.v3.core.statement.PreparedBatch;

/** Fills a database with as much as is asked for, and writes down requests for tokens. */
final class Fill {

    private static final int BATCH = 10_000;
    private static final int MOST_REQUESTS = 200_000;

    private final Database database;
    private final OffsetDateTime now;
    private final Random random = new Random(7);
    private final MessageDigest digest;

    private Fill(Database database, Instant now) {
        this.database = database;
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
            clientIds.add(server.apps().create(NewApp.named("App " + app)).app().clientId());
        }
        for (int store = 0; store < stores; store++) {
            server.stores().create("bench" + store, "Benchmark " + store, false, List.of(host(store)));
        }
        Fill fill = new Fill(server.database(), now);
        fill.customers(customers, stores);
        try (BufferedWriter writer = Files.newBufferedWriter(requests)) {
            fill.sessions(sessions, customers, stores, clientIds, writer);
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

    private void sessions(int count, int customers, int stores, List<String> clientIds, BufferedWriter requests) {
        // Some of all, evenly.
        int step = Math.max(1, count / MOST_REQUESTS);
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
                    int customer = 1 + (number - 1) % customers;
                    batch.bind(0, ByteBuffer.wrap(hash).getLong())
                            .bind(1, hash)
                            .bind(2, (long) customer)
                            .bind(3, now)
                            .bind(4, now)
                            .add();
                    if (number % step == 0) {
                        write(requests, host(customer % stores), id, clientIds.get(number / step % clientIds.size()));
                    }
                }
                return batch.execute();
            });
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
