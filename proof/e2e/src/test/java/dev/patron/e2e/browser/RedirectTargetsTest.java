package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a customer goes on to after signing in: what the store makes of {@code redirect_to}, and what a browser does. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(120)
class RedirectTargetsTest {

    private static final String LOGOUT = "/login.php?action=logout";

    /** Where visitors go on to: what the browser makes of the wish. */
    private static final List<String> SAFE = List.of(
            "/cart.php",
            "/",
            "/x/../cart.php",
            "/./cart.php",
            "/%2e/cart.php",
            "/x/.%2E/cart.php#a",
            "/a/b/..",
            "/a/.",
            "/a//../b",
            "/...",
            "/?x=/../y#/./z",
            "/@other.example",
            "/a:b",
            "/'\"<>`{}|^");

    /** What nobody is sent to: a browser reads it as signing out, or as another origin, or would run it. */
    private static final List<String> REFUSED = List.of(
            LOGOUT,
            "/./login.php?action=logout",
            "/x/../login.php?action=logout",
            "/%2e/login.php?action=logout",
            "/%2E%2e/login.php?action=logout",
            "/x/%2e./login.php?action=logout",
            "/x\\..\\login.php?action=logout",
            "/lo\tgin.php?action=logout",
            "\n/login.php?action=logout",
            "  /login.php?action=logout",
            "/\\other.example",
            "//other.example",
            "/.//other.example",
            "/x/..//other.example",
            "/\t/other.example",
            "https:other.example",
            "javascript:alert(1)");

    /** With how many of the safe ones somebody signs in: each takes seconds. */
    private static final int TYPED = 6;

    private final Sandbox sandbox;
    private final BrowserContext visitor;

    RedirectTargetsTest(Sandbox sandbox) {
        this.sandbox = sandbox;
        this.visitor = sandbox.visitor();
    }

    @AfterEach
    void close() {
        visitor.close();
    }

    static List<String> safe() {
        return SAFE.subList(0, TYPED);
    }

    static List<String> refused() {
        return REFUSED;
    }

    @ParameterizedTest
    @MethodSource("safe")
    void pathOfTheStore_isWhereTheBrowserGoesOnTo(String wish) {
        Page page = visitor.newPage();
        signIn(page, wish);

        assertThat(page.url()).isEqualTo(read(page, wish));
        assertSignedIn();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void anythingElse_goesOnToTheAccount_andSignsNobodyOut(String wish) {
        Page page = visitor.newPage();
        signIn(page, wish);

        assertThat(page.url()).isEqualTo(sandbox.url("/account.php"));
        assertThat(read(page, wish)).as("what a browser makes of it").isNotEqualTo(page.url());
        // The other way there: who is signed in already is sent on at once.
        page.navigate(signInAddress(wish));
        assertThat(page.url()).isEqualTo(sandbox.url("/account.php"));
        assertSignedIn();
    }

    /** Without the check of the store each would sign out, leave the store, or give a path that leaves it when it is sent on. */
    @Test
    void refusedWishes_areNoPathOfTheStoreForABrowser_andTheOthersAre() {
        Page page = visitor.newPage();
        page.navigate(sandbox.url("/login.php"));
        String store = sandbox.url("/");

        assertThat(REFUSED)
                .allSatisfy(wish -> assertThat(read(page, wish))
                        .matches(url -> url.equals(sandbox.url(LOGOUT))
                                || !url.startsWith(store)
                                || url.startsWith(store + "/other.example")));
        assertThat(SAFE)
                .allSatisfy(
                        wish -> assertThat(read(page, wish)).startsWith(store).doesNotContain("login.php"));
    }

    /** The address that the browser makes of a wish on a page of the store. */
    private static String read(Page page, String wish) {
        return (String) page.evaluate("wish => new URL(wish, location.origin).href", wish);
    }

    private String signInAddress(String wish) {
        return sandbox.url("/login.php?redirect_to=" + URLEncoder.encode(wish, StandardCharsets.UTF_8));
    }

    private void signIn(Page page, String wish) {
        page.navigate(signInAddress(wish));
        page.getByLabel("E-mail address").fill(Sandbox.EMAIL);
        page.getByLabel("Password").fill(Sandbox.PASSWORD);
        page.locator("form[action*=check_login] button").click();
        page.waitForURL(url -> !url.contains("/login.php"));
    }

    private void assertSignedIn() {
        Page page = visitor.newPage();
        page.navigate(sandbox.url("/account.php"));
        assertThat(page.url()).isEqualTo(sandbox.url("/account.php"));
    }
}
