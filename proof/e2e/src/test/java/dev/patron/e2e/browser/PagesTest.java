package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages that people see: for everyone, on small and large screens, by day and by night. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(120)
class PagesTest {

    /** Nobody signed in, a page that does not exist. */
    private static final Pattern EXPECTED =
            Pattern.compile(".*(/customer/current\\.jwt\\?.*|/no-such-page|check_login)$");

    /** The pages, and how a visitor comes to them. */
    enum Shown {
        SIGN_IN("/login.php"),
        SIGN_IN_FAILED("/login.php") {
            @Override
            void open(Sandbox sandbox, Page page) {
                super.open(sandbox, page);
                page.getByLabel("E-mail address").fill("nobody@example.com");
                page.getByLabel("Password").fill("wrong password");
                page.locator("form[action*=check_login] button").click();
                page.locator("[role=alert]").waitFor();
            }
        },
        SIGN_UP("/login.php?action=create_account"),
        FRONT("/"),
        CATEGORY("/") {
            @Override
            void open(Sandbox sandbox, Page page) {
                super.open(sandbox, page);
                page.navigate(sandbox.url(href(page.locator("nav[aria-label=Shop] a"))));
            }
        },
        PRODUCT("/") {
            @Override
            void open(Sandbox sandbox, Page page) {
                super.open(sandbox, page);
                page.navigate(sandbox.url(href(page.locator("main .card a"))));
            }
        },
        NO_SUCH_PAGE("/no-such-page"),
        ACCOUNT("/account.php") {
            @Override
            void open(Sandbox sandbox, Page page) {
                sandbox.signIn(page);
            }
        };

        private final String path;

        Shown(String path) {
            this.path = path;
        }

        void open(Sandbox sandbox, Page page) {
            page.navigate(sandbox.url(path));
        }

        private static String href(Locator links) {
            return String.valueOf(links.first().getAttribute("href"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isForEveryone(Shown shown, Sandbox sandbox) {
        try (BrowserContext visitor =
                sandbox.visitor(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE))) {
            visitor.addInitScript(ForEveryone.REPORT_VIOLATIONS);
            Page page = visitor.newPage();
            List<String> complaints = ForEveryone.complaints(page, EXPECTED);
            shown.open(sandbox, page);
            page.locator("h1").first().waitFor();

            ForEveryone.look(page, shown + "", 360, ColorScheme.LIGHT);
            ForEveryone.look(page, shown + "", 1280, ColorScheme.DARK);
            WhoAmI.open(page);
            ForEveryone.look(page, shown + " with the card", 360, ColorScheme.DARK);
            ForEveryone.look(page, shown + " with the card", 1280, ColorScheme.LIGHT);
            assertThat(complaints).as("the browser's console").isEmpty();
        }
    }

    /** All of it is noticed: what is wrong with this page, which stands for the others, is found. */
    @Test
    void noticesWhatIsWrong(Sandbox sandbox) {
        try (BrowserContext visitor = sandbox.visitor()) {
            visitor.addInitScript(ForEveryone.REPORT_VIOLATIONS);
            Page page = visitor.newPage();
            List<String> complaints = ForEveryone.complaints(page, EXPECTED);
            String wrong = """
                    <p style="color: #999; background: #fff; width: 2000px">Pale and wide</p>
                    <img src="/images/front.svg">
                    <object data="/images/front.svg" type="image/svg+xml"></object>
                    <script>console.error('A script complains'); throw new Error('A script fails')</script>
                    """;
            sandbox.withFooter(wrong, () -> page.navigate(sandbox.url("/")));

            assertThat(ForEveryone.overflow(page)).isPositive();
            assertThat(ForEveryone.violations(page)).anyMatch(found -> found.startsWith("image-alt"));
            assertThat(ForEveryone.violations(page)).anyMatch(found -> found.startsWith("color-contrast"));
            assertThat(complaints)
                    .anyMatch(found -> found.contains("A script complains"))
                    .anyMatch(found -> found.contains("A script fails"))
                    .anyMatch(found -> found.contains("CSP: object-src"));
        }
    }

    @Test
    void signsInWithTheKeyboardAlone(Sandbox sandbox) {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = visitor.newPage();
            page.navigate(sandbox.url("/"));

            page.keyboard().press("Tab");
            assertThat(focused(page, "document.activeElement.matches('a.skip')"))
                    .as("first comes the way past the menu")
                    .isTrue();
            tabTo(page, "document.activeElement.matches('header a[href=\"/login.php\"]')");
            page.keyboard().press("Enter");
            page.waitForURL(sandbox.url("/login.php"));

            tabTo(page, "document.activeElement.name === 'login_email'");
            page.keyboard().type(Sandbox.EMAIL);
            tabTo(page, "document.activeElement.name === 'login_pass'");
            page.keyboard().type(Sandbox.PASSWORD);
            tabTo(page, "document.activeElement.matches('form[action*=check_login] button')");
            page.keyboard().press("Enter");

            page.waitForURL(sandbox.url("/account.php"));
            assertThat(page.locator("main").innerText()).contains(Sandbox.EMAIL);
        }
    }

    /** Moves on with the Tab key until the condition is true of what has the focus, which has to be visible. */
    private static void tabTo(Page page, String condition) {
        for (int step = 0; step < 60; step++) {
            if (focused(page, condition)) {
                assertThat(focused(
                                page,
                                "document.activeElement.matches(':focus-visible')"
                                        + " && document.activeElement.getClientRects().length > 0"))
                        .isTrue();
                return;
            }
            page.keyboard().press("Tab");
        }
        throw new AssertionError("The Tab key does not lead to: " + condition);
    }

    private static boolean focused(Page page, String condition) {
        return (boolean) page.evaluate(condition);
    }
}
