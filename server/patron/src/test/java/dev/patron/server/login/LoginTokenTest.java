package dev.patron.server.login;

import static dev.patron.server.TestServer.CLIENT_ID;
import static dev.patron.server.TestServer.CLIENT_SECRET;
import static dev.patron.server.TestServer.CURRENT_JWT;
import static dev.patron.server.TestServer.CUSTOMER_ID;
import static dev.patron.server.TestServer.HOST;
import static dev.patron.server.TestServer.OTHER_HOST;
import static dev.patron.server.TestServer.OTHER_STORE;
import static dev.patron.server.TestServer.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.Together;
import dev.patron.server.audit.Cursor;
import dev.patron.server.audit.Refusal;
import dev.patron.server.audit.Span;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.CurrentCustomerSigner;
import dev.patron.token.CustomerLoginClaims;
import dev.patron.token.CustomerLoginSigner;
import dev.patron.token.JwsAlgorithm;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /login/token/{jwt}}: who is signed in by it, once, and why somebody is not. */
class LoginTokenTest {

    private static final String INVALID = "/login.php?invalid_login=1";
    private static final String MESSAGE = "Invalid login. Please attempt to log in again.";
    private static final CustomerLoginSigner SIGNER = CustomerLoginSigner.create(ClientSecret.of(CLIENT_SECRET));

    @RegisterExtension
    private final LogSecrecy log = new LogSecrecy();

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
        server.patron().services().logins.permit(STORE, CLIENT_ID);
        log.watch(CLIENT_SECRET);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void token_signsItsCustomerIn() {
        Answer answer = visit(claims());

        assertThat(answer.header("Location")).contains("/account.php");
        assertThat(answer.header("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(answer.header("Set-Cookie").orElseThrow())
                .startsWith("SHOP_SESSION_TOKEN=")
                .contains("; HttpOnly; SameSite=Lax")
                .contains("Path=/");
        assertThat(currentCustomer(cookie(answer))).contains("\"id\":4927").contains("\"group_id\":\"6\"");
        assertThat(server.call("GET", "/account.php")
                        .with("Cookie", cookie(answer))
                        .send()
                        .body())
                .contains("john.doe@gmail.com");
    }

    @Test
    void token_ofAnHttpsStore_setsItsCookie() {
        server.patron().services().logins.permit(OTHER_STORE, CLIENT_ID);
        CustomerLoginClaims claims = CustomerLoginClaims.of(
                CLIENT_ID, OTHER_STORE, CUSTOMER_ID, server.clock().instant());

        Answer answer = get(SIGNER.path(claims)).host(OTHER_HOST).send();

        assertThat(answer.header("Set-Cookie").orElseThrow())
                .startsWith("__Host-SHOP_SESSION_TOKEN=")
                .endsWith("; Secure; Max-Age=2592000");
    }

    @Test
    void redirectTo_isWhereTheCustomerGoesOn() {
        assertThat(visit(claims().withRedirectTo("/orders.php?page=2#x")).header("Location"))
                .contains("/orders.php?page=2#x");
    }

    @Test
    void redirectTo_signOutInDisguise_isTheAccountPage() {
        for (String target : List.of(
                "/./login.php?action=logout", "/x/../login.php?action=logout", "/%2E/login.php?action=logout")) {
            assertThat(visit(claims().withRedirectTo(target)).header("Location"))
                    .contains("/account.php");
        }
    }

    @Test
    void redirectTo_signOut_signsWhoeverVisitsOut() {
        String cookie = server.signIn();
        assertThat(currentCustomer(cookie)).isNotEmpty();

        Answer answer = get(SIGNER.path(claims().withRedirectTo(CustomerLoginClaims.SIGN_OUT)))
                .with("Cookie", cookie)
                .send();

        assertThat(answer.header("Location")).contains("/login.php?signed_out=1");
        assertThat(answer.header("Set-Cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(currentCustomer(cookie)).isEmpty();
        assertThat(sessions()).isZero();
    }

    @Test
    void session_isNeverTheOneThatTheBrowserHad() {
        String before = server.signIn();
        Answer answer = get(SIGNER.path(claims())).with("Cookie", before).send();

        assertThat(cookie(answer)).isNotEqualTo(before);
        assertThat(currentCustomer(before)).isEmpty();
        assertThat(currentCustomer(cookie(answer))).isNotEmpty();

        String planted = "SHOP_SESSION_TOKEN=" + "A".repeat(43);
        assertThat(cookie(get(SIGNER.path(claims())).with("Cookie", planted).send()))
                .isNotEqualTo(planted);
        assertThat(currentCustomer(planted)).isEmpty();
    }

    /** What apps send that were written for the platform with its own clients. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\"} \"channel_id\":1",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\"} \"redirect_url\":\"https://elsewhere.example/\"",
                "{\"alg\":\"HS256\",\"typ\":\"JWT\"} \"enable_persistent_cart\":true",
            })
    void tokensOfThePlatformsClients_areAccepted(String headerAndMembers) {
        String header = headerAndMembers.substring(0, headerAndMembers.indexOf(' '));
        String payload = payload("jti-1").replace("}", "," + headerAndMembers.substring(header.length() + 1) + "}");

        assertThat(get("/login/token/" + signed(CLIENT_SECRET, header, payload))
                        .send()
                        .header("Location"))
                .contains("/account.php");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(
                        "login_too_old",
                        claims -> claims,
                        server -> server.clock().advance(Duration.ofSeconds(36))),
                refusal("login_issued_in_the_future", claims -> issued(claims, 6), _ -> {}),
                refusal("login_wrong_store", claims -> of(CLIENT_ID, OTHER_STORE, CUSTOMER_ID, claims), _ -> {}),
                refusal("login_unknown_customer", claims -> of(CLIENT_ID, STORE, 4928, claims), _ -> {}),
                refusal(
                        "login_unknown_customer",
                        claims -> claims,
                        server -> server.patron()
                                .services()
                                .customers
                                .setDisabled(STORE, CUSTOMER_ID, OptionalLong.empty(), true)),
                refusal("login_other_address", claims -> claims.withRequestIp("203.0.113.7"), _ -> {}),
                refusal("login_other_address", claims -> claims.withRequestIp("localhost"), _ -> {}),
                refusal("login_unknown_channel", claims -> claims.withChannelId(2), _ -> {}),
                refusal(
                        "login_app_not_allowed",
                        claims -> claims,
                        server -> server.patron().services().apps.setDisabled(CLIENT_ID, OptionalLong.empty(), true)),
                refusal(
                        "login_app_not_allowed",
                        claims -> claims,
                        server -> server.patron().services().apps.setBlocked(CLIENT_ID, OptionalLong.empty(), true)),
                refusal(
                        "login_app_not_allowed",
                        claims -> claims,
                        server -> server.patron().services().apps.setAllowedAt(STORE, CLIENT_ID, false)),
                refusal(
                        "login_not_permitted",
                        claims -> claims,
                        server -> server.patron().services().logins.forbid(STORE, CLIENT_ID)),
                refusal("login_not_permitted", claims -> claims, server -> {
                    server.patron().services().logins.forbid(STORE, CLIENT_ID);
                    server.patron().services().logins.permit(OTHER_STORE, CLIENT_ID);
                }));
    }

    private static Arguments refusal(
            String reason, UnaryOperator<CustomerLoginClaims> claims, Consumer<TestServer> before) {
        return Arguments.of(reason, claims, before);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusal_isOfOneKindForTheVisitor_andNamedForTheDeveloper(
            String reason, UnaryOperator<CustomerLoginClaims> change, Consumer<TestServer> before) {
        assertThat(visit(claims()).header("Location")).contains("/account.php");
        String path = SIGNER.path(change.apply(claims()));
        before.accept(server);

        assertRefused(get(path).send(), reason);
    }

    @Test
    void forgedTokens_areRefused() {
        String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
        assertRefused(
                get("/login/token/" + signed("another secret, of another app", header, payload("1")))
                        .send(),
                "login_bad_signature");
        assertRefused(
                get("/login/token/" + signed(CLIENT_SECRET, "{\"alg\":\"none\"}", payload("1")))
                        .send(),
                "login_unsupported_algorithm");
        assertRefused(
                get("/login/token/" + signed(CLIENT_SECRET, header, payload("1").replace("\"jti\":\"1\",", "")))
                        .send(),
                "login_malformed");
        for (String target : List.of("//elsewhere.example", "https://elsewhere.example", "/\\\\elsewhere.example")) {
            String payload = payload("1").replace("}", ",\"redirect_to\":\"" + target + "\"}");
            assertRefused(
                    get("/login/token/" + signed(CLIENT_SECRET, header, payload))
                            .send(),
                    "login_malformed");
        }
        // The jti was never used up.
        assertThat(get("/login/token/" + signed(CLIENT_SECRET, header, payload("1")))
                        .send()
                        .header("Location"))
                .contains("/account.php");
    }

    @Test
    void tokensOfNoApp_areRefused_andCountedForNobody() {
        String unknown = CLIENT_ID.replace('6', '7');
        for (String path : List.of(
                SIGNER.path(of(unknown, STORE, CUSTOMER_ID, claims())),
                "/login/token/x",
                "/login/token/..",
                "/login/token/" + "x".repeat(3000))) {
            Answer answer = get(path).send();
            assertThat(answer.header("Location")).contains(INVALID);
            assertThat(answer.header("Set-Cookie")).isEmpty();
        }
        assertThat(refusals(CLIENT_ID)).isEmpty();
        assertThat(get("/login/token/").send().status()).isEqualTo(404);
        assertThat(get("/login/token/a/b").send().status()).isEqualTo(404);
        assertThat(get("/login/token/x").host("nowhere.localhost").send().status())
                .isEqualTo(404);
    }

    @Test
    void everyLiveSecret_signs() {
        ClientSecret second = server.patron()
                .services()
                .rotation
                .makeSecret(CLIENT_ID, OptionalLong.empty(), Optional.empty())
                .orElseThrow()
                .secret();
        log.watch(second.reveal());

        assertThat(get(CustomerLoginSigner.create(second).path(claims())).send().header("Location"))
                .contains("/account.php");
        assertThat(visit(claims()).header("Location")).contains("/account.php");
    }

    @Test
    void token_worksOnce() {
        CustomerLoginClaims claims = claims();
        assertThat(visit(claims).header("Location")).contains("/account.php");

        assertRefused(visit(claims), "login_used");
        // Another token under the same name.
        assertRefused(visit(claims.withRedirectTo("/other")), "login_used");
    }

    @Test
    void refusal_leavesTheSessionThatThereIs() {
        String cookie = cookie(visit(claims()));

        Answer answer = get(INVALID).with("Cookie", cookie).send();

        assertThat(answer.body())
                .contains(MESSAGE)
                .contains("you stay signed in as before")
                .doesNotContain("You are not signed in");
        assertThat(currentCustomer(cookie)).isNotEmpty();
        assertThat(server.call("GET", INVALID).send().body()).contains("You are not signed in");
    }

    @Test
    void token_ofManyVisitsAtOnce_worksOnce() throws Exception {
        String path = SIGNER.path(claims());
        Callable<Answer> visit = () -> get(path).send();

        List<Answer> answers = Together.run(Collections.nCopies(10, visit));

        assertThat(answers)
                .filteredOn(answer -> answer.header("Set-Cookie").isPresent())
                .hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> answer.header("Location").equals(Optional.of(INVALID)))
                .hasSize(9);
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void usedTokens_areForgottenWhenTheyAreTooOldAnyway() throws SQLException {
        CustomerLoginClaims claims = claims();
        visit(claims);
        assertThat(server.patron().services().logins.sweep()).isZero();
        server.clock().advance(Duration.ofMinutes(10));
        assertThat(server.patron().services().logins.sweep()).isEqualTo(1);
        assertRefused(visit(claims), "login_too_old");
    }

    /** Nothing but a visit uses the token up. */
    @Test
    void whatIsNoVisit_leavesTheTokenAsItIs() {
        String path = SIGNER.path(claims());
        Map<Call, Integer> calls = Map.of(
                get(path).method("HEAD"), 405,
                get(path).method("POST"), 405,
                get(path).with("Sec-Fetch-Dest", "image"), 403,
                get(path).with("Sec-Fetch-Dest", "empty"), 403,
                get(path).with("Sec-Fetch-Dest", "iframe"), 403,
                get(path).with("Sec-Fetch-Dest", "script"), 403,
                get(path).with("Sec-Fetch-Dest", "document").with("Sec-Purpose", "prefetch;prerender"), 503,
                get(path).with("Purpose", "prefetch"), 503);
        calls.forEach((call, status) -> {
            Answer answer = call.send();
            assertThat(answer.status()).as(call.toString()).isEqualTo(status);
            assertThat(answer.header("Set-Cookie")).isEmpty();
        });

        assertThat(get(path)
                        .with("Sec-Fetch-Dest", "document")
                        .with("Sec-Fetch-Site", "cross-site")
                        .with("Sec-Fetch-Mode", "navigate")
                        .send()
                        .header("Set-Cookie"))
                .isPresent();
    }

    @Test
    void requestIp_ofTheVisitor_isAccepted() {
        // Tests connect over one of both.
        Set<String> outcomes = Set.of(
                visit(claims().withRequestIp("127.0.0.1")).header("Location").orElseThrow(),
                visit(claims().withRequestIp("::1")).header("Location").orElseThrow());
        assertThat(outcomes).containsExactlyInAnyOrder("/account.php", INVALID);
    }

    @Test
    void kinds_areNeverTakenForEachOther() {
        CurrentCustomerClaims claims = CurrentCustomerClaims.of(
                CLIENT_ID,
                STORE,
                CUSTOMER_ID,
                "a@example.com",
                6,
                server.clock().instant());
        String current = CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(CLIENT_SECRET))
                .sign(claims.withJwtId("1"));
        assertThat(get("/login/token/" + current).send().header("Location")).contains(INVALID);

        // With the app as the issuer, so that its secret is tried.
        String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
        String payload = payload("1").replace("customer_login", "current_customer");
        assertRefused(
                get("/login/token/" + signed(CLIENT_SECRET, header, payload)).send(), "login_wrong_operation");
    }

    /** The session cannot begin, and so the token, which was written down as used just before, is not. */
    @Test
    void storageThatDoesNotAnswer_isNoRefusal_andTheTokenWorksAfterwards() throws SQLException {
        String path = SIGNER.path(claims());
        try (Connection other = server.database();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select 1 from customer for update");

            Answer answer = get(path).send();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Set-Cookie")).isEmpty();
            other.rollback();
        }
        assertThat(get(path).send().header("Location")).contains("/account.php");
    }

    /** Each session has the address that it is from: the second one breaks a constraint that has nothing to do with tokens. */
    @Test
    void otherUniqueConstraint_isNoUsedToken() throws SQLException {
        String path = SIGNER.path(claims());
        assertThat(visit(claims()).header("Location")).contains("/account.php");
        try (Connection other = server.database();
                Statement statement = other.createStatement()) {
            statement.execute("create unique index one_address on session_origin (address)");

            assertThat(get(path).send().status()).isEqualTo(500);

            statement.execute("drop index one_address");
        }
        assertThat(get(path).send().header("Location")).contains("/account.php");
    }

    @Test
    void permission_goesWithTheApp_andNeedsBoth() {
        CustomerLogins logins = server.patron().services().logins;
        assertThat(logins.permitted(STORE)).containsExactly(CLIENT_ID);
        assertThat(logins.permit(STORE, CLIENT_ID)).isTrue();
        assertThat(logins.permit("nowhere", CLIENT_ID)).isFalse();
        assertThat(logins.permit(STORE, CLIENT_ID + "x")).isFalse();
        assertThat(logins.permitted(OTHER_STORE)).isEmpty();
        server.patron().services().apps.delete(CLIENT_ID, OptionalLong.empty());
        assertThat(logins.permitted(STORE)).isEmpty();
    }

    @Test
    void permission_isGivenOverTheApi() {
        String path = "/api/v1/stores/" + STORE + "/apps/" + CLIENT_ID;
        assertThat(patch(path, "{\"signs_customers_in\":false}").body())
                .contains("\"signs_customers_in\":false")
                .contains("\"allowed\":true");
        assertRefused(visit(claims()), "login_not_permitted");

        assertThat(patch(path, "{\"signs_customers_in\":true}").body()).contains("\"signs_customers_in\":true");
        assertThat(visit(claims()).header("Location")).contains("/account.php");
        assertThat(patch(path, "{\"allowed\":false}").body())
                .contains("\"signs_customers_in\":true")
                .contains("\"allowed\":false");
        assertRefused(visit(claims()), "login_app_not_allowed");

        assertThat(patch(path, "{}").status()).isEqualTo(422);
        assertThat(patch(path + "x", "{\"signs_customers_in\":true}").status()).isEqualTo(404);
    }

    private Answer patch(String path, String body) {
        return server.operator("PATCH", path).body("application/json", body).send();
    }

    private void assertRefused(Answer answer, String reason) {
        List<String> before = refusals(CLIENT_ID);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains(INVALID);
        assertThat(answer.header("Set-Cookie")).isEmpty();
        String page = server.call("GET", INVALID).send().body();
        assertThat(page).contains(MESSAGE).contains("name=\"login_email\"");
        server.clock().advance(Duration.ofSeconds(1));
        server.patron().services().auditLog.write();
        assertThat(refusals(CLIENT_ID)).isNotEmpty().first().isEqualTo(reason);
        assertThat(before).doesNotContain("issued");
    }

    private List<String> refusals(String clientId) {
        server.patron().services().auditLog.write();
        return server
                .patron()
                .services()
                .activity
                .refusalsOfApp(clientId, Span.ALWAYS, Cursor.START, 100)
                .items()
                .stream()
                .map(Refusal::reason)
                .toList();
    }

    private CustomerLoginClaims claims() {
        return CustomerLoginClaims.of(
                CLIENT_ID, STORE, CUSTOMER_ID, server.clock().instant());
    }

    private static CustomerLoginClaims of(String clientId, String store, long customer, CustomerLoginClaims claims) {
        return CustomerLoginClaims.of(clientId, store, customer, claims.issuedAt());
    }

    private static CustomerLoginClaims issued(CustomerLoginClaims claims, long secondsLater) {
        return CustomerLoginClaims.of(
                claims.clientId(),
                claims.storeHash(),
                claims.customerId(),
                claims.issuedAt().plusSeconds(secondsLater));
    }

    private String payload(String jwtId) {
        return "{\"iss\":\"" + CLIENT_ID + "\",\"iat\":"
                + server.clock().instant().getEpochSecond() + ",\"jti\":\"" + jwtId
                + "\",\"operation\":\"customer_login\",\"store_hash\":\"" + STORE + "\",\"customer_id\":4927}";
    }

    private Answer visit(CustomerLoginClaims claims) {
        String path = SIGNER.path(claims);
        log.watch(path);
        return get(path).send();
    }

    private Call get(String target) {
        return server.call("GET", target).host(HOST);
    }

    /** The claims of the token that a session gets; empty when nobody is signed in. */
    private String currentCustomer(String cookie) {
        Answer answer = server.call("GET", CURRENT_JWT).with("Cookie", cookie).send();
        return answer.status() == 200
                ? new String(Base64.getUrlDecoder().decode(answer.body().split("\\.", -1)[1]), StandardCharsets.UTF_8)
                : "";
    }

    private int sessions() {
        return server.patron().services().sessions.count(STORE, 100);
    }

    private String cookie(Answer answer) {
        String cookie = answer.header("Set-Cookie").orElseThrow();
        String pair = cookie.substring(0, cookie.indexOf(';'));
        log.watch(pair.substring(pair.indexOf('=') + 1));
        return pair;
    }

    private static String signed(String secret, String header, String payload) {
        String input = base64url(header.getBytes(StandardCharsets.UTF_8)) + "."
                + base64url(payload.getBytes(StandardCharsets.UTF_8));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return input + "." + base64url(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (java.security.GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
