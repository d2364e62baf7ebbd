package dev.patron.sandbox.installation;

import static dev.patron.server.TestServer.CLIENT_ID;
import static dev.patron.server.TestServer.CLIENT_SECRET;
import static dev.patron.server.TestServer.OTHER_STORE;
import static dev.patron.server.TestServer.STORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patron.endpoint.contract.Answer;
import dev.patron.sandbox.management.Grant;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.Together;
import dev.patron.server.console.ConsoleBrowser;
import dev.patron.server.http.Json;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An app is installed, opened and uninstalled: the whole way over HTTP, with the app's own server at the other end. */
class InstallationTest {

    private static final String PASSWORD = "a password for members";
    private static final String OPERATOR = "operator@example.com";
    private static final String STAFF = "staff@example.com";
    private static final String DEVELOPER = "developer@example.com";
    private static final Set<StoreScope> SCOPES =
            EnumSet.of(StoreScope.STORE_V2_ORDERS_READ_ONLY, StoreScope.STORE_V2_PRODUCTS);

    @RegisterExtension
    private final LogSecrecy log = new LogSecrecy();

    private final AppServer app = new AppServer();
    private TestServer server;
    private InstallationModule module;
    private ConsoleBrowser staff;
    private Member staffMember;
    private Member operatorMember;

    @BeforeEach
    void start() {
        AtomicReference<InstallationModule> added = new AtomicReference<>();
        server = TestServer.start(
                patron -> added.set(InstallationModule.addTo(patron)),
                "patron.console.idle-limit=30d",
                "patron.console.absolute-limit=30d");
        module = added.get();
        operatorMember = member(NewMember.operator(OPERATOR, "Olga"));
        staffMember = member(new NewMember(STAFF, "Stan", Role.STAFF, Optional.of(STORE)));
        staff = browser(STAFF);
        module.registrations().save(CLIENT_ID, registration(SCOPES));
        log.watch(CLIENT_SECRET);
        log.watch(OPERATOR);
        log.watch(STAFF);
    }

    @AfterEach
    void stop() {
        module.close();
        server.close();
        app.close();
    }

    @Test
    void app_isInstalledOpenedAndUninstalled() {
        String page = staff.get("/installations/" + STORE).body();
        assertThat(page).contains("Test App").contains(">Install<").doesNotContain(">Open<");

        Answer question = staff.get(authorize(Map.of()));
        assertThat(question.status()).isEqualTo(200);
        assertThat(ConsoleBrowser.text(question))
                .contains("Install Test App ?")
                .contains("See orders: who bought what, and for how much store_v2_orders_read_only")
                .contains("See and change products and prices store_v2_products")
                .contains("at Test Store");
        assertThat(question.header("Content-Security-Policy").orElseThrow())
                .contains("form-action 'self' " + app.url("") + ";");

        Answer consent = staff.post("/oauth2/authorize", fields(Map.of("decision", "allow", "state", "a b&c")));
        assertThat(consent.status()).isEqualTo(302);
        URI callback = URI.create(consent.header("Location").orElseThrow());
        assertThat(callback.toString()).startsWith(app.url("/auth?x=1&code="));
        Map<String, String> came = AppServer.parameters(callback);
        assertThat(came.keySet()).containsExactly("x", "code", "scope", "context", "account_uuid", "state");
        assertThat(came)
                .containsEntry("scope", "store_v2_orders_read_only store_v2_products")
                .containsEntry("context", "stores/abc123")
                .containsEntry("state", "a b&c");

        Answer exchanged = exchange(came, Map.of());
        assertThat(exchanged.status()).isEqualTo(200);
        assertThat(exchanged.header("Cache-Control").orElseThrow()).contains("no-store");
        String token = exchanged.json().path("access_token").asString();
        log.watch(token);
        assertThat(exchanged.body())
                .isEqualTo(
                        "{\"access_token\":\"" + token + "\",\"scope\":\"store_v2_orders_read_only store_v2_products\","
                                + "\"user\":{\"id\":" + staffMember.id() + ",\"username\":\"" + STAFF
                                + "\",\"email\":\"" + STAFF
                                + "\"},\"owner\":{\"id\":" + operatorMember.id() + ",\"username\":\"" + OPERATOR
                                + "\",\"email\":\"" + OPERATOR + "\"},\"context\":\"stores/abc123\",\"account_uuid\":\""
                                + came.get("account_uuid") + "\"}");
        assertThat(grant(token))
                .contains(new Grant(STORE, CLIENT_ID, Set.of("store_v2_orders_read_only", "store_v2_products")));
        assertThat(staff.get("/installations/" + STORE).body())
                .contains(">Open<")
                .contains(">Uninstall<");

        Answer opened = staff.get("/installations/" + STORE + "/apps/" + CLIENT_ID + "/open");
        assertThat(opened.status()).isEqualTo(302);
        URI load = URI.create(opened.header("Location").orElseThrow());
        assertThat(load.toString()).startsWith(app.url("/load?signed_payload_jwt="));
        assertSigned(load, staffMember.id(), STAFF);
        assertThat(staff.get("/installations/" + STORE).body()).contains("Used by <bdi>Stan</bdi>");

        Map<String, String> named = Map.of("member_id", Long.toString(staffMember.id()));
        Answer forgetting = staff.post("/installations/" + STORE + "/apps/" + CLIENT_ID + "/remove-user", named);
        assertThat(forgetting.status()).isEqualTo(200);
        assertThat(ConsoleBrowser.text(forgetting)).contains("This cannot be undone", "Owner", "Stan");
        assertThat(module.tell()).isZero();
        Map<String, String> user = Map.of("member_id", Long.toString(staffMember.id()), "confirmed", "yes");
        assertThat(staff.post("/installations/" + STORE + "/apps/" + CLIENT_ID + "/remove-user", user)
                        .status())
                .isEqualTo(302);
        assertThat(module.tell()).isEqualTo(1);
        assertThat(app.calls()).hasSize(1);
        assertThat(app.calls().getFirst().getPath()).isEqualTo("/remove-user");
        assertSigned(app.calls().getFirst(), staffMember.id(), STAFF);
        assertThat(staff.post("/installations/" + STORE + "/apps/" + CLIENT_ID + "/remove-user", user)
                        .status())
                .isEqualTo(404);

        Answer uninstalling = staff.post("/installations/" + STORE + "/apps/" + CLIENT_ID + "/uninstall", Map.of());
        assertThat(uninstalling.status()).isEqualTo(200);
        assertThat(ConsoleBrowser.text(uninstalling))
                .contains("This cannot be undone", "Test App", "The operators of this server");
        assertThat(grant(token)).isPresent();
        assertThat(staff.post(
                                "/installations/" + STORE + "/apps/" + CLIENT_ID + "/uninstall",
                                Map.of("confirmed", "yes"))
                        .status())
                .isEqualTo(302);
        assertThat(grant(token)).isEmpty();
        assertThat(module.tell()).isEqualTo(1);
        assertThat(app.calls().getLast().getPath()).isEqualTo("/uninstall");
        assertSigned(app.calls().getLast(), staffMember.id(), STAFF);
        assertThat(module.tell()).isZero();
        assertThat(staff.get("/installations/" + STORE + "/apps/" + CLIENT_ID + "/open")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void exchange_takesJsonToo() {
        Map<String, String> came = consent();

        Answer answer = server.console("POST", "/oauth2/token")
                .body("application/json", new String(Json.write(request(came)), StandardCharsets.UTF_8))
                .send();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(grant(answer.json().path("access_token").asString())).isPresent();
    }

    /** One thing is changed in a request that is accepted afterwards. */
    @ParameterizedTest
    @CsvSource({
        "grant_type, password, Invalid grant type.",
        "client_id, 7sv16tfx3j5gsopm42ss5dd67g2srvq, Invalid client id.",
        "client_id, '', Invalid client id.",
        "client_secret, 1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, Invalid client secret.",
        "client_secret, '', Invalid client secret.",
        "code, AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, Invalid code.",
        "code, x, Invalid code.",
        "redirect_uri, http://127.0.0.1/auth, Invalid redirect uri.",
        "redirect_uri, '', Invalid redirect uri.",
        "context, stores/xyz789, Invalid context.",
        "context, '', Invalid context.",
        "scope, store_v2_products, Invalid scope.",
        "scope, store_v2_orders_read_only store_v2_products store_v2_customers, Invalid scope.",
        "scope, store_v2_everything, Invalid scope.",
        "scope, '', Invalid scope."
    })
    void exchange_ofSomethingElse_isRefused(String field, String value, String error) {
        Map<String, String> came = consent();

        Answer refused = exchange(came, Map.of(field, value));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("error").asString()).startsWith(error);
        assertThat(refused.body()).doesNotContain(CLIENT_SECRET).doesNotContain(came.get("code"));
        assertThat(module.installations().find(STORE, CLIENT_ID)).isEmpty();
        assertThat(exchange(came, Map.of()).status()).isEqualTo(200);
    }

    @Test
    void exchange_ofTheCodeOfAnotherApp_isRefused() {
        Map<String, String> came = consent();
        String other = CLIENT_ID.replace('6', '7');
        server.addApp(other, dev.patron.token.JwsAlgorithm.HS256, Set.of(), Set.of());

        assertThat(exchange(came, Map.of("client_id", other))
                        .json()
                        .path("error")
                        .asString())
                .isEqualTo("Invalid code.");
        assertThat(exchange(came, Map.of()).status()).isEqualTo(200);
    }

    @Test
    void code_isGoodForAMinute() {
        Map<String, String> late = consent();
        server.clock().advance(Duration.ofSeconds(60));
        assertThat(exchange(late, Map.of()).json().path("error").asString()).isEqualTo("Invalid code. It has expired.");

        Map<String, String> inTime = consent();
        server.clock().advance(Duration.ofMillis(59_999));
        assertThat(exchange(inTime, Map.of()).status()).isEqualTo(200);
    }

    @Test
    void code_shownAgain_takesBackWhatItGave() {
        String kept = module.installations().install(OTHER_STORE, CLIENT_ID, Set.of("store_v2_products"));
        Map<String, String> came = consent();
        String token = exchange(came, Map.of()).json().path("access_token").asString();
        assertThat(grant(token)).isPresent();
        // Whoever does not know the secret takes nothing back.
        assertThat(exchange(came, Map.of("client_secret", "x")).status()).isEqualTo(400);
        assertThat(grant(token)).isPresent();

        assertThat(exchange(came, Map.of()).json().path("error").asString()).contains("taken back");

        assertThat(grant(token)).isEmpty();
        assertThat(module.installations().find(STORE, CLIENT_ID)).isEmpty();
        assertThat(grant(kept)).isPresent();
    }

    @Test
    void code_exchangedTenTimesAtOnce_givesOneToken() throws Exception {
        Map<String, String> came = consent();
        Callable<Answer> exchange = () -> exchange(came, Map.of());

        List<Answer> answers = Together.run(Collections.nCopies(10, exchange));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() == 400).hasSize(9);
        // The others showed it again.
        assertThat(module.installations().find(STORE, CLIENT_ID)).isEmpty();
    }

    @Test
    void token_isOfNoUse_whileTheAppIsDisabledBlockedOrBarred_orWithoutConsent() {
        String token = module.installations().install(STORE, CLIENT_ID, Set.of("store_v2_orders", "store_v2_products"));
        assertThat(grant(token)).isPresent();

        server.patron().services().apps.setDisabled(CLIENT_ID, OptionalLong.empty(), true);
        assertThat(grant(token)).isEmpty();
        server.patron().services().apps.setDisabled(CLIENT_ID, OptionalLong.empty(), false);
        server.patron().services().apps.setBlocked(CLIENT_ID, OptionalLong.empty(), true);
        assertThat(grant(token)).isEmpty();
        server.patron().services().apps.setBlocked(CLIENT_ID, OptionalLong.empty(), false);
        server.patron().services().apps.setAllowedAt(STORE, CLIENT_ID, false);
        assertThat(grant(token)).isEmpty();
        server.patron().services().apps.setAllowedAt(STORE, CLIENT_ID, true);
        assertThat(grant(token)).isPresent();

        // Anew, with less: the old token shrinks too.
        String less = module.installations().install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
        assertThat(grant(token).orElseThrow().scopes()).containsExactly("store_v2_orders");
        // Anew, with more: the old one has what it had.
        module.installations()
                .install(STORE, CLIENT_ID, Set.of("store_v2_orders", "store_v2_products", "store_v2_content"));
        assertThat(grant(less).orElseThrow().scopes()).containsExactly("store_v2_orders");
        assertThat(grant(token).orElseThrow().scopes())
                .containsExactlyInAnyOrder("store_v2_orders", "store_v2_products");

        assertThat(grant("x")).isEmpty();
        assertThat(grant("A".repeat(43))).isEmpty();
        server.patron().services().apps.delete(CLIENT_ID, OptionalLong.empty());
        assertThat(grant(token)).isEmpty();
    }

    @Test
    void scopes_thatGrow_areConsentedToAnew() {
        exchange(consent(), Map.of());
        assertThat(staff.get("/installations/" + STORE).body()).doesNotContain("Asks for more");
        Set<StoreScope> more = EnumSet.copyOf(SCOPES);
        more.add(StoreScope.STORE_V2_CUSTOMERS_LOGIN);
        module.registrations().save(CLIENT_ID, registration(more));

        assertThat(staff.get("/installations/" + STORE).body())
                .contains("Asks for more")
                .contains(">Update<");
        String scope = "store_v2_orders_read_only store_v2_products store_v2_customers_login";
        String question = ConsoleBrowser.text(staff.get(authorize(Map.of("scope", scope))));
        assertThat(question)
                .contains("Update Test App ?")
                .contains("Sign in to the store as any customer store_v2_customers_login Far-reaching New");
        assertThat(server.patron().services().logins.permitted(STORE)).isEmpty();

        URI callback = URI.create(staff.post("/oauth2/authorize", fields(Map.of("decision", "allow", "scope", scope)))
                .header("Location")
                .orElseThrow());
        assertThat(exchange(AppServer.parameters(callback), Map.of()).status()).isEqualTo(200);
        assertThat(server.patron().services().logins.permitted(STORE)).containsExactly(CLIENT_ID);

        staff.post("/installations/" + STORE + "/apps/" + CLIENT_ID + "/uninstall", Map.of("confirmed", "yes"));
        assertThat(server.patron().services().logins.permitted(STORE)).isEmpty();
    }

    @Test
    void refusal_isToldToTheApp() {
        assertThat(staff.post("/oauth2/authorize", fields(Map.of("decision", "deny", "state", "s")))
                        .header("Location"))
                .contains(app.url("/auth?x=1&error=access_denied&state=s"));
        assertThat(module.installations().find(STORE, CLIENT_ID)).isEmpty();
    }

    /** Whatever is wrong is shown here: nobody is sent anywhere. */
    @ParameterizedTest
    @CsvSource({
        "client_id, 7sv16tfx3j5gsopm42ss5dd67g2srvq, 400 invalid_authorization",
        "redirect_uri, https://elsewhere.example/, 400 invalid_authorization",
        "redirect_uri, '', 400 invalid_authorization",
        "response_type, token, 400 invalid_authorization",
        "scope, '', 400 invalid_authorization",
        "scope, store_v2_customers, 400 invalid_authorization",
        "scope, store_v2_nothing, 400 invalid_authorization",
        "context, stores/nowhere, 400 invalid_authorization",
        "context, abc123, 400 invalid_authorization",
        "context, stores/xyz789, 404 not_found"
    })
    void authorize_inTheWrongWay_isShown(String field, String value, String problem) {
        assertThat(staff.get(authorize(Map.of())).status()).isEqualTo(200);

        for (Answer answer : List.of(
                staff.get(authorize(Map.of(field, value))),
                staff.post("/oauth2/authorize", fields(Map.of(field, value, "decision", "allow"))))) {
            assertThat(ConsoleBrowser.problem(answer)).isEqualTo(problem);
            assertThat(answer.header("Location")).isEmpty();
        }
    }

    @Test
    void authorize_ofAnAppThatIsBarredOrDisabled_isRefused() {
        server.patron().services().apps.setAllowedAt(STORE, CLIENT_ID, false);
        assertThat(ConsoleBrowser.problem(staff.get(authorize(Map.of())))).isEqualTo("403 app_not_allowed");
        assertThat(ConsoleBrowser.problem(staff.get(authorize(Map.of("context", "")))))
                .isEqualTo("403 no_store");
        server.patron().services().apps.setAllowedAt(STORE, CLIENT_ID, true);
        server.patron().services().apps.setDisabled(CLIENT_ID, OptionalLong.empty(), true);
        assertThat(ConsoleBrowser.problem(staff.get(authorize(Map.of())))).isEqualTo("400 invalid_authorization");
        server.patron().services().apps.setDisabled(CLIENT_ID, OptionalLong.empty(), false);
        assertThat(staff.get(authorize(Map.of())).status()).isEqualTo(200);
        server.patron().services().apps.setBlocked(CLIENT_ID, OptionalLong.empty(), true);
        assertThat(ConsoleBrowser.problem(staff.get(authorize(Map.of())))).isEqualTo("400 invalid_authorization");
    }

    @Test
    void exchange_ofAnAppThatWasDisabledMeanwhile_isRefused() {
        Map<String, String> came = consent();
        server.patron().services().apps.setDisabled(CLIENT_ID, OptionalLong.empty(), true);
        assertThat(exchange(came, Map.of()).status()).isEqualTo(400);
    }

    @Test
    void exchange_ofAnAppThatWasBlockedMeanwhile_isRefused() {
        assertThat(exchange(consent(), Map.of()).status()).isEqualTo(200);

        Map<String, String> came = consent();
        server.patron().services().apps.setBlocked(CLIENT_ID, OptionalLong.empty(), true);

        assertThat(exchange(came, Map.of()).status()).isEqualTo(400);
    }

    @Test
    void authorize_asksToSignInFirst_andGoesOnAfterwards() {
        ConsoleBrowser nobody = ConsoleBrowser.at(server, log);
        Answer answer = nobody.get(authorize(Map.of()));
        assertThat(answer.header("Location"))
                .contains("/sign-in?to=" + URLEncoder.encode(authorize(Map.of()), StandardCharsets.UTF_8));
        assertThat(nobody.post("/sign-in", Map.of("email", STAFF, "password", PASSWORD, "to", authorize(Map.of())))
                        .header("Location"))
                .contains(authorize(Map.of()));
    }

    @Test
    void operator_choosesTheStore() {
        ConsoleBrowser operator = browser(OPERATOR);
        assertThat(operator.get(authorize(Map.of("context", ""))).body())
                .contains("<option value=\"stores/abc123\">")
                .contains("<option value=\"stores/xyz789\">");
        assertThat(ConsoleBrowser.problem(
                        operator.post("/oauth2/authorize", fields(Map.of("context", "", "decision", "allow")))))
                .isEqualTo("400 invalid_authorization");
        assertThat(operator.post("/oauth2/authorize", fields(Map.of("context", "stores/xyz789", "decision", "allow")))
                        .status())
                .isEqualTo(302);
    }

    @Test
    void formsOfOtherSites_areRefused() {
        assertThat(staff.call("/oauth2/authorize", fields(Map.of("decision", "allow")))
                        .with("Origin", "https://elsewhere.example")
                        .with("Sec-Fetch-Site", "cross-site")
                        .send()
                        .status())
                .isEqualTo(403);
        module.installations().install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
        String path = "/installations/" + STORE + "/apps/" + CLIENT_ID;
        assertThat(staff.call("GET", path + "/open").send().status()).isEqualTo(302);
        assertThat(staff.call("GET", path + "/open")
                        .with("Sec-Fetch-Site", "cross-site")
                        .send()
                        .status())
                .isEqualTo(403);
        Answer typed =
                staff.call("GET", path + "/open").with("Sec-Fetch-Site", "none").send();
        assertThat(typed.status()).isEqualTo(302);
        assertThat(typed.all("Location")).containsExactly("/installations/" + STORE);
        assertThat(staff.get("/installations/" + STORE).body()).contains(path + "/open");
        assertThat(staff.call(path + "/uninstall", Map.of())
                        .with("Origin", "https://elsewhere.example")
                        .with("Sec-Fetch-Site", "cross-site")
                        .send()
                        .status())
                .isEqualTo(403);
        assertThat(module.installations().find(STORE, CLIENT_ID)).isPresent();
    }

    /** Who gets to which page: 200 or 302, or what they are told. */
    @ParameterizedTest
    @ValueSource(strings = {"operator", "staff", "other-staff", "owner", "developer", "nobody"})
    void pages_areForThoseWhoseTheyAre(String who) throws Exception {
        member(new NewMember("other-staff@example.com", "Otto", Role.STAFF, Optional.of(OTHER_STORE)));
        Member owner = member(NewMember.developer("owner@example.com", "Olaf"));
        member(NewMember.developer(DEVELOPER, "Dora"));
        try (var connection = server.database();
                var statement = connection.createStatement()) {
            statement.execute("update app set owner_id = " + owner.id());
        }
        module.installations().install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
        ConsoleBrowser browser = who.equals("nobody") ? ConsoleBrowser.at(server, log) : browser(who + "@example.com");
        String store = "/installations/" + STORE;
        String atStore = store + "/apps/" + CLIENT_ID;
        Map<String, Set<String>> rules = Map.of(
                "GET " + store,
                Set.of("operator", "staff"),
                "GET " + atStore + "/open",
                Set.of("operator", "staff"),
                "POST " + atStore + "/uninstall",
                Set.of("operator", "staff"),
                "POST " + atStore + "/remove-user",
                Set.of("operator", "staff"),
                "GET " + authorize(Map.of()),
                Set.of("operator", "staff"),
                "POST /oauth2/authorize",
                Set.of("operator", "staff"),
                "GET /developers/apps/" + CLIENT_ID + "/installation",
                Set.of("operator", "owner"),
                "POST /developers/apps/" + CLIENT_ID + "/installation",
                Set.of("operator", "owner"),
                "GET /installations",
                Set.of("operator", "staff", "other-staff", "owner", "developer"));
        rules.forEach((route, allowed) -> {
            String method = route.substring(0, route.indexOf(' '));
            String path = route.substring(route.indexOf(' ') + 1);
            Answer answer = method.equals("GET")
                    ? browser.get(path)
                    : browser.post(
                            path,
                            path.startsWith("/oauth2")
                                    ? fields(Map.of("decision", "deny"))
                                    : Map.of("confirmed", "yes"));
            if (who.equals("nobody")) {
                assertThat(answer.header("Location").orElse("").startsWith("/sign-in")
                                || ConsoleBrowser.problem(answer).equals("403 signed_out"))
                        .as(route)
                        .isTrue();
            } else if (allowed.contains(who)) {
                // The remove-user form names nobody, and whoever comes after uninstalling finds nothing: those are 404
                // too.
                assertThat(answer.status()).as(route).isIn(200, 302, 404, 422);
            } else {
                assertThat(answer.status()).as(route).isEqualTo(404);
            }
        });
        assertThat(module.installations().find(STORE, CLIENT_ID).isPresent())
                .isEqualTo(!Set.of("operator", "staff").contains(who));
    }

    @Test
    void everyRoute_isKnownHere() {
        assertThat(server.patron().console().routes().all())
                .filteredOn(route -> route.contains("installation") || route.contains("oauth2"))
                .containsExactly(
                        "GET /developers/apps/*/installation",
                        "GET /installations",
                        "GET /installations/*",
                        "GET /installations/*/apps/*/open",
                        "GET /oauth2/authorize",
                        "POST /developers/apps/*/installation",
                        "POST /installations/*/apps/*/remove-user",
                        "POST /installations/*/apps/*/uninstall",
                        "POST /oauth2/authorize",
                        "POST /oauth2/token");
    }

    @Test
    void notification_isTriedAgain_andGivenUp_andFollowsNoRedirect() {
        app.answer(302);
        uninstall();
        assertThat(module.tell()).isEqualTo(1);
        assertThat(module.tell()).isZero();
        assertThat(app.calls()).extracting(URI::getPath).containsExactly("/uninstall");
        app.answer(500);
        server.clock().advance(Duration.ofSeconds(5));
        assertThat(module.tell()).isEqualTo(1);
        app.answer(204);
        server.clock().advance(Duration.ofSeconds(19));
        assertThat(module.tell()).isZero();
        server.clock().advance(Duration.ofSeconds(1));
        assertThat(module.tell()).isEqualTo(1);
        server.clock().advance(Duration.ofDays(1));
        assertThat(module.tell()).isZero();
        assertThat(app.calls()).hasSize(3);

        app.answer(500);
        uninstall();
        for (int attempt = 1; attempt <= Notifications.MOST_ATTEMPTS; attempt++) {
            assertThat(module.tell()).isEqualTo(1);
            server.clock().advance(Duration.ofDays(1));
        }
        assertThat(module.tell()).isZero();
    }

    @Test
    void notification_toAnAppThatIsAway_isTriedAgain() {
        uninstall();
        app.close();
        assertThat(module.tell()).isEqualTo(1);
        server.clock().advance(Duration.ofSeconds(5));
        assertThat(module.tell()).isEqualTo(1);
    }

    @Test
    void install_ofNothing_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> module.installations().install(STORE, CLIENT_ID, Set.of("store_v2_nothing")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> module.installations().install("nowhere", CLIENT_ID, Set.of("store_v2_orders")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> module.installations().install(STORE, "nobody", Set.of("store_v2_orders")));
    }

    @Test
    void developer_registersTheApp() {
        ConsoleBrowser operator = browser(OPERATOR);
        String path = "/developers/apps/" + CLIENT_ID + "/installation";
        assertThat(operator.get(path).body()).contains("value=\"" + app.url("/load") + "\"");

        Answer wrong = operator.post(path, Map.of("auth_callback", "http://app.example/", "load_callback", "x"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(ConsoleBrowser.text(wrong))
                .contains("Enter an absolute URL with https; http is for localhost only.")
                .contains("Choose at least one scope.");
        assertThat(wrong.body()).contains("value=\"http://app.example/\"");

        Answer right =
                operator.post(path, Map.of("auth_callback", "https://app.example/auth", "scope_store_v2_orders", "on"));
        assertThat(right.header("Location")).contains(path + "?notice=saved");
        assertThat(module.registrations().find(CLIENT_ID))
                .contains(new Registration(
                        "https://app.example/auth", "", "", "", EnumSet.of(StoreScope.STORE_V2_ORDERS)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example/auth, true",
        "https://app.example:8443/auth?a=b, true",
        "http://localhost:8090/auth, true",
        "http://127.0.0.1/auth, true",
        "http://[::1]:8090/auth, true",
        "http://app.example/auth, false",
        "http://localhost.example/auth, false",
        "https://user@app.example/auth, false",
        "https:///auth, false",
        "//app.example/auth, false",
        "/auth, false",
        "javascript:alert(1), false",
        "https://app.example/auth#x, false",
        "https://app.example/a b, false",
        "'', false"
    })
    void callback_isAbsoluteAndHttps(String callback, boolean good) {
        Registration registration = new Registration(callback, "", "", "", SCOPES);
        assertThat(registration.faults().isEmpty()).isEqualTo(good);
        assertThat(new Registration("https://app.example/", callback, "", "", SCOPES)
                        .faults()
                        .isEmpty())
                .isEqualTo(good || callback.isEmpty());
    }

    private void uninstall() {
        module.installations().install(STORE, CLIENT_ID, Set.of("store_v2_orders"));
        staff.post("/installations/" + STORE + "/apps/" + CLIENT_ID + "/uninstall", Map.of("confirmed", "yes"));
    }

    private Registration registration(Set<StoreScope> scopes) {
        return new Registration(
                app.url("/auth?x=1"), app.url("/load"), app.url("/uninstall"), app.url("/remove-user"), scopes);
    }

    private Map<String, String> fields(Map<String, String> changes) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("response_type", "code");
        fields.put("client_id", CLIENT_ID);
        fields.put("redirect_uri", app.url("/auth?x=1"));
        fields.put("scope", "store_v2_orders_read_only store_v2_products");
        fields.put("context", "stores/" + STORE);
        fields.putAll(changes);
        return fields;
    }

    private String authorize(Map<String, String> changes) {
        return "/oauth2/authorize?" + encode(fields(changes));
    }

    /** Consents, and returns what came to the callback. */
    private Map<String, String> consent() {
        Answer answer = staff.post("/oauth2/authorize", fields(Map.of("decision", "allow")));
        Map<String, String> came =
                AppServer.parameters(URI.create(answer.header("Location").orElseThrow()));
        log.watch(Objects.requireNonNull(came.get("code")));
        return came;
    }

    private Map<String, String> request(Map<String, String> came) {
        Map<String, String> request = new LinkedHashMap<>();
        request.put("client_id", CLIENT_ID);
        request.put("client_secret", CLIENT_SECRET);
        request.put("code", came.get("code"));
        request.put("scope", came.get("scope"));
        request.put("context", came.get("context"));
        request.put("grant_type", "authorization_code");
        request.put("redirect_uri", app.url("/auth?x=1"));
        return request;
    }

    private Answer exchange(Map<String, String> came, Map<String, String> changes) {
        Map<String, String> request = request(came);
        request.putAll(changes);
        return server.console("POST", "/oauth2/token")
                .body("application/x-www-form-urlencoded", encode(request))
                .send();
    }

    private Optional<Grant> grant(String token) {
        return module.installations().find(token);
    }

    /** Both payloads are signed with the app's secret, and say who. */
    private void assertSigned(URI url, long id, String email) {
        Map<String, String> parameters = AppServer.parameters(url);
        String[] jwt =
                Objects.requireNonNull(parameters.get("signed_payload_jwt")).split("\\.", -1);
        assertThat(text(jwt[0])).isEqualTo("{\"typ\":\"JWT\",\"alg\":\"HS256\"}");
        assertThat(jwt[2])
                .isEqualTo(Base64.getUrlEncoder().withoutPadding().encodeToString(mac(jwt[0] + "." + jwt[1])));
        Map<String, Object> claims = Json.readObject(Base64.getUrlDecoder().decode(jwt[1]));
        long now = server.clock().instant().getEpochSecond();
        assertThat(claims.keySet())
                .containsExactlyInAnyOrder(
                        "aud", "iss", "iat", "nbf", "exp", "jti", "sub", "user", "owner", "url", "channel_id");
        assertThat(claims)
                .containsEntry("aud", CLIENT_ID)
                .containsEntry("iss", "bc")
                .containsEntry("sub", "stores/abc123")
                .containsEntry("url", "/")
                .containsEntry("channel_id", null)
                .containsEntry("user", Map.of("id", (int) id, "email", email, "locale", "en-US"));
        assertThat(((Number) Objects.requireNonNull(claims.get("exp"))).longValue())
                .isEqualTo(now + 86_400);

        String[] legacy =
                Objects.requireNonNull(parameters.get("signed_payload")).split("\\.", -1);
        String json = new String(Base64.getDecoder().decode(legacy[0]), StandardCharsets.UTF_8);
        assertThat(new String(Base64.getDecoder().decode(legacy[1]), StandardCharsets.UTF_8))
                .isEqualTo(HexFormat.of().formatHex(mac(json)));
        Map<String, Object> payload = Json.readObject(json.getBytes(StandardCharsets.UTF_8));
        assertThat(payload)
                .containsEntry("context", "stores/abc123")
                .containsEntry("store_hash", "abc123")
                .containsEntry("user", Map.of("id", (int) id, "email", email))
                .containsEntry("owner", Map.of("id", (int) operatorMember.id(), "email", OPERATOR));
        assertThat(json).containsPattern("\"timestamp\":\\d+\\.750\\b");
    }

    private static String text(String base64url) {
        return new String(Base64.getUrlDecoder().decode(base64url), StandardCharsets.UTF_8);
    }

    private static byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(CLIENT_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private ConsoleBrowser browser(String email) {
        ConsoleBrowser browser = ConsoleBrowser.at(server, log);
        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(302);
        return browser;
    }

    private Member member(NewMember details) {
        try {
            return server.patron().services().members.create(details, PASSWORD);
        } catch (MemberExistsException twice) {
            throw new IllegalArgumentException(twice);
        }
    }
}
