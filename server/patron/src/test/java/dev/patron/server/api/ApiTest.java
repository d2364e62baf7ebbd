package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code /api/v1} and {@code /health} of the console listener. */
final class ApiTest {

    private static final String APPS = "/api/v1/apps";
    private static final String STORES = "/api/v1/stores";

    private static final TestServer SERVER = TestServer.start();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/apps",
        "POST, /api/v1/apps",
        "GET, /api/v1/apps/" + TestServer.CLIENT_ID,
        "PATCH, /api/v1/apps/" + TestServer.CLIENT_ID,
        "GET, /api/v1/apps/none",
        "GET, /api/v1/stores",
        "POST, /api/v1/stores"
    })
    void withoutOperatorToken_everythingIsUnauthorized(String method, String path) {
        Call call = SERVER.console(method, path);
        String token = SERVER.operatorToken();
        assertThat(call.with("Authorization", "Bearer " + token).send().status())
                .isNotEqualTo(401);

        for (Call without : List.of(
                call,
                call.with("Authorization", ""),
                call.with("Authorization", "Bearer"),
                call.with("Authorization", "Bearer "),
                call.with("Authorization", token),
                call.with("Authorization", "Basic " + token),
                call.with("Authorization", "Bearer " + token.substring(1)),
                call.with("Authorization", "Bearer " + token + "0"),
                call.with("Authorization", "Bearer " + token.toUpperCase(java.util.Locale.ROOT) + "x"),
                call.with("Authorization", "Bearer " + token).with("authorization", "Bearer " + token),
                call.with("Cookie", SERVER.signIn()),
                call.with("Cookie", "operator-token=" + token))) {
            Answer answer = without.send();

            assertProblem(answer, 401, "unauthorized");
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer realm=\"patron\"");
            assertThat(answer.body()).doesNotContain(token);
        }
    }

    @Test
    void createApp_withItsNameOnly_hasDefaultsAndASecretThatIsShownOnce() {
        Answer created = post(APPS, "{\"name\":\"Recently purchased\"}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Cache-Control")).contains("no-store, private");
        JsonNode app = created.json();
        String clientId = app.path("client_id").asString();
        String secret = app.path("client_secret").asString();
        assertThat(clientId).matches("[a-z0-9]{31}");
        assertThat(secret).matches("[0-9a-f]{64}");
        assertThat(created.header("Location")).contains(APPS + "/" + clientId);
        assertThat(app.path("algorithm").asString()).isEqualTo("HS256");
        assertThat(app.path("every_store").asBoolean()).isTrue();
        assertThat(app.path("disabled").asBoolean()).isFalse();
        assertThat(app.path("secrets")).hasSize(1);
        for (Answer later : List.of(
                get(APPS + "/" + clientId),
                get(APPS + "?limit=100"),
                patch(APPS + "/" + clientId, "{\"disabled\":false}"))) {
            assertThat(later.status()).isEqualTo(200);
            assertThat(later.body()).contains(clientId).doesNotContain(secret, "client_secret");
        }
        Answer token = SERVER.call("GET", "/customer/current.jwt?app_client_id=" + clientId)
                .with("Cookie", SERVER.signIn())
                .send();
        assertThat(token.outcome()).isEqualTo("200");
    }

    @Test
    void createApp_withEverything_isShownAsSent() {
        String clientId = "everything000000000000000000000";
        Answer created = post(
                APPS,
                "{\"name\":\"Ünïcode ☃\",\"description\":\"d\",\"client_id\":\"" + clientId
                        + "\",\"client_secret\":\"abcdefghijklmnopqrstuvwxyz01234\",\"algorithm\":\"HS512\","
                        + "\"extra_claims\":[\"jti\",\"channel_id\"],\"stores\":[\"abc123\"],"
                        + "\"origins\":[\"https://shop.example:8443\",\"http://[::1]:3000\"]}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().path("client_secret").asString()).isEqualTo("abcdefghijklmnopqrstuvwxyz01234");
        JsonNode app = get(APPS + "/" + clientId).json();
        assertThat(app.path("name").asString()).isEqualTo("Ünïcode ☃");
        assertThat(app.path("description").asString()).isEqualTo("d");
        assertThat(app.path("algorithm").asString()).isEqualTo("HS512");
        assertThat(app.path("extra_claims").toString()).isEqualTo("[\"channel_id\",\"jti\"]");
        assertThat(app.path("every_store").asBoolean()).isFalse();
        assertThat(app.path("allowed_stores").toString()).isEqualTo("[\"abc123\"]");
        assertThat(app.path("origins").toString()).isEqualTo("[\"http://[::1]:3000\",\"https://shop.example:8443\"]");
    }

    /** A member, and a body that is right but for it. */
    static List<Arguments> faultyApps() {
        return List.of(
                Arguments.of("name", "{}"),
                Arguments.of("name", "{\"name\":\"\"}"),
                Arguments.of("name", "{\"name\":\"  \"}"),
                Arguments.of("name", "{\"name\":null}"),
                Arguments.of("name", "{\"name\":1}"),
                Arguments.of("name", "{\"name\":[\"a\"]}"),
                Arguments.of("name", "{\"name\":\"" + "n".repeat(201) + "\"}"),
                Arguments.of("description", "{\"name\":\"n\",\"description\":\"" + "d".repeat(2001) + "\"}"),
                Arguments.of("name", "{\"name\":\"a\\ud800\"}"),
                Arguments.of("name", "{\"name\":\"a\\u0000\"}"),
                Arguments.of("name", "{\"name\":\"a\\u001b[2J\"}"),
                Arguments.of("description", "{\"name\":\"n\",\"description\":\"\\udc00\"}"),
                Arguments.of("stores", "{\"name\":\"n\",\"stores\":[\"\\ud800\"]}"),
                Arguments.of("description", "{\"name\":\"n\",\"description\":{}}"),
                Arguments.of("client_id", "{\"name\":\"n\",\"client_id\":\"short\"}"),
                Arguments.of("client_id", "{\"name\":\"n\",\"client_id\":\"\"}"),
                Arguments.of("client_id", "{\"name\":\"n\",\"client_id\":\"" + "a".repeat(65) + "\"}"),
                Arguments.of("client_id", "{\"name\":\"n\",\"client_id\":\"" + "é".repeat(20) + "\"}"),
                Arguments.of("client_id", "{\"name\":\"n\",\"client_id\":\"" + TestServer.CLIENT_ID + "\"}"),
                Arguments.of("client_secret", "{\"name\":\"n\",\"client_secret\":\"short\"}"),
                Arguments.of("client_secret", "{\"name\":\"n\",\"client_secret\":7}"),
                Arguments.of("client_secret", "{\"name\":\"n\",\"client_secret\":\"\"}"),
                Arguments.of("client_secret", "{\"name\":\"n\",\"client_secret\":\"" + "s".repeat(1025) + "\"}"),
                Arguments.of("client_secret", "{\"name\":\"n\",\"client_secret\":\"" + "s".repeat(40) + "\\ud800\"}"),
                Arguments.of("algorithm", "{\"name\":\"n\",\"algorithm\":\"none\"}"),
                Arguments.of("algorithm", "{\"name\":\"n\",\"algorithm\":\"hs256\"}"),
                Arguments.of("algorithm", "{\"name\":\"n\",\"algorithm\":\"RS256\"}"),
                Arguments.of("extra_claims", "{\"name\":\"n\",\"extra_claims\":[\"sub\"]}"),
                Arguments.of("extra_claims", "{\"name\":\"n\",\"extra_claims\":\"jti\"}"),
                Arguments.of("extra_claims", "{\"name\":\"n\",\"extra_claims\":[null]}"),
                Arguments.of("stores", "{\"name\":\"n\",\"stores\":[\"nowhere\"]}"),
                Arguments.of("stores", "{\"name\":\"n\",\"stores\":[\"abc123\",\"nowhere\"]}"),
                Arguments.of("stores", "{\"name\":\"n\",\"stores\":[1]}"),
                Arguments.of("stores", "{\"name\":\"n\",\"stores\":\"abc123\"}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"*\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"null\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"https://shop.example/\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"https://Shop.example\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"https://*.example\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"ftp://shop.example\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"https://shop.example:0\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"https://" + "a".repeat(253) + ":65535\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"https://[" + ":".repeat(300) + "]\"]}"),
                Arguments.of("origins", "{\"name\":\"n\",\"origins\":[\"https://a.example\\r\\nX: y\"]}"),
                Arguments.of("secrets", "{\"name\":\"n\",\"secrets\":[]}"),
                Arguments.of("Name", "{\"name\":\"n\",\"Name\":\"n\"}"));
    }

    @ParameterizedTest
    @MethodSource("faultyApps")
    void createApp_withAFault_namesTheMemberAndWritesNothing(String member, String body) {
        assertThat(post(APPS, "{\"name\":\"n\"}").status()).isEqualTo(201);
        String before = get(APPS).body();

        Answer answer = post(APPS, body);

        assertProblem(answer, 422, "invalid");
        assertThat(answer.json().path("detail").asString()).contains(member);
        assertThat(get(APPS).body()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"name\"",
                "7",
                "{",
                "{\"name\":\"n\"",
                "{\"name\":\"n\"}x",
                "{\"name\":\"n\"}{}",
                "{\"name\":\"n\",\"name\":\"m\"}",
                "{'name':'n'}",
                "{\"name\":\"n\",}",
                "{\"name\":NaN}",
                "// comment\n{\"name\":\"n\"}"
            })
    void body_thatIsNotOneJsonObject_isBadRequest(String body) {
        String before = get(APPS).body() + get(STORES).body();

        assertProblem(post(APPS, body), 400, "bad_request");
        assertProblem(post(STORES, body), 400, "bad_request");
        assertProblem(patch(APPS + "/" + TestServer.CLIENT_ID, body), 400, "bad_request");
        assertThat(get(APPS).body() + get(STORES).body()).isEqualTo(before);
    }

    @Test
    void body_nestedDeeply_isBadRequest() {
        assertProblem(post(APPS, "{\"name\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}"), 400, "bad_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "application/jsonx",
                "application/json-patch+json"
            })
    void body_ofAnotherType_isUnsupported(String type) {
        Call call = SERVER.operator("POST", APPS).body(type, "{\"name\":\"n\"}");
        assertThat(call.with("Content-Type", "Application/JSON; charset=utf-8")
                        .send()
                        .status())
                .isEqualTo(201);

        assertProblem(call.send(), 415, "unsupported_media_type");
        assertProblem(call.without("Content-Type").send(), 415, "unsupported_media_type");
    }

    @Test
    void body_overTheLimit_isTooLarge() {
        try (TestServer server = TestServer.start("patron.console.max-body=2KiB", "patron.http.max-body=1KiB")) {
            Call create = server.operator("POST", APPS);

            assertThat(create.body("application/json", described(1_900)).send().status())
                    .isEqualTo(201);
            assertThat(create.body("application/json", described(2_000) + " ".repeat(48))
                            .send()
                            .status())
                    .isEqualTo(413);
        }
    }

    private static String described(int length) {
        return "{\"name\":\"n\",\"description\":\"" + "d".repeat(length) + "\"}";
    }

    @Test
    void disableApp_andEnableIt_raisesItsRevision() {
        String path = APPS + "/"
                + post(APPS, "{\"name\":\"n\"}").json().path("client_id").asString();

        JsonNode disabled = patch(path, "{\"disabled\":true}").json();
        assertThat(disabled.path("disabled").asBoolean()).isTrue();
        assertThat(disabled.path("revision").asLong()).isEqualTo(2);
        assertThat(patch(path, "{\"disabled\":true}").json().path("revision").asLong())
                .isEqualTo(2);
        assertThat(patch(path, "{\"disabled\":false}").json().path("revision").asLong())
                .isEqualTo(3);
        assertThat(get(path).json().path("disabled").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"disabled\":\"true\"}",
                "{\"disabled\":null}",
                "{\"disabled\":1}",
                "{\"disabled\":true,\"name\":\"x\"}"
            })
    void changeApp_withAFault_changesNothing(String body) {
        String path = APPS + "/" + TestServer.CLIENT_ID;
        String before = get(path).body();

        assertProblem(patch(path, body), 422, "invalid");
        assertThat(get(path).body()).isEqualTo(before);
    }

    @Test
    void unknownApp_isNoSuchApp() {
        assertProblem(get(APPS + "/" + "a".repeat(31)), 404, "no_such_app");
        assertProblem(patch(APPS + "/" + "a".repeat(31), "{\"disabled\":true}"), 404, "no_such_app");
    }

    @Test
    void createStore_isServedAtOnce() {
        Answer created = post(
                STORES,
                "{\"store_hash\":\"newstore1\",\"name\":\"New\",\"https\":false,\"hosts\":[\"new.localhost\"]}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().path("https").asBoolean()).isFalse();
        assertThat(get(STORES).body()).contains("newstore1", "new.localhost");
        assertThat(SERVER.call("GET", TestServer.CURRENT_JWT)
                        .host("new.localhost")
                        .send()
                        .outcome())
                .isEqualTo("404 not_signed_in");
    }

    @Test
    void createStore_withoutSayingHttps_isHttps() {
        Answer created =
                post(STORES, "{\"store_hash\":\"safestore\",\"name\":\"Safe\",\"hosts\":[\"safe.localhost\"]}");

        assertThat(created.json().path("https").asBoolean()).isTrue();
    }

    static List<Arguments> faultyStores() {
        String store = "{\"store_hash\":\"storehash\",\"name\":\"n\",\"hosts\":[\"n.localhost\"]}";
        return List.of(
                Arguments.of("store_hash", store.replace("\"storehash\"", "\"abcd\"")),
                Arguments.of("store_hash", store.replace("\"storehash\"", "\"" + "a".repeat(33) + "\"")),
                Arguments.of("store_hash", store.replace("storehash", "STOREHASH")),
                Arguments.of("store_hash", store.replace("storehash", "../etc")),
                Arguments.of("store_hash", store.replace("storehash", TestServer.STORE)),
                Arguments.of("store_hash", store.replace("\"storehash\"", "5")),
                Arguments.of("name", store.replace("\"n\"", "\"\"")),
                Arguments.of("name", store.replace("\"n\"", "\"" + "n".repeat(201) + "\"")),
                Arguments.of("name", store.replace("\"n\"", "\"n\\ud800\"")),
                Arguments.of("name", store.replace("\"n\"", "\"n\\n\"")),
                Arguments.of("https", store.replace("\"name\"", "\"https\":\"yes\",\"name\"")),
                Arguments.of("hosts", store.replace("\"n.localhost\"", "")),
                Arguments.of("hosts", store.replace("[\"n.localhost\"]", "\"n.localhost\"")),
                Arguments.of("hosts", store.replace("n.localhost", "N.localhost")),
                Arguments.of("hosts", store.replace("n.localhost", "n.localhost:8080")),
                Arguments.of("hosts", store.replace("n.localhost", "http://n.localhost")),
                Arguments.of("hosts", store.replace("n.localhost", "-n.localhost")),
                Arguments.of("hosts", store.replace("n.localhost", "n..localhost")),
                Arguments.of("hosts", store.replace("n.localhost", "a".repeat(256))),
                Arguments.of("hosts", store.replace("n.localhost", "[" + ":".repeat(300) + "]")),
                Arguments.of("hosts", store.replace("n.localhost", TestServer.HOST)),
                Arguments.of(
                        "hosts", store.replace("\"n.localhost\"", "\"fresh.localhost\",\"" + TestServer.HOST + "\"")),
                Arguments.of("hash", store.replace("store_hash", "hash")));
    }

    @ParameterizedTest
    @MethodSource("faultyStores")
    void createStore_withAFault_namesTheMemberAndWritesNothing(String member, String body) {
        String before = get(STORES).body();

        Answer answer = post(STORES, body);

        assertProblem(answer, 422, "invalid");
        assertThat(answer.json().path("detail").asString()).contains(member);
        assertThat(get(STORES).body()).isEqualTo(before);
        assertThat(SERVER.call("GET", TestServer.CURRENT_JWT)
                        .host("fresh.localhost")
                        .send()
                        .outcome())
                .isEqualTo("404 no_such_store");
    }

    @Test
    void otherPathsAndMethods_areProblemsToo() {
        assertProblem(get("/api"), 404, "no_such_page");
        assertProblem(get(APPS + "/"), 404, "no_such_page");
        assertProblem(get(APPS + "/a/b"), 404, "no_such_page");
        assertProblem(get("/customer/current.jwt?app_client_id=" + TestServer.CLIENT_ID), 404, "no_such_page");
        assertProblem(SERVER.operator("DELETE", APPS).send(), 405, "method_not_allowed");
        Answer answer = SERVER.operator("PATCH", APPS).send();
        assertProblem(answer, 405, "method_not_allowed");
        assertThat(answer.header("Allow")).contains("GET, HEAD, POST");
        assertThat(SERVER.call("GET", APPS)
                        .with("Authorization", "Bearer " + SERVER.operatorToken())
                        .send()
                        .status())
                .isEqualTo(404);
    }

    @Test
    void health_isLiveAndReady() {
        assertThat(SERVER.console("GET", "/health/live").send().body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(SERVER.console("GET", "/health/ready").send().body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(SERVER.console("HEAD", "/health/ready").send().status()).isEqualTo(200);
        assertThat(SERVER.call("GET", "/health/live").send().outcome()).isEqualTo("404 no_such_page");
    }

    @Test
    void health_withoutStorage_isLiveAndNotReady() {
        try (TestServer server = TestServer.start("patron.database.wait=250ms")) {
            server.breakStorage();

            Answer ready = server.console("GET", "/health/ready").send();
            assertThat(ready.status()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("{\"status\":\"down\"}");
            assertThat(server.console("GET", "/health/live").send().status()).isEqualTo(200);
            assertProblem(server.operator("GET", APPS).send(), 503, "unavailable");

            server.mendStorage();
        }
    }

    private static Answer get(String path) {
        return SERVER.operator("GET", path).send();
    }

    private static Answer post(String path, String body) {
        return SERVER.operator("POST", path).body("application/json", body).send();
    }

    private static Answer patch(String path, String body) {
        return SERVER.operator("PATCH", path).body("application/json", body).send();
    }

    private static void assertProblem(Answer answer, int status, String id) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.header("Cache-Control")).contains("no-store, private");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("id").asString()).isEqualTo(id);
        assertThat(answer.json().path("title").asString()).isNotBlank();
        assertThat(answer.json().path("detail").asString()).isNotBlank();
        assertThat(answer.json().path("type").asString()).isEqualTo("about:blank");
    }
}
