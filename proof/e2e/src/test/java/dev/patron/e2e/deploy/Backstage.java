package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import dev.patron.engines.Certificate;
import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What is behind a proxy: a server with a store and an app, which trusts proxies of this machine, and a shop. */
final class Backstage implements AutoCloseable {

    private static final String STORE = "behind1";

    private final Certificate certificate;
    private final ServerProcess server;
    private final ShopClient operator;
    private final Shop shop;
    private final String clientId;
    private final CurrentCustomerVerifier verifier;

    private Backstage(
            Certificate certificate,
            ServerProcess server,
            ShopClient operator,
            Shop shop,
            String clientId,
            CurrentCustomerVerifier verifier) {
        this.certificate = certificate;
        this.server = server;
        this.operator = operator;
        this.shop = shop;
        this.clientId = clientId;
        this.verifier = verifier;
    }

    static Backstage open(Path folder) throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        ServerProcess server = ServerProcess.start(
                Root.serverJar(),
                data,
                Map.of(
                        "PATRON_TRUSTED_PROXIES", "127.0.0.1",
                        "PATRON_PASSWORDS_MEMORY", "1MiB",
                        "PATRON_PASSWORDS_ITERATIONS", "1"));
        ShopClient operator = new ShopClient(
                server.storefront(),
                server.console(),
                Files.readString(data.resolve("operator-token")).strip());
        call(
                operator,
                201,
                "POST",
                "/api/v1/stores",
                Map.of("store_hash", STORE, "name", "Behind", "https", true, "hosts", List.of("localhost")));
        JsonNode app = call(operator, 201, "POST", "/api/v1/apps", Map.of("name", "Witness"));
        String clientId = app.get("client_id").asString();
        return new Backstage(
                Certificate.create(folder),
                server,
                operator,
                Shop.open(),
                clientId,
                CurrentCustomerVerifier.builder(
                                clientId, app.get("client_secret").asString())
                        .expectStore(STORE)
                        .build());
    }

    Certificate certificate() {
        return certificate;
    }

    Shop shop() {
        return shop;
    }

    int storefrontPort() {
        return server.storefront().getPort();
    }

    int consolePort() {
        return server.console().getPort();
    }

    /** Where a page asks for the app's token. */
    String currentJwt() {
        return "/customer/current.jwt?app_client_id=" + clientId;
    }

    /** Whom an answer's token is about, as the app finds. */
    CurrentCustomer customer(HttpResponse<String> answer) throws InvalidTokenException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return verifier.verify(answer.body());
    }

    /** What an answer says is wrong. */
    static String problem(HttpResponse<String> answer) {
        return answer.statusCode() + " "
                + ShopClient.json(answer).get("errors").get(0).get("id").asString();
    }

    /** The network address that a customer's session was begun from, as the server has it. */
    String addressOf(String email) throws IOException {
        JsonNode sessions = call(operator, 200, "GET", "/api/v1/stores/" + STORE + "/sessions", Map.of())
                .get("sessions");
        for (JsonNode session : sessions) {
            if (session.get("email").asString().equals(email)) {
                return session.get("address").asString();
            }
        }
        throw new AssertionError("No session of " + email);
    }

    @Override
    public void close() {
        shop.close();
        operator.close();
        server.close();
    }

    private static JsonNode call(ShopClient operator, int status, String method, String path, Map<String, Object> body)
            throws IOException {
        HttpResponse<String> answer = operator.console(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return ShopClient.json(answer);
    }
}
