package dev.patron.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a customer's browser and an operator's script send to a running server. */
public final class ShopClient implements AutoCloseable {

    private static final String COOKIE = "SHOP_SESSION_TOKEN=";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI storefront;
    private final URI console;
    private final String operatorToken;

    /** A client of one server. */
    public ShopClient(URI storefront, URI console, String operatorToken) {
        this.storefront = storefront;
        this.console = console;
        this.operatorToken = operatorToken;
    }

    /** Creates an account; the answer hands out a session. */
    public HttpResponse<String> signUp(String email, String password) throws IOException {
        return form(
                "/login.php?action=save_new_account",
                Map.of(
                        "first_name", "Robin",
                        "last_name", "Doe",
                        "email", email,
                        "password", password,
                        "password_confirmation", password),
                Optional.empty());
    }

    /** Signs in; the answer hands out a session. */
    public HttpResponse<String> signIn(String email, String password) throws IOException {
        return form(
                "/login.php?action=check_login",
                Map.of("login_email", email, "login_pass", password),
                Optional.empty());
    }

    /** Ends a session. */
    public HttpResponse<String> signOut(String session) throws IOException {
        return form("/login.php?action=logout", Map.of(), Optional.of(session));
    }

    /** Asks who is signed in. */
    public HttpResponse<String> currentJwt(String session, String clientId) throws IOException {
        return send(HttpRequest.newBuilder(storefront.resolve("/customer/current.jwt?app_client_id=" + clientId))
                .header("Cookie", COOKIE + session));
    }

    /** Calls the console's API. */
    public HttpResponse<String> console(String method, String path, Map<String, Object> body) throws IOException {
        return send(HttpRequest.newBuilder(console.resolve(path))
                .header("Authorization", "Bearer " + operatorToken)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    /** The session that an answer hands out. */
    public static Optional<String> session(HttpResponse<String> response) {
        return response.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith(COOKIE))
                .map(cookie -> cookie.substring(COOKIE.length(), cookie.indexOf(';')))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** An answer's JSON. */
    public static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    /** What a storefront's error says it is: its status and its id. */
    public static String problem(HttpResponse<String> response) {
        return response.statusCode() + " "
                + json(response).path("errors").path(0).path("id").asString();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private HttpResponse<String> form(String path, Map<String, String> fields, Optional<String> session)
            throws IOException {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(storefront.resolve(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body));
        session.ifPresent(value -> request.header("Cookie", COOKIE + value));
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", stopping);
        }
    }
}
