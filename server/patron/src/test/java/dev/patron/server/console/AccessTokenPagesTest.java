package dev.patron.server.console;

import static dev.patron.server.console.ConsoleBrowser.problem;
import static dev.patron.server.console.ConsoleBrowser.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Personal access tokens on a member's account page. */
class AccessTokenPagesTest {

    private static final String PASSWORD = "a good pass phrase";
    private static final Pattern TOKEN = Pattern.compile("patron_[A-Za-z0-9_-]{43}");
    private static final Pattern ID = Pattern.compile("name=\"token\" value=\"([0-9]+)\"");
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final TestServer SERVER = TestServer.start();

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    private final ConsoleBrowser browser = ConsoleBrowser.at(SERVER, logs);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void create_theToken_isShownOnceAndWorksUntilItIsRevoked() {
        signIn(Role.DEVELOPER);
        assertThat(text(browser.get("/account"))).contains("You have none.");

        Answer made = browser.post("/account/tokens", fields());

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.header("Cache-Control")).contains("no-store, private");
        String token = token(made);
        Answer account = browser.get("/account");
        assertThat(text(account)).contains("deploy &lt;b&gt;", "apps:read, apps:write", "Never used.", "Expires ");
        assertThat(account.body()).doesNotContain(token, "<b>");
        assertThat(apps(token)).isEqualTo(200);
        assertThat(text(browser.get("/account"))).contains("Last used ");

        assertThat(text(account)).contains("Far-reaching");
        Answer question = browser.post("/account/tokens/revoke", Map.of("token", id(account)));
        assertThat(question.status()).isEqualTo(200);
        assertThat(text(question)).contains("This cannot be undone", "deploy &lt;b&gt;", "apps:read, apps:write");
        assertThat(apps(token)).isEqualTo(200);

        Answer revoked = browser.post("/account/tokens/revoke", Map.of("token", id(question), "confirmed", "yes"));

        assertThat(revoked.header("Location")).contains("/account?notice=token-revoked");
        assertThat(apps(token)).isEqualTo(401);
    }

    @Test
    void changePassword_revokesTokensWhereTheBoxIsChecked_andSaysHowMany() {
        signIn(Role.DEVELOPER);
        Map<String, String> change = new LinkedHashMap<>(
                Map.of("current_password", PASSWORD, "new_password", PASSWORD, "new_password_confirmation", PASSWORD));
        String kept = token(browser.post("/account/tokens", fields()));
        assertThat(browser.get("/account").body()).contains("name=\"revoke_tokens\" value=\"on\" checked");
        assertThat(browser.post("/account/password", change).header("Location")).contains("/account?notice=password");
        assertThat(apps(kept)).isEqualTo(200);
        change.put("revoke_tokens", "on");

        Answer one = browser.post("/account/password", change);

        assertThat(one.header("Location")).contains("/account?notice=password&revoked=1");
        assertThat(text(browser.get("/account?notice=password&revoked=1"))).contains("One access token is revoked.");
        assertThat(apps(kept)).isEqualTo(401);
        for (int i = 0; i < 2; i++) {
            browser.post("/account/tokens", fields());
        }
        assertThat(browser.post("/account/password", change).header("Location"))
                .contains("/account?notice=password&revoked=2");
        assertThat(text(browser.get("/account?notice=password&revoked=2"))).contains("2 access tokens are revoked.");
        assertThat(text(browser.get("/account?notice=password&revoked=x"))).doesNotContain("revoked");
    }

    @Test
    void create_validity_isWhatWasChosen() {
        signIn(Role.DEVELOPER);
        Map<String, String> fields = fields();
        fields.put("validity", "7");
        String week = token(browser.post("/account/tokens", fields));
        fields.put("validity", "never");
        String forever = token(browser.post("/account/tokens", fields));

        SERVER.clock().advance(Duration.ofDays(7));

        assertThat(apps(week)).isEqualTo(401);
        assertThat(apps(forever)).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "name, '', name",
        "apps:read, '', scopes",
        "validity, 366, validity",
        "validity, '', validity",
        "token_password, not the password, token_password"
    })
    void create_badInput_isSaidBesideItsFieldAndNothingTypedIsLost(String field, String value, String fault) {
        signIn(Role.DEVELOPER);
        Map<String, String> fields = fields();
        fields.remove("apps:write");
        assertThat(browser.post("/account/tokens", fields).status()).isEqualTo(200);
        fields.put(field, value);

        Answer answer = browser.post("/account/tokens", fields);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("id=\"" + fault + "-fault\"").doesNotContain(PASSWORD, "not the password");
        if (!field.equals("name")) {
            assertThat(answer.body()).contains("value=\"deploy &lt;b");
        }
        if (!field.equals("apps:read")) {
            assertThat(answer.body()).containsPattern("id=\"apps:read\"[^>]* checked");
        }
    }

    @Test
    void create_scopesOfAnotherRole_areNeitherOfferedNorTaken() {
        signIn(Role.STAFF);
        assertThat(browser.get("/account/tokens/new").body())
                .contains("stores:read", "stores:write", "ledger:read")
                .doesNotContain("apps:read", "members:write");

        Answer answer = browser.post("/account/tokens", fields());

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body()).contains("id=\"scopes-fault\"");
    }

    @Test
    void revoke_anothersOrMadeUp_isRefused() {
        signIn(Role.DEVELOPER);
        String token = token(browser.post("/account/tokens", fields()));
        String id = id(browser.get("/account"));
        ConsoleBrowser other = ConsoleBrowser.at(SERVER, logs);
        signIn(other, Role.OPERATOR);

        for (String wanted : List.of(id, "", "0", "-1", "x", "9".repeat(30))) {
            assertThat(problem(other.post("/account/tokens/revoke", Map.of("token", wanted))))
                    .isEqualTo("404 no_such_token");
        }
        assertThat(apps(token)).isEqualTo(200);
    }

    @Test
    void forms_signedOut_areRefused() {
        assertThat(problem(browser.post("/account/tokens", fields()))).isEqualTo("403 signed_out");
        assertThat(problem(browser.post("/account/tokens/revoke", Map.of("token", "1"))))
                .isEqualTo("403 signed_out");
        assertThat(browser.get("/account/tokens/new").header("Location"))
                .contains("/sign-in?to=%2Faccount%2Ftokens%2Fnew");
    }

    private void signIn(Role role) {
        signIn(browser, role);
    }

    private static void signIn(ConsoleBrowser somebody, Role role) {
        String email = "member" + COUNTER.incrementAndGet() + "@example.com";
        Optional<String> store = role == Role.STAFF ? Optional.of(TestServer.STORE) : Optional.empty();
        try {
            SERVER.patron().services().members.create(new NewMember(email, "Ada", role, store), PASSWORD);
        } catch (MemberExistsException taken) {
            throw new IllegalStateException(taken);
        }
        assertThat(somebody.signIn(email, PASSWORD).status()).isEqualTo(302);
    }

    private static Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", "deploy <b>");
        fields.put("apps:read", "1");
        fields.put("apps:write", "1");
        fields.put("validity", "90");
        fields.put("token_password", PASSWORD);
        return fields;
    }

    private static int apps(String token) {
        return SERVER.console("GET", "/api/v1/apps")
                .with("Authorization", "Bearer " + token)
                .send()
                .status();
    }

    private String token(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        Matcher token = TOKEN.matcher(answer.body());
        assertThat(token.find()).isTrue();
        logs.watch(token.group());
        return token.group();
    }

    private static String id(Answer account) {
        Matcher id = ID.matcher(account.body());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }
}
