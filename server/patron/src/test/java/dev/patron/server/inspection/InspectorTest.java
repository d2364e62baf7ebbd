package dev.patron.server.inspection;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patron.endpoint.Outcome;
import dev.patron.server.LogSecrecy;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestClock;
import dev.patron.server.TestServices;
import dev.patron.server.app.App;
import dev.patron.server.app.AppSecret;
import dev.patron.server.app.Apps;
import dev.patron.server.app.NewApp;
import dev.patron.server.inspection.CheckResult.Refusal;
import dev.patron.server.inspection.CheckResult.State;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.CustomerLoginClaims;
import dev.patron.token.CustomerLoginSigner;
import dev.patron.token.InvalidTokenException;
import dev.patron.token.InvalidTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectorTest {

    private static final OptionalLong WHATEVER = OptionalLong.empty();
    private static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    private static final ClientSecret SECRET = ClientSecret.of("0123456789abcdef".repeat(4));
    private static final String EMAIL = "ada@example.com";
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    private static final long NOW = TestClock.START.getEpochSecond();
    private static final String CLAIMS = "{\"customer\":{\"id\":1,\"email\":\"" + EMAIL + "\",\"group_id\":\"6\"},"
            + "\"iss\":\"bc/apps\",\"sub\":\"aaaaa\",\"iat\":" + NOW + ",\"exp\":" + (NOW + 900)
            + ",\"version\":1,\"aud\":\"" + CLIENT_ID + "\",\"application_id\":\"" + CLIENT_ID
            + "\",\"store_hash\":\"aaaaa\",\"operation\":\"current_customer\"}";

    @RegisterExtension
    private final LogSecrecy log = new LogSecrecy();

    private TestServices services;
    private Inspector inspector;

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(StorageEngine.H2, folder);
        inspector = new Inspector(services.rotation, services.clock);
        NewApp named = NewApp.named("App");
        services.apps.create(new NewApp(
                named.details(), Optional.of(CLIENT_ID), Optional.of(SECRET), named.stores(), named.ownerId()));
        log.watch(EMAIL);
        log.watch(SECRET.reveal());
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void inspect_tokenOfTheEndpoint_passesEachCheck() {
        String token = ((Outcome.Issued)
                        services.issue(HOST_A, services.session(services.customer(STORE_A, EMAIL)), CLIENT_ID))
                .token();
        log.watch(token);
        services.clock.advance(Duration.ofSeconds(12));

        Inspection inspection = inspect(token);

        assertThat(inspection.accepted()).isTrue();
        assertThat(inspection.checks())
                .extracting(CheckResult::check)
                .containsExactly(Check.values())
                .isSorted();
        assertThat(inspection.checks()).extracting(CheckResult::state).containsOnly(State.PASSED);
        assertThat(inspection.signedBy()).contains(app().signingSecret());
        assertThat(inspection.age()).contains(Duration.ofSeconds(12));
        assertThat(inspection.remaining()).contains(Duration.ofSeconds(888));
        assertThat(inspection.header()).contains("{\n  \"alg\": \"HS256\",\n  \"typ\": \"JWT\"\n}");
        assertThat(inspection.claims().orElseThrow())
                .startsWith("{\n  \"customer\": {\n    \"id\": 1,\n    \"email\": \"ada@example.com\",\n")
                .contains("\n  \"operation\": \"current_customer\"");
        assertThat(Inspector.audience(token)).contains(CLIENT_ID);
    }

    /** It has the same key and is something else: the verifier of an app refuses it. */
    @Test
    void inspect_loginToken_isNone() {
        String token =
                CustomerLoginSigner.create(SECRET).sign(CustomerLoginClaims.of(CLIENT_ID, STORE_A, 1, TestClock.START));
        assertThat(inspect(token(CLAIMS)).accepted()).isTrue();
        assertThat(inspect(token).refusal().map(Refusal::reason)).contains(Reason.MALFORMED);
        assertThat(inspect(token(claims("current_customer", "customer_login")))
                        .refusal()
                        .map(Refusal::reason))
                .contains(Reason.WRONG_OPERATION);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(Check.SIZE, Reason.TOO_LARGE, token(claims("{", "{\"x\":\"" + "y".repeat(8192) + "\","))),
                Arguments.of(Check.FORM, Reason.MALFORMED, token(CLAIMS) + "="),
                Arguments.of(Check.FORM, Reason.UNSUPPORTED_ALGORITHM, token(CLAIMS) + "AAAA"),
                Arguments.of(
                        Check.SIGNATURE,
                        Reason.BAD_SIGNATURE,
                        token(ClientSecret.of("somebody else's secret, long enough"), HEADER, CLAIMS)),
                Arguments.of(
                        Check.CONTENTS,
                        Reason.UNSUPPORTED_ALGORITHM,
                        token(SECRET, HEADER.replace("256", "384"), CLAIMS)),
                Arguments.of(Check.CONTENTS, Reason.MALFORMED, token(SECRET, HEADER.replace("JWT", "JOSE"), CLAIMS)),
                Arguments.of(
                        Check.CONTENTS,
                        Reason.CRITICAL_HEADER,
                        token(SECRET, HEADER.replace("{", "{\"crit\":[],"), CLAIMS)),
                Arguments.of(Check.CONTENTS, Reason.MALFORMED, token("no JSON at all")),
                Arguments.of(Check.AUDIENCE, Reason.WRONG_AUDIENCE, token(claims("\"aud\":\"", "\"aud\":\"x"))),
                Arguments.of(Check.ISSUER, Reason.WRONG_ISSUER, token(claims("bc/apps", "bc/shops"))),
                Arguments.of(Check.OPERATION, Reason.WRONG_OPERATION, token(claims("current_customer", "load"))),
                Arguments.of(Check.VERSION, Reason.WRONG_VERSION, token(claims("\"version\":1", "\"version\":2"))),
                Arguments.of(Check.STORE, Reason.WRONG_STORE, token(claims("\"sub\":\"aaaaa\"", "\"sub\":\"bbbbb\""))),
                Arguments.of(Check.EXPIRY, Reason.EXPIRED, token(claims("" + (NOW + 900), "" + (NOW - 60)))),
                Arguments.of(
                        Check.ISSUE,
                        Reason.ISSUED_IN_THE_FUTURE,
                        token(claims("\"iat\":" + NOW, "\"iat\":" + (NOW + 60)))),
                Arguments.of(Check.AGE, Reason.TOO_OLD, token(claims("\"iat\":" + NOW, "\"iat\":" + (NOW - 60)))),
                Arguments.of(
                        Check.START, Reason.NOT_YET_VALID, token(claims("{\"c", "{\"nbf\":" + (NOW + 60) + ",\"c"))),
                Arguments.of(
                        Check.CUSTOMER,
                        Reason.INVALID_CUSTOMER,
                        token(claims("\"group_id\":\"6\"", "\"group_id\":\"-6\""))));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void inspect_oneFault_failsThatCheckWithTheVerifiersWord(Check failed, Reason reason, String token) {
        assertThat(inspect(token(CLAIMS)).accepted()).isTrue();

        Inspection inspection = inspect(token);

        assertThat(inspection.checks())
                .allSatisfy(result -> assertThat(result.state())
                        .as(result.toString())
                        .isEqualTo(
                                result.check() == failed
                                        ? State.FAILED
                                        : result.check().compareTo(failed) < 0 ? State.PASSED : State.NOT_REACHED));
        assertThat(inspection.refusal()).contains(verifiersWord(token));
        assertThat(inspection.refusal().orElseThrow().reason()).isEqualTo(reason);
        assertThat(inspection.signedBy().isPresent()).isEqualTo(failed.compareTo(Check.SIGNATURE) > 0);
        assertThat(inspection.toString()).isEqualTo("Inspection[" + reason.id() + "]");
    }

    @Test
    void inspect_duringARotation_saysWhichSecretSigned() {
        String old = token(CLAIMS);
        Apps.Registered second = services.rotation
                .makeSecret(CLIENT_ID, WHATEVER, Optional.empty())
                .orElseThrow();
        String early = token(second.secret(), HEADER, CLAIMS);
        assertThat(states(old, early)).containsExactly(AppSecret.State.SIGNING, AppSecret.State.NEXT);

        long made = second.app().otherSecret().orElseThrow().id();
        long first = second.app().signingSecret().id();
        services.rotation.signWith(CLIENT_ID, WHATEVER, made, Optional.empty());
        assertThat(states(old, early)).containsExactly(AppSecret.State.PREVIOUS, AppSecret.State.SIGNING);

        services.rotation.retire(CLIENT_ID, WHATEVER, first);
        assertThat(inspect(old).signedBy()).isEmpty();
        assertThat(inspect(old).refusal().orElseThrow().reason()).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(inspect(early).accepted()).isTrue();
    }

    @Test
    void inspect_anotherAppsToken_isNotSignedByThisOne() {
        App other = services.apps.create(NewApp.named("Other")).app();

        Inspection inspection = inspector.inspect(other, token(CLAIMS), Expectations.DEFAULT);

        assertThat(inspection.signedBy()).isEmpty();
        assertThat(inspection.refusal().orElseThrow().reason()).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(inspection.claims()).isPresent();
    }

    @Test
    void inspect_appThatWasDeletedMeanwhile_isNotSignedByIt() {
        App app = app();
        services.apps.delete(CLIENT_ID, WHATEVER);

        Inspection inspection = inspector.inspect(app, token(CLAIMS), Expectations.DEFAULT);

        assertThat(inspection.signedBy()).isEmpty();
        assertThat(inspection.refusal().orElseThrow().reason()).isEqualTo(Reason.BAD_SIGNATURE);
    }

    @Test
    void inspect_shortSecret_isNoObstacle() {
        ClientSecret old = ClientSecret.of("s".repeat(31));
        services.rotation.rotateNow(CLIENT_ID, WHATEVER, Optional.of(old), false);

        assertThat(inspect(token(old, HEADER, CLAIMS)).accepted()).isTrue();
    }

    @Test
    void inspect_otherExpectations_areTheVerifiers() {
        String token = token(CLAIMS);
        services.clock.advance(Duration.ofSeconds(100));
        assertThat(reason(token, Expectations.DEFAULT)).contains(Reason.TOO_OLD);

        Expectations longer =
                new Expectations(Optional.of(Duration.ofSeconds(100)), Duration.ZERO, Optional.of(STORE_A));
        assertThat(reason(token, longer)).isEmpty();
        services.clock.advance(Duration.ofSeconds(1));
        assertThat(reason(token, longer)).contains(Reason.TOO_OLD);
        assertThat(reason(token, new Expectations(longer.maxAge(), Duration.ofSeconds(1), longer.storeHash())))
                .isEmpty();

        Expectations untilExpiry = new Expectations(Optional.empty(), Duration.ZERO, Optional.of("bbbbb"));
        assertThat(reason(token, untilExpiry)).contains(Reason.WRONG_STORE);
        assertThat(inspector.inspect(app(), token, untilExpiry).checks())
                .extracting(CheckResult::check)
                .doesNotContain(Check.AGE)
                .contains(Check.ISSUE, Check.START);
    }

    @Test
    void expectations_outOfBounds_areRefused() {
        assertThat(new Expectations(Optional.of(Duration.ofMinutes(15)), Duration.ofMinutes(5), Optional.of("aaaaa")))
                .isNotNull();

        for (Duration age : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(901))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Expectations(Optional.of(age), Duration.ZERO, Optional.empty()))
                    .withMessageContaining("maxAge");
        }
        for (Duration skew : List.of(Duration.ofSeconds(-1), Duration.ofSeconds(301))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Expectations(Optional.empty(), skew, Optional.empty()))
                    .withMessageContaining("clockSkew");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Expectations(Optional.empty(), Duration.ZERO, Optional.of("")))
                .withMessageContaining("store");
    }

    @Test
    void inspect_spaceAround_isNoPartOfTheToken() {
        assertThat(inspect("  " + token(CLAIMS) + "\r\n").accepted()).isTrue();
        assertThat(inspect('"' + token(CLAIMS) + '"').accepted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "...",
                "a.b.c",
                "e30.e30.",
                "bnVsbA.bnVsbA.",
                "W10.W10.AAAA",
                "Bearer abc",
                "<script>alert(1)</script>",
                "💡.💡.💡",
                "eyJ4Ijox.eyJ4Ijox.eyJ4Ijox"
            })
    void inspect_garbage_isRefusedForItsFormAndNeverFails(String garbage) {
        Inspection inspection = inspect(garbage);

        assertThat(inspection.refusal().orElseThrow()).isEqualTo(verifiersWord(garbage.strip()));
        assertThat(inspection.checks().get(1).state()).isEqualTo(State.FAILED);
        assertThat(inspection.signedBy()).isEmpty();
    }

    @Test
    void inspect_anyBytesAtAll_neverFailsAndStaysBounded() {
        Random chance = new Random(1);
        for (int round = 0; round < 300; round++) {
            byte[] claims = CLAIMS.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 1 + round % 5; i++) {
                claims[chance.nextInt(claims.length)] = (byte) chance.nextInt(256);
            }
            String token = signed(SECRET, HEADER.getBytes(StandardCharsets.UTF_8), claims);

            Inspection inspection = inspect(token);

            assertThat(inspection.refusal()).isEqualTo(Optional.ofNullable(wordOrNull(token)));
            assertThat(inspection.signedBy()).isPresent();
        }
        String deep = token("[".repeat(3000) + "]".repeat(3000));
        assertThat(inspect(deep).claims().orElse("")).hasSizeLessThan(8192);
        String wide = token("{\"x\":" + "[".repeat(12) + "1,".repeat(1500) + "1" + "]".repeat(12) + "}");
        assertThat(inspect(wide).claims().orElse("")).hasSizeLessThan(100_000);
        assertThat(inspect("x".repeat(9000)).header()).isEmpty();
    }

    @Test
    void decoded_isToTheLetterWhatWasSent() {
        assertThat(decoded("{\"a\":1e999999999,\"b\":\"\\u0041\\\"{\",\"c\":{},\"d\":[ ],\"e\":[1,{\"f\":null}]}"))
                .contains("""
                        {
                          "a": 1e999999999,
                          "b": "\\u0041\\"{",
                          "c": {},
                          "d": [],
                          "e": [
                            1,
                            {
                              "f": null
                            }
                          ]
                        }""");
        // What is no proper JSON object is shown as it stands.
        assertThat(decoded("{\"a\":1,\"a\":2}")).contains("{\"a\":1,\"a\":2}");
        assertThat(decoded("{\"a\":1} x")).contains("{\"a\":1} x");
        assertThat(decoded("[1]")).contains("[1]");
        assertThat(decoded("")).contains("");
        // What would turn the text around, or hide in it, is escaped.
        assertThat(decoded("{\"a\":\"x\u202ey\u200b\ud83d\udca1é\"}"))
                .contains("{\n  \"a\": \"x\\u202ey\\u200b\ud83d\udca1é\"\n}");
        assertThat(decoded("a\0b\u001b[31m")).contains("a\\u0000b\\u001b[31m");
    }

    @Test
    void times_ofNoUse_areNone() {
        Inspection good = inspect(token(CLAIMS));
        assertThat(good.issuedAt()).contains(TestClock.START);
        assertThat(good.expiresAt()).contains(TestClock.START.plusSeconds(900));

        for (String value : List.of("\"" + NOW + "\"", "1.5", "-1", "253402300800", "9".repeat(30), "null", "{}")) {
            Inspection inspection = inspect(token(claims("\"iat\":" + NOW, "\"iat\":" + value)));

            assertThat(inspection.issuedAt()).as(value).isEmpty();
            assertThat(inspection.age()).isEmpty();
            assertThat(inspection.expiresAt()).contains(TestClock.START.plusSeconds(900));
        }
    }

    @Test
    void audience_isTextOrTheFirstOfSeveral() {
        assertThat(Inspector.audience(token("{\"aud\":\"x\"}"))).contains("x");
        assertThat(Inspector.audience(token("{\"aud\":[\"y\",\"z\"]}"))).contains("y");
        for (String claims : List.of("{}", "{\"aud\":1}", "{\"aud\":[]}", "x")) {
            assertThat(Inspector.audience(token(claims))).isEmpty();
        }
        assertThat(Inspector.audience("x")).isEmpty();
    }

    @Test
    void toString_tellsNothingOfTheTokenOrTheSecrets() {
        String token = token(CLAIMS);

        assertThat(Stream.of(inspect(token), DecodedToken.of(token), services.rotation.open(app()))
                        .map(Object::toString))
                .allSatisfy(text -> assertThat(text).doesNotContain(EMAIL, CLIENT_ID, SECRET.reveal(), token));
    }

    private App app() {
        return services.apps.find(CLIENT_ID).orElseThrow();
    }

    private Inspection inspect(String token) {
        return inspector.inspect(app(), token, Expectations.DEFAULT);
    }

    private Optional<Reason> reason(String token, Expectations expectations) {
        return inspector.inspect(app(), token, expectations).refusal().map(Refusal::reason);
    }

    private List<AppSecret.State> states(String... tokens) {
        return Arrays.stream(tokens)
                .map(token -> inspect(token).signedBy().orElseThrow().state())
                .toList();
    }

    private Optional<String> decoded(String claims) {
        return DecodedToken.of(token(claims)).claims();
    }

    private Refusal verifiersWord(String token) {
        return Optional.ofNullable(wordOrNull(token)).orElseThrow();
    }

    private @Nullable Refusal wordOrNull(String token) {
        Instant now = services.clock.instant();
        try {
            assertThat(CurrentCustomerVerifier.builder(CLIENT_ID, SECRET.reveal())
                            .allowAnyStore()
                            .clock(() -> now)
                            .build()
                            .verify(token))
                    .isNotNull();
            return null;
        } catch (InvalidTokenException refused) {
            return new Refusal(refused.reason(), String.valueOf(refused.getMessage()));
        }
    }

    private static String claims(String found, String replacement) {
        assertThat(CLAIMS).contains(found);
        int at = CLAIMS.indexOf(found);
        return CLAIMS.substring(0, at) + replacement + CLAIMS.substring(at + found.length());
    }

    private static String token(String claims) {
        return token(SECRET, HEADER, claims);
    }

    private static String token(ClientSecret secret, String header, String claims) {
        return signed(secret, header.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8));
    }

    /** Signs by other means than the code under test. */
    private static String signed(ClientSecret secret, byte[] header, byte[] claims) {
        Base64.Encoder base64url = Base64.getUrlEncoder().withoutPadding();
        String input = base64url.encodeToString(header) + "." + base64url.encodeToString(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return input + "." + base64url.encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
