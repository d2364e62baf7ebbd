package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The script that the platform documents, on a page of the demo store. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(120)
class DocumentedFlowTest {

    private static final String SCRIPT = Resources.own("documented-flow.html");
    private static final String SUCCESS = "Customer JWT:\n";

    @Test
    void alertsWhoIsSignedIn(Sandbox sandbox) {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = visitor.newPage();

            assertThat(alertOf(sandbox, page, Sandbox.CLIENT_ID)).isEqualTo("Not logged in!");

            sandbox.signIn(page);
            Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            String alert = alertOf(sandbox, page, Sandbox.CLIENT_ID);
            Instant after = Instant.now();
            assertThat(alert).startsWith(SUCCESS);
            assertThat(Tokens.verify(alert.substring(SUCCESS.length()))).isBetween(before, after);

            assertThat(alertOf(sandbox, page, "wrongwrongwrongwrongwrong")).isEqualTo("Something went wrong");
        }
    }

    @Test
    void alertsThatNobodyIs_afterSigningOut(Sandbox sandbox) {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = visitor.newPage();
            sandbox.signIn(page);
            assertThat(alertOf(sandbox, page, Sandbox.CLIENT_ID)).startsWith(SUCCESS);

            page.locator("form[action*=logout] button").first().click();
            page.waitForURL(sandbox.url("/login.php?signed_out=1"));

            assertThat(alertOf(sandbox, page, Sandbox.CLIENT_ID)).isEqualTo("Not logged in!");
        }
    }

    /** The one alert of the front page with the script for a client id at its end. */
    private static String alertOf(Sandbox sandbox, Page page, String clientId) {
        List<String> alerts = new ArrayList<>();
        page.onceDialog(dialog -> {
            alerts.add(dialog.message());
            dialog.accept();
        });
        sandbox.withFooter(SCRIPT.replace("**CLIENT_ID**", clientId), () -> {
            page.navigate(sandbox.url("/"));
            page.waitForCondition(() -> !alerts.isEmpty());
        });
        return alerts.getFirst();
    }
}
