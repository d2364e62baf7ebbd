package dev.patron.server.account;

import static dev.patron.server.TestServer.EMAIL;
import static dev.patron.server.TestServer.PASSWORD;
import static dev.patron.server.account.Browser.newAccount;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.SignIn;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.session.SessionOrigin;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountPagesTest {

    private static final TestServer SERVER = TestServer.start();
    private static final AtomicInteger COUNTER = new AtomicInteger();

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    private final Browser browser = Browser.at(SERVER, logs);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void watch() {
        List.of(EMAIL, PASSWORD, TestServer.CLIENT_SECRET, SERVER.operatorToken())
                .forEach(logs::watch);
    }

    // Signing in

    @Test
    void signIn_rightPassword_goesOnToTheAccountWithACookie() {
        Answer answer = browser.signIn(EMAIL, PASSWORD);

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains("/account.php");
        assertThat(answer.all("Set-Cookie").getFirst())
                .matches("SHOP_SESSION_TOKEN=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000");
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void signIn_atAnHttpsStore_getsASecureCookie() {
        Browser https = Browser.atHttps(SERVER, logs);

        Answer answer = https.signIn(EMAIL, PASSWORD);

        assertThat(answer.all("Set-Cookie"))
                .satisfiesExactly(
                        session -> assertThat(session)
                                .matches(
                                        "__Host-SHOP_SESSION_TOKEN=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Lax; Secure;"
                                                + " Max-Age=2592000"),
                        device -> assertThat(device)
                                .matches(
                                        "__Host-SHOP_DEVICE=[A-Za-z0-9_-]{48}; Path=/; HttpOnly; SameSite=Strict; Secure;"
                                                + " Max-Age=15552000"));
        assertThat(https.isSignedIn()).isTrue();
    }

    @Test
    void signIn_sessionOfOneStore_isNoneAtTheOther() {
        browser.signIn(EMAIL, PASSWORD);
        Call atOther = Browser.atHttps(SERVER, logs).call("GET", "/account.php");
        assertThat(browser.isSignedIn()).isTrue();

        assertThat(atOther.with("Cookie", browser.cookie()).send().status()).isEqualTo(302);
        Browser.atHttps(SERVER, logs)
                .call("POST", "/login.php?action=logout")
                .with("Cookie", browser.cookie())
                .send();
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void signIn_wrongPasswordUnknownAddressOrDisabled_getTheSamePage() {
        String disabled = newCustomer(9_999);
        SERVER.patron().services().customers.setDisabled(TestServer.STORE, 9_999, OptionalLong.empty(), true);
        String existing = newCustomer();
        String unknown = freshAddress();

        Answer wrongPassword = browser.signIn(existing, "not the password");
        Answer unknownAddress = browser.signIn(unknown, PASSWORD);
        Answer disabledCustomer = browser.signIn(disabled, PASSWORD);

        assertThat(wrongPassword.status()).isEqualTo(422);
        assertThat(wrongPassword.all("Set-Cookie")).isEmpty();
        assertThat(Html.text(wrongPassword.body()))
                .contains("The e-mail address or the password is wrong. Check both and try again.");
        assertThat(Html.fields(wrongPassword.body())).containsEntry("login_email", existing);
        assertThat(Html.fields(wrongPassword.body()).get("login_pass")).isEmpty();
        assertThat(without(unknown, unknownAddress)).isEqualTo(without(existing, wrongPassword));
        assertThat(without(disabled, disabledCustomer)).isEqualTo(without(existing, wrongPassword));
        assertThat(browser.isSignedIn()).isFalse();
    }

    @Test
    void signIn_tooOften_isAskedToWait() {
        String email = newCustomer();
        for (int i = 0; i < 10; i++) {
            assertThat(browser.signIn(email, "not the password").status()).isEqualTo(422);
        }

        Answer answer = browser.signIn(email, PASSWORD);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After"))
                .hasValueSatisfying(
                        seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 15 * 60));
        assertThat(Html.text(answer.body())).contains("Too many attempts. Try again in ");
        assertThat(Html.fields(answer.body())).containsEntry("login_email", email);
        assertThat(answer.all("Set-Cookie")).isEmpty();
    }

    @Test
    void signIn_whileOthersUseUpTheAccountsAttempts_isOpenToABrowserThatWasThereBefore() throws Exception {
        String email = newCustomer();
        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(302);
        assertThat(browser.post("/login.php?action=logout", Map.of()).status()).isEqualTo(302);
        assertThat(browser.device()).matches("SHOP_DEVICE=[A-Za-z0-9_-]{48}");
        for (int i = 0; i < 50; i++) {
            InetAddress from = InetAddress.getByName("192.0.2." + i);
            assertThat(SERVER.patron()
                            .services()
                            .customers
                            .signIn(TestServer.STORE, email, "a guess", new SessionOrigin(from, "")))
                    .isInstanceOf(SignIn.Refused.class);
        }
        Browser stranger = Browser.at(SERVER, logs);
        assertThat(stranger.signIn(email, PASSWORD).status()).isEqualTo(429);

        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(302);

        assertThat(browser.isSignedIn()).isTrue();
        assertThat(stranger.signIn(email, PASSWORD).status()).isEqualTo(429);
        // What was stolen does not give guesses without end.
        for (int i = 0; i < 10; i++) {
            assertThat(browser.signIn(email, "not the password").status()).isEqualTo(422);
        }
        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(429);
    }

    @Test
    void resetPassword_whileOthersUseUpTheAccountsAttempts_letsTheirOwnerSignIn() throws Exception {
        String email = newCustomer();
        for (int i = 0; i < 50; i++) {
            InetAddress from = InetAddress.getByName("198.51.100." + i);
            SERVER.patron()
                    .services()
                    .customers
                    .signIn(TestServer.STORE, email, "a guess", new SessionOrigin(from, ""));
        }
        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(429);
        Customer customer = SERVER.patron()
                .services()
                .customers
                .search(TestServer.STORE, email, 0, 1)
                .getFirst();
        String link = SERVER.patron()
                .services()
                .links
                .create(Purpose.CUSTOMER_PASSWORD, Long.toString(customer.key()))
                .reveal();
        logs.watch(link);

        assertThat(browser.open("/login.php?action=reset_password&token=" + link)
                        .status())
                .isEqualTo(200);
        assertThat(browser.post(
                                "/login.php?action=reset_password",
                                Map.of(
                                        "password", "another pass phrase",
                                        "password_confirmation", "another pass phrase"))
                        .status())
                .isEqualTo(302);

        assertThat(browser.signIn(email, "another pass phrase").status()).isEqualTo(302);
    }

    @Test
    void signIn_again_endsTheOldSessionAndBeginsANewOne() {
        browser.signIn(EMAIL, PASSWORD);
        String first = browser.cookie();
        browser.signIn(EMAIL, PASSWORD);

        assertThat(browser.cookie()).isNotEqualTo(first);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(isSignedIn(first)).isFalse();
    }

    @Test
    void signIn_withAPlantedCookie_neverAdoptsIt() {
        String planted = "SHOP_SESSION_TOKEN=" + "A".repeat(43);
        Answer answer = browser.send(
                browser.call("/login.php?action=check_login", Map.of("login_email", EMAIL, "login_pass", PASSWORD))
                        .with("Cookie", planted));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(browser.cookie()).isNotEqualTo(planted);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(isSignedIn(planted)).isFalse();
    }

    @Test
    void signIn_withAnAttackersSession_doesNotGoOnInIt() {
        Browser attacker = Browser.at(SERVER, logs);
        attacker.signIn(newCustomer(), PASSWORD);
        String email = newCustomer();

        browser.send(browser.call("/login.php?action=check_login", Map.of("login_email", email, "login_pass", PASSWORD))
                .with("Cookie", attacker.cookie()));

        assertThat(browser.cookie()).isNotEqualTo(attacker.cookie());
        assertThat(browser.get("/account.php").body()).contains(email);
        assertThat(attacker.isSignedIn()).isFalse();
    }

    @Test
    void signIn_fieldsInTheQuery_areNotRead() {
        assertThat(browser.signIn(EMAIL, PASSWORD).status()).isEqualTo(302);

        Answer answer = browser.send(browser.call(
                "POST",
                "/login.php?action=check_login&login_email=" + EMAIL + "&login_pass=" + Browser.encode(PASSWORD)));

        assertThat(answer.status()).isEqualTo(422);
    }

    @Test
    void signIn_repeatedOrUndecodableField_isABadRequest() {
        Call call = browser.call("POST", "/login.php?action=check_login");
        String form = "login_email=" + Browser.encode(EMAIL) + "&login_pass=" + Browser.encode(PASSWORD);
        String type = "application/x-www-form-urlencoded";
        assertThat(call.body(type, form).send().status()).isEqualTo(302);

        assertThat(call.body(type, form + "&login_email=x").send().outcome()).isEqualTo("400 bad_request");
        assertThat(call.body(type, form + "&x=%zz").send().outcome()).isEqualTo("400 bad_request");
    }

    // Where to go on to

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/cart.php",
                "/products/1?color=red&size=9#reviews",
                "/%E2%82%AC",
                "/search?q=https://example.com//x",
                "/@evil.example",
                "/:8080"
            })
    void redirectTo_pathOfTheStore_isWhereItGoesOnTo(String target) {
        Answer page = browser.get("/login.php?redirect_to=" + Browser.encode(target));
        assertThat(Html.fields(page.body())).containsEntry("redirect_to", target);

        Answer answer = browser.post("/login.php?action=check_login", signInFields(target));

        assertThat(answer.header("Location")).contains(target);
        assertThat(browser.get("/login.php?redirect_to=" + Browser.encode(target))
                        .header("Location"))
                .contains(target);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../b,/b",
        "/./cart.php#/./z,/cart.php#/./z",
        "/a?x=/../y,/a?x=/../y",
        "/a/%2e%2E/b/.,/b/",
        "/a/b/..,/a/",
        "/%2e,/",
        "/a/...,/a/...",
        "/a/.b,/a/.b",
        "/x/.%2e/login,/login",
        "/;,/;",
        "/..,/"
    })
    void redirectTo_withDotSegments_isWhatABrowserMakesOfIt(String target, String made) {
        Answer answer = browser.post("/login.php?action=check_login", signInFields(target));

        assertThat(answer.header("Location")).contains(made);
    }

    static List<String> evilTargets() {
        return List.of(
                "//evil.example",
                "///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/\\/evil.example",
                "/a\\b",
                "https://evil.example",
                "http:evil.example",
                "HTTPS://evil.example",
                "javascript:alert(1)",
                "data:text/html,x",
                "evil.example",
                "@evil.example",
                "./x",
                "?x",
                "#x",
                " /x",
                "\t//evil.example",
                "/\t/evil.example",
                "/\n/evil.example",
                "/\r\nSet-Cookie: a=b",
                "/x y",
                "/\u0000",
                "/\u007f",
                "/é",
                "/\u2028",
                "/\uff0fevil.example",
                "/" + "a".repeat(1024),
                "/..//evil.example",
                "/.//evil.example",
                "/x/%2E%2e//evil.example",
                "/login.php",
                "/./login.php?action=logout",
                "/x/../login.php?action=logout",
                "/%2e/login.php?action=logout",
                "/%2E/login.php?action=logout",
                "/x/%2e%2E/login.php?action=logout",
                "/x/.%2e/login.php?action=logout",
                "/../login.php?action=logout",
                "/x/y/../../login.php?action=logout",
                "/.\\login.php?action=logout",
                "/\tlogin.php?action=logout",
                "/log\nin.php?action=logout",
                "/;/../login.php?action=logout",
                "/login.php;x?action=logout",
                "/l%6Fgin.php?action=logout",
                "/l%256Fgin.php?action=logout",
                "/LOGIN.PHP?action=logout",
                "/x%2f..%2flogin.php?action=logout",
                "/./login/token/a.b.c",
                "/login/token/a.b.c",
                "/./cart.php?action=add&product_id=1");
    }

    @ParameterizedTest
    @MethodSource("evilTargets")
    void redirectTo_anythingElse_goesOnToTheAccount(String target) {
        Answer page = browser.get("/login.php?redirect_to=" + Browser.encode(target));
        assertThat(page.status()).isEqualTo(200);
        assertThat(Html.fields(page.body()).getOrDefault("redirect_to", "")).isEmpty();

        Answer byField = browser.post("/login.php?action=check_login", signInFields(target));
        assertThat(byField.status()).isEqualTo(302);
        assertThat(byField.all("Location")).containsExactly("/account.php");
        assertThat(byField.all("Set-Cookie")).hasSize(2);

        Answer byQuery =
                browser.post("/login.php?action=check_login&redirect_to=" + Browser.encode(target), signInFields(""));
        assertThat(byQuery.all("Location")).containsExactly("/account.php");

        Answer signedIn = browser.get("/login.php?redirect_to=" + Browser.encode(target));
        assertThat(signedIn.status()).isEqualTo(302);
        assertThat(signedIn.all("Location")).containsExactly("/account.php");
    }

    @Test
    void redirectTo_afterAFailure_isKept() {
        Answer answer = browser.post(
                "/login.php?action=check_login",
                Map.of("login_email", freshAddress(), "login_pass", "wrong password", "redirect_to", "/cart.php"));

        assertThat(Html.fields(answer.body())).containsEntry("redirect_to", "/cart.php");
    }

    @Test
    void account_signedOut_asksToSignInAndComesBack() {
        Answer answer = browser.get("/account.php");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains("/login.php?redirect_to=%2Faccount.php");
        assertThat(browser.post("/account.php?action=sign_out_everywhere", Map.of())
                        .header("Location"))
                .contains("/login.php?redirect_to=%2Faccount.php");
    }

    // Signing up

    @Test
    void signUp_goodFields_isSignedIn() {
        String email = freshAddress();

        Answer answer = browser.signUp(newAccount(email));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains("/account.php");
        assertThat(answer.all("Set-Cookie")).hasSize(2);
        assertThat(browser.get("/account.php").body()).contains(email);
        assertThat(Browser.at(SERVER, logs).signIn(email, "a good pass phrase").status())
                .isEqualTo(302);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            first_name            | ''         | Enter your first name, with 1 to 100 characters.
            first_name            | '   '      | Enter your first name, with 1 to 100 characters.
            last_name             | ''         | Enter your last name, with 1 to 100 characters.
            email                 | ''         | Enter an e-mail address such as name@example.com.
            email                 | ada        | Enter an e-mail address such as name@example.com.
            email                 | a@b@c      | Enter an e-mail address such as name@example.com.
            password              | short      | Choose a password with at least 8 characters.
            password              | ''         | Choose a password with at least 8 characters.
            password_confirmation | something  | Both passwords have to be the same.
            password_confirmation | ''         | Both passwords have to be the same.
            """)
    void signUp_badField_keepsWhatWasTypedAndWritesNothing(String field, String value, String fault) {
        Map<String, String> fields = newAccount(freshAddress());
        fields.put(field, value);
        long customers = rows("customer");
        long sessions = rows("session");

        Answer answer = browser.signUp(fields);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(Html.text(answer.body())).contains(fault);
        Map<String, String> shown = Html.fields(answer.body());
        for (String kept : List.of("first_name", "last_name", "email")) {
            assertThat(shown).containsEntry(kept, fields.getOrDefault(kept, "").strip());
        }
        assertThat(shown.get("password")).isEmpty();
        assertThat(shown.get("password_confirmation")).isEmpty();
        assertThat(answer.body()).doesNotContain("a good pass phrase");
        assertThat(answer.all("Set-Cookie")).isEmpty();
        assertThat(rows("customer")).isEqualTo(customers);
        assertThat(rows("session")).isEqualTo(sessions);

        assertThat(browser.signUp(newAccount(freshAddress())).status()).isEqualTo(302);
    }

    @Test
    void signUp_textThatStorageHasNoRoomFor_isAFaultAndNoOutage() {
        Map<String, String> longName = newAccount(freshAddress());
        longName.put("first_name", "😀".repeat(51));
        Map<String, String> longAddress = newAccount("a@" + "İ".repeat(127));
        Map<String, String> longPassword = newAccount(freshAddress());
        longPassword.put("password", "p".repeat(257));
        longPassword.put("password_confirmation", "p".repeat(257));

        for (Map<String, String> fields : List.of(longName, longAddress, longPassword)) {
            assertThat(browser.signUp(fields).status()).isEqualTo(422);
        }
    }

    @Test
    void signUp_takenAddress_saysSoAndWritesNothing() {
        String email = newCustomer();
        long customers = rows("customer");

        Answer answer = browser.signUp(newAccount(email.toUpperCase(Locale.ROOT)));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(Html.text(answer.body())).contains("There is an account with this e-mail address already.");
        assertThat(answer.all("Set-Cookie")).isEmpty();
        assertThat(rows("customer")).isEqualTo(customers);
        assertThat(Browser.at(SERVER, logs).signIn(email, PASSWORD).status()).isEqualTo(302);
    }

    @Test
    void signUp_tooOftenFromOneAddress_isAskedToWait() {
        try (TestServer server = TestServer.start("patron.sign-in.attempts-per-address=2")) {
            Browser robot = Browser.at(server, logs);
            assertThat(robot.signUp(newAccount("one@example.com")).status()).isEqualTo(302);
            assertThat(robot.signUp(newAccount("two@example.com")).status()).isEqualTo(302);

            Answer answer = robot.signUp(newAccount("three@example.com"));

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.header("Retry-After")).isPresent();
            assertThat(Html.fields(answer.body())).containsEntry("email", "three@example.com");
            assertThat(Browser.at(server, logs)
                            .signIn("one@example.com", "a good pass phrase")
                            .status())
                    .isEqualTo(429);
            // The browser that made the account does not depend on what others do at its address.
            assertThat(robot.signIn("one@example.com", "a good pass phrase").status())
                    .isEqualTo(302);
        }
    }

    // Signing out

    @Test
    void signOut_post_endsTheSessionForGood() {
        browser.signIn(EMAIL, PASSWORD);
        String cookie = browser.cookie();
        assertThat(isSignedIn(cookie)).isTrue();

        Answer answer = browser.post("/login.php?action=logout", Map.of());

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains("/login.php?signed_out=1");
        assertThat(answer.all("Set-Cookie"))
                .containsExactly("SHOP_SESSION_TOKEN=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        assertThat(isSignedIn(cookie)).isFalse();
        assertThat(Html.text(browser.get("/login.php?signed_out=1").body())).contains("You are signed out.");
    }

    @Test
    void signOut_atAnHttpsStore_takesTheSecureCookie() {
        Browser https = Browser.atHttps(SERVER, logs);
        https.signIn(EMAIL, PASSWORD);

        assertThat(https.post("/login.php?action=logout", Map.of()).all("Set-Cookie"))
                .containsExactly("__Host-SHOP_SESSION_TOKEN=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    }

    @Test
    void signOut_byALinkOfTheStore_isAtOnce() {
        browser.signIn(EMAIL, PASSWORD);
        String cookie = browser.cookie();

        Answer answer =
                browser.send(browser.call("GET", "/login.php?action=logout").with("Sec-Fetch-Site", "same-origin"));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(isSignedIn(cookie)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site", "none", "something-new"})
    void signOut_byALinkFromElsewhere_asksFirst(String site) {
        browser.signIn(EMAIL, PASSWORD);

        Answer answer =
                browser.send(browser.call("GET", "/login.php?action=logout").with("Sec-Fetch-Site", site));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.all("Set-Cookie")).isEmpty();
        assertThat(answer.body()).contains("action=\"/login.php?action=logout\"");
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void signOut_signedOutAlready_isNoMistake() {
        assertThat(browser.post("/login.php?action=logout", Map.of()).status()).isEqualTo(302);
    }

    @Test
    void signOutEverywhere_endsEverySessionOfThisCustomerOnly() {
        String email = newCustomer();
        Browser elsewhere = Browser.at(SERVER, logs);
        Browser somebodyElse = Browser.at(SERVER, logs);
        browser.signIn(email, PASSWORD);
        elsewhere.signIn(email, PASSWORD);
        somebodyElse.signIn(newCustomer(), PASSWORD);
        String cookie = browser.cookie();

        Answer answer = browser.post("/account.php?action=sign_out_everywhere", Map.of());

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Set-Cookie"))
                .hasValueSatisfying(set -> assertThat(set).contains("Max-Age=0"));
        assertThat(isSignedIn(cookie)).isFalse();
        assertThat(elsewhere.isSignedIn()).isFalse();
        assertThat(somebodyElse.isSignedIn()).isTrue();
    }

    // Links for a new password

    @Test
    void resetLink_opened_isACookieAndACleanAddress() {
        long id = newId();
        String email = newCustomer(id);
        String target = resetTarget(id);
        String token = target.substring(target.indexOf("token=") + "token=".length());

        Answer arrival = browser.get(target);

        assertThat(arrival.status()).isEqualTo(302);
        assertThat(arrival.all("Location")).containsExactly("/login.php?action=reset_password");
        assertThat(arrival.all("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(arrival.all("Cache-Control")).containsExactly("no-store, private");
        assertThat(arrival.all("Set-Cookie"))
                .containsExactly("SHOP_LINK=" + token + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=900");
        Answer page = browser.get("/login.php?action=reset_password");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.all("Referrer-Policy")).containsExactly("strict-origin");
        assertThat(page.all("Cache-Control")).containsExactly("no-store, private");
        assertThat(page.body()).doesNotContain(token).doesNotContain(email);
        assertThat(Html.text(page.body())).contains(email.charAt(0) + "•••" + email.substring(email.indexOf('@')));
    }

    @Test
    void resetLink_lookedAtByAMailScanner_worksStill_andOnce() {
        long id = newId();
        String email = newCustomer(id);
        String target = resetTarget(id);
        assertThat(Browser.at(SERVER, logs).open(target).status()).isEqualTo(200);
        Browser scanner = Browser.at(SERVER, logs);
        assertThat(scanner.send(scanner.call("HEAD", target)).status()).isEqualTo(302);
        assertThat(browser.open(target).status()).isEqualTo(200);

        Answer changed = browser.post("/login.php?action=reset_password", chosen("another pass phrase"));

        assertThat(changed.all("Location")).containsExactly("/login.php?password_changed=1");
        assertThat(changed.all("Set-Cookie"))
                .contains("SHOP_LINK=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
                .anyMatch(cookie -> cookie.startsWith("SHOP_DEVICE="));
        Answer again = Browser.at(SERVER, logs).get(target);
        assertThat(again.outcome()).isEqualTo("404 link_spent");
        assertThat(again.all("Set-Cookie")).isEmpty();
        assertThat(browser.signIn(email, "another pass phrase").status()).isEqualTo(302);
    }

    @Test
    void resetLink_openedAfterAnother_isTheOneThatCounts_andTheOlderPageChangesNothing() {
        long one = newId();
        long other = newId();
        String oneEmail = newCustomer(one);
        String otherEmail = newCustomer(other);
        Map<String, String> older =
                new LinkedHashMap<>(Html.fields(browser.open(resetTarget(one)).body()));
        older.putAll(chosen("an older pass phrase"));
        assertThat(older).containsKey("link_fingerprint");
        assertThat(browser.open(resetTarget(other)).status()).isEqualTo(200);

        assertThat(browser.post("/login.php?action=reset_password", older).outcome())
                .isEqualTo("409 link_replaced");
        Map<String, String> without = new LinkedHashMap<>(chosen("an older pass phrase"));
        without.put("link_fingerprint", "");
        assertThat(browser.post("/login.php?action=reset_password", without).outcome())
                .isEqualTo("409 link_replaced");
        assertThat(Browser.at(SERVER, logs).signIn(otherEmail, PASSWORD).status())
                .isEqualTo(302);
        assertThat(browser.post("/login.php?action=reset_password", chosen("another pass phrase"))
                        .status())
                .isEqualTo(302);

        assertThat(Browser.at(SERVER, logs).signIn(oneEmail, PASSWORD).status()).isEqualTo(302);
        assertThat(browser.signIn(otherEmail, "another pass phrase").status()).isEqualTo(302);
    }

    @Test
    void resetLink_atAnHttpsStore_isInACookieThatNoSiblingDomainCanPlant() {
        Browser https = Browser.atHttps(SERVER, logs);
        String email = freshAddress();
        SERVER.addCustomer(TestServer.OTHER_STORE, newId(), email, 0);
        Customer customer = SERVER.patron()
                .services()
                .customers
                .search(TestServer.OTHER_STORE, email, 0, 1)
                .getFirst();
        String link = SERVER.patron()
                .services()
                .links
                .create(Purpose.CUSTOMER_PASSWORD, Long.toString(customer.key()))
                .reveal();

        Answer arrival = https.get("/login.php?action=reset_password&token=" + link);

        assertThat(arrival.all("Set-Cookie"))
                .containsExactly("__Host-SHOP_LINK=" + link + "; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=900");
        assertThat(https.get("/login.php?action=reset_password").status()).isEqualTo(200);
        assertThat(Browser.atHttps(SERVER, logs)
                        .call("GET", "/login.php?action=reset_password")
                        .with("Cookie", "SHOP_LINK=" + link)
                        .send()
                        .outcome())
                .isEqualTo("400 link_cookie_missing");
        assertThat(https.post("/login.php?action=reset_password", chosen("another pass phrase"))
                        .all("Set-Cookie"))
                .contains("__Host-SHOP_LINK=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
    }

    @Test
    void resetLink_withoutTheCookie_saysThatCookiesAreNeeded() {
        long id = newId();
        newCustomer(id);
        assertThat(browser.open(resetTarget(id)).status()).isEqualTo(200);
        Browser another = Browser.at(SERVER, logs);

        assertThat(another.get("/login.php?action=reset_password").outcome()).isEqualTo("400 link_cookie_missing");
        assertThat(another.post("/login.php?action=reset_password", chosen("another pass phrase"))
                        .outcome())
                .isEqualTo("400 link_cookie_missing");
        assertThat(browser.post("/login.php?action=reset_password", chosen("another pass phrase"))
                        .status())
                .isEqualTo(302);
    }

    @Test
    void resetLink_inTheForm_isNotRead() {
        long id = newId();
        newCustomer(id);
        String target = resetTarget(id);
        String token = target.substring(target.indexOf("token=") + "token=".length());

        Map<String, String> fields = new LinkedHashMap<>(chosen("another pass phrase"));
        fields.put("token", token);

        assertThat(browser.post("/login.php?action=reset_password", fields).outcome())
                .isEqualTo("400 link_cookie_missing");
    }

    // Changing the password

    @Test
    void changePassword_right_keepsThisBrowserAndSignsOutTheOthers() {
        String email = newCustomer();
        Browser elsewhere = Browser.at(SERVER, logs);
        browser.signIn(email, PASSWORD);
        elsewhere.signIn(email, PASSWORD);
        String before = browser.cookie();

        Answer answer = browser.post(
                "/account.php?action=change_password", change(PASSWORD, "another pass phrase", "another pass phrase"));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).contains("/account.php?changed=1");
        assertThat(browser.cookie()).isNotEqualTo(before);
        assertThat(Html.text(browser.get("/account.php?changed=1").body()))
                .contains("Your password is changed, and every other browser is signed out.");
        assertThat(isSignedIn(before)).isFalse();
        assertThat(elsewhere.isSignedIn()).isFalse();
        assertThat(Browser.at(SERVER, logs).signIn(email, PASSWORD).status()).isEqualTo(422);
        assertThat(Browser.at(SERVER, logs).signIn(email, "another pass phrase").status())
                .isEqualTo(302);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            not the password     | another pass phrase | another pass phrase | This is not your current password.
            a password for tests | short               | short               | Choose a password with at least 8 characters.
            a password for tests | another pass phrase | yet another phrase  | Both passwords have to be the same.
            """)
    void changePassword_bad_changesNothing(String current, String wanted, String again, String fault) {
        String email = newCustomer();
        browser.signIn(email, PASSWORD);
        String cookie = browser.cookie();

        Answer answer = browser.post("/account.php?action=change_password", change(current, wanted, again));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(Html.text(answer.body())).contains(fault);
        assertThat(answer.body()).doesNotContain(wanted).doesNotContain(again);
        assertThat(answer.all("Set-Cookie")).isEmpty();
        assertThat(isSignedIn(cookie)).isTrue();
        assertThat(Browser.at(SERVER, logs).signIn(email, PASSWORD).status()).isEqualTo(302);

        assertThat(browser.post(
                                "/account.php?action=change_password",
                                change(PASSWORD, "another pass phrase", "another pass phrase"))
                        .status())
                .isEqualTo(302);
    }

    @Test
    void changePassword_guessedTooOften_isAskedToWait() {
        browser.signIn(newCustomer(), PASSWORD);
        for (int i = 0; i < 10; i++) {
            assertThat(browser.post(
                                    "/account.php?action=change_password",
                                    change("not the password", "another pass phrase", "another pass phrase"))
                            .status())
                    .isEqualTo(422);
        }

        Answer answer = browser.post(
                "/account.php?action=change_password", change(PASSWORD, "another pass phrase", "another pass phrase"));

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isPresent();
    }

    // Requests that other sites make

    static List<Map<String, String>> foreignHeaders() {
        return List.of(
                Map.of("Origin", "https://evil.example"),
                Map.of("Origin", "null"),
                Map.of("Origin", "https://localhost"),
                Map.of("Origin", "http://localhost"),
                Map.of("Origin", "https://localhost:" + SERVER.port()),
                Map.of("Origin", "http://localhost.evil.example:" + SERVER.port()),
                Map.of("Sec-Fetch-Site", "cross-site"),
                Map.of("Sec-Fetch-Site", "same-site"),
                Map.of("Sec-Fetch-Site", "CROSS-SITE"),
                Map.of("Origin", "https://evil.example", "Sec-Fetch-Site", "same-origin"));
    }

    @ParameterizedTest
    @MethodSource("foreignHeaders")
    void post_fromElsewhere_isRefusedAndNothingHappens(Map<String, String> headers) {
        String email = newCustomer();
        browser.signIn(email, PASSWORD);
        String fresh = freshAddress();
        long sessions = rows("session");
        long customers = rows("customer");

        for (Call call : List.of(
                browser.call("/login.php?action=check_login", Map.of("login_email", EMAIL, "login_pass", PASSWORD)),
                browser.call("/login.php?action=save_new_account", newAccount(fresh)),
                browser.call("/login.php?action=logout", Map.of()),
                browser.call("/account.php?action=sign_out_everywhere", Map.of()),
                browser.call(
                        "/account.php?action=change_password",
                        change(PASSWORD, "another pass phrase", "another pass phrase")))) {
            Call foreign = call;
            for (Map.Entry<String, String> header : headers.entrySet()) {
                foreign = foreign.with(header.getKey(), header.getValue());
            }
            Answer answer = foreign.send();
            assertThat(answer.outcome()).as(call.toString()).isEqualTo("403 cross_site");
            assertThat(answer.all("Set-Cookie")).isEmpty();
        }

        assertThat(rows("session")).isEqualTo(sessions);
        assertThat(rows("customer")).isEqualTo(customers);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(browser.signIn(email, PASSWORD).status()).isEqualTo(302);
    }

    @Test
    void post_sameHostByAnotherScheme_isRefused() {
        Browser https = Browser.atHttps(SERVER, logs);
        Call call = https.call("/login.php?action=check_login", Map.of("login_email", EMAIL, "login_pass", PASSWORD))
                .without("Sec-Fetch-Site");
        assertThat(call.send().status()).isEqualTo(302);

        assertThat(call.with("Origin", https.origin().replace("https://", "http://"))
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
    }

    @Test
    void post_withNeitherHeader_comesFromNoBrowserAndIsAnswered() {
        Call call = browser.call("/login.php?action=check_login", Map.of("login_email", EMAIL, "login_pass", PASSWORD))
                .without("Origin")
                .without("Sec-Fetch-Site");

        assertThat(call.send().status()).isEqualTo(302);
    }

    @Test
    void get_neverChangesAnything() {
        browser.signIn(EMAIL, PASSWORD);
        long sessions = rows("session");

        for (String target : List.of(
                "/login.php?action=check_login&login_email=" + EMAIL + "&login_pass=" + Browser.encode(PASSWORD),
                "/login.php?action=save_new_account&email=x@example.com")) {
            assertThat(browser.get(target).outcome()).isEqualTo("404 no_such_page");
        }
        browser.get("/account.php?action=sign_out_everywhere");

        assertThat(rows("session")).isEqualTo(sessions);
        assertThat(browser.isSignedIn()).isTrue();
    }

    // Cookies

    @Test
    void cookie_sentTwice_isNone() {
        browser.signIn(EMAIL, PASSWORD);
        Browser other = Browser.at(SERVER, logs);
        other.signIn(newCustomer(), PASSWORD);
        assertThat(isSignedIn(browser.cookie())).isTrue();

        assertThat(isSignedIn("a=b; " + browser.cookie() + "; c=d")).isTrue();
        assertThat(isSignedIn(browser.cookie() + "; " + other.cookie())).isFalse();
        assertThat(isSignedIn(browser.cookie() + "; " + browser.cookie())).isFalse();
        assertThat(isSignedIn(browser.cookie() + "; SHOP_SESSION_TOKEN=")).isFalse();
        assertThat(isSignedIn("SHOP_SESSION_TOKEN=x;" + browser.cookie())).isFalse();
    }

    @Test
    void cookie_anyOtherSpelling_isNone() {
        browser.signIn(EMAIL, PASSWORD);
        String id = browser.cookie().substring("SHOP_SESSION_TOKEN=".length());
        assertThat(isSignedIn("SHOP_SESSION_TOKEN=" + id)).isTrue();

        for (String cookie : List.of(
                "shop_session_token=" + id,
                "XSHOP_SESSION_TOKEN=" + id,
                "SHOP_SESSION_TOKEN=" + id + "=",
                "SHOP_SESSION_TOKEN=" + id.substring(1),
                "SHOP_SESSION_TOKEN=" + id + "A",
                "SHOP_SESSION_TOKEN=\"" + id + "\"",
                "SHOP_SESSION_TOKEN=" + id.substring(0, 42) + "%41",
                "SHOP_SESSION_TOKEN=" + swapCase(id))) {
            assertThat(isSignedIn(cookie)).as(cookie.replace(id, "…")).isFalse();
        }
    }

    @Test
    void cookie_plantedByASiblingOfAnHttpsStore_isNone() {
        Browser victim = Browser.atHttps(SERVER, logs);
        Browser attacker = Browser.atHttps(SERVER, logs);
        attacker.signIn(EMAIL, PASSWORD);
        // What a page of a sibling domain can set: the same name, but never one with the prefix.
        String planted = attacker.cookie().replace("__Host-", "");
        Call asks = victim.call("GET", TestServer.CURRENT_JWT);
        assertThat(asks.with("Cookie", attacker.cookie()).send().outcome()).isEqualTo("200");

        assertThat(asks.with("Cookie", planted).send().outcome()).isEqualTo("404 not_signed_in");
        assertThat(victim.call("GET", "/account.php")
                        .with("Cookie", planted)
                        .send()
                        .status())
                .isEqualTo(302);
        // Nor does it sign a customer out.
        victim.signIn(EMAIL, PASSWORD);
        assertThat(asks.with("Cookie", planted + "; " + victim.cookie()).send().outcome())
                .isEqualTo("200");
        assertThat(asks.with("Cookie", victim.cookie() + "; " + victim.cookie())
                        .send()
                        .outcome())
                .isEqualTo("404 not_signed_in");
    }

    @Test
    void cookie_withThePrefix_isNoneAtAnHttpStore() {
        browser.signIn(EMAIL, PASSWORD);
        assertThat(isSignedIn(browser.cookie())).isTrue();

        assertThat(isSignedIn("__Host-" + browser.cookie())).isFalse();
    }

    @Test
    void cookie_pastTheIdleLimit_isNone() {
        try (TestServer server = TestServer.start("patron.sessions.idle-limit=1h")) {
            Browser idle = Browser.at(server, logs);
            idle.signIn(EMAIL, PASSWORD);
            server.clock().advance(Duration.ofMinutes(59));
            String cookie = idle.cookie();
            assertThat(server.call("GET", "/account.php")
                            .with("Cookie", cookie)
                            .send()
                            .status())
                    .isEqualTo(200);
            Browser unused = Browser.at(server, logs);
            unused.signIn(EMAIL, PASSWORD);

            server.clock().advance(Duration.ofHours(1));

            assertThat(unused.isSignedIn()).isFalse();
        }
    }

    // What a page is made of

    static List<String> scripts() {
        return List.of(
                "<script>alert(1)</script>",
                "\"><script>alert(1)</script>",
                "\" onfocus=\"alert(1)\" autofocus=\"",
                "' onfocus='alert(1)",
                "<img src=x onerror=alert(1)>",
                "</title><svg onload=alert(1)>",
                "&lt;script&gt;",
                "${7*7}<b>&amp;");
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void typedText_isShownAsText(String typed) {
        Answer signIn = browser.post(
                "/login.php?action=check_login", Map.of("login_email", typed, "login_pass", "wrong password"));
        assertThat(signIn.status()).isEqualTo(422);
        assertThat(Html.fields(signIn.body())).containsEntry("login_email", typed);
        assertHarmless(signIn, typed);

        Map<String, String> fields = newAccount(typed);
        fields.put("first_name", typed);
        fields.put("last_name", typed);
        Answer signUp = browser.signUp(fields);
        assertThat(signUp.status()).isEqualTo(422);
        assertThat(Html.fields(signUp.body()))
                .containsEntry("first_name", typed)
                .containsEntry("last_name", typed)
                .containsEntry("email", typed);
        assertHarmless(signUp, typed);

        fields.put("email", freshAddress());
        assertThat(browser.signUp(fields).status()).isEqualTo(302);
        Answer account = browser.get("/account.php");
        assertThat(Html.text(account.body())).contains(typed);
        assertHarmless(account, typed);
    }

    @Test
    void redirectTo_withQuotes_isShownAsText() {
        String target = "/\"><script>alert(1)</script>";

        Answer answer = browser.get("/login.php?redirect_to=" + Browser.encode(target));

        assertThat(Html.fields(answer.body())).containsEntry("redirect_to", target);
        assertHarmless(answer, target);
    }

    @Test
    void pages_areKeptToThemselves() {
        browser.signIn(EMAIL, PASSWORD);
        Browser guest = Browser.at(SERVER, logs);

        for (Answer page : List.of(
                guest.get("/login.php"),
                guest.get("/login.php?action=create_account"),
                guest.signIn(freshAddress(), "wrong password"),
                guest.signUp(Map.of()),
                browser.get("/account.php"),
                browser.send(browser.call("GET", "/login.php?action=logout").with("Sec-Fetch-Site", "cross-site")),
                guest.send(guest.call("GET", "/login.php?action=x").with("Accept", "text/html")))) {
            assertThat(page.header("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(page.header("Content-Security-Policy"))
                    .contains("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
                            + " 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
            assertThat(page.header("Referrer-Policy")).contains("same-origin");
            assertThat(page.header("Cross-Origin-Opener-Policy")).contains("same-origin");
            assertThat(page.header("Cross-Origin-Resource-Policy")).contains("same-origin");
            assertThat(page.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(page.header("Cache-Control")).contains("no-store, private");
            assertThat(page.header("Vary")).contains("Cookie, Accept, Origin, Sec-Fetch-Site");
            assertThat(page.body())
                    .doesNotContainPattern(Pattern.compile("(src|href)=\"(https?:)?//"))
                    .doesNotContainPattern(Pattern.compile("<script(?![^>]*\\bsrc=)"))
                    .doesNotContainPattern(Pattern.compile("\\s(style|on[a-z]+)=\""))
                    .doesNotContain("<style");
        }
    }

    @Test
    void forms_haveThePlatformsFields() {
        Answer signIn = browser.get("/login.php");
        assertThat(signIn.status()).isEqualTo(200);
        assertThat(Html.fields(signIn.body())).containsKeys("login_email", "login_pass");
        assertThat(signIn.body()).contains("action=\"/login.php?action=check_login\"");

        Answer signUp = browser.get("/login.php?action=create_account");
        assertThat(Html.fields(signUp.body()))
                .containsKeys("first_name", "last_name", "email", "password", "password_confirmation");
        assertThat(signUp.body()).contains("action=\"/login.php?action=save_new_account\"");
    }

    @Test
    void unknownAction_isNoSuchPage() {
        browser.signIn(EMAIL, PASSWORD);

        assertThat(browser.get("/login.php?action=reset").outcome()).isEqualTo("404 no_such_page");
        assertThat(browser.send(browser.call("POST", "/login.php?action=reset")).outcome())
                .isEqualTo("404 no_such_page");
        assertThat(browser.send(browser.call("POST", "/account.php")).outcome()).isEqualTo("404 no_such_page");
    }

    @Test
    void hostOfNoStore_isNoSuchStore() {
        assertThat(browser.get("/login.php").status()).isEqualTo(200);

        Call elsewhere = SERVER.call("GET", "/login.php").host("shop.example");
        assertThat(elsewhere.send().outcome()).isEqualTo("404 no_such_store");
        Answer page = elsewhere.with("Accept", "text/html").send();
        assertThat(page.status()).isEqualTo(404);
        assertThat(Html.problem(page.body())).isEqualTo("no_such_store");
        assertThat(Html.title(page.body())).isEqualTo("No store is served at this host");
    }

    @Test
    void outage_isAPageForWhoOpensPages() {
        try (TestServer server = TestServer.start()) {
            Call page = server.call("GET", "/account.php").with("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            Call token = server.call("GET", TestServer.CURRENT_JWT).with("Accept", "text/html");
            assertThat(page.send().status()).isEqualTo(302);

            server.breakStorage();

            Answer outage = page.send();
            assertThat(outage.status()).isEqualTo(503);
            assertThat(outage.header("Content-Type")).contains("text/html; charset=utf-8");
            assertThat(outage.header("Retry-After")).contains("1");
            assertThat(outage.header("Cache-Control")).contains("no-store, private");
            assertThat(outage.header("Content-Security-Policy").orElseThrow()).startsWith("default-src 'none'");
            assertThat(Html.problem(outage.body())).isEqualTo("unavailable");
            assertThat(Html.title(outage.body())).isEqualTo("The server cannot answer now");
            assertThat(Html.text(outage.body())).contains("you are not signed out");
            assertThat(server.call("GET", "/patron/storefront.css").send().status())
                    .isEqualTo(200);
            assertThat(token.with("Cookie", "SHOP_SESSION_TOKEN=" + "A".repeat(43))
                            .send()
                            .outcome())
                    .isEqualTo("503 unavailable");
            server.mendStorage();
        }
    }

    @Test
    void title_ofAFormThatWasNotTaken_beginsWithError() {
        assertThat(Html.title(browser.get("/login.php").body())).startsWith("Sign in · ");
        assertThat(Html.title(browser.signIn(EMAIL, "wrong").body())).startsWith("Error: Sign in · ");
        assertThat(Html.title(browser.get("/login.php?action=create_account").body()))
                .startsWith("Create an account · ");
        assertThat(Html.title(browser.signUp(Map.of()).body())).startsWith("Error: Create an account · ");
        browser.signIn(EMAIL, PASSWORD);
        assertThat(Html.title(browser.get("/account.php").body())).startsWith("Your account · ");
        assertThat(Html.title(browser.post("/account.php?action=change_password", change("", "", ""))
                        .body()))
                .startsWith("Error: Your account · ");
    }

    // The log

    @Test
    void log_ofTokensAndApps_tellsNeitherTokenNorSecret() {
        browser.signIn(EMAIL, PASSWORD);
        Answer text = browser.get(TestServer.CURRENT_JWT);
        assertThat(text.status()).isEqualTo(200);
        logs.watch(text.body());
        logs.watch(text.body().substring(text.body().lastIndexOf('.') + 1));
        Answer json = browser.send(browser.call("GET", TestServer.CURRENT_JWT).with("Accept", "application/json"));
        logs.watch(json.json().path("token").asString());

        Answer app = SERVER.operator("POST", "/api/v1/apps")
                .body("application/json", "{\"name\":\"App\"}")
                .send();
        assertThat(app.status()).isEqualTo(201);
        logs.watch(app.json().path("client_secret").asString());
        logs.watch("0123456789-wrong-operator-token");
        assertThat(SERVER.console("GET", "/api/v1/apps")
                        .with("Authorization", "Bearer 0123456789-wrong-operator-token")
                        .send()
                        .status())
                .isEqualTo(401);

        assertThat(logs.lines()).isNotEmpty();
    }

    @Test
    void log_ofAnOutage_tellsNothingOfTheRequest() {
        try (TestServer server = TestServer.start()) {
            Browser unlucky = Browser.at(server, logs);
            unlucky.signIn(EMAIL, PASSWORD);
            server.breakStorage();
            Answer answer = unlucky.signIn("somebody@example.com", "somebody's password");
            assertThat(answer.outcome()).isEqualTo("503 unavailable");
            assertThat(unlucky.get("/account.php").outcome()).isEqualTo("503 unavailable");
            server.mendStorage();
        }

        assertThat(logs.lines()).anyMatch(line -> line.contains("Storage is unavailable"));
    }

    private static void assertHarmless(Answer answer, String typed) {
        assertThat(Html.handlers(answer.body())).isEmpty();
        if (typed.contains("<") || typed.contains("&")) {
            assertThat(answer.body()).doesNotContain(typed);
        }
    }

    private static String without(String email, Answer answer) {
        return answer.status() + " " + answer.body().replace(email, "…");
    }

    private static Map<String, String> signInFields(String redirectTo) {
        return Map.of("login_email", EMAIL, "login_pass", PASSWORD, "redirect_to", redirectTo);
    }

    private static Map<String, String> change(String current, String wanted, String again) {
        return Map.of("current_password", current, "new_password", wanted, "new_password_confirmation", again);
    }

    private static boolean isSignedIn(String cookie) {
        Answer answer =
                SERVER.call("GET", "/account.php").with("Cookie", cookie).send();
        assertThat(answer.status()).isIn(200, 302);
        return answer.status() == 200;
    }

    private static String freshAddress() {
        return "customer" + COUNTER.incrementAndGet() + "@example.com";
    }

    private static Map<String, String> chosen(String password) {
        return Map.of("password", password, "password_confirmation", password);
    }

    /** Has a link made by which the customer chooses a new password. */
    private String resetTarget(long customerId) {
        String url = SERVER.operator(
                        "POST", "/api/v1/stores/" + TestServer.STORE + "/customers/" + customerId + "/password-links")
                .send()
                .json()
                .path("url")
                .asString();
        logs.watch(url.substring(url.indexOf("token=") + "token=".length()));
        return url.substring(url.indexOf("/login.php"));
    }

    private static long newId() {
        return 10_000L + COUNTER.incrementAndGet();
    }

    private static String newCustomer() {
        return newCustomer(newId());
    }

    private static String newCustomer(long id) {
        String email = freshAddress();
        SERVER.addCustomer(TestServer.STORE, id, email, 0);
        return email;
    }

    private static long rows(String table) {
        try (Connection connection = SERVER.database();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + table)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static String swapCase(String text) {
        return text.chars()
                .map(c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
