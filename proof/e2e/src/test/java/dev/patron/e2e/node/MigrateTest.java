package dev.patron.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.CommandLine;
import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import dev.patron.engines.PostgreSql;
import dev.patron.token.CurrentCustomerVerifier;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server moves from its embedded database to PostgreSQL: nobody is signed out, and every app goes on. */
@Timeout(120)
class MigrateTest {

    private static final String STORE = "moved1";

    @Test
    void everybodyIsStillSignedIn_afterTheMove(@TempDir Path data) throws Exception {
        try (PostgreSql postgreSql = PostgreSql.start()) {
            Map<String, String> database = Map.of(
                    "PATRON_DATABASE_URL", postgreSql.url(postgreSql.createDatabase("template1")),
                    "PATRON_DATABASE_USER", PostgreSql.USER,
                    "PATRON_DATABASE_PASSWORD", postgreSql.password());
            String session;
            HttpResponse<String> app;
            try (ServerProcess embedded = ServerProcess.start(Root.serverJar(), data, Map.of());
                    ShopClient client = client(embedded, data)) {
                client.console(
                        "POST",
                        "/api/v1/stores",
                        Map.of("store_hash", STORE, "name", "Moved", "https", false, "hosts", List.of("localhost")));
                app = client.console("POST", "/api/v1/apps", Map.of("name", "An app"));
                session = ShopClient.session(client.signUp("ada@example.com", "correct horse battery"))
                        .orElseThrow();

                CommandLine.run(data, database, 1, "Stop the server", "migrate");
            }
            CommandLine.run(data, Map.of(), 1, "PATRON_DATABASE_URL", "migrate");
            CommandLine.run(data, database, 0, "Everything is there, and compared.", "migrate");
            CommandLine.run(data, database, 1, "not empty", "migrate");

            try (ServerProcess moved = ServerProcess.start(Root.serverJar(), data, database);
                    ShopClient client = client(moved, data)) {
                String clientId = ShopClient.json(app).get("client_id").asString();
                HttpResponse<String> token = client.currentJwt(session, clientId);
                assertThat(token.statusCode()).as(token.body()).isEqualTo(200);
                assertThat(CurrentCustomerVerifier.builder(
                                        clientId,
                                        ShopClient.json(app)
                                                .get("client_secret")
                                                .asString())
                                .expectStore(STORE)
                                .build()
                                .verify(token.body())
                                .email())
                        .isEqualTo("ada@example.com");
            }
        }
    }

    private static ShopClient client(ServerProcess server, Path data) throws IOException {
        return new ShopClient(
                server.storefront(),
                server.console(),
                Files.readString(data.resolve("operator-token")).strip());
    }
}
