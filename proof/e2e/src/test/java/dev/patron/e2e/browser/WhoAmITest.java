package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A newcomer's first minute: what the banner tells, and what the page shows. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(120)
class WhoAmITest {

    @Test
    void tellsWhoIsSignedIn(Sandbox sandbox) {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = visitor.newPage();
            page.navigate(sandbox.url("/"));
            Locator guest = WhoAmI.open(page);
            assertThat(guest.locator(".who-gist").innerText()).isEqualTo("Nobody is signed in");
            assertThat(guest.locator(".who-panel").innerText())
                    .contains("404", "not_signed_in")
                    .doesNotContain("eyJ");

            sandbox.signIn(page);
            page.navigate(sandbox.url("/"));
            Locator known = WhoAmI.open(page);
            assertThat(known.locator(".who-gist").innerText()).contains("4927");
            Tokens.verify(known.locator(".who-token").innerText().replaceAll("\\s", ""));
            assertThat(known.locator(".who-panel").innerText())
                    .contains("customer.id", "4927", Sandbox.EMAIL, "bc/apps", "abc123", "current_customer")
                    .contains(Sandbox.CLIENT_ID);
        }
    }

    /** With nothing but what the banner says: the address, who to be, and the secret to check the token with. */
    @Test
    void bannerIsEnoughForTheFirstToken(Sandbox sandbox) throws Exception {
        String banner = sandbox.banner();
        assertThat(banner)
                .contains(sandbox.origin().toString(), sandbox.console().toString())
                .doesNotContain(Sandbox.SECRET);

        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = visitor.newPage();
            page.navigate(Banner.word(banner, "Sign in at"));
            page.getByLabel("E-mail address").fill(Banner.word(banner, "as"));
            page.getByLabel("Password").fill(Banner.word(banner, "password"));
            page.locator("form[action*=check_login] button").click();
            page.waitForURL(sandbox.url("/account.php"));

            Object token = page.evaluate(
                    "clientId => fetch('/customer/current.jwt?app_client_id=' + clientId).then(r => r.text())",
                    Banner.word(banner, "Demo app"));
            Tokens.verify(String.valueOf(token));
        }
        assertThat(java.nio.file.Path.of(Banner.word(banner, "its secret is in")))
                .content()
                .isEqualToIgnoringNewLines(Sandbox.SECRET);
    }
}
