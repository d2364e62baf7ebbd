package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.access.Access;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The API's authorisation: each route, each role, own and foreign objects, each scope missing. */
class ApiAccessTest {

    private static final String PASSWORD = "a good pass phrase";
    private static final String OWN_APP = "own00000000000000000000000000000";
    private static final String FOREIGN_APP = "foreign0000000000000000000000000";
    private static final String NO_APP = "none0000000000000000000000000000";
    private static final String SCRIPT =
            "{\"name\":\"n\",\"place\":\"footer\",\"contents\":\"<!-- -->\",\"enabled\":false}";
    private static final TestServer SERVER = TestServer.start();
    private static final Map<Role, Member> MEMBERS = new EnumMap<>(Role.class);
    private static final Map<Role, String> TOKENS = new EnumMap<>(Role.class);

    static {
        for (Role role : Role.values()) {
            Member member = member(role.name() + "@example.com", role);
            MEMBERS.put(role, member);
            TOKENS.put(role, token(member, EnumSet.allOf(Scope.class)));
        }
        String other = token(member("other@example.com", Role.DEVELOPER), EnumSet.allOf(Scope.class));
        assertThat(createApp(token(Role.DEVELOPER), OWN_APP).status()).isEqualTo(201);
        assertThat(createApp(other, FOREIGN_APP).status()).isEqualTo(201);
    }

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void watch() {
        TOKENS.values().forEach(logs::watch);
        logs.watch(SERVER.operatorToken());
        logs.watch(PASSWORD);
    }

    /**
     * A request, the scope that it takes, and what it is answered to operator, staff of {@link TestServer#STORE} and the
     * developer of {@link #OWN_APP}. The requests change nothing: what is allowed fails later, for its own reason.
     */
    static List<Arguments> requests() {
        return Stream.concat(appRequests().stream(), storeRequests().stream()).toList();
    }

    /** Each for the staff's own store, for another one, and for a store that does not exist. */
    private static List<Arguments> storeRequests() {
        List<Arguments> requests = new ArrayList<>();
        requests.addAll(ofStore("GET", "", "", Scope.STORES_READ, "200"));
        requests.addAll(ofStore("GET", "/customers", "", Scope.STORES_READ, "200"));
        requests.addAll(ofStore("POST", "/customers", "{}", Scope.STORES_WRITE, "422 invalid"));
        requests.addAll(ofStore("GET", "/customers/4927", "", Scope.STORES_READ, "200"));
        requests.addAll(ofStore("PATCH", "/customers/4927", "{}", Scope.STORES_WRITE, "422 invalid"));
        requests.addAll(ofStore("DELETE", "/customers/9", "", Scope.STORES_WRITE, "404 no_such_customer"));
        requests.addAll(ofStore("POST", "/customers/4927/password-links", "", Scope.STORES_WRITE, "201"));
        requests.addAll(ofStore("DELETE", "/customers/4927/sessions", "", Scope.STORES_WRITE, "204"));
        requests.addAll(ofStore("GET", "/sessions", "", Scope.STORES_READ, "200"));
        requests.addAll(ofStore("DELETE", "/sessions/1", "", Scope.STORES_WRITE, "404 no_such_session"));
        requests.addAll(ofStore("GET", "/disclosures", "", Scope.LEDGER_READ, "200"));
        requests.addAll(ofStore("PATCH", "/apps/" + NO_APP, "{}", Scope.STORES_WRITE, "422 invalid"));
        requests.addAll(ofStore("GET", "/apps/" + OWN_APP + "/origins", "", Scope.STORES_READ, "200"));
        requests.addAll(ofStore("PATCH", "/apps/" + OWN_APP + "/origins", "{}", Scope.STORES_WRITE, "422 invalid"));
        String no = "403 forbidden";
        requests.add(request("GET", "/api/v1/members", "", Scope.MEMBERS_WRITE, "200", no, no));
        requests.add(request("POST", "/api/v1/members/invitations", "{}", Scope.MEMBERS_WRITE, "422 invalid", no, no));
        requests.add(request("PATCH", "/api/v1/members/999", "{}", Scope.MEMBERS_WRITE, "422 invalid", no, no));
        requests.add(request(
                "POST", "/api/v1/members/999/password-links", "", Scope.MEMBERS_WRITE, "404 no_such_member", no, no));
        // Hosts and the scheme are the operators'.
        String settings = "/api/v1/stores/" + TestServer.STORE;
        requests.add(request(
                "PATCH", settings, "{}", Scope.STORES_WRITE, "422 invalid", "403 forbidden", "404 unknown_store"));
        return requests;
    }

    private static List<Arguments> ofStore(String method, String path, String body, Scope scope, String allowed) {
        String none = "404 unknown_store";
        return List.of(
                request(method, "/api/v1/stores/" + TestServer.STORE + path, body, scope, allowed, allowed, none),
                request(method, "/api/v1/stores/" + TestServer.OTHER_STORE + path, body, scope, allowed, none, none),
                request(method, "/api/v1/stores/nowhere" + path, body, scope, none, none, none));
    }

    @Test
    void everyRoute_isAskedForHere() {
        List<Pattern> routes = SERVER.patron().console().routes().all().stream()
                .filter(route -> route.contains(" /api/") && !route.endsWith("openapi.yaml"))
                .map(route -> Pattern.compile(Pattern.quote(route).replace("*", "\\E[^/]+\\Q")))
                .toList();
        List<String> asked = requests().stream()
                .map(request -> request.get()[0] + " " + request.get()[1])
                .toList();

        assertThat(routes)
                .isNotEmpty()
                .allSatisfy(route -> assertThat(asked)
                        .anyMatch(request -> route.matcher(request).matches()));
    }

    private static List<Arguments> appRequests() {
        String own = "/api/v1/apps/" + OWN_APP;
        String foreign = "/api/v1/apps/" + FOREIGN_APP;
        String operators = "/api/v1/apps/" + TestServer.CLIENT_ID;
        String none = "/api/v1/apps/" + NO_APP;
        String noApp = "404 no_such_app";
        String store = "/api/v1/stores/" + TestServer.STORE + "/scripts";
        String other = "/api/v1/stores/" + TestServer.OTHER_STORE + "/scripts";
        String noStore = "404 unknown_store";
        String fingerprint = "{\"fingerprint\":\"0000000000000000\"}";
        return List.of(
                request("GET", "/api/v1/apps", "", Scope.APPS_READ, "200", "200", "200"),
                request("POST", "/api/v1/apps", "{}", Scope.APPS_WRITE, "422 invalid", "403 forbidden", "422 invalid"),
                request("GET", own, "", Scope.APPS_READ, "200", noApp, "200"),
                request("GET", foreign, "", Scope.APPS_READ, "200", noApp, noApp),
                request("GET", operators, "", Scope.APPS_READ, "200", noApp, noApp),
                request("GET", none, "", Scope.APPS_READ, noApp, noApp, noApp),
                request("PATCH", own, "{}", Scope.APPS_WRITE, "422 invalid", noApp, "422 invalid"),
                request("PATCH", foreign, "{}", Scope.APPS_WRITE, "422 invalid", noApp, noApp),
                request("DELETE", none, "", Scope.APPS_WRITE, noApp, noApp, noApp),
                request("GET", own + "/activity", "", Scope.APPS_READ, "200", noApp, "200"),
                request("GET", foreign + "/activity", "", Scope.APPS_READ, "200", noApp, noApp),
                request("GET", none + "/activity", "", Scope.APPS_READ, noApp, noApp, noApp),
                request("POST", own + "/secrets", "{\"x\":1}", Scope.APPS_WRITE, "422 invalid", noApp, "422 invalid"),
                request("POST", foreign + "/secrets", "{\"x\":1}", Scope.APPS_WRITE, "422 invalid", noApp, noApp),
                request("PATCH", own + "/secrets/1", "{}", Scope.APPS_WRITE, "422 invalid", noApp, "422 invalid"),
                request("PATCH", foreign + "/secrets/1", "{}", Scope.APPS_WRITE, "422 invalid", noApp, noApp),
                request(
                        "DELETE",
                        own + "/secrets/0",
                        "",
                        Scope.APPS_WRITE,
                        "404 no_such_secret",
                        noApp,
                        "404 no_such_secret"),
                request("DELETE", foreign + "/secrets/0", "", Scope.APPS_WRITE, "404 no_such_secret", noApp, noApp),
                request(
                        "POST",
                        own + "/verifications",
                        fingerprint,
                        Scope.APPS_REPORT,
                        "404 no_such_secret",
                        noApp,
                        "404 no_such_secret"),
                request(
                        "POST",
                        foreign + "/verifications",
                        fingerprint,
                        Scope.APPS_REPORT,
                        "404 no_such_secret",
                        noApp,
                        noApp),
                request("GET", own + "/origins", "", Scope.APPS_READ, "200", noApp, "200"),
                request("GET", foreign + "/origins", "", Scope.APPS_READ, "200", noApp, noApp),
                request("GET", none + "/origins", "", Scope.APPS_READ, noApp, noApp, noApp),
                request(
                        "PATCH",
                        own + "/origins",
                        "{}",
                        Scope.STORES_WRITE,
                        "422 invalid",
                        "403 forbidden",
                        "403 forbidden"),
                inspection(OWN_APP, "200", noApp, "200"),
                inspection(FOREIGN_APP, "200", noApp, noApp),
                inspection(NO_APP, noApp, noApp, noApp),
                request("GET", "/api/v1/stores", "", Scope.STORES_READ, "200", "200", "200"),
                request(
                        "POST",
                        "/api/v1/stores",
                        "{}",
                        Scope.STORES_WRITE,
                        "422 invalid",
                        "403 forbidden",
                        "403 forbidden"),
                request("GET", "/api/v1/diagnostics", "", Scope.STORES_READ, "200", "403 forbidden", "403 forbidden"),
                request("GET", "/api/v1/backup", "", Scope.SERVER_BACKUP, "200", "403 forbidden", "403 forbidden"),
                request("GET", "/api/v1/metrics", "", Scope.STORES_READ, "200", "403 forbidden", "403 forbidden"),
                request("GET", store, "", Scope.STORES_READ, "200", "200", noStore),
                request("GET", other, "", Scope.STORES_READ, "200", noStore, noStore),
                request("GET", "/api/v1/stores/nowhere/scripts", "", Scope.STORES_READ, noStore, noStore, noStore),
                request("POST", store, "{}", Scope.STORES_WRITE, "422 invalid", "422 invalid", noStore),
                request("POST", other, SCRIPT, Scope.STORES_WRITE, "201", noStore, noStore),
                request(
                        "GET",
                        store + "/999",
                        "",
                        Scope.STORES_READ,
                        "404 no_such_script",
                        "404 no_such_script",
                        noStore),
                request("GET", other + "/999", "", Scope.STORES_READ, "404 no_such_script", noStore, noStore),
                request("PATCH", store + "/999", "{}", Scope.STORES_WRITE, "422 invalid", "422 invalid", noStore),
                request("PATCH", other + "/999", "{}", Scope.STORES_WRITE, "422 invalid", noStore, noStore),
                request(
                        "DELETE",
                        store + "/999",
                        "",
                        Scope.STORES_WRITE,
                        "404 no_such_script",
                        "404 no_such_script",
                        noStore),
                request("DELETE", other + "/999", "", Scope.STORES_WRITE, "404 no_such_script", noStore, noStore));
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("requests")
    void request_isAnsweredToEachRole_andToNobodyWithoutTheScope(
            String method, String path, String body, Scope scope, List<String> expected) {
        assertThat(outcome(send(SERVER.operatorToken(), method, path, body))).isEqualTo(expected.getFirst());
        Iterator<String> outcomes = expected.iterator();
        for (Role role : Role.values()) {
            assertThat(outcome(send(token(role), method, path, body)))
                    .as(role.name())
                    .isEqualTo(outcomes.next());

            Set<Scope> others = EnumSet.complementOf(EnumSet.of(scope));
            String without = token(member(role), others);
            logs.watch(without);
            assertThat(outcome(send(without, method, path, body)))
                    .as(role + " without " + scope)
                    .isEqualTo("403 insufficient_scope");
            SERVER.patron()
                    .services()
                    .accessTokens
                    .revoke(
                            member(role),
                            SERVER.patron()
                                    .services()
                                    .accessTokens
                                    .list(member(role))
                                    .getFirst()
                                    .id());
            assertThat(outcome(send(without, method, path, body))).isEqualTo("401 unauthorized");
        }
        assertThat(outcome(SERVER.console(method, path).send())).isEqualTo("401 unauthorized");
    }

    @Test
    void foreignObject_isAnsweredToTheLetterLikeOneThatDoesNotExist() {
        String developer = token(Role.DEVELOPER);
        String staff = token(Role.STAFF);

        assertThat(send(developer, "GET", "/api/v1/apps/" + FOREIGN_APP, "").body())
                .isEqualTo(send(developer, "GET", "/api/v1/apps/" + NO_APP, "").body());
        assertThat(send(staff, "GET", "/api/v1/stores/" + TestServer.OTHER_STORE + "/scripts", "")
                        .body())
                .isEqualTo(
                        send(staff, "GET", "/api/v1/stores/nowhere/scripts", "").body());
    }

    @Test
    void appsAndStores_comeInParts() {
        String operator = token(Role.OPERATOR);
        for (String list : List.of("apps", "stores")) {
            List<String> keys = new ArrayList<>();
            String part = "/api/v1/" + list + "?limit=1";
            String next = "";
            while (next != null) {
                JsonNode answer =
                        send(operator, "GET", part + "&after=" + next, "").json();
                assertThat(answer.path(list).size()).isEqualTo(1);
                keys.add(answer.path(list)
                        .path(0)
                        .path(list.equals("apps") ? "client_id" : "store_hash")
                        .asString());
                next = answer.path("next").asStringOpt().orElse(null);
            }
            assertThat(keys).as(list).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(1);
            assertThat(outcome(send(operator, "GET", part + "&after=%20", ""))).isEqualTo("422 invalid");
        }
    }

    @Test
    void lists_showWhatTheCallerMaySee() {
        assertThat(send(token(Role.OPERATOR), "GET", "/api/v1/apps", "").body())
                .contains(OWN_APP, FOREIGN_APP, TestServer.CLIENT_ID);
        assertThat(send(token(Role.DEVELOPER), "GET", "/api/v1/apps", "").body())
                .contains(OWN_APP)
                .doesNotContain(FOREIGN_APP, TestServer.CLIENT_ID);
        assertThat(send(token(Role.STAFF), "GET", "/api/v1/apps", "").body()).isEqualTo("{\"apps\":[],\"next\":null}");
        assertThat(send(token(Role.OPERATOR), "GET", "/api/v1/stores", "").body())
                .contains(TestServer.STORE, TestServer.OTHER_STORE);
        assertThat(send(token(Role.STAFF), "GET", "/api/v1/stores", "").body())
                .contains(TestServer.STORE)
                .doesNotContain(TestServer.OTHER_STORE);
        assertThat(send(token(Role.DEVELOPER), "GET", "/api/v1/stores", "").body())
                .isEqualTo("{\"stores\":[],\"next\":null}");
    }

    @Test
    void token_ofADisabledMember_letsNobodyIn() {
        Member member = member("disabled@example.com", Role.OPERATOR);
        String token = token(member, EnumSet.allOf(Scope.class));
        logs.watch(token);
        assertThat(outcome(send(token, "GET", "/api/v1/apps", ""))).isEqualTo("200");

        SERVER.patron().services().members.setDisabled(member.id(), true);

        assertThat(outcome(send(token, "GET", "/api/v1/apps", ""))).isEqualTo("401 unauthorized");
    }

    @Test
    void token_isTakenFromItsHeaderOnly() {
        String token = token(Role.OPERATOR);
        Call call = SERVER.console("GET", "/api/v1/apps");
        assertThat(call.with("Authorization", "bearer " + token).send().status())
                .isEqualTo(200);

        for (Call other : List.of(
                call.with("Cookie", "PATRON_CONSOLE_SESSION=" + token.substring(AccessTokens.PREFIX.length())),
                call.target("/api/v1/apps?access_token=" + token),
                call.with("Authorization", "Basic " + token),
                call.with("Authorization", token),
                call.with("Authorization", "Bearer " + token).with("authorization", "Bearer " + token))) {
            assertThat(outcome(other.send())).isEqualTo("401 unauthorized");
        }
    }

    private static Arguments request(
            String method, String path, String body, Scope scope, String operator, String staff, String developer) {
        return Arguments.of(method, path, body, scope, List.of(operator, staff, developer));
    }

    private static Arguments inspection(String clientId, String operator, String staff, String developer) {
        String body = "{\"token\":\"x\",\"client_id\":\"" + clientId + "\"}";
        return request("POST", "/api/v1/tokens/inspect", body, Scope.APPS_READ, operator, staff, developer);
    }

    private static Answer createApp(String token, String clientId) {
        return send(token, "POST", "/api/v1/apps", "{\"name\":\"n\",\"client_id\":\"" + clientId + "\"}");
    }

    private static Answer send(String token, String method, String path, String body) {
        Call call = SERVER.console(method, path).with("Authorization", "Bearer " + token);
        return (body.isEmpty() ? call : call.body("application/json", body)).send();
    }

    private static String outcome(Answer answer) {
        return answer.status() < 400
                ? Integer.toString(answer.status())
                : answer.status() + " " + answer.json().path("id").asString();
    }

    private static Member member(Role role) {
        return Objects.requireNonNull(MEMBERS.get(role));
    }

    private static String token(Role role) {
        return Objects.requireNonNull(TOKENS.get(role));
    }

    private static Member member(String email, Role role) {
        Optional<String> store = role == Role.STAFF ? Optional.of(TestServer.STORE) : Optional.empty();
        try {
            return SERVER.patron().services().members.create(new NewMember(email, "Ada", role, store), PASSWORD);
        } catch (MemberExistsException taken) {
            throw new IllegalStateException(taken);
        }
    }

    private static String token(Member member, Set<Scope> scopes) {
        NewAccessToken details = new NewAccessToken("test", scopes, Optional.empty());
        assertThat(Access.scopes(member.role())).isNotEmpty();
        return AccessTokens.PREFIX
                + SERVER.patron()
                        .services()
                        .accessTokens
                        .create(member.id(), details)
                        .reveal();
    }
}
