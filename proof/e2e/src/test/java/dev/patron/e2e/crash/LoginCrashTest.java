package dev.patron.e2e.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import dev.patron.token.ClientSecret;
import dev.patron.token.CustomerLoginClaims;
import dev.patron.token.CustomerLoginSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A login token works once, also when the server is killed with SIGKILL right after the visit. */
class LoginCrashTest {

    private static final String STORE = "crash1";
    private static final int VISITORS_AT_ONCE = 4;
    private static final int VISITS_EACH = 500;
    private static final int VISITS_BEFORE_THE_KILL = 20;

    /** A visit that was answered by a new session. */
    private record Visit(String path, String session) {}

    private final InstantSource clock = InstantSource.system();

    @Test
    @Timeout(120)
    void usedTokens_areUsedAfterACrash(@TempDir Path data) throws Exception {
        Queue<Visit> acknowledged = new ConcurrentLinkedQueue<>();
        String clientId;
        String spare;
        try (ServerProcess server = start(data);
                ShopClient client = client(server, data)) {
            HttpResponse<String> store = client.console(
                    "POST",
                    "/api/v1/stores",
                    Map.of("store_hash", STORE, "name", "Crash", "https", false, "hosts", List.of("localhost")));
            assertThat(store.statusCode()).as(store.body()).isEqualTo(201);
            HttpResponse<String> app = client.console("POST", "/api/v1/apps", Map.of("name", "Logins"));
            assertThat(app.statusCode()).isEqualTo(201);
            clientId = ShopClient.json(app).get("client_id").asString();
            String id = clientId;
            CustomerLoginSigner signer = CustomerLoginSigner.create(
                    ClientSecret.of(ShopClient.json(app).get("client_secret").asString()));
            assertThat(client.console(
                                    "PATCH",
                                    "/api/v1/stores/" + STORE + "/apps/" + clientId,
                                    Map.of("signs_customers_in", true))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(client.signUp("ada@example.com", "correct horse battery").statusCode())
                    .isEqualTo(302);
            HttpResponse<String> customers = client.console("GET", "/api/v1/stores/" + STORE + "/customers", Map.of());
            long customer = ShopClient.json(customers)
                    .path("customers")
                    .path(0)
                    .path("id")
                    .asLong();

            spare = signer.path(CustomerLoginClaims.of(id, STORE, customer, clock.instant()));
            CountDownLatch underWay = new CountDownLatch(VISITS_BEFORE_THE_KILL);
            try (ExecutorService visitors = Executors.newVirtualThreadPerTaskExecutor();
                    HttpClient browser = HttpClient.newHttpClient()) {
                List<Future<?>> work = new ArrayList<>();
                for (int visitor = 0; visitor < VISITORS_AT_ONCE; visitor++) {
                    work.add(visitors.submit(() -> {
                        try {
                            for (int i = 0; i < VISITS_EACH; i++) {
                                String path = signer.path(CustomerLoginClaims.of(id, STORE, customer, clock.instant()));
                                HttpResponse<String> answer = visit(browser, server.storefront(), path);
                                assertThat(answer.headers().firstValue("Location"))
                                        .contains("/account.php");
                                acknowledged.add(new Visit(
                                        path, ShopClient.session(answer).orElseThrow()));
                                underWay.countDown();
                            }
                        } catch (IOException killed) {
                            // What was not acknowledged by now is nobody's promise.
                        }
                        return null;
                    }));
                }
                assertThat(underWay.await(30, TimeUnit.SECONDS)).isTrue();
                server.kill();
                for (Future<?> visitor : work) {
                    visitor.get(30, TimeUnit.SECONDS);
                }
            }
        }
        try (ServerProcess server = start(data);
                ShopClient client = client(server, data);
                HttpClient browser = HttpClient.newHttpClient()) {
            for (Visit visit : acknowledged) {
                assertThat(visit(browser, server.storefront(), visit.path())
                                .headers()
                                .firstValue("Location"))
                        .contains("/login.php?invalid_login=1");
                assertThat(client.currentJwt(visit.session(), clientId).statusCode())
                        .isEqualTo(200);
            }
            // It is older than all of them, and still works: they were refused for having been used, and not for their
            // age.
            assertThat(visit(browser, server.storefront(), spare).headers().firstValue("Location"))
                    .contains("/account.php");
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(VISITS_BEFORE_THE_KILL);
    }

    private static HttpResponse<String> visit(HttpClient browser, URI storefront, String path)
            throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(storefront.resolve(path)).build(), BodyHandlers.ofString());
    }

    private static ServerProcess start(Path data) {
        return ServerProcess.start(
                Root.serverJar(), data, Map.of("PATRON_PASSWORDS_MEMORY", "1MiB", "PATRON_PASSWORDS_ITERATIONS", "1"));
    }

    private static ShopClient client(ServerProcess server, Path data) throws IOException {
        return new ShopClient(
                server.storefront(),
                server.console(),
                Files.readString(data.resolve("operator-token")).strip());
    }
}
