package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.engines.Certificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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
import java.util.stream.Collectors;

/** Somebody with a browser, at an address of this machine, who reaches the shop by https through the proxy. */
final class Visitor implements AutoCloseable {

    private static final String COOKIE = "__Host-SHOP_SESSION_TOKEN=";
    private static final String PASSWORD = "correct horse battery staple";

    private final HttpClient http;
    private final URI shop;
    private String cookie = "";

    Visitor(URI shop, Certificate certificate, String address) {
        this.shop = shop;
        http = HttpClient.newBuilder()
                .sslContext(certificate.trust())
                .localAddress(InetAddress.ofLiteral(address))
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** Asks for a page, with further headers: names and values in turn. */
    HttpResponse<String> get(String path, String... headers) {
        return send(HttpRequest.newBuilder(URI.create(shop + path)), headers);
    }

    /** Sends a form. */
    HttpResponse<String> post(String path, Map<String, String> fields, String... headers) {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(URI.create(shop + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Origin", shop.toString())
                        .POST(BodyPublishers.ofString(body)),
                headers);
    }

    /** Makes an account, and is signed in then. */
    void signUp(String email, String... headers) {
        HttpResponse<String> answer = post(
                "/login.php?action=save_new_account",
                Map.of(
                        "first_name", "Robin",
                        "last_name", "Doe",
                        "email", email,
                        "password", PASSWORD,
                        "password_confirmation", PASSWORD),
                headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).hasValue("/account.php");
        cookie = answer.headers().allValues("Set-Cookie").stream()
                .filter(value -> value.startsWith(COOKIE))
                .peek(value -> assertThat(value).contains("; Path=/;", "; Secure", "; HttpOnly"))
                .map(value -> value.substring(0, value.indexOf(';')))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", stopping);
        }
    }
}
