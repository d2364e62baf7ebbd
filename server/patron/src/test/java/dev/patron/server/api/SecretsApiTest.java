package dev.patron.server.api;

import static dev.patron.server.TestServer.CURRENT_JWT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.app.AppSecret;
import dev.patron.token.ClientSecret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rotation, reports of verifiers and the inspection of tokens, by the console's API. */
final class SecretsApiTest {

    private static final String APP = "/api/v1/apps/" + TestServer.CLIENT_ID;
    private static final String SECRETS = APP + "/secrets";
    private static final String INSPECT = "/api/v1/tokens/inspect";
    private static final String ELSEWHERE = "a secret of somebody else's portal";

    @RegisterExtension
    private final LogSecrecy log = new LogSecrecy();

    private TestServer server;
    private String cookie;

    @BeforeEach
    void start() {
        server = TestServer.start();
        cookie = server.signIn();
        log.watch(TestServer.CLIENT_SECRET);
        log.watch(ELSEWHERE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void withoutOperatorToken_everythingIsUnauthorized() {
        for (Call call : List.of(
                server.console("POST", SECRETS),
                server.console("PATCH", SECRETS + "/1"),
                server.console("DELETE", SECRETS + "/1"),
                server.console("POST", APP + "/verifications"),
                server.console("POST", INSPECT))) {
            assertProblem(call.body("application/json", "{}").send(), 401, "unauthorized");
        }
    }

    @Test
    void rotation_stepByStep() {
        String old = token();
        Answer made = post(SECRETS, "{}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("ETag")).contains("\"2\"");
        String secret = made.json().path("client_secret").asString();
        log.watch(secret);
        assertThat(secret).matches("[0-9a-f]{64}");
        assertThat(states(made)).containsExactly("next", "signing");
        JsonNode next = made.json().path("secrets").path(0);
        assertThat(next.path("fingerprint").asString()).isEqualTo(AppSecret.fingerprint(ClientSecret.of(secret)));
        assertThat(next.path("length").asInt()).isEqualTo(64);
        assertThat(next.path("signs_from").isNull()).isTrue();
        assertThat(signer(token())).isEqualTo("signing");
        long newer = next.path("id").asLong();
        long older = made.json().path("secrets").path(1).path("id").asLong();

        assertProblem(delete(SECRETS + "/" + older), 409, "secret_signs");
        Answer signs = patch(SECRETS + "/" + newer, "{\"signs_from\":\"now\"}");
        assertThat(states(signs)).containsExactly("signing", "previous");
        String fresh = token();
        assertThat(inspect(old).path("accepted").asBoolean()).isTrue();
        assertThat(signer(old)).isEqualTo("previous");
        assertThat(signer(fresh)).isEqualTo("signing");

        assertThat(states(patch(SECRETS + "/" + older, "{\"signs_from\":\"now\"}")))
                .containsExactly("next", "signing");
        assertThat(states(patch(SECRETS + "/" + newer, "{\"signs_from\":\"now\"}")))
                .containsExactly("signing", "previous");
        Answer retired = delete(SECRETS + "/" + older);
        assertThat(retired.status()).isEqualTo(200);
        assertThat(states(retired)).containsExactly("signing");
        assertThat(inspect(fresh).path("accepted").asBoolean()).isTrue();
        assertThat(inspect(old).path("reason").asString()).isEqualTo("bad_signature");
        assertThat(inspect(old).path("signed_by").isNull()).isTrue();
        assertThat(server.operator("GET", APP).send().body()).doesNotContain(secret);
    }

    @Test
    void plan_countsFromItsMoment_andCanBeTakenBack() {
        long newer =
                post(SECRETS, "{}").json().path("secrets").path(0).path("id").asLong();

        JsonNode planned = patch(SECRETS + "/" + newer, "{\"signs_from\":\"2026-03-01T12:30:00Z\"}")
                .json()
                .path("secrets")
                .path(0);
        assertThat(planned.path("state").asString()).isEqualTo("next");
        assertThat(planned.path("signs_from").asString()).isEqualTo("2026-03-01T12:30:00Z");
        assertProblem(delete(SECRETS + "/" + newer), 409, "secret_scheduled");
        JsonNode cancelled =
                patch(SECRETS + "/" + newer, "{\"signs_from\":\"never\"}").json();
        assertThat(cancelled.path("secrets").path(0).path("signs_from").isNull())
                .isTrue();
        assertProblem(patch(SECRETS + "/" + newer, "{\"signs_from\":\"never\"}"), 409, "not_scheduled");

        patch(SECRETS + "/" + newer, "{\"signs_from\":\"2026-03-01T12:30:00Z\"}");
        String before = token();
        assertThat(signer(before)).isEqualTo("signing");
        server.clock().advance(Duration.ofMinutes(30));
        assertThat(states(server.operator("GET", APP).send())).containsExactly("signing", "previous");
        assertThat(signer(before)).isEqualTo("previous");
        cookie = server.signIn();
        assertThat(signer(token())).isEqualTo("signing");
    }

    @Test
    void rotateNow_ofAGivenSecret_makesRoomWhenToldTo() {
        assertThat(post(SECRETS, "{}").status()).isEqualTo(201);
        assertProblem(post(SECRETS, "{}"), 409, "two_secrets");
        String given = "{\"client_secret\":\"" + ELSEWHERE + "\",\"sign_now\":true";
        assertProblem(post(SECRETS, given + "}"), 409, "two_secrets");

        Answer rotated = post(SECRETS, given + ",\"retire_other\":true}");

        assertThat(rotated.status()).isEqualTo(201);
        assertThat(rotated.json().path("client_secret").asString()).isEqualTo(ELSEWHERE);
        assertThat(states(rotated)).containsExactly("signing", "previous");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"client_secret\":\"\"}",
                "{\"client_secret\":\"too short\"}",
                "{\"client_secret\":1}",
                "{\"sign_now\":\"yes\"}",
                "{\"retire_other\":true}",
                "{\"secret\":\"x\"}"
            })
    void make_withAFault_makesNothing(String body) {
        String before = server.operator("GET", APP).send().body();

        assertProblem(post(SECRETS, body), 422, "invalid");

        assertThat(server.operator("GET", APP).send().body()).isEqualTo(before);
        assertThat(post(SECRETS, "{}").status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"signs_from\":null}",
                "{\"signs_from\":\"\"}",
                "{\"signs_from\":\"tomorrow\"}",
                "{\"signs_from\":\"2026-03-01\"}",
                "{\"signs_from\":1}"
            })
    void sign_withAFault_changesNothing(String body) {
        long newer =
                post(SECRETS, "{}").json().path("secrets").path(0).path("id").asLong();
        String before = server.operator("GET", APP).send().body();

        assertProblem(patch(SECRETS + "/" + newer, body), 422, "invalid");

        assertThat(server.operator("GET", APP).send().body()).isEqualTo(before);
        assertThat(patch(SECRETS + "/" + newer, "{\"signs_from\":\"now\"}").status())
                .isEqualTo(200);
    }

    @Test
    void sign_moreThanAYearAhead_isRefused() {
        long newer =
                post(SECRETS, "{}").json().path("secrets").path(0).path("id").asLong();

        assertProblem(patch(SECRETS + "/" + newer, "{\"signs_from\":\"2027-03-05T12:00:00Z\"}"), 409, "too_far");
        assertThat(patch(SECRETS + "/" + newer, "{\"signs_from\":\"2027-03-01T12:00:00Z\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void eachStep_fromAnotherRevision_isAConflictAndChangesNothing() {
        long newer =
                post(SECRETS, "{}").json().path("secrets").path(0).path("id").asLong();
        String before = server.operator("GET", APP).send().body();
        Call sign =
                server.operator("PATCH", SECRETS + "/" + newer).body("application/json", "{\"signs_from\":\"now\"}");

        for (Call old : List.of(
                server.operator("POST", SECRETS).body("application/json", "{}"),
                server.operator("POST", SECRETS).body("application/json", "{\"sign_now\":true,\"retire_other\":true}"),
                sign,
                server.operator("PATCH", SECRETS + "/" + newer).body("application/json", "{\"signs_from\":\"never\"}"),
                server.operator("DELETE", SECRETS + "/" + newer),
                server.operator("PATCH", APP).body("application/json", "{\"name\":\"n\"}"),
                server.operator("PATCH", APP).body("application/json", "{\"disabled\":true}"),
                server.operator("DELETE", APP))) {
            assertProblem(old.with("If-Match", "\"1\"").send(), 412, "revision_conflict");
            assertProblem(old.with("If-Match", "2").send(), 400, "bad_request");
        }

        assertThat(server.operator("GET", APP).send().body()).isEqualTo(before);
        assertThat(sign.with("If-Match", "\"2\"").send().header("ETag")).contains("\"3\"");
    }

    @Test
    void unknownAppOrSecret_isSaidToBeUnknown() {
        String nowhere = "/api/v1/apps/" + "x".repeat(31) + "/secrets";
        assertProblem(post(nowhere, "{}"), 404, "no_such_app");
        assertProblem(patch(nowhere + "/1", "{\"signs_from\":\"now\"}"), 404, "no_such_app");
        assertProblem(delete(nowhere + "/1"), 404, "no_such_app");
        for (String id : List.of("0", "01", "x", "-1", "999999", "99999999999999999999")) {
            assertProblem(patch(SECRETS + "/" + id, "{\"signs_from\":\"now\"}"), 404, "no_such_secret");
            assertProblem(delete(SECRETS + "/" + id), 404, "no_such_secret");
        }
    }

    @Test
    void verification_thatIsReported_isShownWithItsSecret() {
        String fingerprint = AppSecret.fingerprint(ClientSecret.of(TestServer.CLIENT_SECRET));
        assertThat(post(APP + "/verifications", "{\"fingerprint\":\"" + fingerprint + "\"}")
                        .status())
                .isEqualTo(204);

        JsonNode secret =
                server.operator("GET", APP).send().json().path("secrets").path(0);
        assertThat(secret.path("last_verified_at").asString()).isEqualTo("2026-03-01T12:00:00.750Z");
        assertProblem(post(APP + "/verifications", "{\"fingerprint\":\"0000000000000000\"}"), 404, "no_such_secret");
        assertProblem(post(APP + "/verifications", "{\"fingerprint\":\"x\"}"), 422, "invalid");
    }

    @Test
    void change_ofEachDetail_isKeptAndRaisesTheRevision() {
        for (String detail : List.of(
                "\"name\":\"Other\"",
                "\"description\":\"d\"",
                "\"algorithm\":\"HS512\"",
                "\"extra_claims\":[\"channel_id\",\"jti\"]",
                "\"needs\":[\"email\"]",
                "\"origins\":[\"https://app.example\"]")) {
            long revision =
                    server.operator("GET", APP).send().json().path("revision").asLong();

            Answer changed = server.operator("PATCH", APP)
                    .with("If-Match", "\"" + revision + "\"")
                    .body("application/json", "{" + detail + "}")
                    .send();

            assertThat(changed.status()).as(changed.body()).isEqualTo(200);
            assertThat(changed.body()).contains(detail);
            assertThat(changed.header("ETag")).contains("\"" + (revision + 1) + "\"");
            assertThat(server.operator("GET", APP).send().body()).isEqualTo(changed.body());
        }
        assertThat(inspect(token()).path("header").asString()).contains("HS512");
    }

    @Test
    void delete_isForGood_andAnotherAppMayBeMadeOfTheId() {
        assertThat(post(SECRETS, "{}").status()).isEqualTo(201);

        assertThat(delete(APP).status()).isEqualTo(204);

        assertProblem(server.operator("GET", APP).send(), 404, "no_such_app");
        assertProblem(delete(APP), 404, "no_such_app");
        assertThat(server.call("GET", CURRENT_JWT).with("Cookie", cookie).send().outcome())
                .isEqualTo("403 unknown_app");
    }

    @Test
    void inspection_tellsEverything() {
        String token = token();
        log.watch(token);
        log.watch(TestServer.EMAIL);
        server.clock().advance(Duration.ofSeconds(10));

        JsonNode inspection = inspect(token);

        assertThat(inspection.path("client_id").asString()).isEqualTo(TestServer.CLIENT_ID);
        assertThat(inspection.path("accepted").asBoolean()).isTrue();
        assertThat(inspection.path("reason").isNull()).isTrue();
        assertThat(inspection.path("message").isNull()).isTrue();
        assertThat(inspection.path("header").asString()).contains("\"alg\": \"HS256\"");
        assertThat(inspection.path("claims").asString()).contains(TestServer.EMAIL);
        assertThat(inspection.path("issued_at").asString()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(inspection.path("expires_at").asString()).isEqualTo("2026-03-01T12:15:00Z");
        assertThat(inspection.path("inspected_at").asString()).isEqualTo("2026-03-01T12:00:10.750Z");
        assertThat(inspection.path("age").asLong()).isEqualTo(10);
        assertThat(inspection.path("remaining").asLong()).isEqualTo(889);
        assertThat(inspection.path("checks").findValuesAsString("state"))
                .hasSize(14)
                .containsOnly("passed");
        assertThat(inspection.path("checks").findValuesAsString("id"))
                .startsWith("size", "form", "signature")
                .endsWith("customer");
    }

    @Test
    void inspection_withOtherExpectations_comesToAnotherEnd() {
        String token = token();
        server.clock().advance(Duration.ofSeconds(60));

        JsonNode old = inspect(token);
        assertThat(old.path("reason").asString()).isEqualTo("too_old");
        assertThat(old.path("message").asString()).contains("acceptUntilExpiry()");
        assertThat(old.path("checks").findValuesAsString("state")).contains("passed", "failed", "not_reached");
        assertThat(inspect(token, "\"max_age\":60").path("accepted").asBoolean())
                .isTrue();
        assertThat(inspect(token, "\"accept_until_expiry\":true")
                        .path("accepted")
                        .asBoolean())
                .isTrue();
        assertThat(inspect(token, "\"max_age\":60,\"store_hash\":\"" + TestServer.STORE + "\"")
                        .path("accepted")
                        .asBoolean())
                .isTrue();
        assertThat(inspect(token, "\"max_age\":60,\"store_hash\":\"xyz789\"")
                        .path("reason")
                        .asString())
                .isEqualTo("wrong_store");
        assertThat(inspect(token, "\"max_age\":55,\"clock_skew\":0")
                        .path("reason")
                        .asString())
                .isEqualTo("too_old");
    }

    @Test
    void inspection_ofGarbage_isAnInspectionToo() {
        JsonNode garbage = inspect("no token", "\"client_id\":\"" + TestServer.CLIENT_ID + "\"");

        assertThat(garbage.path("reason").asString()).isEqualTo("malformed");
        assertThat(garbage.path("header").isNull()).isTrue();
        assertThat(garbage.path("age").isNull()).isTrue();
        assertProblem(post(INSPECT, "{\"token\":\"no token\"}"), 422, "invalid");
        assertProblem(post(INSPECT, "{\"token\":\"x\",\"client_id\":\"" + "x".repeat(31) + "\"}"), 404, "no_such_app");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"max_age\":0",
                "\"max_age\":901",
                "\"max_age\":1.5",
                "\"clock_skew\":-1",
                "\"clock_skew\":301",
                "\"store_hash\":\"\"",
                "\"max_age\":30,\"accept_until_expiry\":true",
                "\"secret\":\"x\""
            })
    void inspection_withAFault_isInvalid(String members) {
        String token = token();
        assertThat(inspect(token).path("accepted").asBoolean()).isTrue();

        assertProblem(post(INSPECT, "{\"token\":\"" + token + "\"," + members + "}"), 422, "invalid");
    }

    private String token() {
        return server.call("GET", CURRENT_JWT).with("Cookie", cookie).send().body();
    }

    private String signer(String token) {
        return inspect(token).path("signed_by").path("state").asString();
    }

    private JsonNode inspect(String token) {
        Answer answer = post(INSPECT, new JsonMapper().writeValueAsString(Map.of("token", token)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private JsonNode inspect(String token, String members) {
        Answer answer = post(INSPECT, "{\"token\":\"" + token + "\"," + members + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static List<String> states(Answer answer) {
        return StreamSupport.stream(answer.json().path("secrets").spliterator(), false)
                .map(secret -> secret.path("state").asString())
                .toList();
    }

    private Answer post(String path, String body) {
        return server.operator("POST", path).body("application/json", body).send();
    }

    private Answer patch(String path, String body) {
        return server.operator("PATCH", path).body("application/json", body).send();
    }

    private Answer delete(String path) {
        return server.operator("DELETE", path).send();
    }

    private static void assertProblem(Answer answer, int status, String id) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.json().path("id").asString()).isEqualTo(id);
        assertThat(answer.json().path("detail").asString()).isNotBlank();
    }
}
