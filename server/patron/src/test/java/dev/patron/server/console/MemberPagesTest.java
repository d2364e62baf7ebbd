package dev.patron.server.console;

import static dev.patron.server.console.ConsoleBrowser.problem;
import static dev.patron.server.console.ConsoleBrowser.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.MemberSignIn;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Totp;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing up, in and out at the console, as browsers and those who are up to no good do it. */
class MemberPagesTest {

    private static final String PASSWORD = "a good pass phrase";
    private static final String OTHER_PASSWORD = "another good pass phrase";
    private static final String WRONG = "The e-mail address or the password is wrong. Check both and try again.";
    private static final TestServer SERVER = TestServer.start("patron.console.sign-up=true");
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final Pattern KEY = Pattern.compile("<code class=\"key\">([A-Z2-7 ]+)</code>");
    private static final Pattern RECOVERY_CODE = Pattern.compile("<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>");

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    private final ConsoleBrowser browser = ConsoleBrowser.at(SERVER, logs);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    // Signing in

    @Test
    void signIn_rightPassword_goesOnWithACookieOfTheConsoleOnly() {
        Answer answer = browser.signIn(newMember().email(), PASSWORD);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains("/developers");
        assertThat(answer.header("Cache-Control")).contains("no-store, private");
        assertThat(answer.all("Set-Cookie").getFirst())
                .matches("PATRON_CONSOLE_SESSION=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax; Max-Age=[0-9]+");
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void cookie_whereTheConsoleIsHttps_isSecureAndCannotBePlanted() throws MemberExistsException {
        try (TestServer https = TestServer.start("patron.console.https=true")) {
            https.patron().services().members.create(NewMember.developer("dev@example.com", "Dev"), PASSWORD);
            ConsoleBrowser there = ConsoleBrowser.at(https, logs);
            Call call = there.call("/sign-in", Map.of("email", "dev@example.com", "password", PASSWORD))
                    .with("Origin", "https://localhost:" + https.consolePort());

            Answer answer = there.send(call);

            assertThat(answer.all("Set-Cookie"))
                    .satisfiesExactly(
                            session -> assertThat(session)
                                    .matches(
                                            "__Host-PATRON_CONSOLE_SESSION=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax;"
                                                    + " Secure; Max-Age=[0-9]+"),
                            device -> assertThat(device)
                                    .matches("__Host-PATRON_CONSOLE_DEVICE=[A-Za-z0-9_-]{48}; Path=/; HttpOnly;"
                                            + " SameSite=Strict; Secure; Max-Age=15552000"));
            assertThat(there.isSignedIn()).isTrue();
            String planted = there.cookie().substring("__Host-".length());
            assertThat(there.call("GET", "/account")
                            .with("Cookie", planted)
                            .send()
                            .status())
                    .isEqualTo(302);
            // The same host by http is another origin.
            assertThat(problem(call.with("Origin", there.origin()).send())).isEqualTo("403 cross_site");
        }
    }

    @Test
    void signIn_wrongPasswordUnknownAddressOrDisabled_getTheSamePage() {
        String existing = newMember().email();
        Member off = newMember();
        SERVER.patron().services().members.setDisabled(off.id(), true);
        String unknown = freshAddress();

        Answer wrongPassword = browser.signIn(existing, "not the password");
        Answer unknownAddress = browser.signIn(unknown, PASSWORD);
        Answer disabled = browser.signIn(off.email(), PASSWORD);

        assertThat(wrongPassword.status()).isEqualTo(422);
        assertThat(wrongPassword.all("Set-Cookie")).isEmpty();
        assertThat(text(wrongPassword)).contains(WRONG);
        assertThat(wrongPassword.body()).contains(existing).doesNotContain("not the password");
        assertThat(without(unknown, unknownAddress)).isEqualTo(without(existing, wrongPassword));
        assertThat(without(off.email(), disabled)).isEqualTo(without(existing, wrongPassword));
        assertThat(browser.isSignedIn()).isFalse();
    }

    @Test
    void signIn_tooOften_isAskedToWait_whetherThereIsAMemberOrNot() {
        for (String email : List.of(newMember().email(), freshAddress())) {
            for (int i = 0; i < 10; i++) {
                assertThat(browser.signIn(email, "not the password").status()).isEqualTo(422);
            }

            Answer answer = browser.signIn(email, PASSWORD);

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).isPresent();
            assertThat(text(answer)).contains("Too many attempts. Try again in ");
            assertThat(answer.all("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void signIn_whileOthersUseUpTheAccountsAttempts_isOpenToABrowserThatWasThereBefore() throws Exception {
        String email = newMember().email();
        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(302);
        assertThat(browser.post("/sign-out", Map.of()).status()).isEqualTo(302);
        for (int i = 0; i < 50; i++) {
            assertThat(SERVER.patron()
                            .services()
                            .members
                            .signIn(email, "a guess", InetAddress.getByName("192.0.2." + i)))
                    .isInstanceOf(MemberSignIn.Refused.class);
        }
        ConsoleBrowser stranger = ConsoleBrowser.at(SERVER, logs);
        assertThat(stranger.signIn(email, PASSWORD).status()).isEqualTo(429);

        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(302);

        assertThat(browser.isSignedIn()).isTrue();
        assertThat(stranger.signIn(email, PASSWORD).status()).isEqualTo(429);
    }

    @Test
    void signIn_withAPlantedOrAnothersCookie_neverGoesOnInIt() {
        ConsoleBrowser attacker = ConsoleBrowser.at(SERVER, logs);
        attacker.signIn(newMember().email(), PASSWORD);
        Member victim = newMember();
        for (String planted : List.of("PATRON_CONSOLE_SESSION=" + "A".repeat(43), attacker.cookie())) {
            browser.send(browser.call("/sign-in", Map.of("email", victim.email(), "password", PASSWORD))
                    .with("Cookie", planted));

            assertThat(browser.cookie()).isNotEqualTo(planted);
            assertThat(browser.get("/account").body()).contains(victim.email());
        }
        assertThat(attacker.isSignedIn()).isFalse();
    }

    @Test
    void cookie_sentTwice_isNoSession() {
        browser.signIn(newMember().email(), PASSWORD);
        Call call = browser.call("GET", "/account");
        assertThat(call.send().status()).isEqualTo(200);

        assertThat(call.with("Cookie", browser.cookie() + "; PATRON_CONSOLE_SESSION=" + "A".repeat(43))
                        .send()
                        .status())
                .isEqualTo(302);
    }

    @Test
    void session_ofACustomer_isNoneAtTheConsole_andTheOtherWayRound() {
        browser.signIn(newMember().email(), PASSWORD);
        String value = browser.cookie().substring(browser.cookie().indexOf('=') + 1);
        String customer = SERVER.signIn();
        String customerValue = customer.substring(customer.indexOf('=') + 1);

        assertThat(SERVER.call("GET", TestServer.CURRENT_JWT)
                        .with("Cookie", "SHOP_SESSION_TOKEN=" + value)
                        .send()
                        .outcome())
                .isEqualTo("404 not_signed_in");
        assertThat(browser.call("GET", "/account")
                        .with("Cookie", "PATRON_CONSOLE_SESSION=" + customerValue)
                        .send()
                        .status())
                .isEqualTo(302);
    }

    @Test
    void session_letsNobodyIntoTheApi() {
        browser.signIn(newMember().email(), PASSWORD);

        assertThat(browser.get("/api/v1/apps").status()).isEqualTo(401);
    }

    @Test
    void signOut_endsTheSessionForGood() {
        browser.signIn(newMember().email(), PASSWORD);
        String session = browser.cookie();

        Answer answer = browser.post("/sign-out", Map.of());

        assertThat(answer.header("Location")).contains("/sign-in?notice=signed-out");
        assertThat(answer.header("Set-Cookie").orElse("")).contains("PATRON_CONSOLE_SESSION=;", "Max-Age=0");
        assertThat(browser.call("GET", "/account")
                        .with("Cookie", session)
                        .send()
                        .status())
                .isEqualTo(302);
        assertThat(SERVER.console("GET", "/sign-out").send().status()).isEqualTo(405);
    }

    @Test
    void formsOfMembers_signedOut_changeNothingAndSayWhatToDo() {
        for (String path : List.of(
                "/account/password",
                "/account/delete",
                "/account/second-factor",
                "/account/second-factor/remove",
                "/account/second-factor/recovery-codes")) {
            assertThat(problem(browser.post(path, Map.of("new_password", PASSWORD))))
                    .as(path)
                    .isEqualTo("403 signed_out");
        }
    }

    // Where to go on to

    @ParameterizedTest
    @ValueSource(strings = {"/account", "/developers/apps?q=1", "/panel"})
    void signIn_pathOfTheConsole_goesOnThere(String path) {
        Answer answer =
                browser.post("/sign-in", Map.of("email", newMember().email(), "password", PASSWORD, "to", path));

        assertThat(answer.header("Location")).contains(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "\\\\evil.example",
                "javascript:alert(1)",
                "account",
                "/\t/evil.example",
                "/a\r\nSet-Cookie: x=y",
                " /account",
                "/welcome",
                "/welcome/xyz",
                "/Reset-Password/xyz",
                "/x/../reset-password/xyz",
                "/%2e/welcome/xyz",
                "/%77elcome/xyz",
                "/installations/abc123/apps/x/open",
                "/installations/abc123/apps/x/%6fpen",
                "/installations/abc123/apps/x/open/.",
                "/installations/abc123/apps/x/open?a=1",
                "/installations/abc123/apps/x/open;a#b",
                "/account/..//evil.example"
            })
    void signIn_anywhereElse_goesToTheOwnPages(String elsewhere) {
        Answer answer =
                browser.post("/sign-in", Map.of("email", newMember().email(), "password", PASSWORD, "to", elsewhere));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains("/developers");
        assertThat(answer.all("Set-Cookie")).hasSize(2);
    }

    // Forms of other sites

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "same-origin, OWN, true",
                "same-origin, -, true",
                "-, OWN, true",
                "none, -, true",
                "-, -, false",
                "cross-site, -, false",
                "cross-site, https://evil.example, false",
                "cross-site, OWN, false",
                "same-site, -, false",
                "same-site, OWN, false",
                "same-origin, https://evil.example, false",
                "same-origin, null, false",
                "-, null, false",
                "-, https://evil.example, false",
                "-, OTHER_PORT, false",
                "-, OTHER_SCHEME, false",
                "'same-origin, cross-site', OWN, false"
            })
    void form_isTakenFromTheConsolesOwnPagesOnly(String site, String origin, boolean taken) {
        browser.signIn(newMember().email(), PASSWORD);
        Call call =
                browser.call("/sign-out", Map.of()).without("Sec-Fetch-Site").without("Origin");
        if (site != null) {
            call = call.with("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            call = call.with(
                    "Origin",
                    switch (origin) {
                        case "OWN" -> browser.origin();
                        case "OTHER_PORT" -> "http://localhost:" + SERVER.port();
                        case "OTHER_SCHEME" -> "https://localhost:" + SERVER.consolePort();
                        default -> origin;
                    });
        }

        Answer answer = call.send();

        if (taken) {
            assertThat(answer.status()).isEqualTo(302);
            assertThat(browser.isSignedIn()).isFalse();
        } else {
            assertThat(problem(answer)).isEqualTo("403 cross_site");
            assertThat(browser.isSignedIn()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/sign-in", "/sign-in/code", "/sign-up", "/welcome", "/reset-password", "/account/delete"})
    void everyForm_fromAnotherSite_isRefusedBeforeItIsLookedAt(String path) {
        Call call = browser.call(path, Map.of());
        assertThat(call.send().body()).doesNotContain("cross_site");

        assertThat(problem(call.with("Sec-Fetch-Site", "cross-site").send())).isEqualTo("403 cross_site");
    }

    @Test
    void pages_areForNoFrameAndNoCache() {
        Answer answer = browser.get("/sign-in");

        assertThat(answer.header("Content-Security-Policy").orElse(""))
                .contains("frame-ancestors 'none'", "form-action 'self'")
                .doesNotContain("unsafe");
        assertThat(answer.header("Cache-Control")).contains("no-store, private");
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.header("Referrer-Policy")).contains("same-origin");
    }

    // Signing up

    @Test
    void signUp_isADeveloperWhoIsSignedIn() {
        String email = freshAddress();

        Answer answer = browser.post("/sign-up", newAccount(email));

        assertThat(answer.header("Location")).contains("/developers");
        assertThat(browser.get("/account").body()).contains(email, "Developer");
        assertThat(ConsoleBrowser.at(SERVER, logs).signIn(email, PASSWORD).status())
                .isEqualTo(302);
    }

    @Test
    void signUp_withRoleAndStoreInTheForm_isADeveloperAllTheSame() {
        Map<String, String> fields = newAccount(freshAddress());
        fields.putAll(Map.of("role", "OPERATOR", "store_hash", TestServer.STORE, "storeHash", TestServer.STORE));

        browser.post("/sign-up", fields);

        assertThat(text(browser.get("/account"))).contains("Role Developer");
    }

    @ParameterizedTest
    @CsvSource({
        "name, ''",
        "email, nobody",
        "password, short",
        "password_confirmation, something else",
    })
    void signUp_badInput_isSaidBesideItsFieldAndNothingTypedIsLost(String field, String value) {
        String email = freshAddress();
        Map<String, String> fields = newAccount(email);
        fields.put(field, value);

        Answer answer = browser.post("/sign-up", fields);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("id=\"" + field + "-fault\"").doesNotContain(PASSWORD);
        assertThat(answer.body()).contains(fields.get("email"));
        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(422);
    }

    @Test
    void signUp_takenAddress_isRefused() {
        Answer answer = browser.post("/sign-up", newAccount(newMember().email()));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("id=\"email-fault\"");
        assertThat(answer.all("Set-Cookie")).isEmpty();
    }

    @Test
    void signUp_whereItIsClosed_isForInvitedPeopleOnly() {
        try (TestServer closed = TestServer.start()) {
            ConsoleBrowser there = ConsoleBrowser.at(closed, logs);
            BearerSecret link = closed.patron().services().links.create(Purpose.INVITATION, "DEVELOPER");
            logs.watch(link.reveal());

            assertThat(problem(there.get("/sign-up"))).isEqualTo("403 sign_up_closed");
            assertThat(problem(there.post("/sign-up", newAccount(freshAddress()))))
                    .isEqualTo("403 sign_up_closed");
            assertThat(there.get("/sign-in").body())
                    .doesNotContain("/sign-up")
                    .contains("An operator of this server invites you");
            there.open(MemberPages.welcomePath(link));
            assertThat(there.post("/welcome", newAccount(freshAddress())).status())
                    .isEqualTo(302);
            assertThat(there.isSignedIn()).isTrue();
        }
    }

    // One-time links

    @Test
    void welcome_looksDoNotSpendTheLink_andUsingItDoes() {
        BearerSecret link = link(Purpose.INVITATION, "STAFF " + TestServer.STORE);
        String path = MemberPages.welcomePath(link);
        assertThat(browser.send(browser.call("HEAD", path)).status()).isEqualTo(302);
        Answer arrival = browser.get(path);
        assertThat(arrival.status()).isEqualTo(302);
        assertThat(arrival.all("Location")).containsExactly("/welcome");
        assertThat(arrival.all("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(arrival.all("Cache-Control")).containsExactly("no-store, private");
        assertThat(arrival.all("Set-Cookie"))
                .containsExactly(
                        "PATRON_CONSOLE_WELCOME=" + link.reveal() + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=900");
        Answer page = browser.get("/welcome");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.all("Referrer-Policy")).containsExactly("strict-origin");
        assertThat(page.body()).doesNotContain(link.reveal());
        assertThat(browser.post("/welcome", newAccount("no address")).status()).isEqualTo(422);

        Answer answer = browser.post("/welcome", newAccount(freshAddress()));
        assertThat(answer.all("Set-Cookie"))
                .contains("PATRON_CONSOLE_WELCOME=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");

        assertThat(answer.header("Location")).contains("/panel");
        assertThat(text(browser.get("/account"))).contains("Staff of the store " + TestServer.STORE);
        ConsoleBrowser second = ConsoleBrowser.at(SERVER, logs);
        assertThat(problem(second.get(path))).isEqualTo("404 link_spent");
        assertThat(second.get(path).all("Set-Cookie")).isEmpty();
        assertThat(problem(second.post("/welcome", newAccount(freshAddress())))).isEqualTo("400 link_cookie_missing");
        assertThat(problem(second.get("/welcome"))).isEqualTo("400 link_cookie_missing");
        assertThat(problem(second.send(second.call("/welcome", newAccount(freshAddress()))
                        .with("Cookie", "PATRON_CONSOLE_WELCOME=" + link.reveal()))))
                .isEqualTo("404 link_spent");
        assertThat(second.get(path).body()).doesNotContain(link.reveal());
    }

    @Test
    void firstOperator_isMadeByTheLinkAndNoSecondOne() {
        try (TestServer fresh = TestServer.start()) {
            ConsoleBrowser there = ConsoleBrowser.at(fresh, logs);
            BearerSecret link = fresh.patron().services().links.create(Purpose.FIRST_OPERATOR, "");
            logs.watch(link.reveal());

            there.open(MemberPages.welcomePath(link));
            there.post("/welcome", newAccount(freshAddress()));

            assertThat(text(there.get("/account"))).contains("Operator of this server");
            BearerSecret later = fresh.patron().services().links.create(Purpose.FIRST_OPERATOR, "");
            logs.watch(later.reveal());
            ConsoleBrowser second = ConsoleBrowser.at(fresh, logs);
            second.open(MemberPages.welcomePath(later));
            assertThat(problem(second.post("/welcome", newAccount(freshAddress()))))
                    .isEqualTo("404 link_spent");
        }
    }

    @Test
    void resetPassword_byTheLink_signsEverybodyOutAndWorksOnce() {
        Member member = newMember();
        browser.signIn(member.email(), PASSWORD);
        BearerSecret link = link(Purpose.MEMBER_PASSWORD, Long.toString(member.id()));
        String path = MemberPages.resetPath(link);
        ConsoleBrowser there = ConsoleBrowser.at(SERVER, logs);
        Map<String, String> fields = Map.of("password", OTHER_PASSWORD, "password_confirmation", OTHER_PASSWORD);
        Answer page = there.open(path);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).doesNotContain(link.reveal()).doesNotContain(member.email());
        assertThat(text(page))
                .contains(member.email().charAt(0) + "•••"
                        + member.email().substring(member.email().indexOf('@')));
        assertThat(there.post("/reset-password", Map.of("password", OTHER_PASSWORD))
                        .status())
                .isEqualTo(422);
        assertThat(browser.isSignedIn()).isTrue();

        Answer changed = there.post("/reset-password", fields);
        assertThat(changed.header("Location")).contains("/sign-in?notice=new-password");
        assertThat(changed.all("Set-Cookie"))
                .contains("PATRON_CONSOLE_RESET=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");

        assertThat(browser.isSignedIn()).isFalse();
        assertThat(problem(there.get(path))).isEqualTo("404 link_spent");
        assertThat(problem(there.post("/reset-password", fields))).isEqualTo("400 link_cookie_missing");
        assertThat(there.signIn(member.email(), OTHER_PASSWORD).status()).isEqualTo(302);
    }

    @Test
    void resetPassword_byAPageOfAnEarlierLink_isRefusedAndChangesNothing() {
        Member one = newMember();
        Member other = newMember();
        BearerSecret first = link(Purpose.MEMBER_PASSWORD, Long.toString(one.id()));
        BearerSecret second = link(Purpose.MEMBER_PASSWORD, Long.toString(other.id()));
        assertThat(browser.open(MemberPages.resetPath(first)).body()).contains(first.fingerprint());
        assertThat(browser.open(MemberPages.resetPath(second)).body()).contains(second.fingerprint());
        Map<String, String> older = Map.of(
                "password",
                OTHER_PASSWORD,
                "password_confirmation",
                OTHER_PASSWORD,
                "link_fingerprint",
                first.fingerprint());

        assertThat(problem(browser.post("/reset-password", older))).isEqualTo("409 link_replaced");

        for (Member member : List.of(one, other)) {
            assertThat(ConsoleBrowser.at(SERVER, logs)
                            .signIn(member.email(), PASSWORD)
                            .status())
                    .isEqualTo(302);
        }
        Map<String, String> newer = new LinkedHashMap<>(older);
        newer.put("link_fingerprint", second.fingerprint());
        assertThat(browser.post("/reset-password", newer).status()).isEqualTo(302);
        assertThat(browser.signIn(other.email(), OTHER_PASSWORD).status()).isEqualTo(302);
        assertThat(ConsoleBrowser.at(SERVER, logs).signIn(one.email(), PASSWORD).status())
                .isEqualTo(302);
    }

    @Test
    void welcome_byAPageOfAnEarlierInvitation_isRefusedAndMakesNobody() {
        BearerSecret developers = link(Purpose.INVITATION, "DEVELOPER");
        BearerSecret staff = link(Purpose.INVITATION, "STAFF " + TestServer.STORE);
        assertThat(browser.open(MemberPages.welcomePath(developers)).body()).contains(developers.fingerprint());
        assertThat(browser.open(MemberPages.welcomePath(staff)).body()).contains(staff.fingerprint());
        String address = freshAddress();
        Map<String, String> form = newAccount(address);
        form.put("link_fingerprint", developers.fingerprint());

        assertThat(problem(browser.post("/welcome", form))).isEqualTo("409 link_replaced");

        assertThat(browser.isSignedIn()).isFalse();
        form.put("link_fingerprint", staff.fingerprint());
        assertThat(browser.post("/welcome", form).status()).isEqualTo(302);
        assertThat(text(browser.get("/account"))).contains("Staff of the store " + TestServer.STORE);
    }

    @Test
    void links_whereTheConsoleIsHttps_areInCookiesThatNoSiblingDomainCanPlant() throws MemberExistsException {
        try (TestServer https = TestServer.start("patron.console.https=true")) {
            Member member =
                    https.patron().services().members.create(NewMember.developer("dev@example.com", "Dev"), PASSWORD);
            BearerSecret reset =
                    https.patron().services().links.create(Purpose.MEMBER_PASSWORD, Long.toString(member.id()));
            BearerSecret invitation = https.patron().services().links.create(Purpose.INVITATION, "DEVELOPER");
            Map<String, BearerSecret> cookies =
                    Map.of("PATRON_CONSOLE_RESET", reset, "PATRON_CONSOLE_WELCOME", invitation);
            for (Map.Entry<String, BearerSecret> entry : cookies.entrySet()) {
                ConsoleBrowser there = ConsoleBrowser.at(https, logs);
                BearerSecret link = entry.getValue();
                String cookie = entry.getKey();
                String page = cookie.endsWith("RESET") ? "/reset-password" : "/welcome";

                Answer arrival = there.get(page + "/" + link.reveal());

                assertThat(arrival.all("Set-Cookie"))
                        .containsExactly("__Host-" + cookie + "=" + link.reveal()
                                + "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=900");
                assertThat(there.get(page).status()).isEqualTo(200);
                Call planted =
                        ConsoleBrowser.at(https, logs).call("GET", page).with("Cookie", cookie + "=" + link.reveal());
                assertThat(problem(planted.send())).isEqualTo("400 link_cookie_missing");
                Call form = there.call(page, newAccount("new@example.com"))
                        .with("Origin", "https://localhost:" + https.consolePort());
                assertThat(there.send(form).all("Set-Cookie"))
                        .contains("__Host-" + cookie + "=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
            }
        }
    }

    @Test
    void links_ofOtherPurposesExpiredOrMadeUp_doNotWork() {
        Member member = newMember();
        BearerSecret invitation = link(Purpose.INVITATION, "DEVELOPER");
        BearerSecret reset = link(Purpose.MEMBER_PASSWORD, Long.toString(member.id()));
        BearerSecret customers = link(Purpose.CUSTOMER_PASSWORD, Long.toString(member.id()));
        assertThat(browser.open(MemberPages.welcomePath(invitation)).status()).isEqualTo(200);
        assertThat(browser.open(MemberPages.resetPath(reset)).status()).isEqualTo(200);

        for (String path : List.of(
                MemberPages.welcomePath(reset),
                MemberPages.resetPath(invitation),
                MemberPages.resetPath(customers),
                MemberPages.welcomePath(BearerSecret.create()),
                "/welcome/" + "A".repeat(42),
                "/reset-password/x")) {
            Answer arrival = browser.get(path);
            assertThat(problem(arrival)).as(path).isEqualTo("404 link_spent");
            assertThat(arrival.all("Set-Cookie")).as(path).isEmpty();
            String form = path.substring(0, path.lastIndexOf('/'));
            String cookie = form.equals("/welcome") ? "PATRON_CONSOLE_WELCOME=" : "PATRON_CONSOLE_RESET=";
            assertThat(problem(browser.send(browser.call(form, newAccount(freshAddress()))
                            .with("Cookie", cookie + path.substring(path.lastIndexOf('/') + 1)))))
                    .as(path)
                    .isEqualTo("404 link_spent");
        }
        assertThat(browser.open(MemberPages.welcomePath(invitation)).status()).isEqualTo(200);
        SERVER.clock().advance(Purpose.INVITATION.validity());
        assertThat(problem(browser.get(MemberPages.welcomePath(invitation)))).isEqualTo("404 link_spent");
    }

    // The account

    @Test
    void changePassword_signsEveryOtherBrowserOut() {
        Member member = newMember();
        browser.signIn(member.email(), PASSWORD);
        ConsoleBrowser other = ConsoleBrowser.at(SERVER, logs);
        other.signIn(member.email(), PASSWORD);
        String before = browser.cookie();

        Answer answer = browser.post(
                "/account/password",
                Map.of(
                        "current_password", PASSWORD,
                        "new_password", OTHER_PASSWORD,
                        "new_password_confirmation", OTHER_PASSWORD));

        assertThat(answer.header("Location")).contains("/account?notice=password");
        assertThat(browser.cookie()).isNotEqualTo(before);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(other.isSignedIn()).isFalse();
    }

    @Test
    void passwordOfTheAccount_wrong_isSaidBesideItsField_andIsNotGuessedForever() {
        Member member = newMember();
        browser.signIn(member.email(), PASSWORD);
        turnOn(browser);
        for (String form : List.of("remove", "recovery-codes")) {
            Answer answer = browser.post(
                    "/account/second-factor/" + form,
                    Map.of("confirmed", "yes", "factor_password", "not the password"));
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body()).contains("id=\"factor_password-fault\"");
        }
        for (int i = 0; i < 8; i++) {
            assertThat(browser.post(
                                    "/account/delete",
                                    Map.of("confirmed", "yes", "delete_password", "not the password"))
                            .status())
                    .isEqualTo(422);
        }

        Answer answer =
                browser.post("/account/second-factor/remove", Map.of("confirmed", "yes", "factor_password", PASSWORD));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(text(answer)).contains("Too many attempts.");
        assertThat(text(browser.get("/account"))).contains("Second factor On");
    }

    @Test
    void delete_isForGood() {
        Member member = newMember();
        browser.signIn(member.email(), PASSWORD);

        Answer question = browser.post("/account/delete", Map.of("delete_password", PASSWORD));
        assertThat(question.status()).isEqualTo(200);
        assertThat(text(question)).contains("This cannot be undone", "for good");
        assertThat(question.body()).doesNotContain(PASSWORD);
        assertThat(browser.isSignedIn()).isTrue();

        Answer answer = browser.post("/account/delete", Map.of("confirmed", "yes", "delete_password", PASSWORD));

        assertThat(answer.header("Location")).contains("/sign-in?notice=deleted");
        assertThat(browser.cookie()).isEmpty();
        assertThat(SERVER.patron().services().members.find(member.id())).isEmpty();
    }

    // The second factor

    @Test
    void secondFactor_isSetUpWithCodeAndPassword_andThenSigningInTakesBoth() {
        Member member = newMember();
        browser.signIn(member.email(), PASSWORD);
        Totp app = turnOn(browser);
        SERVER.clock().advance(Duration.ofMinutes(1));
        ConsoleBrowser there = ConsoleBrowser.at(SERVER, logs);

        Answer half =
                there.post("/sign-in", Map.of("email", member.email(), "password", PASSWORD, "to", "/developers/apps"));

        assertThat(half.header("Location")).contains("/sign-in/code?to=%2Fdevelopers%2Fapps");
        assertThat(half.header("Set-Cookie").orElse("")).endsWith("; Max-Age=300");
        assertThat(there.isSignedIn()).isFalse();
        String waiting = there.cookie();
        Answer wrong = there.post(
                "/sign-in/code", Map.of("code", app.wrongCode(SERVER.clock().instant())));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body()).contains("id=\"code-fault\"");
        String code = app.code(SERVER.clock().instant());
        Answer right = there.post("/sign-in/code", Map.of("code", code, "to", "//evil.example"));
        assertThat(right.header("Location")).contains("/developers");
        assertThat(there.cookie()).isNotEqualTo(waiting);
        assertThat(there.isSignedIn()).isTrue();
        // The same code, seen over a shoulder, lets nobody else in.
        ConsoleBrowser thief = ConsoleBrowser.at(SERVER, logs);
        thief.signIn(member.email(), PASSWORD);
        assertThat(thief.post("/sign-in/code", Map.of("code", code)).status()).isEqualTo(422);
        assertThat(thief.isSignedIn()).isFalse();
    }

    @Test
    void secondFactor_withoutThePassword_isNotTurnedOn() {
        browser.signIn(newMember().email(), PASSWORD);
        Totp app = offered(browser);
        String code = app.code(SERVER.clock().instant());

        Answer answer =
                browser.post("/account/second-factor", Map.of("code", code, "factor_password", "not the password"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("id=\"factor_password-fault\"");
        assertThat(text(browser.get("/account"))).contains("Second factor Off");
        browser.post("/account/second-factor", Map.of("code", code, "factor_password", PASSWORD));
        assertThat(text(browser.get("/account"))).contains("Second factor On");
    }

    @Test
    void secondFactor_thatIsOn_isNotReplacedWithoutTurningItOff() {
        browser.signIn(newMember().email(), PASSWORD);
        turnOn(browser);

        assertThat(browser.get("/account/second-factor").header("Location")).contains("/account");
        assertThat(problem(
                        browser.post("/account/second-factor", Map.of("code", "000000", "factor_password", PASSWORD))))
                .isEqualTo("409 second_factor_on");

        browser.post("/account/second-factor/remove", Map.of("confirmed", "yes", "factor_password", PASSWORD));
        assertThat(text(browser.get("/account"))).contains("Second factor Off");
    }

    @Test
    void secondFactor_keyOnThePage_isAnotherOneEachTime() {
        browser.signIn(newMember().email(), PASSWORD);

        assertThat(key(browser.get("/account/second-factor"))).isNotEqualTo(key(browser.get("/account/second-factor")));
    }

    @Test
    void recoveryCodes_letInOnceEach_andAreShownOnce() {
        Member member = newMember();
        browser.signIn(member.email(), PASSWORD);
        turnOn(browser);
        Answer fresh = browser.post(
                "/account/second-factor/recovery-codes", Map.of("confirmed", "yes", "factor_password", PASSWORD));
        List<String> codes = RECOVERY_CODE
                .matcher(fresh.body())
                .results()
                .map(code -> code.group(1))
                .toList();
        assertThat(codes).hasSize(10);
        codes.forEach(logs::watch);
        assertThat(browser.get("/account").body()).doesNotContain(codes);

        ConsoleBrowser there = ConsoleBrowser.at(SERVER, logs);
        there.signIn(member.email(), PASSWORD);
        assertThat(there.post("/sign-in/code", Map.of("code", codes.getFirst())).status())
                .isEqualTo(302);
        ConsoleBrowser again = ConsoleBrowser.at(SERVER, logs);
        again.signIn(member.email(), PASSWORD);
        assertThat(again.post("/sign-in/code", Map.of("code", codes.getFirst())).status())
                .isEqualTo(422);
    }

    @Test
    void showCode_withoutASignInBefore_isRefused() {
        assertThat(browser.post("/sign-in/code", Map.of("code", "123456")).status())
                .isEqualTo(422);
    }

    private static Member newMember() {
        try {
            return SERVER.patron()
                    .services()
                    .members
                    .create(NewMember.developer(freshAddress(), "Ada Lovelace"), PASSWORD);
        } catch (MemberExistsException taken) {
            throw new IllegalStateException(taken);
        }
    }

    private static String freshAddress() {
        return "member" + COUNTER.incrementAndGet() + "@example.com";
    }

    private static Map<String, String> newAccount(String email) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", "Ada Lovelace");
        fields.put("email", email);
        fields.put("password", PASSWORD);
        fields.put("password_confirmation", PASSWORD);
        return fields;
    }

    private BearerSecret link(Purpose purpose, String subject) {
        BearerSecret link = SERVER.patron().services().links.create(purpose, subject);
        logs.watch(link.reveal());
        return link;
    }

    private Totp turnOn(ConsoleBrowser somebody) {
        Totp app = offered(somebody);
        Answer on = somebody.post(
                "/account/second-factor",
                Map.of("code", app.code(SERVER.clock().instant()), "factor_password", PASSWORD));
        assertThat(text(on)).contains("The second factor is on.");
        return app;
    }

    private Totp offered(ConsoleBrowser somebody) {
        String key = key(somebody.get("/account/second-factor"));
        logs.watch(key);
        logs.watch(key.replace(" ", ""));
        return Totp.of(key);
    }

    private static String key(Answer answer) {
        Matcher key = KEY.matcher(answer.body());
        assertThat(key.find()).isTrue();
        return key.group(1);
    }

    private static String without(String email, Answer answer) {
        return answer.status() + " " + answer.body().replace(email, "");
    }
}
