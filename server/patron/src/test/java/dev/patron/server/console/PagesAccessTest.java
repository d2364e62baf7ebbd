package dev.patron.server.console;

import static dev.patron.server.TestServer.CLIENT_ID;
import static dev.patron.server.TestServer.CUSTOMER_ID;
import static dev.patron.server.TestServer.OTHER_STORE;
import static dev.patron.server.TestServer.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.app.NewApp;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import dev.patron.server.script.Place;
import dev.patron.server.script.ScriptDetails;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The authorisation of the console's pages: each route, for nobody, for each role, and for objects that are one's own or
 * somebody else's. The API's is {@code ApiAccessTest}'s.
 */
class PagesAccessTest {

    private static final String PASSWORD = "a password for members";

    private static final TestServer SERVER = TestServer.start(
            "patron.console.idle-limit=30d", "patron.console.absolute-limit=30d", "patron.console.sign-up=true");

    @RegisterExtension
    static final LogSecrecy LOGS = new LogSecrecy();

    /** Who asks. */
    private enum Who {
        NOBODY,
        OPERATOR,
        STAFF,
        OTHER_STAFF,
        DEVELOPER,
        OTHER_DEVELOPER
    }

    /** Who gets to a page: anybody who asks, or some; the others are told that it is not there, or not theirs. */
    private enum Rule {
        EVERYBODY(Set.of(Who.values()), 0),
        MEMBERS(Set.of(Who.OPERATOR, Who.STAFF, Who.OTHER_STAFF, Who.DEVELOPER, Who.OTHER_DEVELOPER), 0),
        OPERATORS(Set.of(Who.OPERATOR), 403),
        OPERATORS_AND_STAFF(Set.of(Who.OPERATOR, Who.STAFF, Who.OTHER_STAFF), 403),
        OPERATORS_AND_DEVELOPERS(Set.of(Who.OPERATOR, Who.DEVELOPER, Who.OTHER_DEVELOPER), 403),
        ITS_STAFF(Set.of(Who.OPERATOR, Who.STAFF), 404),
        ITS_OPERATOR(Set.of(Who.OPERATOR), 404),
        ITS_DEVELOPER(Set.of(Who.OPERATOR, Who.DEVELOPER), 404);

        @SuppressWarnings("ImmutableEnumChecker") // Set.of
        private final Set<Who> allowed;

        private final int refusal;

        Rule(Set<Who> allowed, int refusal) {
            this.allowed = allowed;
            this.refusal = refusal;
        }
    }

    /** Every route of the console that is a page. A new one needs a line here. */
    private static final Map<Rule, List<String>> ROUTES = Map.of(
            Rule.EVERYBODY,
            List.of(
                    "GET /",
                    "GET /health/live",
                    "GET /health/ready",
                    "GET /favicon.svg",
                    "GET /patron/storefront.css",
                    "GET /patron/console.css",
                    "GET /patron/console.js",
                    "GET /sign-in",
                    "POST /sign-in",
                    "POST /sign-in/code",
                    "GET /sign-up",
                    "POST /sign-up",
                    "POST /sign-out",
                    "GET /welcome/*",
                    "GET /welcome",
                    "POST /welcome",
                    "GET /sign-in/code",
                    "GET /reset-password/*",
                    "GET /reset-password",
                    "POST /reset-password"),
            Rule.MEMBERS,
            List.of(
                    "GET /account",
                    "POST /account/password",
                    "POST /account/delete",
                    "GET /account/second-factor",
                    "POST /account/second-factor",
                    "POST /account/second-factor/remove",
                    "POST /account/second-factor/recovery-codes",
                    "GET /account/tokens/new",
                    "POST /account/tokens",
                    "POST /account/tokens/revoke"),
            Rule.OPERATORS,
            List.of(
                    "GET /panel/stores/new",
                    "POST /panel/stores/new",
                    "GET /members",
                    "POST /members",
                    "GET /members/*/disable",
                    "POST /members/*/disable",
                    "GET /members/*/password-link",
                    "POST /members/*/password-link"),
            Rule.OPERATORS_AND_STAFF,
            List.of("GET /panel"),
            Rule.OPERATORS_AND_DEVELOPERS,
            List.of(
                    "GET /developers",
                    "GET /developers/apps/new",
                    "POST /developers/apps/new",
                    "GET /inspector",
                    "POST /inspector"),
            Rule.ITS_STAFF,
            List.of(
                    "GET /panel/stores/*",
                    "GET /panel/stores/*/customers",
                    "GET /panel/stores/*/new-customer",
                    "POST /panel/stores/*/new-customer",
                    "GET /panel/stores/*/customers/*",
                    "POST /panel/stores/*/customers/*",
                    "POST /panel/stores/*/customers/*/disable",
                    "POST /panel/stores/*/customers/*/password-link",
                    "POST /panel/stores/*/customers/*/end-sessions",
                    "POST /panel/stores/*/customers/*/erase",
                    "GET /panel/stores/*/sessions",
                    "POST /panel/stores/*/sessions/end",
                    "GET /panel/stores/*/apps",
                    "POST /panel/stores/*/apps",
                    "GET /panel/stores/*/apps/*/origins",
                    "POST /panel/stores/*/apps/*/origins",
                    "GET /panel/stores/*/ledger",
                    "GET /panel/stores/*/ledger/csv",
                    "GET /panel/stores/*/scripts",
                    "GET /panel/stores/*/new-script",
                    "POST /panel/stores/*/new-script",
                    "GET /panel/stores/*/scripts/*",
                    "POST /panel/stores/*/scripts/*",
                    "POST /panel/stores/*/scripts/*/delete"),
            Rule.ITS_OPERATOR,
            List.of(
                    "GET /panel/stores/*/settings",
                    "POST /panel/stores/*/settings",
                    "GET /developers/apps/*/settings/origins",
                    "POST /developers/apps/*/settings/origins"),
            Rule.ITS_DEVELOPER,
            List.of(
                    "GET /developers/apps/*",
                    "GET /developers/apps/*/settings",
                    "POST /developers/apps/*/settings",
                    "POST /developers/apps/*/settings/disable",
                    "POST /developers/apps/*/settings/delete",
                    "GET /developers/apps/*/secrets",
                    "POST /developers/apps/*/secrets",
                    "POST /developers/apps/*/secrets/sign",
                    "POST /developers/apps/*/secrets/cancel",
                    "POST /developers/apps/*/secrets/retire",
                    "GET /developers/apps/*/try",
                    "POST /developers/apps/*/try",
                    "GET /developers/apps/*/activity"));

    /** The forms that name something else than their path does. */
    private static final Set<String> NAMES_MORE = Set.of(
            "POST /account/tokens/revoke",
            "POST /developers/apps/*/try",
            "POST /developers/apps/*/settings/origins",
            "POST /panel/stores/*/apps/*/origins");

    private static final Map<Who, ConsoleBrowser> BROWSERS =
            Arrays.stream(Who.values()).collect(Collectors.toMap(Function.identity(), PagesAccessTest::browser));
    private static final Member SOMEBODY = create(NewMember.developer("somebody@example.com", "Somebody"));
    private static final String OWN_APP = SERVER.patron()
            .services()
            .apps
            .create(new NewApp(
                    NewApp.named("Own").details(),
                    Optional.empty(),
                    Optional.empty(),
                    Set.of(),
                    SERVER.patron().services().members.list(0, 1000).stream()
                            .filter(member -> member.email().equals(address(Who.DEVELOPER)))
                            .map(Member::id)
                            .findFirst()))
            .app()
            .clientId();
    private static final long SCRIPT = SERVER.patron()
            .services()
            .scripts
            .create(STORE, new ScriptDetails("Script", Place.FOOTER, Set.of(), "<!-- -->", true, 100))
            .orElseThrow()
            .id();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void everyPage_hasARuleHere() {
        assertThat(ROUTES.values().stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(SERVER.patron().console().routes().all().stream()
                        .filter(route -> !route.contains(" /api/"))
                        .toList());
    }

    static List<String> restricted() {
        return ROUTES.entrySet().stream()
                .filter(rule -> rule.getKey() != Rule.EVERYBODY)
                .flatMap(rule -> rule.getValue().stream())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("restricted")
    void page_letsInWhoseItIs_andNobodyElse(String route) {
        Rule rule = ROUTES.entrySet().stream()
                .filter(each -> each.getValue().contains(route))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        String method = route.substring(0, route.indexOf(' '));
        String path = path(route);

        assertThat(isSignedOut(ask(Who.NOBODY, method, path))).isTrue();
        for (Who who : BROWSERS.keySet()) {
            if (who == Who.NOBODY) {
                continue;
            }
            Answer answer = ask(who, method, path);
            if (rule.allowed.contains(who)) {
                // What a form names may be missing; nothing else may be said not to be there.
                assertThat(answer.status()).as("%s as %s", route, who).isIn(200, 302, 400, 404, 409, 422);
                assertThat(answer.status() == 404 && !NAMES_MORE.contains(route))
                        .isFalse();
                assertThat(isSignedOut(answer)).isFalse();
            } else {
                assertThat(ConsoleBrowser.problem(answer))
                        .as("%s as %s", route, who)
                        .isEqualTo(
                                rule.refusal == 403 || (rule == Rule.ITS_OPERATOR && isNear(who, route))
                                        ? "403 forbidden"
                                        : "404 not_found");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("restricted")
    void page_ofWhatDoesNotExist_isAnsweredLikeSomebodyElses(String route) {
        if (!route.contains("*")) {
            return;
        }
        String path = route.substring(route.indexOf(' ') + 1).replace("*", "nosuchobject");

        Answer answer = ask(Who.OPERATOR, route.substring(0, route.indexOf(' ')), path);

        assertThat(ConsoleBrowser.problem(answer)).isEqualTo("404 not_found");
    }

    /** The customer's number is the same at the other store, and so nothing but the store tells them apart. */
    @Test
    void staff_ofOneStore_getsToNothingOfAnother() {
        for (String route : ROUTES.getOrDefault(Rule.ITS_STAFF, List.of())) {
            String method = route.substring(0, route.indexOf(' '));
            String path = path(route).replace("/panel/stores/" + STORE, "/panel/stores/" + OTHER_STORE);

            assertThat(ConsoleBrowser.problem(ask(Who.STAFF, method, path)))
                    .as(route)
                    .isEqualTo("404 not_found");
        }
    }

    /** Whether somebody sees the object, though they may not do this to it. */
    private static boolean isNear(Who who, String route) {
        return who == (route.contains("/panel/stores/") ? Who.STAFF : Who.DEVELOPER);
    }

    private static String path(String route) {
        return route.substring(route.indexOf(' ') + 1)
                .replace("/panel/stores/*", "/panel/stores/" + STORE)
                .replace("/customers/*", "/customers/" + CUSTOMER_ID)
                .replace("/scripts/*", "/scripts/" + SCRIPT)
                .replace("/apps/*", "/apps/" + OWN_APP)
                .replace("/members/*", "/members/" + SOMEBODY.id());
    }

    /** With a form that says nothing: whoever may send it is told what is missing. */
    private static Answer ask(Who who, String method, String path) {
        ConsoleBrowser browser = Objects.requireNonNull(BROWSERS.get(who));
        Call call = method.equals("GET")
                ? browser.call("GET", path)
                : browser.call(path, Map.of("client_id", CLIENT_ID, "disabled", "false"));
        return call.send();
    }

    private static boolean isSignedOut(Answer answer) {
        return answer.status() == 302
                ? answer.header("Location").orElse("").startsWith("/sign-in")
                : answer.status() == 403 && ConsoleBrowser.problem(answer).equals("403 signed_out");
    }

    private static ConsoleBrowser browser(Who who) {
        ConsoleBrowser browser = ConsoleBrowser.at(SERVER, LOGS);
        if (who != Who.NOBODY) {
            create(
                    switch (who) {
                        case NOBODY, OPERATOR -> NewMember.operator(address(who), "O");
                        case STAFF -> new NewMember(address(who), "S", Role.STAFF, Optional.of(STORE));
                        case OTHER_STAFF -> new NewMember(address(who), "S", Role.STAFF, Optional.of(OTHER_STORE));
                        case DEVELOPER, OTHER_DEVELOPER -> NewMember.developer(address(who), "D");
                    });
            assertThat(browser.signIn(address(who), PASSWORD).status()).isEqualTo(302);
        }
        return browser;
    }

    private static String address(Who who) {
        return who.name().toLowerCase(Locale.ROOT) + "@example.com";
    }

    private static Member create(NewMember details) {
        try {
            return SERVER.patron().services().members.create(details, PASSWORD);
        } catch (MemberExistsException twice) {
            throw new IllegalArgumentException(twice);
        }
    }
}
