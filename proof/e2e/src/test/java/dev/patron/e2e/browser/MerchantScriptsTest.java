package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a merchant's scripts do on the pages of the demo store, and on which. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(120)
class MerchantScriptsTest {

    private static final List<String> ALL = List.of("all");

    private final Sandbox sandbox;
    private final List<MerchantScript> added = new ArrayList<>();
    private BrowserContext visitor;
    private Page page;

    MerchantScriptsTest(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    @BeforeEach
    void open() {
        visitor = sandbox.visitor();
        page = visitor.newPage();
    }

    @AfterEach
    void close() {
        visitor.close();
        added.forEach(MerchantScript::remove);
    }

    @Test
    void headScript_runsBeforeThePageIsThere_andFooterScriptAfter() {
        add("footer", ALL, note("footer"));
        add("head", ALL, note("head"));

        page.navigate(sandbox.url("/"));

        assertThat(notes()).containsExactly("head without the shop's footer", "footer with the shop's footer");
        assertThat(page.locator("head > script").last().textContent()).contains("'head'");
        assertThat(page.locator("body > script").last().textContent()).contains("'footer'");
    }

    @Test
    void disabledScript_isGoneFromTheNextPageView() {
        MerchantScript script = add("footer", ALL, note("footer"));
        page.navigate(sandbox.url("/"));
        assertThat(notes()).hasSize(1);

        script.setEnabled(false);
        page.reload();
        assertThat(notes()).isEmpty();

        script.setEnabled(true);
        page.reload();
        assertThat(notes()).hasSize(1);
    }

    @Test
    void script_isOnTheKindsOfPagesThatItIsFor() {
        add("footer", List.of("product"), note("product"));
        add("footer", List.of("category"), note("category"));
        add("footer", List.of("front"), note("front"));
        add("footer", ALL, note("all"));

        page.navigate(sandbox.url("/"));
        assertThat(ran()).containsExactly("front", "all");
        follow(page.locator("nav[aria-label=Shop] a"));
        assertThat(ran()).containsExactly("category", "all");
        follow(page.locator("main .card a"));
        assertThat(ran()).containsExactly("product", "all");
    }

    @Test
    void script_isNeverOnPagesThatTakePasswordsOrShowAnAccount() {
        add("head", ALL, note("head"));
        add("footer", ALL, note("footer"));
        page.navigate(sandbox.url("/"));
        assertThat(notes()).hasSize(2);

        for (String path : List.of("/login.php", "/login.php?action=create_account", "/no-such-page")) {
            page.navigate(sandbox.url(path));
            assertNoScripts();
        }
        sandbox.signIn(page);
        assertThat(page.url()).isEqualTo(sandbox.url("/account.php"));
        assertNoScripts();
    }

    /** What a merchant pastes may be broken. The console, an origin of its own, still lets them take it away. */
    @Test
    void brokenScript_canBeTakenAway() {
        MerchantScript broken = add("head", ALL, "<script>throw new Error('broken') // </scrip> <!-- ");
        page.navigate(sandbox.url("/"));
        assertThat(page.locator("h1").count()).isZero();

        broken.setEnabled(false);
        page.reload();

        assertThat(page.locator("h1").count()).isEqualTo(1);
    }

    private void assertNoScripts() {
        page.locator("h1").first().waitFor();
        assertThat(notes()).as(page.url()).isEmpty();
        assertThat(page.content()).as(page.url()).doesNotContain("window.notes");
    }

    private MerchantScript add(String place, List<String> pages, String html) {
        MerchantScript script = sandbox.addScript(place, pages, html);
        added.add(script);
        return script;
    }

    /** A script that notes that it ran, and how much of the page there was. */
    private static String note(String what) {
        return """
                <script>
                  (window.notes ??= []).push('%s' + (document.querySelector('.shop-foot') ? ' with' : ' without')
                    + " the shop's footer");
                </script>
                """.formatted(what);
    }

    @SuppressWarnings("unchecked") // It is what note() makes.
    private List<String> notes() {
        return (List<String>) page.evaluate("window.notes ?? []");
    }

    /** Which scripts ran. */
    private List<String> ran() {
        return notes().stream()
                .map(note -> note.substring(0, note.indexOf(' ')))
                .toList();
    }

    private void follow(Locator links) {
        page.navigate(sandbox.url(String.valueOf(links.first().getAttribute("href"))));
    }
}
