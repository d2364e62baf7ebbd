package dev.patron.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server with SIGKILL while customers sign up, in and out and apps come and go, again and again on the same
 * data. After each restart everything that was acknowledged is there, and nothing that was ended is back.
 */
class CrashTest {

    private static final int ROUNDS = 6;
    private static final int CUSTOMERS_AT_ONCE = 4;
    private static final int MOST_ACTIONS = 40;
    private static final int LONGEST_DELAY_MILLIS = 1000;
    private static final String PASSWORD = "correct horse battery";
    private static final String STORE = "crash1";

    /** A failure is run again with -Dpatron.seed and the seed that it printed. */
    private final long seed = Long.getLong("patron.seed", new Random().nextLong());

    private final Random random = new Random(seed);
    private final Facts facts = new Facts();
    private final AtomicInteger names = new AtomicInteger();

    @Test
    @Timeout(180)
    void acknowledgedIsDurable(@TempDir Path data) throws Exception {
        System.out.println("Crash test with -Dpatron.seed=" + seed);
        for (int round = 1; round <= ROUNDS; round++) {
            try (ServerProcess server = start(data);
                    ShopClient client = client(server, data)) {
                String witness = round == 1
                        ? firstApp(client)
                        : facts.apps().firstEntry().getKey();
                verify(server, client, witness);
                workUntilKilled(server, client, round);
            }
        }
        try (ServerProcess server = start(data);
                ShopClient client = client(server, data)) {
            verify(server, client, facts.apps().firstEntry().getKey());
        }
        System.out.printf(
                "Crash test: %d kills; %d accounts, %d sessions begun and %d ended, %d apps active and %d disabled:"
                        + " all as acknowledged.%n",
                ROUNDS,
                facts.accounts().size(),
                facts.count(Facts.Session.BEGUN),
                facts.count(Facts.Session.ENDED),
                facts.count(Facts.App.ACTIVE),
                facts.count(Facts.App.DISABLED));
        // It all meant something.
        assertThat(facts.accounts()).hasSizeGreaterThan(ROUNDS);
        assertThat(facts.count(Facts.Session.BEGUN)).isPositive();
        assertThat(facts.count(Facts.Session.ENDED)).isPositive();
        assertThat(facts.count(Facts.App.DISABLED)).isPositive();
    }

    /** The app that every session is asked with. It stays active. */
    private String firstApp(ShopClient client) throws IOException {
        HttpResponse<String> store = client.console(
                "POST",
                "/api/v1/stores",
                Map.of("store_hash", STORE, "name", "Crash", "https", false, "hosts", List.of("localhost")));
        assertThat(store.statusCode()).as(store.body()).isEqualTo(201);
        HttpResponse<String> app = client.console("POST", "/api/v1/apps", Map.of("name", "Witness"));
        assertThat(app.statusCode()).as(app.body()).isEqualTo(201);
        String clientId = ShopClient.json(app).get("client_id").asString();
        facts.app(clientId, Facts.App.ACTIVE);
        return clientId;
    }

    private void workUntilKilled(ServerProcess server, ShopClient client, int round) throws Exception {
        CountDownLatch underWay = new CountDownLatch(CUSTOMERS_AT_ONCE + 1);
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (int worker = 0; worker < CUSTOMERS_AT_ONCE; worker++) {
                long workerSeed = random.nextLong();
                work.add(workers.submit(() -> customer(client, new Random(workerSeed), underWay)));
            }
            work.add(workers.submit(() -> operator(client, underWay)));
            boolean allUnderWay = underWay.await(30, TimeUnit.SECONDS);
            // The moment of the kill is left to chance: the pause is the experiment, not a wait for anything.
            new CountDownLatch(1).await(random.nextInt(LONGEST_DELAY_MILLIS), TimeUnit.MILLISECONDS);
            server.kill();
            for (Future<?> worker : work) {
                worker.get(30, TimeUnit.SECONDS);
            }
            assertThat(allUnderWay)
                    .as("everybody did something in round " + round)
                    .isTrue();
        }
    }

    /** Signs up, out and in, until the server is gone. */
    private void customer(ShopClient client, Random chance, CountDownLatch underWay) {
        try {
            for (int action = 0; action < MOST_ACTIONS; action++) {
                String email = "customer" + names.incrementAndGet() + "@example.com";
                HttpResponse<String> signedUp = client.signUp(email, PASSWORD);
                assertThat(signedUp.statusCode()).as(signedUp.body()).isEqualTo(302);
                facts.account(email);
                String first = begun(signedUp);
                if (chance.nextBoolean()) {
                    end(client, first);
                }
                HttpResponse<String> signedIn = client.signIn(email, PASSWORD);
                assertThat(signedIn.statusCode()).as(signedIn.body()).isEqualTo(302);
                String second = begun(signedIn);
                if (chance.nextInt(3) == 0) {
                    end(client, second);
                }
                underWay.countDown();
            }
        } catch (IOException killed) {
            // What was not acknowledged by now is nobody's promise.
        }
    }

    private String begun(HttpResponse<String> response) {
        String session = ShopClient.session(response).orElseThrow();
        facts.session(session, Facts.Session.BEGUN);
        return session;
    }

    private void end(ShopClient client, String session) throws IOException {
        facts.session(session, Facts.Session.ENDING);
        HttpResponse<String> signedOut = client.signOut(session);
        assertThat(signedOut.statusCode()).as(signedOut.body()).isEqualTo(302);
        facts.session(session, Facts.Session.ENDED);
    }

    /** Registers apps and disables every other one, until the server is gone. */
    private void operator(ShopClient client, CountDownLatch underWay) {
        try {
            for (int action = 0; action < MOST_ACTIONS; action++) {
                HttpResponse<String> app =
                        client.console("POST", "/api/v1/apps", Map.of("name", "App " + names.incrementAndGet()));
                assertThat(app.statusCode()).as(app.body()).isEqualTo(201);
                String clientId = ShopClient.json(app).get("client_id").asString();
                facts.app(clientId, Facts.App.ACTIVE);
                if (action % 2 == 0) {
                    facts.app(clientId, Facts.App.DISABLING);
                    HttpResponse<String> disabled =
                            client.console("PATCH", "/api/v1/apps/" + clientId, Map.of("disabled", true));
                    assertThat(disabled.statusCode()).as(disabled.body()).isEqualTo(200);
                    facts.app(clientId, Facts.App.DISABLED);
                }
                if (action == 1) {
                    underWay.countDown();
                }
            }
        } catch (IOException killed) {
            // What was not acknowledged by now is nobody's promise.
        }
    }

    private void verify(ServerProcess server, ShopClient client, String witness) {
        try {
            verify(client, witness);
        } catch (IOException failed) {
            throw new AssertionError("The server did not answer. It said:\n" + server.output(), failed);
        }
    }

    private void verify(ShopClient client, String witness) throws IOException {
        for (Map.Entry<String, Facts.App> app : facts.apps().entrySet()) {
            HttpResponse<String> found = client.console("GET", "/api/v1/apps/" + app.getKey(), Map.of());
            assertThat(found.statusCode()).as("app %s: %s", app, found.body()).isEqualTo(200);
            if (app.getValue() == Facts.App.DISABLING) {
                // From here on it is what it turned out to be.
                facts.app(app.getKey(), disabled(found) ? Facts.App.DISABLED : Facts.App.ACTIVE);
            } else {
                assertThat(disabled(found)).as("app %s", app).isEqualTo(app.getValue() == Facts.App.DISABLED);
            }
        }
        for (Map.Entry<String, Facts.Session> session : facts.sessions().entrySet()) {
            HttpResponse<String> answer = client.currentJwt(session.getKey(), witness);
            switch (session.getValue()) {
                case BEGUN ->
                    assertThat(answer.statusCode())
                            .as("a session: %s", answer.body())
                            .isEqualTo(200);
                case ENDED -> {
                    assertThat(answer.statusCode())
                            .as("an ended session: %s", answer.body())
                            .isEqualTo(404);
                    assertThat(answer.body()).contains("\"not_signed_in\"");
                }
                case ENDING -> {
                    assertThat(answer.statusCode())
                            .as("a session on its way out: %s", answer.body())
                            .isIn(200, 404);
                    facts.session(
                            session.getKey(), answer.statusCode() == 200 ? Facts.Session.BEGUN : Facts.Session.ENDED);
                }
            }
        }
        for (String email : facts.accounts()) {
            HttpResponse<String> signedIn = client.signIn(email, PASSWORD);
            assertThat(signedIn.statusCode())
                    .as("%s: %s", email, signedIn.body())
                    .isEqualTo(302);
            assertThat(client.currentJwt(ShopClient.session(signedIn).orElseThrow(), witness)
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static boolean disabled(HttpResponse<String> app) {
        return ShopClient.json(app).get("disabled").asBoolean();
    }

    private static ServerProcess start(Path data) {
        return ServerProcess.start(
                Root.serverJar(),
                data,
                Map.of(
                        // Passwords are not what this is about.
                        "PATRON_PASSWORDS_MEMORY", "1MiB",
                        "PATRON_PASSWORDS_ITERATIONS", "1",
                        "PATRON_SIGN_IN_ATTEMPTS_PER_ACCOUNT", "10000",
                        "PATRON_SIGN_IN_ATTEMPTS_PER_ADDRESS", "1000000",
                        "PATRON_SIGN_IN_SUCCESSES_PER_ADDRESS", "1000000"));
    }

    private static ShopClient client(ServerProcess server, Path data) throws IOException {
        return new ShopClient(
                server.storefront(),
                server.console(),
                Files.readString(data.resolve("operator-token")).strip());
    }
}
