package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * While somebody is signed in at the store, pages of other origins in the same browser try to get at the token. Each way
 * is first shown to work where nothing protects the answer.
 */
@ExtendWith(Sandbox.Provider.class)
@Timeout(120)
class OtherOriginsTest {

    private static final Object BLOCKED = Map.of("failure", "TypeError");
    private static final Object OUT_OF_SIGHT = Map.of("failure", "SecurityError");

    /** Where the page of the stranger is, seen from the store. */
    enum Origin {
        /** The browser sends no cookie along. */
        OTHER_SITE,
        /** The browser sends the session's cookie along: only the answer's own protection counts. */
        SAME_SITE
    }

    private final Strangers strangers = new Strangers();
    private final Sandbox sandbox;
    private final BrowserContext visitor;

    OtherOriginsTest(Sandbox sandbox) {
        this.sandbox = sandbox;
        this.visitor = sandbox.visitor();
    }

    @BeforeEach
    void signedIn() {
        sandbox.signIn(visitor.newPage());
    }

    @AfterEach
    void stillSignedIn() {
        try (visitor;
                strangers) {
            // Whatever was tried, the session is there: the token was to be had all the time.
            Page page = visitor.newPage();
            page.navigate(sandbox.url("/"));
            Object answer = page.evaluate("url => fetch(url).then(response => response.text())", Sandbox.endpoint());
            Tokens.verify(String.valueOf(answer));
        }
    }

    @Test
    void theStoreItself_readsIt() {
        Page page = visitor.newPage();
        page.navigate(sandbox.url("/"));
        page.addScriptTag(new Page.AddScriptTagOptions().setContent(Resources.own("probes.js")));
        for (String way : List.of("corsFetch", "noCorsFetch")) {
            Map<?, ?> learned = probe(page, way, token());
            assertThat(learned.get("status")).isEqualTo(200);
            Tokens.verify(String.valueOf(learned.get("text")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void fetch_learnsNothing(Origin from) {
        Page page = strangersPage(from);
        assertThat(probe(page, "corsFetch", unprotected(from, ".js")).get("text"))
                .isEqualTo(Strangers.UNPROTECTED);

        Wire wire = new Wire(visitor, page);
        assertThat(probe(page, "corsFetch", token())).isEqualTo(BLOCKED);

        // It was not merely hidden from the page: it was not made.
        assertThat(wire.exchange(token())).isEqualTo(new Wire.Exchange(sendsSession(from), 403));
    }

    @ParameterizedTest
    @EnumSource
    void fetchWithoutCors_learnsNothing(Origin from) {
        Page page = strangersPage(from);
        assertThat(probe(page, "noCorsFetch", unprotected(from, ".js")).get("text"))
                .isEqualTo(Strangers.UNPROTECTED);

        Wire wire = new Wire(visitor, page);
        assertThat(probe(page, "noCorsFetch", token())).isEqualTo(BLOCKED);

        assertThat(wire.exchange(token())).isEqualTo(withoutOrigin(from));
    }

    @ParameterizedTest
    @EnumSource
    void script_learnsNothing(Origin from) {
        Page page = strangersPage(from);
        assertThat(probe(page, "script", unprotected(from, ".js")))
                .isEqualTo(Map.of("event", "load", "globals", List.of("leaked"), "errors", List.of()));

        Wire wire = new Wire(visitor, page);
        assertThat(probe(page, "script", token()))
                .isEqualTo(Map.of("event", "error", "globals", List.of(), "errors", List.of()));

        assertThat(wire.exchange(token())).isEqualTo(withoutOrigin(from));
    }

    @ParameterizedTest
    @EnumSource
    void image_learnsNothing(Origin from) {
        Page page = strangersPage(from);
        assertThat(probe(page, "image", unprotected(from, ".svg"))).isEqualTo(Map.of("event", "load", "width", 7));

        Wire wire = new Wire(visitor, page);
        assertThat(probe(page, "image", token())).isEqualTo(Map.of("event", "error", "width", 0));

        assertThat(wire.exchange(token())).isEqualTo(withoutOrigin(from));
    }

    @ParameterizedTest
    @EnumSource
    void frame_learnsNothing(Origin from) {
        Page page = strangersPage(from);
        assertThat(probe(page, "frame", unprotected(from, ".html"))).isEqualTo(Map.of("text", Strangers.UNPROTECTED));

        assertThat(probe(page, "frame", token())).isEqualTo(OUT_OF_SIGHT);
        assertThat(probe(page, "frame", sandbox.url("/account.php"))).isEqualTo(OUT_OF_SIGHT);
        assertThat(probe(page, "frame", sandbox.url("/login.php"))).isEqualTo(OUT_OF_SIGHT);
        assertThat(probe(page, "frame", sandbox.url("/"))).isEqualTo(OUT_OF_SIGHT);

        // Not only out of sight: not shown either, so that nobody is led to click on it.
        assertThat(page.frames().stream()
                        .filter(frame -> frame.parentFrame() != null)
                        .filter(frame -> frame.url().startsWith(sandbox.origin().toString())))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void form_learnsNothing(Origin from) {
        Page page = strangersPage(from);
        assertThat(probe(page, "formIntoFrame", unprotected(from, ".html")))
                .isEqualTo(Map.of("text", Strangers.UNPROTECTED));

        assertThat(probe(page, "formIntoFrame", token())).isEqualTo(OUT_OF_SIGHT);

        // The whole window goes there: the page that asked is gone, and this is all there is to see.
        Response answer = page.waitForResponse(
                response -> response.url().equals(token()) && response.frame().equals(page.mainFrame()),
                () -> page.evaluate(
                        "url => { const form = document.createElement('form'); form.method = 'post'; form.action = url;"
                                + " document.body.append(form); form.submit(); }",
                        token()));
        page.waitForURL(token());
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("\"cross_site\"").doesNotContain("eyJ");
        assertThat(page.content()).contains("cross_site").doesNotContain("eyJ");
    }

    @ParameterizedTest
    @EnumSource
    void window_learnsNothing(Origin from) {
        Page page = strangersPage(from);
        Page unprotected = visitor.waitForPage(
                () -> page.evaluate("url => { window.opened = window.open(url) }", unprotected(from, ".html")));
        unprotected.waitForLoadState();
        assertThat(page.evaluate("probes.look(window.opened)")).isEqualTo(Map.of("text", Strangers.UNPROTECTED));

        Page opened = visitor.waitForPage(() -> page.evaluate("url => { window.opened = window.open(url) }", token()));
        opened.waitForURL(token());
        assertThat(page.evaluate("probes.look(window.opened)")).isEqualTo(OUT_OF_SIGHT);
    }

    /** The store's pages cannot be reached through the window that opened them either. */
    @ParameterizedTest
    @EnumSource
    void window_losesSightOfTheStore(Origin from) {
        Page page = strangersPage(from);
        Page opened = visitor.waitForPage(
                () -> page.evaluate("url => { window.opened = window.open(url) }", sandbox.url("/account.php")));
        opened.waitForLoadState();

        assertThat(page.evaluate("window.opened.closed")).isEqualTo(true);
        assertThat(opened.evaluate("window.opener")).isNull();
    }

    /**
     * A request that names no origin. From another site no token is made; from the same site one is, and the browser
     * keeps it from the page because the answer says so.
     */
    private static Wire.Exchange withoutOrigin(Origin from) {
        return new Wire.Exchange(sendsSession(from), from == Origin.OTHER_SITE ? 403 : 200);
    }

    private static boolean sendsSession(Origin from) {
        return from == Origin.SAME_SITE;
    }

    private Page strangersPage(Origin from) {
        Page page = visitor.newPage();
        page.navigate(strangers(from, "/page"));
        page.addScriptTag(new Page.AddScriptTagOptions().setContent(Resources.own("probes.js")));
        return page;
    }

    private String unprotected(Origin from, String type) {
        return strangers(from, "/unprotected" + type);
    }

    private String strangers(Origin from, String path) {
        return from == Origin.OTHER_SITE ? strangers.otherSite(path) : strangers.sameSite(path);
    }

    private String token() {
        return sandbox.url(Sandbox.endpoint());
    }

    private static Map<?, ?> probe(Page page, String way, String url) {
        return (Map<?, ?>) page.evaluate("([way, url]) => probes[way](url)", List.of(way, url));
    }
}
