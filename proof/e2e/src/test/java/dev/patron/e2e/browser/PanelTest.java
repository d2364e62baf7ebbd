package dev.patron.e2e.browser;

import static dev.patron.e2e.browser.Forms.click;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** An operator's and their staff's ways through the control panel; and each of its pages for everyone. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(180)
class PanelTest {

    private static final String STORE = "/panel/stores/" + Sandbox.STORE;

    /** The answers to forms that were not taken are meant to be. */
    private static final Pattern EXPECTED =
            Pattern.compile(".*/(panel/stores/new|new-customer|new-script|settings|erase|apps|members|ledger\\?.*)$");

    private final Sandbox sandbox;

    PanelTest(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    @Test
    void customer_getsALinkForANewPassword_isSeenSignedIn_andErased() throws IOException {
        try (BrowserContext operator = sandbox.visitor();
                BrowserContext customer = sandbox.visitor()) {
            Page panel = sandbox.operator(operator);
            panel.navigate(console(STORE + "/new-customer"));
            fill(panel, "email", "lin@example.com");
            fill(panel, "first_name", "Lin");
            fill(panel, "last_name", "Ked");
            fill(panel, "group_id", "9");
            click(panel, "Make the customer");
            String link = panel.locator("#link").innerText().strip();

            Page shop = customer.newPage();
            shop.navigate(link);
            fill(shop, "password", "a password of my own");
            fill(shop, "password_confirmation", "a password of my own");
            click(shop, "Change password");
            fill(shop, "login_email", "lin@example.com");
            fill(shop, "login_pass", "a password of my own");
            shop.locator("form[action*=check_login] button").click();
            shop.waitForURL(sandbox.url("/account.php"));
            assertThat(shop.evaluate("endpoint => fetch(endpoint).then(answer => answer.status)", Sandbox.endpoint()))
                    .isEqualTo(200);

            click(panel, "I have copied it");
            assertThat(panel.locator("main").innerText()).contains("Chrome on Linux");
            click(panel, "What apps were told about this customer");
            panel.waitForCondition(() -> {
                panel.reload();
                return panel.locator("tbody tr").count() == 1;
            });
            Download file = panel.waitForDownload(() -> click(panel, "Download as CSV"));
            assertThat(file.suggestedFilename()).isEqualTo("ledger-abc123.csv");
            assertThat(Files.readString(file.path()))
                    .contains(Sandbox.CLIENT_ID)
                    .doesNotContain("lin@example.com");

            panel.locator("tbody a").first().click();
            String number = panel.locator("main dd").first().innerText().strip();
            click(panel, "Erase this customer");
            fill(panel, "confirmation", number);
            click(panel, "Erase this customer");
            assertThat(panel.locator("[role=status]").innerText()).contains("The customer is erased.");
            assertThat(shop.evaluate("endpoint => fetch(endpoint).then(answer => answer.status)", Sandbox.endpoint()))
                    .isEqualTo(404);
        }
    }

    @Test
    void eachPage_isForEveryone() {
        try (BrowserContext visitor =
                        sandbox.visitor(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
                BrowserContext customer = sandbox.visitor()) {
            sandbox.signIn(customer.newPage());
            visitor.addInitScript(ForEveryone.REPORT_VIOLATIONS);
            Page page = sandbox.operator(visitor);
            List<String> complaints = ForEveryone.complaints(page, EXPECTED);

            look(page, "/panel");
            look(page, "/panel/stores/new");
            click(page, "Make the store");
            ForEveryone.look(page);
            fill(page, "store_hash", "empty123");
            fill(
                    page,
                    "name",
                    "A name that is as long as names of stores may well be "
                            .repeat(3)
                            .strip());
            fill(page, "hosts", "a-host-with-quite-a-long-name-that-nobody-would-type.of-a-shop.example");
            click(page, "Make the store");
            ForEveryone.look(page);
            for (String tab : List.of("", "/customers", "/sessions", "/apps", "/ledger", "/scripts", "/settings")) {
                look(page, STORE + tab);
                look(page, "/panel/stores/empty123" + tab);
            }
            look(page, STORE + "/customers?q=nobody-at-all");
            look(page, STORE + "/customers/4927");
            click(page, "Erase this customer");
            ForEveryone.look(page);
            fill(page, "confirmation", "yes");
            click(page, "Erase this customer");
            ForEveryone.look(page);
            look(page, STORE + "/new-customer");
            click(page, "Make the customer");
            ForEveryone.look(page);
            look(page, STORE + "/ledger?customer_id=x&from=2026-11-24&to=2026-11-23");
            look(page, STORE + "/new-script");
            fill(page, "name", "Nothing");
            click(page, "Add the script");
            ForEveryone.look(page);
            page.navigate(console(STORE + "/apps"));
            fill(page, "client_id", "nosuchapp");
            click(page, "Allow");
            ForEveryone.look(page);
            page.navigate(console(STORE + "/apps"));
            click(page, "Permit sign-ins …");
            assertThat(page.locator("main").innerText())
                    .contains("This gives power away", "Client id", "become any customer");
            ForEveryone.look(page);
            look(page, "/members");
            page.locator("[name=role][value=STAFF]").check();
            click(page, "Make an invitation");
            ForEveryone.look(page);
            page.locator("[name=store_hash]").selectOption("empty123");
            click(page, "Make an invitation");
            ForEveryone.look(page);
            assertThat(complaints).as("the browser's console").isEmpty();
        }
    }

    private void look(Page page, String path) {
        page.navigate(console(path));
        ForEveryone.look(page);
    }

    private static void fill(Page page, String name, String value) {
        page.locator("[name=" + name + "]:not([type=hidden])").fill(value);
    }

    private String console(String path) {
        return sandbox.console().resolve(path).toString();
    }
}
