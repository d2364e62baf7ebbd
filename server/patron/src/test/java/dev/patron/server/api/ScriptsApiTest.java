package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code /api/v1/stores/{store_hash}/scripts}. */
final class ScriptsApiTest {

    private static final String SCRIPTS = "/api/v1/stores/" + TestServer.STORE + "/scripts";
    private static final String OTHER_SCRIPTS = "/api/v1/stores/" + TestServer.OTHER_STORE + "/scripts";
    private static final String SCRIPT = "{\"name\":\"n\",\"place\":\"footer\",\"contents\":\"<b>1</b>\"}";

    private static final TestServer SERVER = TestServer.start();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @AfterEach
    void removeAll() {
        for (String path : List.of(SCRIPTS, OTHER_SCRIPTS)) {
            get(path)
                    .json()
                    .path("scripts")
                    .forEach(script -> delete(path + "/" + script.path("id").asLong()));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "POST, ''", "GET, /1", "PATCH, /1", "DELETE, /1"})
    void withoutOperatorToken_everythingIsUnauthorized(String method, String rest) {
        assertThat(SERVER.operator(method, SCRIPTS + rest).send().status()).isNotEqualTo(401);

        assertProblem(SERVER.console(method, SCRIPTS + rest).send(), 401, "unauthorized");
        assertProblem(
                SERVER.console(method, SCRIPTS + rest)
                        .with("Cookie", SERVER.signIn())
                        .send(),
                401,
                "unauthorized");
    }

    @Test
    void create_withWhatIsRequired_hasDefaults() {
        Answer created = post(SCRIPTS, SCRIPT);

        assertThat(created.status()).isEqualTo(201);
        JsonNode script = created.json();
        assertThat(script.path("store_hash").asString()).isEqualTo(TestServer.STORE);
        assertThat(script.path("pages").toString()).isEqualTo("[\"all\"]");
        assertThat(script.path("enabled").asBoolean()).isTrue();
        assertThat(script.path("order").asInt()).isEqualTo(100);
        assertThat(script.path("revision").asLong()).isEqualTo(1);
        assertThat(created.header("ETag")).contains("\"1\"");
        assertThat(created.header("Location"))
                .contains(SCRIPTS + "/" + script.path("id").asLong());
    }

    @Test
    void create_withEverything_isShownAsSent() {
        String contents = "<script>\\n'💡 \\u2028 \\\"' && 1 < 2\\n</script>";
        String path = create("{\"name\":\"Ünïcode ☃\",\"place\":\"head\",\"pages\":[\"product\",\"front\"],"
                + "\"contents\":\"" + contents + "\",\"enabled\":false,\"order\":7}");

        Answer shown = get(path);

        JsonNode script = shown.json();
        assertThat(shown.header("ETag")).contains("\"1\"");
        assertThat(script.path("name").asString()).isEqualTo("Ünïcode ☃");
        assertThat(script.path("place").asString()).isEqualTo("head");
        assertThat(script.path("pages").toString()).isEqualTo("[\"front\",\"product\"]");
        assertThat(script.path("contents").asString()).isEqualTo("<script>\n'💡 \u2028 \"' && 1 < 2\n</script>");
        assertThat(script.path("enabled").asBoolean()).isFalse();
        assertThat(script.path("order").asInt()).isEqualTo(7);
        assertThat(get(SCRIPTS).json().path("scripts"))
                .singleElement()
                .satisfies(listed -> assertThat(listed.has("contents")).isFalse());
    }

    @Test
    void create_ofFullSize_fitsIntoABody() {
        String path = create(SCRIPT.replace("<b>1</b>", "\\n".repeat(30_000) + "x".repeat(35_536)));

        assertThat(get(path).json().path("contents").asString()).hasSize(65_536);
    }

    /** A member, and a body that is right but for it. */
    static List<Arguments> faultyScripts() {
        String name = "\"name\":\"n\"";
        String place = "\"place\":\"footer\"";
        String contents = "\"contents\":\"<b>1</b>\"";
        return List.of(
                Arguments.of("name", SCRIPT.replace(name + ",", "")),
                Arguments.of("name", SCRIPT.replace(name, "\"name\":\"\"")),
                Arguments.of("name", SCRIPT.replace(name, "\"name\":\"" + "n".repeat(201) + "\"")),
                Arguments.of("name", SCRIPT.replace(name, "\"name\":\"a\\nb\"")),
                Arguments.of("name", SCRIPT.replace(name, "\"name\":7")),
                Arguments.of("place", SCRIPT.replace(place + ",", "")),
                Arguments.of("place", SCRIPT.replace(place, "\"place\":\"FOOTER\"")),
                Arguments.of("place", SCRIPT.replace(place, "\"place\":\"body\"")),
                Arguments.of("contents", SCRIPT.replace("," + contents, "")),
                Arguments.of("contents", SCRIPT.replace(contents, "\"contents\":\"\"")),
                Arguments.of("contents", SCRIPT.replace(contents, "\"contents\":\"a\\u0000\"")),
                Arguments.of("contents", SCRIPT.replace(contents, "\"contents\":\"\\ud800\"")),
                Arguments.of("contents", SCRIPT.replace(contents, "\"contents\":\"" + "x".repeat(65_537) + "\"")),
                Arguments.of("contents", SCRIPT.replace(contents, "\"contents\":[\"<b>1</b>\"]")),
                Arguments.of("pages", SCRIPT.replace(place, place + ",\"pages\":[]")),
                Arguments.of("pages", SCRIPT.replace(place, place + ",\"pages\":\"all\"")),
                Arguments.of("pages", SCRIPT.replace(place, place + ",\"pages\":[\"all\",\"front\"]")),
                Arguments.of("pages", SCRIPT.replace(place, place + ",\"pages\":[\"Front\"]")),
                Arguments.of("pages", SCRIPT.replace(place, place + ",\"pages\":[\"login\"]")),
                Arguments.of("pages", SCRIPT.replace(place, place + ",\"pages\":[\"account\"]")),
                Arguments.of("pages", SCRIPT.replace(place, place + ",\"pages\":[null]")),
                Arguments.of("enabled", SCRIPT.replace(place, place + ",\"enabled\":\"true\"")),
                Arguments.of("order", SCRIPT.replace(place, place + ",\"order\":-1")),
                Arguments.of("order", SCRIPT.replace(place, place + ",\"order\":10000")),
                Arguments.of("order", SCRIPT.replace(place, place + ",\"order\":1.5")),
                Arguments.of("order", SCRIPT.replace(place, place + ",\"order\":99999999999")),
                Arguments.of("order", SCRIPT.replace(place, place + ",\"order\":\"1\"")),
                Arguments.of("revision", SCRIPT.replace(place, place + ",\"revision\":1")),
                Arguments.of("id", SCRIPT.replace(place, place + ",\"id\":1")));
    }

    @ParameterizedTest
    @MethodSource("faultyScripts")
    void create_withAFault_namesTheMemberAndWritesNothing(String member, String body) {
        create(SCRIPT);
        String before = get(SCRIPTS).body();

        Answer answer = post(SCRIPTS, body);

        assertProblem(answer, 422, "invalid");
        assertThat(answer.json().path("detail").asString()).contains(member);
        assertThat(get(SCRIPTS).body()).isEqualTo(before);
    }

    @Test
    void create_beyondTheMost_isInvalid() {
        for (int i = 0; i < 50; i++) {
            create(SCRIPT);
        }

        assertProblem(post(SCRIPTS, SCRIPT), 422, "invalid");
        assertThat(post(OTHER_SCRIPTS, SCRIPT).status()).isEqualTo(201);
    }

    @Test
    void update_changesWhatIsSaidAndNothingElse() {
        String path = create(SCRIPT);

        JsonNode disabled = patch(path, "{\"enabled\":false}").json();
        assertThat(disabled.path("enabled").asBoolean()).isFalse();
        assertThat(disabled.path("revision").asLong()).isEqualTo(2);
        assertThat(disabled.path("contents").asString()).isEqualTo("<b>1</b>");

        Answer changed = patch(
                path,
                "{\"name\":\"m\",\"place\":\"head\",\"pages\":[\"category\"],\"contents\":\"<i>2</i>\",\"order\":1}");
        JsonNode script = changed.json();
        assertThat(changed.header("ETag")).contains("\"3\"");
        assertThat(script.path("name").asString()).isEqualTo("m");
        assertThat(script.path("place").asString()).isEqualTo("head");
        assertThat(script.path("pages").toString()).isEqualTo("[\"category\"]");
        assertThat(script.path("contents").asString()).isEqualTo("<i>2</i>");
        assertThat(script.path("order").asInt()).isEqualTo(1);
        assertThat(script.path("enabled").asBoolean()).isFalse();

        assertThat(patch(path, "{\"pages\":[\"all\"]}").json().path("pages").toString())
                .isEqualTo("[\"all\"]");
        assertThat(get(path).json().path("revision").asLong()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":null}",
                "{\"name\":\"\"}",
                "{\"place\":\"body\"}",
                "{\"pages\":[]}",
                "{\"contents\":\"\"}",
                "{\"enabled\":1}",
                "{\"order\":-1}",
                "{\"enabled\":false,\"revision\":1}"
            })
    void update_withAFault_changesNothing(String body) {
        String path = create(SCRIPT);
        String before = get(path).body();

        assertProblem(patch(path, body), 422, "invalid");
        assertThat(get(path).body()).isEqualTo(before);
    }

    @Test
    void update_fromTheCurrentRevision_passes_andFromAnother_isAConflict() {
        String path = create(SCRIPT);
        Call change = SERVER.operator("PATCH", path).body("application/json", "{\"order\":1}");
        assertThat(change.with("If-Match", "\"1\"").send().status()).isEqualTo(200);
        String before = get(path).body();

        for (Call other : List.of(
                change.with("If-Match", "\"1\""),
                change.with("If-Match", "\"3\""),
                SERVER.operator("DELETE", path).with("If-Match", "\"1\""))) {
            Answer answer = other.send();

            assertProblem(answer, 412, "revision_conflict");
            assertThat(answer.json().path("detail").asString()).contains("revision 2");
        }
        assertThat(get(path).body()).isEqualTo(before);
        assertThat(change.with("If-Match", "*").send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "W/\"2\"", "\"\"", "\"02\"", "\"x\"", "\"1\", \"2\"", "\"99999999999999999999\""})
    void ifMatch_thatIsNoETagOfOurs_isABadRequest(String header) {
        String path = create(SCRIPT);
        String before = get(path).body();
        Call change = SERVER.operator("PATCH", path).body("application/json", "{\"order\":1}");

        assertProblem(change.with("If-Match", header).send(), 400, "bad_request");
        assertProblem(SERVER.operator("DELETE", path).with("If-Match", header).send(), 400, "bad_request");
        assertThat(get(path).body()).isEqualTo(before);
        assertThat(change.with("If-Match", "\"1\"").send().status()).isEqualTo(200);
    }

    @Test
    void remove_isForGood() {
        String path = create(SCRIPT);

        Answer removed = delete(path);

        assertThat(removed.status()).isEqualTo(204);
        assertThat(removed.body()).isEmpty();
        assertProblem(get(path), 404, "no_such_script");
        assertProblem(delete(path), 404, "no_such_script");
        assertProblem(patch(path, "{\"enabled\":false}"), 404, "no_such_script");
    }

    @Test
    void anotherStoresScript_isNoSuchScript() {
        String path = create(SCRIPT);
        String theirs = OTHER_SCRIPTS + path.substring(path.lastIndexOf('/'));
        String before = get(path).body();

        assertProblem(get(theirs), 404, "no_such_script");
        assertProblem(patch(theirs, "{\"enabled\":false}"), 404, "no_such_script");
        assertProblem(delete(theirs), 404, "no_such_script");
        assertThat(get(OTHER_SCRIPTS).body()).isEqualTo("{\"scripts\":[]}");
        assertThat(get(path).body()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "01", "x", "1.0", "99999999999999999999"})
    void idThatIsNone_isNoSuchScript(String id) {
        assertProblem(get(SCRIPTS + "/" + id), 404, "no_such_script");
        assertProblem(delete(SCRIPTS + "/" + id), 404, "no_such_script");
    }

    @Test
    void unknownStore_isSaidToBeUnknown() {
        assertProblem(get("/api/v1/stores/nowhere/scripts"), 404, "unknown_store");
        assertProblem(post("/api/v1/stores/nowhere/scripts", SCRIPT), 404, "unknown_store");
        assertProblem(get("/api/v1/stores/nowhere/scripts/1"), 404, "unknown_store");
    }

    @Test
    void otherMethods_areNotAllowed() {
        Answer answer = SERVER.operator("DELETE", SCRIPTS).send();
        assertProblem(answer, 405, "method_not_allowed");
        assertThat(answer.header("Allow")).contains("GET, HEAD, POST");
        assertThat(SERVER.operator("POST", SCRIPTS + "/1").send().header("Allow"))
                .contains("DELETE, GET, HEAD, PATCH");
    }

    private static String create(String body) {
        Answer created = post(SCRIPTS, body);
        assertThat(created.status()).as(created.body()).isEqualTo(201);
        return created.header("Location").orElseThrow();
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

    private static Answer delete(String path) {
        return SERVER.operator("DELETE", path).send();
    }

    private static void assertProblem(Answer answer, int status, String id) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.json().path("id").asString()).isEqualTo(id);
        assertThat(answer.json().path("detail").asString()).isNotBlank();
    }
}
