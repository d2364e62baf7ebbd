package dev.patron.e2e.browser;

import static dev.patron.e2e.browser.Forms.click;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A developer's way through the console, from signing up to retiring a secret; and each of its pages for everyone. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(180)
class PortalTest {

    /** Where the snippet sends the token. */
    private static final String APP = "https://your-app.example/points";

    private static final String BEARER = "Bearer ";
    private static final String PASSWORD = "correct horse battery";

    /** The answers to forms that were not taken are meant to be. */
    private static final Pattern EXPECTED =
            Pattern.compile(".*/(sign-in|sign-up|developers/apps/new|inspector|account/delete)$");

    private final Sandbox sandbox;

    PortalTest(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    @Test
    void developer_fromSigningUpToRetiringASecret() {
        try (BrowserContext developer = sandbox.visitor();
                BrowserContext merchant = sandbox.visitor();
                BrowserContext customer = sandbox.visitor()) {
            Page panel = sandbox.operator(merchant);
            Page portal = developer.newPage();
            Page shop = customer.newPage();
            sandbox.signIn(shop);

            signUp(portal, "flow@example.com");
            String clientId = createApp(portal, "Loyalty points");
            addSnippet(panel, "Loyalty points", clientId);
            String first = sentToken(shop);
            assertThat(inspect(portal, first)).contains("The verifier accepts this token", "the current secret");

            portal.navigate(console("/developers/apps/" + clientId + "/secrets"));
            click(portal, "Make a second secret");
            assertThat(portal.locator("#client-secret").innerText().strip()).matches("[0-9a-f]{64}");
            click(portal, "I have kept it");
            portal.getByLabel("From the next token on").check();
            click(portal, "Sign with it");
            assertThat(portal.locator("main").innerText()).contains("Undo: sign with it again");

            String second = sentToken(shop);
            assertThat(inspect(portal, second)).contains("The verifier accepts this token", "the current secret");
            assertThat(inspect(portal, first)).contains("the previous secret");

            portal.navigate(console("/developers/apps/" + clientId + "/secrets"));
            click(portal, "Retire it");
            assertThat(portal.locator("main").innerText()).contains("This cannot be undone", "Loyalty points");
            ForEveryone.look(portal);
            click(portal, "Retire it");
            assertThat(portal.locator("[role=status]").innerText()).contains("The secret is retired");
            assertThat(inspect(portal, first))
                    .contains("The verifier refuses this token", "bad_signature", "not by this app");
            assertThat(inspect(portal, second)).contains("The verifier accepts this token");

            panel.navigate(console("/panel/stores/" + Sandbox.STORE + "/ledger?client_id=" + clientId));
            assertThat(panel.locator("tbody tr").count()).isEqualTo(2);
            panel.navigate(console("/panel/stores/" + Sandbox.STORE + "/scripts"));
            click(panel, "Loyalty points");
            click(panel, "Delete this script");
            ForEveryone.look(panel);
            click(panel, "Delete this script");
            assertThat(panel.locator("[role=status]").innerText()).contains("The script is deleted.");
        }
    }

    @Test
    void twoTabs_theSlowerOneHearsOfTheFaster() {
        try (BrowserContext developer = sandbox.visitor()) {
            Page one = developer.newPage();
            Page other = developer.newPage();
            signUp(one, "tabs@example.com");
            String secrets = console("/developers/apps/" + createApp(one, "Two tabs") + "/secrets");
            one.navigate(secrets);
            other.navigate(secrets);

            click(one, "Make a second secret");
            assertThat(one.locator("main").innerText()).contains("Copy the secret now");
            click(other, "Make a second secret");

            assertThat(other.locator("[role=alert]").innerText()).containsIgnoringCase("meanwhile");
            one.navigate(secrets);
            assertThat(one.locator("section[aria-labelledby^=secret-]").count()).isEqualTo(2);
        }
    }

    @Test
    void eachPage_isForEveryone() {
        try (BrowserContext visitor =
                sandbox.visitor(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE))) {
            visitor.addInitScript(ForEveryone.REPORT_VIOLATIONS);
            Page page = visitor.newPage();
            List<String> complaints = ForEveryone.complaints(page, EXPECTED);

            look(page, "/sign-in");
            page.getByLabel("E-mail address").fill("nobody@example.com");
            page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true))
                    .fill("wrong password");
            click(page, "Sign in");
            look(page);
            look(page, "/sign-up");
            click(page, "Create account");
            look(page);

            signUp(page, "everyone@example.com");
            look(page, "/developers");
            look(page, "/developers/apps/new");
            click(page, "Create app");
            look(page);
            String clientId = createApp(
                    page,
                    "A name that is as long as names of apps may well be "
                            .repeat(3)
                            .strip());
            look(page);
            for (String tab : List.of("", "/settings", "/secrets", "/try", "/activity")) {
                look(page, "/developers/apps/" + clientId + tab);
            }
            page.navigate(console("/developers/apps/" + clientId + "/secrets"));
            click(page, "Make a second secret");
            look(page);
            click(page, "I have kept it");
            look(page);
            look(page, "/developers");
            look(page, "/inspector");
            inspect(page, "not.a.token");
            look(page);
            look(page, "/account");
            click(page, "Delete my account");
            look(page);
            click(page, "Delete my account");
            look(page);
            page.navigate(console("/developers/apps/" + clientId + "/settings"));
            click(page, "Delete this app");
            look(page);
            look(page, "/account/second-factor");
            assertThat(complaints).as("the browser's console").isEmpty();
        }
    }

    private void look(Page page, String path) {
        page.navigate(console(path));
        look(page);
    }

    private static void look(Page page) {
        ForEveryone.look(page);
    }

    private void signUp(Page page, String email) {
        page.navigate(console("/sign-up"));
        page.locator("[name=name]").fill("Ada Lovelace");
        page.locator("[name=email]").fill(email);
        page.locator("[name=password]").fill(PASSWORD);
        page.locator("[name=password_confirmation]").fill(PASSWORD);
        click(page, "Create account");
        page.waitForURL(console("/developers"));
    }

    /** Makes an app; its client id. The page then shows its secret, this once. */
    private String createApp(Page page, String name) {
        page.navigate(console("/developers/apps/new"));
        page.locator("[name=name]").fill(name);
        click(page, "Create app");
        String clientId = page.locator("#client-id").innerText().strip();
        assertThat(clientId).matches("[a-z0-9]{31}");
        assertThat(page.locator("#client-secret").innerText().strip()).matches("[0-9a-f]{64}");
        return clientId;
    }

    /** Puts the app's snippet into the store's pages, as its operator does. */
    private void addSnippet(Page panel, String appName, String clientId) {
        panel.navigate(console("/panel/stores/" + Sandbox.STORE + "/new-script"));
        panel.locator("[name=app]").selectOption(clientId);
        click(panel, "Fill in its snippet");
        assertThat(panel.locator("[name=contents]").inputValue())
                .contains("<script")
                .contains(clientId);
        assertThat(panel.locator("[name=name]").inputValue()).isEqualTo(appName);
        click(panel, "Add the script");
        assertThat(panel.locator("[role=status]").innerText()).contains("The script is added.");
    }

    /** The token that the script of a page of the shop sends to the app's server. */
    private String sentToken(Page shop) {
        shop.route(
                APP,
                route -> route.fulfill(new Route.FulfillOptions()
                        .setHeaders(Map.of(
                                "Access-Control-Allow-Origin",
                                "*",
                                "Access-Control-Allow-Headers",
                                "authorization, content-type"))
                        .setContentType("application/json")
                        .setBody("{}")));
        Request sent = shop.waitForRequest(
                request -> request.url().equals(APP) && request.method().equals("POST"),
                () -> shop.navigate(sandbox.url("/")));
        String authorization = sent.headerValue("Authorization");
        assertThat(authorization).startsWith(BEARER);
        shop.unroute(APP);
        return authorization.substring(BEARER.length());
    }

    /** What the inspector says of a token. */
    private String inspect(Page page, String token) {
        page.navigate(console("/inspector"));
        page.locator("[name=token]").fill(token);
        click(page, "Inspect");
        Locator main = page.locator("main");
        main.locator("[role=status], [role=alert]").first().waitFor();
        // It was sent in a form: no address has it.
        assertThat(page.url()).isEqualTo(console("/inspector"));
        return main.innerText();
    }

    private String console(String path) {
        return sandbox.console().resolve(path).toString();
    }
}
