package dev.patron.server.developers;

import static dev.patron.server.TestServer.CUSTOMER_ID;
import static dev.patron.server.TestServer.EMAIL;
import static dev.patron.server.TestServer.OTHER_STORE;
import static dev.patron.server.TestServer.STORE;
import static dev.patron.server.developers.Portal.element;
import static dev.patron.server.developers.Portal.fields;
import static dev.patron.server.developers.Portal.problem;
import static dev.patron.server.developers.Portal.text;
import static dev.patron.server.developers.Portal.title;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.app.App;
import dev.patron.server.app.AppSecret;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.PersonalClaim;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import dev.patron.token.JwsAlgorithm;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of the developer portal, over HTTP. */
class DeveloperPagesTest {

    private static final TestServer SERVER =
            TestServer.start("patron.console.idle-limit=30d", "patron.console.absolute-limit=30d");
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final String SHORT_SECRET = "abcdefghijklmnopqrstuvwxyz01234";

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    private Portal ada;

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void signIn() {
        List.of(EMAIL, Portal.PASSWORD, SHORT_SECRET).forEach(logs::watch);
        ada = member(NewMember.developer(address(), "Ada"));
        SERVER.patron().services().stores.update(STORE, OptionalLong.empty(), store -> store.openToDevelopers(true));
    }

    // Who gets where

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/developers",
                "/developers/apps/new",
                "/developers/apps/*",
                "/developers/apps/*/settings",
                "/developers/apps/*/secrets",
                "/developers/apps/*/try",
                "/developers/apps/*/activity",
                "/inspector"
            })
    void page_isForItsMembersOnly(String route) {
        String path = route.replace("*", create(ada).clientId());
        boolean ofOneApp = route.contains("*");
        assertThat(ada.get(path).send().status()).isEqualTo(200);

        Answer signedOut = Portal.stranger(SERVER).get(path).send();
        assertThat(signedOut.status()).isEqualTo(302);
        assertThat(signedOut.header("Location").orElseThrow()).startsWith("/sign-in?to=%2F");
        assertThat(problem(member(staff()).get(path).send())).isEqualTo(ofOneApp ? "404 not_found" : "403 forbidden");
        assertThat(operator().get(path).send().status()).isEqualTo(200);
        if (ofOneApp) {
            Portal grace = member(NewMember.developer(address(), "Grace"));
            assertThat(problem(grace.get(path).send())).isEqualTo("404 not_found");
            assertThat(problem(ada.get(route.replace("*", "a".repeat(31))).send()))
                    .isEqualTo("404 not_found");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/developers/apps/new, name=X&credentials=new",
        "/developers/apps/*/settings, name=X&revision=1",
        "/developers/apps/*/settings/disable, disabled=true&revision=1",
        "/developers/apps/*/settings/delete, confirmation=App&revision=1",
        "/developers/apps/*/secrets, revision=1",
        "/developers/apps/*/secrets/sign, revision=1",
        "/developers/apps/*/secrets/cancel, revision=1",
        "/developers/apps/*/secrets/retire, revision=1",
        "/developers/apps/*/try, store_hash=abc123&customer_id=4927",
        "/inspector, token=x"
    })
    void form_isForItsMembersAndFromOwnPagesOnly(String route, String body) {
        App app = create(ada);
        String path = route.replace("*", app.clientId());
        Call call = ada.post(path, Map.of()).body("application/x-www-form-urlencoded", body);

        assertThat(problem(call.with("Origin", "https://evil.example").send())).isEqualTo("403 cross_site");
        assertThat(problem(call.with("Sec-Fetch-Site", "cross-site").send())).isEqualTo("403 cross_site");
        assertThat(problem(call.without("Cookie").send())).isEqualTo("403 signed_out");
        Call asStaff = member(staff()).post(path, Map.of()).body("application/x-www-form-urlencoded", body);
        assertThat(problem(asStaff.send())).isIn("403 forbidden", "404 not_found");
        if (route.contains("*")) {
            Call asGrace = member(NewMember.developer(address(), "Grace"))
                    .post(path, Map.of())
                    .body("application/x-www-form-urlencoded", body);
            assertThat(problem(asGrace.send())).isEqualTo("404 not_found");
        }
        assertThat(SERVER.patron().services().apps.find(app.clientId())).contains(app);
        assertThat(problem(call.send())).doesNotStartWith("403").doesNotStartWith("404");
    }

    @Test
    void list_showsOnesOwn_andAllToAnOperator() {
        assertThat(text(ada.get("/developers").send())).contains("No apps yet");
        App own = create(ada, "Ada's <b>app</b>");
        App another = create(member(NewMember.developer(address(), "Grace")), "Grace's app");

        Answer list = ada.get("/developers").send();
        assertThat(text(list)).contains("Ada's <b>app</b>").contains(own.clientId());
        assertThat(list.body()).doesNotContain("<b>app").doesNotContain(another.clientId());
        assertThat(text(operator().get("/developers").send()))
                .contains(own.clientId())
                .contains(another.clientId())
                .contains("Owner: Grace");
    }

    // Making an app

    @Test
    void create_showsTheSecretOnce_andIsDoneOnce() {
        Map<String, String> form = newApp("Loyalty points");
        form.put("description", "Shows\r\nthe points");

        Answer made = ada.post("/developers/apps/new", form).send();

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.header("Cache-Control").orElseThrow()).contains("no-store");
        String clientId = element(made, "client-id");
        String secret = element(made, "client-secret");
        logs.watch(secret);
        assertThat(clientId).matches("[a-z0-9]{31}").isEqualTo(form.get("new_client_id"));
        assertThat(secret).matches("[0-9a-f]{64}");
        App app = SERVER.patron().services().apps.find(clientId).orElseThrow();
        assertThat(app.details().description()).isEqualTo("Shows\nthe points");
        assertThat(app.ownerId()).isPresent();

        Answer again = ada.post("/developers/apps/new", form).send();
        assertThat(again.status()).isEqualTo(302);
        assertThat(again.header("Location")).contains("/developers/apps/" + clientId + "?notice=created");
        assertThat(SERVER.patron().services().apps.find(clientId)).contains(app);
        assertThat(ada.get("/developers/apps/" + clientId).send().body())
                .contains(app.signingSecret().fingerprint())
                .doesNotContain(secret);
    }

    @Test
    void create_byAnOperator_belongsToTheOperators() {
        assertThat(create(operator()).ownerId()).isEmpty();
    }

    @Test
    void create_underAForeignClientId_isRefusedWithoutTellingOfTheApp() {
        App foreign = create(member(NewMember.developer(address(), "Grace")));
        Map<String, String> form = newApp("Mine");
        form.put("new_client_id", foreign.clientId());

        Answer answer = ada.post("/developers/apps/new", form).send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(fields(answer).get("new_client_id")).isNotEqualTo(foreign.clientId());
        assertThat(SERVER.patron().services().apps.find(foreign.clientId())).contains(foreign);
    }

    @Test
    void create_withFaults_keepsWhatWasTypedAndSaysWhatIsWrong() {
        Map<String, String> form = newApp(" ");
        form.put("description", "x".repeat(2001));

        Answer answer = ada.post("/developers/apps/new", form).send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(title(answer)).startsWith("Error: ");
        assertThat(element(answer, "name-fault")).contains("1 to 200 characters");
        assertThat(element(answer, "description-fault")).contains("at most 2000 characters");
        assertThat(element(answer, "description")).contains("x".repeat(2001));
    }

    @Test
    void takeOver_shortSecret_isKeptWithAWarning() {
        String clientId = "Imported" + "x".repeat(20) + COUNTER.incrementAndGet();

        Answer answer = ada.post("/developers/apps/new", imported(clientId, SHORT_SECRET))
                .send();

        assertThat(answer.status()).isEqualTo(302);
        Answer page = ada.get(answer.header("Location").orElseThrow()).send();
        assertThat(text(page)).contains("The app is taken over").contains("Short: 31 bytes");
        assertThat(page.body()).doesNotContain(SHORT_SECRET);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    too-short, abcdefghijklmnopqrstuvwxyz01234, client_id, 20 to 64
                    ImportedxxxxxxxxxxxxxxxxA, tooshort, client_secret, 20 to 256
                    ImportedxxxxxxxxxxxxxxxxB, '', client_secret, Enter the client secret
                    6sv16tfx3j5gsopm42ss5dd67g2srvq, abcdefghijklmnopqrstuvwxyz01234, client_id, exists already
                    """)
    void takeOver_withAFault_saysItBesideTheField(String clientId, String secret, String field, String fault) {
        Answer answer =
                ada.post("/developers/apps/new", imported(clientId, secret)).send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(element(answer, field + "-fault")).contains(fault);
        assertThat(fields(answer)).containsEntry("client_id", clientId).containsEntry("client_secret", "");
        assertThat(text(answer)).doesNotContain(SHORT_SECRET);
    }

    // Settings

    @Test
    void settings_areSaved() {
        App app = create(ada);
        Map<String, String> form = settings(app);
        form.put("name", " Renamed ");
        form.put("algorithm", "HS512");
        form.put("claim_jti", "on");
        form.remove("needs_email");
        form.put("origins", "https://shop.example\r\n\r\n http://localhost:3000 \r\n");

        Answer answer = ada.post(path(app) + "/settings", form).send();

        assertThat(answer.status()).isEqualTo(302);
        App changed = reload(app);
        assertThat(changed.name()).isEqualTo("Renamed");
        assertThat(changed.details().algorithm()).isEqualTo(JwsAlgorithm.HS512);
        assertThat(changed.details().extraClaims()).containsExactly(ExtraClaim.JWT_ID);
        assertThat(changed.details().needs()).containsExactly(PersonalClaim.GROUP_ID);
        assertThat(changed.details().origins())
                .containsExactlyInAnyOrder("https://shop.example", "http://localhost:3000");
        assertThat(text(ada.get(answer.header("Location").orElseThrow()).send()))
                .contains("The settings are saved");
    }

    @Test
    void settings_withFaults_keepWhatWasTyped() {
        App app = create(ada);
        Map<String, String> form = settings(app);
        form.put("name", "");
        form.put("description", "Typed & kept");
        form.put("origins", "https://shop.example/path");

        Answer answer = ada.post(path(app) + "/settings", form).send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(title(answer)).startsWith("Error: ");
        assertThat(element(answer, "name-fault")).contains("1 to 200");
        assertThat(element(answer, "origins-fault")).contains("An origin is");
        assertThat(element(answer, "origins")).contains("https://shop.example/path");
        assertThat(element(answer, "description")).contains("Typed & kept");
        assertThat(reload(app)).isEqualTo(app);
    }

    @Test
    void settings_ofTwoTabs_theSlowerIsToldAndChangesNothing() {
        App app = create(ada);
        Map<String, String> first = settings(app);
        Map<String, String> second = settings(app);
        first.put("name", "First");
        second.put("name", "Second");
        assertThat(ada.post(path(app) + "/settings", first).send().status()).isEqualTo(302);
        App changed = reload(app);

        Answer answer = ada.post(path(app) + "/settings", second).send();

        assertThat(answer.status()).isEqualTo(409);
        assertThat(text(answer)).contains("Nothing was changed").contains("The name is “First” now.");
        assertThat(fields(answer)).containsEntry("name", "Second");
        assertThat(reload(app)).isEqualTo(changed);
        second.put("revision", fields(answer).get("revision"));
        assertThat(ada.post(path(app) + "/settings", second).send().status()).isEqualTo(302);
        assertThat(reload(app).name()).isEqualTo("Second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "x", "99999999999999999999"})
    void form_withoutARevision_isNoneOfOurs(String revision) {
        App app = create(ada);
        Map<String, String> form = settings(app);
        form.put("revision", revision);

        assertThat(problem(ada.post(path(app) + "/settings", form).send())).isEqualTo("400 bad_request");
        assertThat(reload(app)).isEqualTo(app);
    }

    @Test
    void disable_andEnable() {
        App app = create(ada);

        ada.post(path(app) + "/settings/disable", Map.of("disabled", "true", "revision", revision(app)))
                .send();
        assertThat(reload(app).disabled()).isTrue();
        assertThat(text(ada.get(path(app)).send())).contains("This app is switched off by its owner");
        Answer stale = ada.post(path(app) + "/settings/disable", Map.of("disabled", "false", "revision", revision(app)))
                .send();
        assertThat(stale.status()).isEqualTo(409);
        assertThat(reload(app).disabled()).isTrue();
        ada.post(path(app) + "/settings/disable", Map.of("disabled", "false", "revision", revision(reload(app))))
                .send();
        assertThat(reload(app).disabled()).isFalse();
    }

    @Test
    void block_isTheOperators_andTheDeveloperSeesIt() {
        App app = create(ada);
        Portal operator = operator();
        assertThat(text(operator.get(path(app) + "/settings").send())).contains("Block the app");

        Answer blocked = operator.post(
                        path(app) + "/settings/disable", Map.of("disabled", "true", "revision", revision(app)))
                .send();

        assertThat(text(operator.get(blocked.header("Location").orElseThrow()).send()))
                .contains("The app is blocked: no store gets tokens for it", "Lift the block");
        assertThat(reload(app).blocked()).isTrue();
        assertThat(reload(app).disabled()).isFalse();
        assertThat(text(ada.get("/developers").send())).contains("Blocked by an operator");
        assertThat(text(ada.get(path(app)).send())).contains("This app is blocked by an operator");
        assertThat(text(ada.get(path(app) + "/settings").send()))
                .contains("An operator has blocked this app")
                .doesNotContain("Lift the block");
        for (String disabled : List.of("true", "false")) {
            ada.post(path(app) + "/settings/disable", Map.of("disabled", disabled, "revision", revision(reload(app))))
                    .send();
            assertThat(reload(app).blocked()).isTrue();
            assertThat(reload(app).disabled()).isEqualTo(disabled.equals("true"));
        }
        operator.post(path(app) + "/settings/disable", Map.of("disabled", "false", "revision", revision(reload(app))))
                .send();
        assertThat(reload(app).isActive()).isTrue();
    }

    @Test
    void block_isNotHeldOffByAChangeOfTheApp_butLiftingItIs() {
        App app = create(ada);
        Portal operator = operator();
        Map<String, String> seen = Map.of("disabled", "true", "revision", revision(app));
        rename(app, "Renamed meanwhile");

        operator.post(path(app) + "/settings/disable", seen).send();

        assertThat(reload(app).blocked()).isTrue();
        Map<String, String> lifting = Map.of("disabled", "false", "revision", revision(reload(app)));
        rename(reload(app), "Renamed again");
        assertThat(operator.post(path(app) + "/settings/disable", lifting)
                        .send()
                        .status())
                .isEqualTo(409);
        assertThat(reload(app).blocked()).isTrue();
    }

    @Test
    void delete_ofABlockedApp_isTheOperators() {
        App app = create(ada, "Blocked");
        Portal operator = operator();
        String delete = path(app) + "/settings/delete";
        assertThat(text(ada.get(path(app) + "/settings").send())).contains("Delete this app");
        operator.post(path(app) + "/settings/disable", Map.of("disabled", "true", "revision", revision(app)))
                .send();
        assertThat(text(ada.get(path(app) + "/settings").send()))
                .contains("only an operator can delete it")
                .doesNotContain("Delete this app");

        Map<String, String> confirmed =
                Map.of("confirmed", "yes", "confirmation", app.clientId(), "revision", revision(reload(app)));
        Answer refused = ada.post(delete, confirmed).send();
        assertThat(problem(refused)).isEqualTo("409 app_blocked");
        assertThat(text(refused)).contains("An operator has blocked this app", "Ask an operator");
        assertThat(reload(app).blocked()).isTrue();

        rename(reload(app), "Renamed meanwhile");
        assertThat(operator.post(delete, confirmed).send().header("Location")).contains("/developers?notice=deleted");
        assertThat(SERVER.patron().services().apps.find(app.clientId())).isEmpty();
    }

    private void rename(App app, String name) {
        Map<String, String> form = settings(app);
        form.put("name", name);
        ada.post(path(app) + "/settings", form).send();
        assertThat(reload(app).name()).isEqualTo(name);
    }

    @Test
    void origins_sayWhereTheyAreApproved_andNameOpenStoresOnly() {
        String origin = "https://shop.example";
        App app = create(ada);
        Map<String, String> form = settings(app);
        form.put("origins", origin);
        ada.post(path(app) + "/settings", form).send();
        String settings = path(app) + "/settings";
        assertThat(text(ada.get(settings).send()))
                .contains("Awaits approval", "Not approved at any store yet")
                .doesNotContain("Decide for every store");

        SERVER.patron().services().apps.origins().decide(STORE, app.clientId(), origin, true, Optional.empty());
        String shown = text(ada.get(settings).send());
        assertThat(shown).contains("Approved at 1 store").doesNotContain("Awaits approval");
        boolean open =
                SERVER.patron().services().stores.find(STORE).orElseThrow().openToDevelopers();
        assertThat(shown.contains("(" + STORE + ")")).isEqualTo(open);
        SERVER.patron().services().apps.origins().decide(OTHER_STORE, app.clientId(), origin, true, Optional.empty());
        assertThat(text(ada.get(settings).send()))
                .contains("Approved at 2 stores")
                .doesNotContain(OTHER_STORE);

        Map<String, String> approval = Map.of("origin", origin, "approved", "true");
        assertThat(problem(ada.post(settings + "/origins", approval).send())).isEqualTo("403 forbidden");
        Portal operator = operator();
        assertThat(text(operator.get(settings).send())).contains("Decide for every store");
        assertThat(text(operator.get(settings + "/origins").send())).contains("made by Ada", "Approve at every store");
        assertThat(operator.post(settings + "/origins", approval).send().status())
                .isEqualTo(302);
        assertThat(text(ada.get(settings).send())).contains("Approved at every store.");
    }

    @Test
    void takeOver_theClientIdOfADeletedApp_isRefused() {
        App app = create(ada);
        SERVER.patron().services().apps.delete(app.clientId(), OptionalLong.empty());

        Answer answer = ada.post(
                        "/developers/apps/new",
                        Map.of(
                                "name", "Again",
                                "credentials", "import",
                                "client_id", app.clientId(),
                                "client_secret", "0123456789abcdef0123456789abcdef"))
                .send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(element(answer, "client_id-fault")).contains("was used by an app that was deleted");
        Answer again = ada.post(
                        "/developers/apps/new",
                        Map.of("name", "Again", "credentials", "new", "new_client_id", app.clientId()))
                .send();
        assertThat(again.status()).isEqualTo(422);
        assertThat(text(again)).contains("The app that this form made was deleted.");
        assertThat(again.body()).doesNotContain(app.clientId());
    }

    @Test
    void delete_needsTheNameOrTheClientId() {
        App app = create(ada, "Short-lived");
        String delete = path(app) + "/settings/delete";

        Answer question = ada.post(delete, Map.of("confirmation", "Short-lived", "revision", revision(app)))
                .send();
        assertThat(question.status()).isEqualTo(200);
        assertThat(text(question)).contains("This cannot be undone", app.clientId(), "Owner", "Ada", "for good");
        assertThat(fields(question)).containsEntry("revision", revision(app)).containsEntry("confirmed", "yes");
        assertThat(reload(app)).isEqualTo(app);

        Answer wrong = ada.post(
                        delete, Map.of("confirmed", "yes", "confirmation", "another", "revision", revision(app)))
                .send();
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(element(wrong, "confirmation-fault")).contains("neither");
        assertThat(fields(wrong)).containsEntry("confirmation", "another");
        assertThat(reload(app)).isEqualTo(app);

        Answer right = ada.post(
                        delete, Map.of("confirmed", "yes", "confirmation", "Short-lived", "revision", revision(app)))
                .send();
        assertThat(right.header("Location")).contains("/developers?notice=deleted");
        assertThat(SERVER.patron().services().apps.find(app.clientId())).isEmpty();
    }

    // Secrets

    @Test
    void rotation_fromTheFirstSecretToTheSecond() {
        App app = create(ada);
        String secrets = path(app) + "/secrets";

        Answer made = ada.post(secrets, Map.of("revision", revision(app), "client_secret", ""))
                .send();
        assertThat(made.status()).isEqualTo(200);
        logs.watch(element(made, "client-secret"));
        assertThat(element(made, "client-secret")).matches("[0-9a-f]{64}");
        App two = reload(app);
        AppSecret next = two.otherSecret().orElseThrow();
        assertThat(next.state()).isEqualTo(AppSecret.State.NEXT);

        Answer again = ada.post(secrets, Map.of("revision", revision(app), "client_secret", ""))
                .send();
        assertThat(again.status()).isEqualTo(409);
        assertThat(text(again)).contains("Nothing was changed");
        assertThat(reload(app)).isEqualTo(two);

        ada.post(secrets + "/sign", step(two, next, "now")).send();
        App switched = reload(app);
        assertThat(switched.signingSecret().id()).isEqualTo(next.id());
        AppSecret previous = switched.otherSecret().orElseThrow();
        assertThat(text(ada.get(secrets).send())).contains("Previous secret").contains("Undo");

        Answer stale = ada.post(secrets + "/retire", step(two, previous, "")).send();
        assertThat(stale.status()).isEqualTo(409);
        Answer signing = ada.post(secrets + "/retire", step(switched, switched.signingSecret(), ""))
                .send();
        assertThat(signing.status()).isEqualTo(409);
        assertThat(text(signing)).contains("This secret signs the app's tokens");
        assertThat(reload(app)).isEqualTo(switched);

        Answer question =
                ada.post(secrets + "/retire", step(switched, previous, "")).send();
        assertThat(question.status()).isEqualTo(200);
        assertThat(text(question)).contains("This cannot be undone", previous.fingerprint(), "Owner", "Ada");
        assertThat(reload(app)).isEqualTo(switched);
        assertThat(ada.post(secrets + "/retire", fields(question)).send().header("Location"))
                .contains(secrets + "?notice=retired");
        assertThat(reload(app).secrets()).hasSize(1);
    }

    @Test
    void rotation_planned_cancelled_andUndone() {
        App app = create(ada);
        String secrets = path(app) + "/secrets";
        ada.post(secrets, Map.of("revision", revision(app), "client_secret", SHORT_SECRET))
                .send();
        App two = reload(app);
        AppSecret next = two.otherSecret().orElseThrow();
        Map<String, String> plan = step(two, next, "at");
        plan.put("at", "2026-03-20T09:30");

        assertThat(ada.post(secrets + "/sign", plan).send().header("Location")).contains(secrets + "?notice=scheduled");
        assertThat(text(ada.get(secrets).send())).contains("Signs from 20 Mar 2026, 09:30 UTC");

        ada.post(secrets + "/cancel", step(reload(app), next, "")).send();
        assertThat(reload(app).otherSecret().orElseThrow().signsFrom()).isEmpty();
        Answer nothingToCancel =
                ada.post(secrets + "/cancel", step(reload(app), next, "")).send();
        assertThat(nothingToCancel.status()).isEqualTo(409);

        ada.post(secrets + "/sign", step(reload(app), next, "now")).send();
        AppSecret previous = reload(app).otherSecret().orElseThrow();
        ada.post(secrets + "/sign", step(reload(app), previous, "now")).send();
        assertThat(reload(app).signingSecret().id()).isEqualTo(previous.id());
    }

    @ParameterizedTest
    @CsvSource({
        "'', Enter a day and a time",
        "tomorrow, Enter a day and a time",
        "2026-02-30T12:00, Enter a day and a time",
        "2026-03-01T11:59, This moment has passed",
        "2028-01-01T00:00, at most a year ahead"
    })
    void rotation_planForABadMoment_isRefusedBesideTheField(String at, String fault) {
        App app = create(ada);
        ada.post(path(app) + "/secrets", Map.of("revision", revision(app))).send();
        App two = reload(app);
        Map<String, String> plan = step(two, two.otherSecret().orElseThrow(), "at");
        plan.put("at", at);

        Answer answer = ada.post(path(app) + "/secrets/sign", plan).send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(element(answer, "at-fault")).contains(fault);
        assertThat(fields(answer)).containsEntry("at", at);
        assertThat(reload(app)).isEqualTo(two);
    }

    @Test
    void makeSecret_givenATooShortOne_isRefusedBesideTheField() {
        App app = create(ada);

        Answer answer = ada.post(
                        path(app) + "/secrets", Map.of("revision", revision(app), "client_secret", "0123456789"))
                .send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(element(answer, "client_secret-fault")).contains("20 to 256");
        assertThat(reload(app)).isEqualTo(app);
    }

    // Trying it, and the inspector

    @Test
    void tryIt_givesATokenThatTheVerifierAccepts() {
        App app = create(ada);

        Answer answer = ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID)).send();

        assertThat(answer.status()).isEqualTo(200);
        logs.watch(element(answer, "token"));
        assertThat(text(answer)).contains("The verifier accepts this token").contains("the current secret");
        assertThat(element(answer, "snippet-java")).contains(app.clientId()).contains("expectStore(\"abc123\")");
    }

    @Test
    void tryIt_atAStoreThatIsNotOpen_isNotFound() {
        App app = create(ada);
        assertThat(ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID))
                        .send()
                        .status())
                .isEqualTo(200);

        assertThat(problem(ada.post(path(app) + "/try", trial(OTHER_STORE, CUSTOMER_ID))
                        .send()))
                .isEqualTo("404 not_found");
        assertThat(problem(ada.post(path(app) + "/try", trial("nosuch", CUSTOMER_ID))
                        .send()))
                .isEqualTo("404 not_found");
        assertThat(problem(ada.get(path(app) + "/try?store=" + OTHER_STORE).send()))
                .isEqualTo("404 not_found");
        SERVER.patron().services().stores.update(STORE, OptionalLong.empty(), store -> store.openToDevelopers(false));
        assertThat(problem(
                        ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID)).send()))
                .isEqualTo("404 not_found");
        assertThat(text(ada.get(path(app) + "/try").send())).contains("No store to try it with");
    }

    @Test
    void tryIt_whereTheStoreWouldGetNone_saysWhy() {
        App app = create(ada);
        Answer gone = ada.post(path(app) + "/try", trial(STORE, 999_999)).send();
        assertThat(gone.status()).isEqualTo(422);
        assertThat(element(gone, "customer_id-fault")).contains("gone or disabled");
        Answer none = ada.post(path(app) + "/try", Map.of("store_hash", STORE, "customer_id", "x"))
                .send();
        assertThat(element(none, "customer_id-fault")).contains("Choose one");

        SERVER.patron().services().apps.setAllowedAt(STORE, app.clientId(), false);
        Answer barred = ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID)).send();
        assertThat(barred.status()).isEqualTo(409);
        assertThat(text(barred)).contains("unknown_app").doesNotContain("The verifier accepts");
    }

    @Test
    void inspector_tellsWhichSecretSigned_untilItIsRetired() {
        App app = create(ada);
        String token =
                element(ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID)).send(), "token");
        logs.watch(token);

        Answer accepted = ada.post("/inspector", inspection(token, "")).send();
        assertThat(title(accepted)).startsWith("Token inspector: accepted");
        assertThat(accepted.header("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(text(accepted)).contains("the current secret").contains(EMAIL);

        SERVER.patron()
                .services()
                .rotation
                .rotateNow(app.clientId(), java.util.OptionalLong.empty(), Optional.empty(), false);
        assertThat(text(ada.post("/inspector", inspection(token, app.clientId()))
                        .send()))
                .contains("The verifier accepts this token")
                .contains("the previous secret");

        SERVER.patron()
                .services()
                .rotation
                .retire(
                        app.clientId(),
                        java.util.OptionalLong.empty(),
                        reload(app).otherSecret().orElseThrow().id());
        Answer refused =
                ada.post("/inspector", inspection(token, app.clientId())).send();
        assertThat(refused.status()).isEqualTo(200);
        assertThat(title(refused)).startsWith("Token inspector: refused");
        assertThat(text(refused)).contains("bad_signature").contains("not by this app");
    }

    @Test
    void inspector_takesWhatTheVerifierIsSetTo() {
        App app = create(ada);
        String token =
                element(ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID)).send(), "token");
        SERVER.clock().advance(Duration.ofSeconds(60));

        assertThat(text(ada.post("/inspector", inspection(token, "")).send())).contains("too_old");
        Map<String, String> lenient = inspection(token, "");
        lenient.put("max_age", "120");
        assertThat(text(ada.post("/inspector", lenient).send())).contains("The verifier accepts");
        Map<String, String> untilExpiry = inspection(token, "");
        untilExpiry.put("accept", "until_expiry");
        assertThat(text(ada.post("/inspector", untilExpiry).send())).contains("The verifier accepts");
        untilExpiry.put("store_hash", OTHER_STORE);
        assertThat(text(ada.post("/inspector", untilExpiry).send())).contains("wrong_store");
    }

    @ParameterizedTest
    @CsvSource({
        "token, '', Paste a token",
        "token, not a token, ",
        "client_id, 6sv16tfx3j5gsopm42ss5dd67g2srvq, Choose one of your apps",
        "max_age, 0, 1 to 900",
        "max_age, 901, 1 to 900",
        "max_age, x, 1 to 900",
        "clock_skew, 301, 0 to 300",
        "clock_skew, -1, 0 to 300",
        "store_hash, UPPER, 5 to 32"
    })
    void inspector_withAFault_keepsWhatWasTyped(String field, String value, String fault) {
        App app = create(ada);
        String token =
                element(ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID)).send(), "token");
        Map<String, String> form = inspection(token, "");
        assertThat(ada.post("/inspector", form).send().status()).isEqualTo(200);
        form.put(field, value);

        Answer answer = ada.post("/inspector", form).send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(title(answer)).startsWith("Error: ");
        if (fault == null) {
            assertThat(element(answer, "client_id-fault")).contains("names no app of yours");
        } else {
            assertThat(element(answer, field + "-fault")).contains(fault);
        }
        assertThat(element(answer, "token").strip()).isEqualTo(form.get("token"));
    }

    @Test
    void inspector_isNotReachedByAnotherMethod() {
        assertThat(ada.get("/inspector?token=secret").send().body()).doesNotContain("secret</textarea>");
    }

    // Activity

    @Test
    void activity_tellsWhatWasIssuedAndRefused_andOfNoOtherApp() {
        App app = create(ada);
        App other = create(ada);
        assertThat(text(ada.get(path(app) + "/activity").send())).contains("Nobody has asked for a token");
        ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID)).send();
        ada.post(path(app) + "/try", trial(STORE, CUSTOMER_ID)).send();
        SERVER.call("GET", "/customer/current.jwt?app_client_id=" + app.clientId())
                .send();
        SERVER.patron().services().auditLog.write();

        Answer page = ada.get(path(app) + "/activity").send();

        assertThat(text(page))
                .contains("2 issued", "1 refused", "not_signed_in", "let the page treat 404 as a guest")
                .contains("1 Mar 2026, 12:00 UTC 2 1 ");
        assertThat(page.body()).contains("<svg class=\"chart\"").doesNotContain(EMAIL);
        assertThat(text(ada.get(path(other) + "/activity").send())).contains("Nobody has asked for a token");
        SERVER.clock().advance(Duration.ofHours(25));
        assertThat(text(ada.get(path(app) + "/activity").send()))
                .contains("Nobody has asked for a token")
                .contains("1 Mar 2026, 12:00:00 UTC not_signed_in abc123");
    }

    @Test
    void activity_ofManyRefusals_goesOnOnAnotherPage() {
        App app = create(ada);
        for (int i = 0; i < 51; i++) {
            SERVER.call("GET", "/customer/current.jwt?app_client_id=" + app.clientId())
                    .send();
            SERVER.clock().advance(Duration.ofSeconds(1));
        }
        SERVER.patron().services().auditLog.write();

        Answer first = ada.get(path(app) + "/activity").send();
        Matcher next = Pattern.compile("activity\\?after=([0-9.]+)").matcher(first.body());
        assertThat(next.find()).isTrue();
        assertThat(first.body().split("<code>not_signed_in</code>", -1)).hasSize(51);

        Answer second = ada.get(path(app) + "/activity?after=" + next.group(1)).send();
        assertThat(second.body().split("<code>not_signed_in</code>", -1)).hasSize(2);
        assertThat(text(second)).contains("Earlier refusals").contains("Latest");
        assertThat(text(ada.get(path(app) + "/activity?after=nonsense").send())).contains("Latest refusals");
    }

    // What the tests are made of

    private Portal member(NewMember details) {
        return Portal.of(SERVER, logs, details);
    }

    private Portal operator() {
        return member(NewMember.operator(address(), "Olga"));
    }

    private static NewMember staff() {
        return new NewMember(address(), "Sam", Role.STAFF, Optional.of(STORE));
    }

    private static String address() {
        return "member" + COUNTER.incrementAndGet() + "@example.com";
    }

    private static App create(Portal portal) {
        return create(portal, "App");
    }

    private static App create(Portal portal, String name) {
        Map<String, String> form =
                new LinkedHashMap<>(fields(portal.get("/developers/apps/new").send()));
        form.put("name", name);
        form.put("credentials", "new");
        assertThat(portal.post("/developers/apps/new", form).send().status()).isEqualTo(200);
        return SERVER.patron()
                .services()
                .apps
                .find(form.getOrDefault("new_client_id", ""))
                .orElseThrow();
    }

    private Map<String, String> newApp(String name) {
        Map<String, String> form =
                new LinkedHashMap<>(fields(ada.get("/developers/apps/new").send()));
        form.put("name", name);
        form.put("credentials", "new");
        return form;
    }

    private Map<String, String> imported(String clientId, String secret) {
        Map<String, String> form = newApp("Imported");
        form.put("credentials", "import");
        form.put("client_id", clientId);
        form.put("client_secret", secret);
        return form;
    }

    private static Map<String, String> settings(App app) {
        return new LinkedHashMap<>(Map.of(
                "revision",
                revision(app),
                "name",
                app.name(),
                "description",
                app.details().description(),
                "algorithm",
                "HS256",
                "needs_email",
                "on",
                "needs_group_id",
                "on",
                "origins",
                ""));
    }

    private static Map<String, String> step(App app, AppSecret secret, String when) {
        return new LinkedHashMap<>(
                Map.of("revision", revision(app), "secret_id", Long.toString(secret.id()), "when", when));
    }

    private static Map<String, String> trial(String store, long customerId) {
        return Map.of("store_hash", store, "customer_id", Long.toString(customerId));
    }

    private static Map<String, String> inspection(String token, String clientId) {
        return new LinkedHashMap<>(Map.of(
                "token",
                token,
                "client_id",
                clientId,
                "accept",
                "max_age",
                "max_age",
                "30",
                "clock_skew",
                "5",
                "store_hash",
                ""));
    }

    private static String path(App app) {
        return "/developers/apps/" + app.clientId();
    }

    private static String revision(App app) {
        return Long.toString(app.revision());
    }

    private static App reload(App app) {
        return SERVER.patron().services().apps.find(app.clientId()).orElseThrow();
    }
}
