package dev.patron.token;

import static dev.patron.token.Forge.CLIENT_ID;
import static dev.patron.token.Forge.HEADER_HS256;
import static dev.patron.token.Forge.HEADER_HS512;
import static dev.patron.token.Forge.ISSUED_AT;
import static dev.patron.token.Forge.SECRET;
import static dev.patron.token.Forge.STORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Login tokens: what is signed, what is accepted, and why something is not. */
class CustomerLoginTest {
    /** As the platform's clients make it; the order is that of its documentation. */
    private static final String PAYLOAD = "{\"iss\":\"6sv16tfx3j5gsopm42ss5dd67g2srvq\",\"iat\":1480831863,"
            + "\"jti\":\"token-1\",\"operation\":\"customer_login\",\"store_hash\":\"abc123\",\"customer_id\":4927}";

    private static final CustomerLoginClaims CLAIMS =
            new CustomerLoginClaims(CLIENT_ID, STORE, 4927, ISSUED_AT, "token-1", null, null, null);

    @Test
    void sign_makesTheDocumentedToken() {
        assertThat(signer().sign(CLAIMS)).isEqualTo(Forge.token(PAYLOAD));
        assertThat(signer().path(CLAIMS)).isEqualTo("/login/token/" + Forge.token(PAYLOAD));
        assertThat(signer().sign(CLAIMS.withChannelId(1)
                        .withRedirectTo("/orders?q=\"x\"")
                        .withRequestIp("2001:db8::1")))
                .isEqualTo(Forge.token(plus("\"channel_id\":1,\"redirect_to\":\"/orders?q=\\\"x\\\"\","
                        + "\"request_ip\":\"2001:db8::1\"")));
    }

    @Test
    void verify_ownToken_tellsEverything() {
        CustomerLogin login = accept(
                signer().sign(CLAIMS.withChannelId(2).withRedirectTo("/a").withRequestIp("203.0.113.7")));
        assertThat(login.clientId()).isEqualTo(CLIENT_ID);
        assertThat(login.storeHash()).isEqualTo(STORE);
        assertThat(login.customerId()).isEqualTo(4927);
        assertThat(login.issuedAt()).isEqualTo(ISSUED_AT);
        assertThat(login.jwtId()).isEqualTo("token-1");
        assertThat(login.channelId()).hasValue(2);
        assertThat(login.redirectTo()).contains("/a");
        assertThat(login.requestIp()).contains("203.0.113.7");
        assertThat(login)
                .hasToString(
                        "CustomerLogin[clientId=" + CLIENT_ID
                                + ", storeHash=abc123, customerId=4927, issuedAt=2016-12-04T06:11:03Z, jwtId=token-1, channelId=2]");
    }

    @Test
    void equality_isThatOfEveryPart() {
        CustomerLogin login = accept(signer().sign(CLAIMS));
        assertThat(login)
                .isEqualTo(accept(signer().sign(CLAIMS)))
                .hasSameHashCodeAs(accept(signer().sign(CLAIMS)))
                .isNotEqualTo(accept(signer().sign(CLAIMS.withRedirectTo("/a"))))
                .isNotEqualTo("login");
        assertThat(login.channelId()).isEmpty();
        assertThat(login.redirectTo()).isEmpty();
        assertThat(login.requestIp()).isEmpty();
    }

    @Test
    void of_namesEachToken() {
        CustomerLoginClaims claims = CustomerLoginClaims.of(CLIENT_ID, STORE, 4927, ISSUED_AT.plusNanos(1));
        assertThat(claims.issuedAt()).isEqualTo(ISSUED_AT);
        assertThat(claims.jwtId())
                .isNotEqualTo(CustomerLoginClaims.of(CLIENT_ID, STORE, 4927, ISSUED_AT)
                        .jwtId());
        accept(signer().sign(claims));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"HS256\"}",
                "{\"typ\":\"JWT\",\"alg\":\"HS256\"}",
            })
    void verify_headerOfRealClients_accepts(String header) {
        assertThat(accept(Forge.token(JwsAlgorithm.HS256, SECRET, header, PAYLOAD))
                        .customerId())
                .isEqualTo(4927);
    }

    /** What the platform's own clients send beside what is documented. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"redirect_url\":\"https://elsewhere.example/\"",
                "\"exp\":1480918263",
                "\"nbf\":1480831863",
                "\"enable_persistent_cart\":true",
                "\"redirect_to\":null,\"request_ip\":null,\"channel_id\":null",
                "\"aud\":\"x\",\"unknown\":{\"a\":[1]}",
            })
    void verify_extraClaims_accepts(String members) {
        assertThat(accept(Forge.token(plus(members))).redirectTo()).isEmpty();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Reason.WRONG_ISSUER, with(CLIENT_ID, CLIENT_ID + "x")),
                Arguments.of(Reason.WRONG_ISSUER, with(CLIENT_ID, "bc/apps")),
                Arguments.of(Reason.WRONG_ISSUER, with("\"iss\":\"" + CLIENT_ID + "\",", "")),
                Arguments.of(Reason.WRONG_OPERATION, with("customer_login", "current_customer")),
                Arguments.of(Reason.WRONG_OPERATION, with("\"operation\":\"customer_login\",", "")),
                Arguments.of(Reason.WRONG_STORE, with("abc123", "xyz789")),
                Arguments.of(Reason.WRONG_STORE, with("\"store_hash\":\"abc123\",", "")),
                Arguments.of(Reason.MALFORMED, with("\"iat\":1480831863,", "")),
                Arguments.of(Reason.MALFORMED, with("1480831863", "\"1480831863\"")),
                Arguments.of(Reason.MALFORMED, with("\"jti\":\"token-1\",", "")),
                Arguments.of(Reason.MALFORMED, with("token-1", "")),
                Arguments.of(Reason.MALFORMED, with("token-1", "x".repeat(256))),
                Arguments.of(Reason.MALFORMED, with("\"token-1\"", "1")),
                Arguments.of(Reason.MALFORMED, with("\"token-1\"", "null")),
                Arguments.of(Reason.MALFORMED, plus("\"jti\":\"token-2\"")),
                Arguments.of(Reason.MALFORMED, plus("\"channel_id\":0")),
                Arguments.of(Reason.MALFORMED, plus("\"request_ip\":\"\"")),
                Arguments.of(Reason.MALFORMED, "[]"),
                Arguments.of(Reason.EXPIRED, plus("\"exp\":1480831858")),
                Arguments.of(Reason.NOT_YET_VALID, plus("\"nbf\":1480831869")),
                Arguments.of(Reason.INVALID_CUSTOMER, with("4927", "0")),
                Arguments.of(Reason.INVALID_CUSTOMER, with("4927", "\"4927\"")),
                Arguments.of(Reason.INVALID_CUSTOMER, with(",\"customer_id\":4927", "")));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void verify_wrongClaims_refuses(Reason reason, String payload) {
        accept(Forge.token(PAYLOAD));
        assertThat(refuse(ISSUED_AT, Forge.token(payload))).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "account.php",
                "//elsewhere.example",
                "https://elsewhere.example",
                "/\\\\elsewhere.example",
                "\\\\/elsewhere.example",
                "/\\u0009/elsewhere.example",
                "/a b",
                "/\\u00e9",
                "javascript:alert(1)",
                "/\\u007f",
            })
    void redirectTo_thatIsNoPath_isRefused(String json) {
        accept(Forge.token(plus("\"redirect_to\":\"/account.php\"")));
        assertThat(refuse(ISSUED_AT, Forge.token(plus("\"redirect_to\":\"" + json + "\""))))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void redirectTo_hasABound() {
        accept(Forge.token(plus("\"redirect_to\":\"/" + "a".repeat(1023) + "\"")));
        assertThat(refuse(ISSUED_AT, Forge.token(plus("\"redirect_to\":\"/" + "a".repeat(1024) + "\""))))
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void time_isThirtySecondsAndTheSkew() {
        String token = Forge.token(PAYLOAD);
        Instant last = ISSUED_AT.plusSeconds(35);
        assertThat(refuse(last, token)).isNull();
        assertThat(refuse(last.plusNanos(1), token)).isEqualTo(Reason.TOO_OLD);
        assertThat(refuse(ISSUED_AT.minusSeconds(5), token)).isNull();
        assertThat(refuse(ISSUED_AT.minusSeconds(5).minusNanos(1), token)).isEqualTo(Reason.ISSUED_IN_THE_FUTURE);
    }

    @Test
    void signature_isHs256WithOneOfTheSecrets() {
        accept(Forge.token(PAYLOAD));
        assertThat(refuse(ISSUED_AT, Forge.token(JwsAlgorithm.HS512, SECRET, HEADER_HS512, PAYLOAD)))
                .isEqualTo(Reason.UNSUPPORTED_ALGORITHM);
        assertThat(refuse(
                        ISSUED_AT,
                        Forge.token(JwsAlgorithm.HS256, "another secret, of another app", HEADER_HS256, PAYLOAD)))
                .isEqualTo(Reason.BAD_SIGNATURE);
        CustomerLoginVerifier verifier = CustomerLoginVerifier.create(
                CLIENT_ID,
                List.of(ClientSecret.of("the other secret"), ClientSecret.of(SECRET)),
                STORE,
                () -> ISSUED_AT);
        for (String secret : List.of(SECRET, "the other secret")) {
            String token = Forge.token(JwsAlgorithm.HS256, secret, HEADER_HS256, PAYLOAD);
            assertThat(catchThrowableOfType(InvalidTokenException.class, () -> verifier.verify(token)))
                    .isNull();
        }
    }

    /** Both kinds are made with the same key: neither is ever taken for the other, whatever else it claims. */
    @Test
    void kinds_areNeverTakenForEachOther() {
        CurrentCustomerVerifier customers = Forge.verifier().build();
        String current = Forge.token(Forge.PAYLOAD);
        Forge.accept(customers, current);
        assertThat(refuse(ISSUED_AT, current)).isEqualTo(Reason.WRONG_ISSUER);
        accept(Forge.token(PAYLOAD));
        assertThat(Forge.refuse(customers, Forge.token(PAYLOAD)).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(Forge.refuse(customers, Forge.token(plus("\"exp\":1480918263")))
                        .reason())
                .isEqualTo(Reason.WRONG_AUDIENCE);

        // All of both at once, but for iss and operation, which can be one only.
        String both =
                Forge.PAYLOAD.substring(0, Forge.PAYLOAD.length() - 1) + ",\"jti\":\"token-1\",\"customer_id\":4927}";
        Forge.accept(customers, Forge.token(both));
        String login = both.replace("bc/apps", CLIENT_ID).replace("current_customer", "customer_login");
        accept(Forge.token(login));
        for (String payload : List.of(
                both, login, both.replace("bc/apps", CLIENT_ID), both.replace("current_customer", "customer_login"))) {
            boolean isLogin = refuse(ISSUED_AT, Forge.token(payload)) == null;
            boolean isCurrent =
                    catchThrowableOfType(InvalidTokenException.class, () -> customers.verify(Forge.token(payload)))
                            == null;
            assertThat(isLogin && isCurrent).isFalse();
            assertThat(isLogin).isEqualTo(payload.equals(login));
            assertThat(isCurrent).isEqualTo(payload.equals(both));
        }
    }

    @Test
    void claimedClientId_isWhatIssSays_genuineOrNot() {
        assertThat(CustomerLoginVerifier.claimedClientId(Forge.token(PAYLOAD))).contains(CLIENT_ID);
        assertThat(CustomerLoginVerifier.claimedClientId("a." + Forge.base64url("{\"iss\":\"x\"}") + "."))
                .contains("x");
        for (String none : List.of(
                "",
                ".",
                "..",
                "a.b.c",
                "a." + Forge.base64url("{}") + ".",
                "a." + Forge.base64url("{\"iss\":1}") + ".",
                "a." + Forge.base64url("{\"iss\":\"x\"}"),
                "a." + Forge.base64url("{\"iss\":\"x\"}") + "." + "a".repeat(8192))) {
            assertThat(CustomerLoginVerifier.claimedClientId(none)).isEmpty();
        }
    }

    @Test
    void claims_outsideTheirBounds_areRefused() {
        assertRefused("clientId is empty", () -> CustomerLoginClaims.of("", STORE, 1, ISSUED_AT));
        assertRefused("storeHash is empty", () -> CustomerLoginClaims.of(CLIENT_ID, "", 1, ISSUED_AT));
        assertRefused("customerId is 0", () -> CustomerLoginClaims.of(CLIENT_ID, STORE, 0, ISSUED_AT));
        assertRefused("issuedAt is", () -> CustomerLoginClaims.of(CLIENT_ID, STORE, 1, Instant.EPOCH.minusMillis(1)));
        assertRefused("redirectTo is", () -> CLAIMS.withRedirectTo("https://elsewhere.example"));
        assertRefused("requestIp is empty", () -> CLAIMS.withRequestIp(""));
        assertRefused("channelId is 0", () -> CLAIMS.withChannelId(0));
        assertRefused(
                "jwtId has 256 characters",
                () -> new CustomerLoginClaims(CLIENT_ID, STORE, 1, ISSUED_AT, "x".repeat(256), null, null, null));
        assertRefused("clientId is empty", () -> verifier("", STORE, List.of(ClientSecret.of(SECRET))));
        assertRefused("storeHash is empty", () -> verifier(CLIENT_ID, "", List.of(ClientSecret.of(SECRET))));
        assertRefused("there are no client secrets", () -> verifier(CLIENT_ID, STORE, List.of()));
        assertThat(CustomerLoginClaims.LIFETIME).isEqualTo(Duration.ofSeconds(30));
        assertThat(CLAIMS.withRequestIp("203.0.113.7").withRedirectTo("/secret").toString())
                .doesNotContain("203")
                .doesNotContain("secret");
    }

    private static void assertRefused(String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageStartingWith(message);
    }

    private static CustomerLoginSigner signer() {
        return CustomerLoginSigner.create(ClientSecret.of(SECRET));
    }

    private static void verifier(String clientId, String store, List<ClientSecret> secrets) {
        CustomerLoginVerifier.create(clientId, secrets, store, () -> ISSUED_AT);
    }

    private static CustomerLoginVerifier verifierAt(Instant now) {
        return CustomerLoginVerifier.create(CLIENT_ID, List.of(ClientSecret.of(SECRET)), STORE, () -> now);
    }

    private static CustomerLogin accept(String token) {
        try {
            return verifierAt(ISSUED_AT).verify(token);
        } catch (InvalidTokenException refused) {
            throw new AssertionError(refused);
        }
    }

    /** Why the token is refused; null when it is accepted. */
    private static @Nullable Reason refuse(Instant now, String token) {
        InvalidTokenException refused = catchThrowableOfType(
                InvalidTokenException.class, () -> verifierAt(now).verify(token));
        if (refused == null) {
            return null;
        }
        assertThat(refused.getMessage()).isPrintable().hasSizeLessThan(500).doesNotContain(SECRET, token);
        return refused.reason();
    }

    private static String with(String found, String replacement) {
        assertThat(PAYLOAD).containsOnlyOnce(found);
        return PAYLOAD.replace(found, replacement);
    }

    private static String plus(String members) {
        return PAYLOAD.substring(0, PAYLOAD.length() - 1) + "," + members + "}";
    }
}
