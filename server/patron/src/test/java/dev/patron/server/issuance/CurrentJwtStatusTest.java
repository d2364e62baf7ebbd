package dev.patron.server.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import dev.patron.server.TestServices;
import dev.patron.server.app.ExtraClaim;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import dev.patron.token.JwsAlgorithm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the endpoint answers where it depends on what the server knows: stores, apps, sessions and their limits, storage. */
final class CurrentJwtStatusTest {

    private static final String PATH = "/customer/current.jwt";
    private static final Map<String, String> ISOLATION = Map.of(
            "cache-control", "no-store, private",
            "vary", "Cookie, Accept, Origin, Sec-Fetch-Site",
            "x-content-type-options", "nosniff",
            "cross-origin-resource-policy", "same-origin",
            "referrer-policy", "no-referrer",
            "content-security-policy", "default-src 'none'; frame-ancestors 'none'");

    private static final TestServer SERVER = TestServer.start();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void claims_areThoseOfThePlatformInItsOrder() {
        long now = SERVER.clock().instant().getEpochSecond();

        String[] parts = signedIn(SERVER).send().body().split("\\.", -1);

        assertThat(parts).hasSize(3);
        assertThat(decode(parts[0])).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        assertThat(decode(parts[1]))
                .isEqualTo("{\"customer\":{\"id\":4927,\"email\":\"john.doe@gmail.com\",\"group_id\":\"6\"},"
                        + "\"iss\":\"bc/apps\",\"sub\":\"abc123\",\"iat\":" + now + ",\"exp\":" + (now + 900)
                        + ",\"version\":1,\"aud\":\"" + TestServer.CLIENT_ID + "\",\"application_id\":\""
                        + TestServer.CLIENT_ID
                        + "\",\"store_hash\":\"abc123\",\"operation\":\"current_customer\"}");
    }

    @Test
    void claims_withoutGroup_sayGroupZeroAsString() {
        SERVER.addCustomer(TestServer.STORE, 5001, "alone@example.com", 0);

        Answer answer = SERVER.call("GET", TestServer.CURRENT_JWT)
                .with("Cookie", SERVER.signIn(TestServer.HOST, "alone@example.com"))
                .send();

        assertThat(decode(answer.body().split("\\.", -1)[1])).contains("\"group_id\":\"0\"");
    }

    @Test
    void get_ofAnHs512App_isSignedWithHs512() throws InvalidTokenException {
        String clientId = "hs512app00000000000000000000000";
        SERVER.addApp(clientId, JwsAlgorithm.HS512, Set.of(), Set.of());

        String token = signedIn(SERVER)
                .target(PATH + "?app_client_id=" + clientId)
                .send()
                .body();

        assertThat(decode(token.split("\\.", -1)[0])).isEqualTo("{\"typ\":\"JWT\",\"alg\":\"HS512\"}");
        assertThat(CurrentCustomerVerifier.builder(clientId, TestServer.CLIENT_SECRET)
                        .expectStore(TestServer.STORE)
                        .algorithms(JwsAlgorithm.HS512)
                        .clock(SERVER.clock())
                        .build()
                        .verify(token)
                        .clientId())
                .isEqualTo(clientId);
    }

    @Test
    void get_ofAnAppWithExtraClaims_hasThem() throws InvalidTokenException {
        String clientId = "extraclaims00000000000000000000";
        SERVER.patron()
                .services()
                .apps
                .create(TestServices.newApp(
                        "Extra",
                        "",
                        Optional.of(clientId),
                        Optional.of(ClientSecret.of(TestServer.CLIENT_SECRET)),
                        JwsAlgorithm.HS256,
                        Set.of(ExtraClaim.JWT_ID, ExtraClaim.CHANNEL_ID),
                        Set.of(),
                        Set.of()));
        Call call = signedIn(SERVER).target(PATH + "?app_client_id=" + clientId);
        CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(clientId, TestServer.CLIENT_SECRET)
                .expectStore(TestServer.STORE)
                .clock(SERVER.clock())
                .build();

        CurrentCustomer one = verifier.verify(call.send().body());
        CurrentCustomer other = verifier.verify(call.send().body());

        assertThat(one.channelId()).hasValue(1);
        assertThat(one.jwtId()).isPresent();
        assertThat(other.jwtId()).isPresent().isNotEqualTo(one.jwtId());
    }

    /** Each error that depends on which stores there are, at the request that is right but for one thing. */
    static List<Arguments> errors() {
        Call right = signedIn(SERVER);
        Call guest = right.without("Cookie");
        return List.of(
                Arguments.of(
                        guest.with("Cookie", SERVER.signIn(TestServer.OTHER_HOST, TestServer.EMAIL)),
                        "404 not_signed_in"),
                Arguments.of(right.host(TestServer.OTHER_HOST), "404 not_signed_in"),
                Arguments.of(right.host("nowhere.localhost"), "404 no_such_store"),
                Arguments.of(guest.host("nowhere.localhost"), "404 no_such_store"));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void error_hasItsStatusIdShapeAndHeaders(Call call, String outcome) {
        assertThat(signedIn(SERVER).send().outcome()).isEqualTo("200");

        Answer answer = call.send();

        assertThat(answer.outcome()).isEqualTo(outcome);
        assertErrorDocument(answer);
        assertThat(headers(answer)).isEqualTo(with(ISOLATION, "content-type", "application/json"));
        assertThat(call.with("Accept", "text/html").send().body()).isEqualTo(answer.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/customer/current.jwt",
                "/customer/current.jwt?app_client_id={x}",
                TestServer.CURRENT_JWT,
                "/customer/current.jwt?app_client_id=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void httpOrigin_atAnHttpsStore_isCrossSiteBeforeAnythingElse(String target) {
        Call call = SERVER.call("GET", target).host(TestServer.OTHER_HOST);
        String origin = TestServer.OTHER_HOST + ":" + SERVER.port();
        assertThat(call.with("Origin", "https://" + origin).send().outcome()).isNotEqualTo("403 cross_site");

        assertThat(call.with("Origin", "http://" + origin).send().outcome()).isEqualTo("403 cross_site");
    }

    @Test
    void app_confinedToAnotherStore_isUnknownHere() {
        String clientId = "confined00000000000000000000000";
        SERVER.addApp(clientId, JwsAlgorithm.HS256, Set.of(TestServer.OTHER_STORE), Set.of());
        Call there = SERVER.call("GET", PATH + "?app_client_id=" + clientId)
                .host(TestServer.OTHER_HOST)
                .with("Cookie", SERVER.signIn(TestServer.OTHER_HOST, TestServer.EMAIL));
        assertThat(there.send().outcome()).isEqualTo("200");

        assertThat(clientId(signedIn(SERVER), clientId).send().outcome()).isEqualTo("403 unknown_app");
    }

    @Test
    void app_barredAtThisStore_isUnknownHereOnly() {
        String clientId = "barred0000000000000000000000000";
        SERVER.addApp(clientId, JwsAlgorithm.HS256, Set.of(), Set.of());
        Call here = clientId(signedIn(SERVER), clientId);
        Call there =
                here.host(TestServer.OTHER_HOST).with("Cookie", SERVER.signIn(TestServer.OTHER_HOST, TestServer.EMAIL));
        assertThat(here.send().outcome()).isEqualTo("200");

        SERVER.patron().services().apps.setAllowedAt(TestServer.STORE, clientId, false);

        assertThat(here.send().outcome()).isEqualTo("403 unknown_app");
        assertThat(there.send().outcome()).isEqualTo("200");

        SERVER.patron().services().apps.setAllowedAt(TestServer.STORE, clientId, true);

        assertThat(here.send().outcome()).isEqualTo("200");
    }

    @Test
    void app_disabled_isUnknownFromTheNextRequestOn() {
        String clientId = "disabled00000000000000000000000";
        SERVER.addApp(clientId, JwsAlgorithm.HS256, Set.of(), Set.of());
        Call call = clientId(signedIn(SERVER), clientId);
        assertThat(call.send().outcome()).isEqualTo("200");

        SERVER.patron().services().apps.setDisabled(clientId, OptionalLong.empty(), true);

        assertThat(call.send().outcome()).isEqualTo("403 unknown_app");

        SERVER.patron().services().apps.setDisabled(clientId, OptionalLong.empty(), false);

        assertThat(call.send().outcome()).isEqualTo("200");
    }

    @Test
    void customer_disabled_isNotSignedIn() {
        SERVER.addCustomer(TestServer.STORE, 5002, "disabled@example.com", 0);
        Call call = SERVER.call("GET", TestServer.CURRENT_JWT)
                .with("Cookie", SERVER.signIn(TestServer.HOST, "disabled@example.com"));
        assertThat(call.send().outcome()).isEqualTo("200");

        SERVER.patron().services().customers.setDisabled(TestServer.STORE, 5002, OptionalLong.empty(), true);

        assertThat(call.send().outcome()).isEqualTo("404 not_signed_in");
    }

    @Test
    void session_idleForItsLimit_isNotSignedIn() {
        try (TestServer server = TestServer.start("patron.sessions.idle-limit=1h")) {
            Call call = signedIn(server);
            server.clock().advance(Duration.ofHours(1).minusMillis(1));
            Call fresh = signedIn(server);

            server.clock().advance(Duration.ofMillis(1));

            assertThat(call.send().outcome()).isEqualTo("404 not_signed_in");
            assertThat(fresh.send().outcome()).isEqualTo("200");
        }
    }

    @Test
    void session_oldAsItsAbsoluteLimit_isNotSignedIn() {
        try (TestServer server =
                TestServer.start("patron.sessions.idle-limit=2h", "patron.sessions.absolute-limit=1h")) {
            Call call = signedIn(server);
            server.clock().advance(Duration.ofHours(1).minusMillis(1));
            assertThat(call.send().outcome()).isEqualTo("200");

            server.clock().advance(Duration.ofMillis(1));

            assertThat(call.send().outcome()).isEqualTo("404 not_signed_in");
        }
    }

    @Test
    void tooManyTokens_areRateLimitedPerSession() {
        try (TestServer server = TestServer.start("patron.issuing.tokens-per-minute=2")) {
            Call call = signedIn(server);
            assertThat(call.send().outcome()).isEqualTo("200");
            assertThat(call.send().outcome()).isEqualTo("200");

            Answer answer = call.send();

            assertThat(answer.outcome()).isEqualTo("429 rate_limited");
            assertErrorDocument(answer);
            assertThat(answer.header("Retry-After").orElse("")).matches("[1-9][0-9]?");
            Map<String, String> headers = headers(answer);
            headers.remove("retry-after");
            assertThat(headers).isEqualTo(with(ISOLATION, "content-type", "application/json"));
            assertThat(signedIn(server).send().outcome()).isEqualTo("200");
        }
    }

    @Test
    void storageAway_isUnavailableAndNeverNotSignedIn() {
        try (TestServer server = TestServer.start("patron.database.wait=250ms")) {
            Call call = signedIn(server);
            assertThat(call.send().outcome()).isEqualTo("200");

            server.breakStorage();

            for (Call away : List.of(
                    call,
                    call.without("Cookie"),
                    call.with("Cookie", "SHOP_SESSION_TOKEN=" + "A".repeat(43)),
                    clientId(call, "a".repeat(20)),
                    call.host("nowhere.localhost"),
                    call.with("Origin", "https://elsewhere.example"))) {
                Answer answer = away.send();
                assertThat(answer.outcome()).isEqualTo("503 unavailable");
                assertErrorDocument(answer);
                String requestId = answer.header("X-Request-Id").orElseThrow();
                assertThat(requestId).matches("[0-9a-f]{16}");
                assertThat(headers(answer))
                        .isEqualTo(with(
                                with(with(ISOLATION, "content-type", "application/json"), "retry-after", "1"),
                                "x-request-id",
                                requestId));
            }

            server.mendStorage();

            // The pool takes its time to try again; each call waits for it.
            assertThat(Stream.generate(call::send)
                            .limit(100)
                            .map(Answer::outcome)
                            .filter(outcome -> !outcome.equals("503 unavailable"))
                            .findFirst())
                    .contains("200");
        }
    }

    @Test
    void storageTooBusy_isUnavailable() throws SQLException {
        TestServer.assumeEmbedded();
        try (TestServer server = TestServer.start("patron.database.wait=250ms", "patron.database.connections=1")) {
            Call call = signedIn(server);
            assertThat(call.send().outcome()).isEqualTo("200");
            try (Connection connection = server.database();
                    Statement statement = connection.createStatement()) {
                // Every other connection pauses until this one lets go: whichever call has the pool's only one is
                // stuck.
                statement.execute("set exclusive 1");
                CompletableFuture<Answer> one = CompletableFuture.supplyAsync(call::send, Thread::startVirtualThread);
                CompletableFuture<Answer> other = CompletableFuture.supplyAsync(call::send, Thread::startVirtualThread);

                assertThat(one.applyToEither(other, Answer::outcome).join()).isEqualTo("503 unavailable");

                statement.execute("set exclusive 0");
                assertThat(List.of(one.join().outcome(), other.join().outcome()))
                        .containsExactlyInAnyOrder("503 unavailable", "200");
            }
            assertThat(call.send().outcome()).isEqualTo("200");
        }
    }

    private static Call signedIn(TestServer server) {
        return server.call("GET", TestServer.CURRENT_JWT).with("Cookie", server.signIn());
    }

    private static Call clientId(Call call, String clientId) {
        return call.target(PATH + "?app_client_id=" + URLEncoder.encode(clientId, StandardCharsets.UTF_8));
    }

    private static void assertErrorDocument(Answer answer) {
        assertThat(answer.json().propertyNames()).containsExactly("errors");
        assertThat(answer.json().path("errors").path(0).propertyNames())
                .containsExactly("status", "id", "title", "detail");
        assertThat(answer.json().path("errors").path(0).path("status").asInt()).isEqualTo(answer.status());
        assertThat(answer.json().path("errors").path(0).path("detail").asString())
                .isNotBlank();
        assertThat(answer.body()).doesNotContain(TestServer.EMAIL, TestServer.CLIENT_ID);
    }

    /** All headers, but for those that differ from answer to answer. */
    private static Map<String, String> headers(Answer answer) {
        Map<String, String> headers = new TreeMap<>();
        answer.headers().forEach(header -> {
            if (headers.put(header.getKey().toLowerCase(java.util.Locale.ROOT), header.getValue()) != null) {
                throw new AssertionError("Sent twice: " + header);
            }
        });
        headers.remove("date");
        headers.remove("content-length");
        headers.remove("connection");
        return headers;
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return more;
    }

    private static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
