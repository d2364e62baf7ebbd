package dev.patron.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server with SIGKILL while customers get tokens, again and again on the same data. Each row of the ledger is
 * of a token that was asked for then by that customer, none is there twice, and what is missing is the end of what each
 * customer got before a kill.
 */
class LedgerCrashTest {

    private static final int ROUNDS = 4;
    private static final int CUSTOMERS = 4;
    private static final int LONGEST_DELAY_MILLIS = 1500;
    private static final String STORE = "crash1";
    private static final String PASSWORD = "correct horse battery";

    private final long seed = Long.getLong("patron.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final Clock clock = Clock.systemUTC();

    /** A request for a token: when it was sent, and when its answer came, or its end. */
    private record Asked(Instant from, Instant to, boolean answered) {}

    /** The requests of one customer in one round, one after the other. */
    private record Worker(long customer, String session, List<List<Asked>> rounds) {}

    @Test
    @Timeout(180)
    void rowsAreOfTokens_andTheLastOnesMayBeMissing(@TempDir Path data) throws Exception {
        System.out.println("Ledger crash test with -Dpatron.seed=" + seed);
        List<Worker> workers = new ArrayList<>();
        List<Instant> kills = new ArrayList<>();
        String clientId = "";
        for (int round = 0; round < ROUNDS; round++) {
            try (ServerProcess server = start(data);
                    ShopClient client = client(server, data)) {
                if (round == 0) {
                    clientId = prepare(client, workers);
                }
                kills.add(askUntilKilled(server, client, clientId, workers));
            }
        }
        verify(data, clientId, workers, kills);
    }

    private static String prepare(ShopClient client, List<Worker> workers) throws IOException {
        HttpResponse<String> store = client.console(
                "POST",
                "/api/v1/stores",
                Map.of("store_hash", STORE, "name", "Crash", "https", false, "hosts", List.of("localhost")));
        assertThat(store.statusCode()).as(store.body()).isEqualTo(201);
        HttpResponse<String> app = client.console("POST", "/api/v1/apps", Map.of("name", "Witness"));
        assertThat(app.statusCode()).as(app.body()).isEqualTo(201);
        for (int id = 1; id <= CUSTOMERS; id++) {
            HttpResponse<String> signedUp = client.signUp("customer" + id + "@example.com", PASSWORD);
            assertThat(signedUp.statusCode()).as(signedUp.body()).isEqualTo(302);
            workers.add(new Worker(id, ShopClient.session(signedUp).orElseThrow(), new ArrayList<>()));
        }
        return ShopClient.json(app).get("client_id").asString();
    }

    /** Has every customer ask until the server is gone; the moment of the kill. */
    private Instant askUntilKilled(ServerProcess server, ShopClient client, String clientId, List<Worker> workers)
            throws Exception {
        CountDownLatch underWay = new CountDownLatch(CUSTOMERS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (Worker worker : workers) {
                List<Asked> round = new ArrayList<>();
                worker.rounds().add(round);
                work.add(threads.submit(() -> ask(client, clientId, worker.session(), round, underWay)));
            }
            boolean allUnderWay = underWay.await(30, TimeUnit.SECONDS);
            // The moment of the kill is left to chance: the pause is the experiment, not a wait for anything.
            new CountDownLatch(1).await(1 + random.nextInt(LONGEST_DELAY_MILLIS), TimeUnit.MILLISECONDS);
            Instant kill = clock.instant();
            server.kill();
            for (Future<?> worker : work) {
                worker.get(30, TimeUnit.SECONDS);
            }
            assertThat(allUnderWay).as("everybody got a token").isTrue();
            return kill;
        }
    }

    private void ask(ShopClient client, String clientId, String session, List<Asked> asked, CountDownLatch underWay) {
        while (true) {
            // The ledger has milliseconds.
            Instant from = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            try {
                HttpResponse<String> answer = client.currentJwt(session, clientId);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                asked.add(new Asked(from, clock.instant(), true));
                underWay.countDown();
            } catch (IOException killed) {
                asked.add(new Asked(from, clock.instant(), false));
                return;
            }
        }
    }

    private static void verify(Path data, String clientId, List<Worker> workers, List<Instant> kills)
            throws SQLException {
        Map<Long, List<Instant>> rows = new TreeMap<>();
        long counted;
        try (Connection connection = DriverManager.getConnection("jdbc:h2:file:"
                        + data.resolve("patron").toAbsolutePath()
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH");
                Statement statement = connection.createStatement()) {
            Map<Long, Long> ids = new TreeMap<>();
            try (ResultSet customers = statement.executeQuery("select customer_key, customer_id from customer")) {
                while (customers.next()) {
                    ids.put(customers.getLong(1), customers.getLong(2));
                }
            }
            try (ResultSet found = statement.executeQuery("select * from disclosure")) {
                while (found.next()) {
                    assertThat(found.getString("store_hash")).isEqualTo(STORE);
                    assertThat(found.getString("client_id")).isEqualTo(clientId);
                    Instant at = found.getObject("disclosed_at", OffsetDateTime.class)
                            .toInstant();
                    byte[] several = found.getBytes("several");
                    if (several == null) {
                        add(rows, ids, found.getLong("customer_key"), at);
                    } else {
                        ByteBuffer entries = ByteBuffer.wrap(several);
                        while (entries.hasRemaining()) {
                            Instant moment = at.plusMillis(entries.getInt());
                            add(rows, ids, entries.getLong(), moment);
                        }
                    }
                }
            }
            try (ResultSet sum = statement.executeQuery(
                    "select coalesce(sum(times), 0) from hourly_count where outcome = 'issued'")) {
                assertThat(sum.next()).isTrue();
                counted = sum.getLong(1);
            }
        }
        assertThat(counted)
                .as("the counts are of the rows")
                .isEqualTo(rows.values().stream().mapToInt(List::size).sum());

        int answered = 0;
        int missing = 0;
        Duration oldest = Duration.ZERO;
        for (Worker worker : workers) {
            List<Instant> left = new ArrayList<>(rows.getOrDefault(worker.customer(), List.of()));
            left.sort(Comparator.naturalOrder());
            for (int round = 0; round < worker.rounds().size(); round++) {
                boolean ended = false;
                for (Asked asked : worker.rounds().get(round)) {
                    boolean found = left.stream()
                            .filter(at -> !at.isBefore(asked.from()) && at.isBefore(asked.to()))
                            .findFirst()
                            .map(left::remove)
                            .orElse(false);
                    if (!found && asked.answered()) {
                        ended = true;
                        missing++;
                        Duration age = Duration.between(asked.to(), kills.get(round));
                        oldest = age.compareTo(oldest) > 0 ? age : oldest;
                    }
                    assertThat(ended && found)
                            .as("a row after one that is missing")
                            .isFalse();
                    answered += asked.answered() ? 1 : 0;
                }
            }
            assertThat(left).as("rows that nobody asked for").isEmpty();
        }
        System.out.printf(
                "Ledger crash test: %d kills, %d tokens, %d of them without a row; the oldest of these was given out"
                        + " %d ms before its kill.%n",
                kills.size(), answered, missing, oldest.toMillis());
        assertThat(counted).as("it all meant something").isGreaterThan(ROUNDS);
    }

    private static void add(Map<Long, List<Instant>> rows, Map<Long, Long> ids, long customerKey, Instant at) {
        assertThat(ids).containsKey(customerKey);
        rows.computeIfAbsent(ids.get(customerKey), _ -> new ArrayList<>()).add(at);
    }

    private static ServerProcess start(Path data) {
        return ServerProcess.start(
                Root.serverJar(),
                data,
                // Passwords are not what this is about.
                Map.of(
                        "PATRON_PASSWORDS_MEMORY", "1MiB",
                        "PATRON_PASSWORDS_ITERATIONS", "1",
                        // Each session asks without a pause.
                        "PATRON_ISSUING_TOKENS_PER_MINUTE", "0"));
    }

    private static ShopClient client(ServerProcess server, Path data) throws IOException {
        return new ShopClient(
                server.storefront(),
                server.console(),
                Files.readString(data.resolve("operator-token")).strip());
    }
}
