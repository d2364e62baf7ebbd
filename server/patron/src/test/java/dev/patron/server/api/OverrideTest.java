package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a store or an operator decided about an app: its developer cannot undo it. */
class OverrideTest {

    private static final String ORIGIN = "https://headless.example:8443";
    private static final String OTHER_ORIGIN = "http://evil.localhost:9999";
    private static final String SECRET = "0123456789abcdef".repeat(2);
    private static final String AT_STORE = "/api/v1/stores/" + TestServer.STORE + "/apps/";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final TestServer SERVER = TestServer.start();
    private static final Member ADA = member(NewMember.developer("ada@example.com", "Ada"));
    private static final String DEVELOPER = token(ADA);
    private static final String STAFF =
            token(member(new NewMember("staff@example.com", "Sam", Role.STAFF, Optional.of(TestServer.STORE))));
    private static final String OTHER_STAFF =
            token(member(new NewMember("other@example.com", "Olga", Role.STAFF, Optional.of(TestServer.OTHER_STORE))));
    private static final String COOKIE = SERVER.signIn();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    // Origins

    @Test
    void origin_ofADevelopersApp_countsNowhere_untilTheStoreApprovesIt() {
        String app = create("\"origins\":[\"" + ORIGIN + "\"]");
        assertThat(ask(app).send().outcome()).isEqualTo("200");
        assertCrossSite(ask(app).with("Origin", ORIGIN).with("Sec-Fetch-Site", "cross-site"));

        assertThat(decide(STAFF, app, ORIGIN, true).status()).isEqualTo(200);

        Answer answer = ask(app).with("Origin", ORIGIN)
                .with("Sec-Fetch-Site", "cross-site")
                .send();
        assertThat(answer.outcome()).isEqualTo("200");
        assertThat(answer.header("Access-Control-Allow-Origin")).contains(ORIGIN);
        assertCrossSite(elsewhere(app).with("Origin", ORIGIN));
        assertCrossSite(ask(app).with("Origin", OTHER_ORIGIN));
        assertCrossSite(ask(create("\"origins\":[\"" + ORIGIN + "\"]")).with("Origin", ORIGIN));

        assertThat(decide(STAFF, app, ORIGIN, false).status()).isEqualTo(200);
        assertCrossSite(ask(app).with("Origin", ORIGIN));
    }

    @Test
    void preflight_ofAnApprovedOrigin_isStillRefused() {
        String app = create("\"origins\":[\"" + ORIGIN + "\"]");
        decide(STAFF, app, ORIGIN, true);
        Call preflight = ask(app).with("Origin", ORIGIN).with("Access-Control-Request-Method", "GET");
        assertThat(preflight.send().outcome()).isEqualTo("200");

        Answer answer = preflight.method("OPTIONS").send();

        assertThat(answer.outcome()).isEqualTo("405 method_not_allowed");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void originList_changed_asksAgain_andKeepsWhatStays() {
        String app = create("\"origins\":[\"" + ORIGIN + "\"]");
        decide(STAFF, app, ORIGIN, true);
        assertThat(ask(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("200");

        change(DEVELOPER, app, "{\"origins\":[\"" + ORIGIN + "\",\"" + OTHER_ORIGIN + "\"]}");
        assertThat(ask(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("200");
        assertCrossSite(ask(app).with("Origin", OTHER_ORIGIN));

        change(DEVELOPER, app, "{\"origins\":[\"" + OTHER_ORIGIN + "\"]}");
        assertCrossSite(ask(app).with("Origin", ORIGIN));

        change(DEVELOPER, app, "{\"origins\":[\"" + ORIGIN + "\"]}");
        assertCrossSite(ask(app).with("Origin", ORIGIN));
    }

    @Test
    void origin_approvedAtEveryStore_canBeWithdrawnByAStore() {
        String app = create("\"origins\":[\"" + ORIGIN + "\"]");
        Answer answer = patch(SERVER.operatorToken(), "/api/v1/apps/" + app + "/origins", decision(ORIGIN, true));
        assertThat(answer.json().path("origins").path(0).path("every_store").asBoolean())
                .isTrue();
        assertThat(ask(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("200");
        assertThat(elsewhere(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("404 not_signed_in");

        decide(STAFF, app, ORIGIN, false);
        assertCrossSite(ask(app).with("Origin", ORIGIN));
        assertThat(elsewhere(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("404 not_signed_in");

        // Neither the operator's approval nor listing the origin anew undoes what the store decided.
        patch(SERVER.operatorToken(), "/api/v1/apps/" + app + "/origins", decision(ORIGIN, true));
        assertCrossSite(ask(app).with("Origin", ORIGIN));
        change(DEVELOPER, app, "{\"origins\":[]}");
        change(DEVELOPER, app, "{\"origins\":[\"" + ORIGIN + "\"]}");
        assertCrossSite(ask(app).with("Origin", ORIGIN));
        assertCrossSite(elsewhere(app).with("Origin", ORIGIN));
        patch(SERVER.operatorToken(), "/api/v1/apps/" + app + "/origins", decision(ORIGIN, true));
        assertThat(elsewhere(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("404 not_signed_in");
        assertCrossSite(ask(app).with("Origin", ORIGIN));
    }

    @Test
    void origin_isDecidedAboutByItsStoreAndOperatorsOnly() {
        String app = create("\"origins\":[\"" + ORIGIN + "\"]");
        String everywhere = "/api/v1/apps/" + app + "/origins";

        assertThat(id(decide(DEVELOPER, app, ORIGIN, true))).isEqualTo("404 unknown_store");
        assertThat(id(decide(OTHER_STAFF, app, ORIGIN, true))).isEqualTo("404 unknown_store");
        assertThat(id(patch(DEVELOPER, everywhere, decision(ORIGIN, true)))).isEqualTo("403 forbidden");
        assertThat(id(patch(STAFF, everywhere, decision(ORIGIN, true)))).isEqualTo("403 forbidden");
        assertThat(id(decide(STAFF, app, OTHER_ORIGIN, true))).isEqualTo("404 no_such_origin");
        assertThat(id(patch(STAFF, AT_STORE + app + "/origins", "{\"origin\":\"" + ORIGIN + "\"}")))
                .isEqualTo("422 invalid");
        assertCrossSite(ask(app).with("Origin", ORIGIN));

        assertThat(decide(SERVER.operatorToken(), app, ORIGIN, true).status()).isEqualTo(200);
        assertThat(ask(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("200");
    }

    @Test
    void origin_ofAnOperatorsApp_wasDecidedByAnOperator() {
        Answer created = post(SERVER.operatorToken(), "{\"name\":\"Ours\",\"origins\":[\"" + ORIGIN + "\"]}");
        String app = created.json().path("client_id").asString();
        assertThat(ask(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("200");

        change(SERVER.operatorToken(), app, "{\"origins\":[\"" + OTHER_ORIGIN + "\"]}");
        assertThat(ask(app).with("Origin", OTHER_ORIGIN).send().outcome()).isEqualTo("200");
        assertCrossSite(ask(app).with("Origin", ORIGIN));
    }

    @Test
    void origin_ofAnOperatorsApp_listedWithATokenThatApprovesNone_awaitsADecision() {
        Member operator = member(new NewMember("op@example.com", "Olaf", Role.OPERATOR, Optional.empty()));
        String appsOnly = token(operator, EnumSet.of(Scope.APPS_READ, Scope.APPS_WRITE));
        String approving = token(operator, EnumSet.of(Scope.APPS_READ, Scope.APPS_WRITE, Scope.STORES_WRITE));
        String body = "{\"name\":\"Ours\",\"origins\":[\"" + ORIGIN + "\"]}";
        String approved = post(approving, body).json().path("client_id").asString();
        assertThat(ask(approved).with("Origin", ORIGIN).send().outcome()).isEqualTo("200");

        Answer created = post(appsOnly, body);
        assertThat(created.status()).isEqualTo(201);
        String app = created.json().path("client_id").asString();
        assertCrossSite(ask(app).with("Origin", ORIGIN));
        change(appsOnly, app, "{\"origins\":[\"" + OTHER_ORIGIN + "\"]}");
        assertCrossSite(ask(app).with("Origin", OTHER_ORIGIN));
        change(appsOnly, approved, "{\"origins\":[\"" + ORIGIN + "\",\"" + OTHER_ORIGIN + "\"]}");
        assertThat(ask(approved).with("Origin", ORIGIN).send().outcome()).isEqualTo("200");
        assertCrossSite(ask(approved).with("Origin", OTHER_ORIGIN));
        assertThat(id(patch(appsOnly, "/api/v1/apps/" + app + "/origins", decision(OTHER_ORIGIN, true))))
                .isEqualTo("403 insufficient_scope");

        change(approving, app, "{\"origins\":[\"" + ORIGIN + "\",\"" + OTHER_ORIGIN + "\"]}");
        assertThat(ask(app).with("Origin", ORIGIN).send().outcome()).isEqualTo("200");
        assertCrossSite(ask(app).with("Origin", OTHER_ORIGIN));
    }

    @Test
    void developer_seesHowOftenAnOriginIsApproved_andNamesOfOpenStoresOnly() {
        String app = create("\"origins\":[\"" + ORIGIN + "\"]");
        decide(STAFF, app, ORIGIN, true);
        String path = "/api/v1/apps/" + app + "/origins";

        assertThat(get(DEVELOPER, path).body())
                .isEqualTo("{\"origins\":[{\"origin\":\"" + ORIGIN + "\",\"every_store\":false,\"approved\":1,"
                        + "\"withdrawn\":0,\"approved_stores\":[],\"withdrawn_stores\":[]}]}");
        assertThat(get(SERVER.operatorToken(), path).body())
                .contains("\"approved_stores\":[\"" + TestServer.STORE + "\"]");
        assertThat(get(STAFF, AT_STORE + app + "/origins").body())
                .contains("\"approved\":true", "\"decided_at\":\"2026-03-01T12:00:00");
    }

    @Test
    void staff_seesNothingOfAppsThatAreMadeForOtherStores() {
        String app = create("\"origins\":[\"" + ORIGIN + "\"],\"stores\":[\"" + TestServer.OTHER_STORE + "\"]");

        assertThat(id(get(STAFF, AT_STORE + app + "/origins"))).isEqualTo("404 no_such_app");
        assertThat(id(decide(STAFF, app, ORIGIN, true))).isEqualTo("404 no_such_app");
        assertThat(patch(STAFF, AT_STORE + app, "{\"allowed\":true}").status()).isEqualTo(200);
        assertThat(decide(STAFF, app, ORIGIN, true).status()).isEqualTo(200);
    }

    // Deleted apps

    @Test
    void clientId_ofADeletedApp_isNeverRegisteredAgain() {
        String app = create("");
        assertThat(ask(app).send().outcome()).isEqualTo("200");
        assertThat(patch(STAFF, AT_STORE + app, "{\"allowed\":false}").status()).isEqualTo(200);
        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");

        assertThat(delete(DEVELOPER, app).status()).isEqualTo(204);
        Answer again = post(
                DEVELOPER, "{\"name\":\"Again\",\"client_id\":\"" + app + "\",\"client_secret\":\"" + SECRET + "\"}");

        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");
        assertThat(id(again)).isEqualTo("409 client_id_deleted");
        assertThat(again.json().path("detail").asString())
                .contains("used by an app that was deleted", "without a client id");
        assertThat(id(post(SERVER.operatorToken(), "{\"name\":\"Again\",\"client_id\":\"" + app + "\"}")))
                .isEqualTo("409 client_id_deleted");
    }

    // Blocked apps

    @Test
    void app_thatAnOperatorDisabled_isNotItsDevelopersToEnable() {
        String app = create("");
        String path = "/api/v1/apps/" + app;
        assertThat(ask(app).send().outcome()).isEqualTo("200");

        Answer blocked = patch(SERVER.operatorToken(), path, "{\"disabled\":true}");
        assertThat(blocked.status()).isEqualTo(200);
        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");

        patch(DEVELOPER, path, "{\"disabled\":false}");
        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");
        assertThat(id(patch(DEVELOPER, path, "{\"blocked\":false}"))).isEqualTo("403 forbidden");
        change(DEVELOPER, app, "{\"name\":\"Another name\"}");
        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");
        assertThat(get(DEVELOPER, path).json().path("blocked").asBoolean()).isTrue();

        assertThat(patch(SERVER.operatorToken(), path, "{\"disabled\":false}")
                        .json()
                        .path("blocked")
                        .asBoolean())
                .isFalse();
        assertThat(ask(app).send().outcome()).isEqualTo("200");
    }

    @Test
    void app_thatIsBlocked_isNotItsDevelopersToDelete() {
        String app = create("");
        String path = "/api/v1/apps/" + app;
        assertThat(delete(DEVELOPER, create("")).status()).isEqualTo(204);
        patch(SERVER.operatorToken(), path, "{\"blocked\":true}");

        Answer refused = delete(DEVELOPER, app);

        assertThat(id(refused)).isEqualTo("409 app_blocked");
        assertThat(refused.json().path("detail").asString())
                .contains("An operator has blocked this app", "Ask an operator");
        assertThat(get(SERVER.operatorToken(), path).json().path("blocked").asBoolean())
                .isTrue();
        assertThat(delete(SERVER.operatorToken(), app).status()).isEqualTo(204);
        assertThat(id(get(SERVER.operatorToken(), path))).isEqualTo("404 no_such_app");
        assertThat(id(delete(DEVELOPER, app))).isEqualTo("404 no_such_app");
    }

    @Test
    void twoSwitches_eitherStopsTokens() {
        String app = create("");
        String path = "/api/v1/apps/" + app;

        patch(DEVELOPER, path, "{\"disabled\":true}");
        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");
        patch(SERVER.operatorToken(), path, "{\"blocked\":true}");
        Answer lifted = patch(SERVER.operatorToken(), path, "{\"disabled\":false}");
        assertThat(lifted.json().path("blocked").asBoolean()).isFalse();
        assertThat(lifted.json().path("disabled").asBoolean()).isTrue();
        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");
        patch(DEVELOPER, path, "{\"disabled\":false}");
        assertThat(ask(app).send().outcome()).isEqualTo("200");
    }

    @Test
    void operatorsApp_hasItsSwitch_andEnablingLiftsABlock() {
        String app = post(SERVER.operatorToken(), "{\"name\":\"Ours\"}")
                .json()
                .path("client_id")
                .asString();
        String path = "/api/v1/apps/" + app;

        Answer disabled = patch(SERVER.operatorToken(), path, "{\"disabled\":true}");
        assertThat(disabled.json().path("disabled").asBoolean()).isTrue();
        assertThat(disabled.json().path("blocked").asBoolean()).isFalse();
        patch(SERVER.operatorToken(), path, "{\"blocked\":true}");
        patch(SERVER.operatorToken(), path, "{\"disabled\":false}");
        assertThat(ask(app).send().outcome()).isEqualTo("200");
    }

    @Test
    void member_disabledWithTheirApps_isUndoneAppByApp() {
        Member bob = member(NewMember.developer("bob@example.com", "Bob"));
        String token = token(bob);
        String app =
                post(token, "{\"name\":\"Bob's\"}").json().path("client_id").asString();
        String path = "/api/v1/members/" + bob.id();
        assertThat(patch(SERVER.operatorToken(), path, "{\"disabled\":true}").status())
                .isEqualTo(200);
        assertThat(ask(app).send().outcome()).isEqualTo("200");

        Answer answer = patch(SERVER.operatorToken(), path, "{\"disabled\":true,\"block_apps\":true}");

        assertThat(answer.json().path("blocked_apps").asInt()).isEqualTo(1);
        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");
        assertThat(id(patch(SERVER.operatorToken(), path, "{\"disabled\":false,\"block_apps\":true}")))
                .isEqualTo("422 invalid");
        patch(SERVER.operatorToken(), path, "{\"disabled\":false}");
        patch(token, "/api/v1/apps/" + app, "{\"disabled\":false}");
        assertThat(ask(app).send().outcome()).isEqualTo("403 unknown_app");
    }

    private static Call ask(String clientId) {
        return SERVER.call("GET", "/customer/current.jwt?app_client_id=" + clientId)
                .with("Cookie", COOKIE);
    }

    private static Call elsewhere(String clientId) {
        return ask(clientId).without("Cookie").host(TestServer.OTHER_HOST);
    }

    private static void assertCrossSite(Call call) {
        Answer answer = call.send();
        assertThat(answer.outcome()).isEqualTo("403 cross_site");
        assertThat(answer.headers()).noneMatch(header -> header.getKey().startsWith("Access-Control-"));
    }

    /** A developer's app, taken over with a client id and a secret. */
    private static String create(String more) {
        String clientId = "override" + String.format("%023d", COUNT.incrementAndGet());
        Answer answer = post(
                DEVELOPER,
                "{\"name\":\"App\",\"client_id\":\"" + clientId + "\",\"client_secret\":\"" + SECRET + "\""
                        + (more.isEmpty() ? "" : "," + more) + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return clientId;
    }

    private static void change(String token, String app, String body) {
        Answer answer = patch(token, "/api/v1/apps/" + app, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static Answer decide(String token, String app, String origin, boolean approved) {
        return patch(token, AT_STORE + app + "/origins", decision(origin, approved));
    }

    private static String decision(String origin, boolean approved) {
        return "{\"origin\":\"" + origin + "\",\"approved\":" + approved + "}";
    }

    private static Answer get(String token, String path) {
        return SERVER.console("GET", path)
                .with("Authorization", "Bearer " + token)
                .send();
    }

    private static Answer post(String token, String body) {
        return SERVER.console("POST", "/api/v1/apps")
                .with("Authorization", "Bearer " + token)
                .body("application/json", body)
                .send();
    }

    private static Answer patch(String token, String path, String body) {
        return SERVER.console("PATCH", path)
                .with("Authorization", "Bearer " + token)
                .body("application/json", body)
                .send();
    }

    private static Answer delete(String token, String app) {
        return SERVER.console("DELETE", "/api/v1/apps/" + app)
                .with("Authorization", "Bearer " + token)
                .send();
    }

    private static String id(Answer answer) {
        return answer.status() + " " + answer.json().path("id").asString();
    }

    private static Member member(NewMember details) {
        try {
            return SERVER.patron().services().members.create(details, "a good pass phrase");
        } catch (MemberExistsException taken) {
            throw new IllegalStateException(taken);
        }
    }

    private static String token(Member member) {
        return token(member, EnumSet.allOf(Scope.class));
    }

    private static String token(Member member, Set<Scope> scopes) {
        return AccessTokens.PREFIX
                + SERVER.patron()
                        .services()
                        .accessTokens
                        .create(member.id(), new NewAccessToken("test", scopes, Optional.empty()))
                        .reveal();
    }
}
