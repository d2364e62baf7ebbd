package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import dev.patron.e2e.Root;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code patron.js} on pages of the store. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(60)
class BrowserScriptTest {

    private static final String ENDPOINT = "**/customer/current.jwt*";
    private static final String APP = "https://app.example/points";
    private static final String ASK = "clientId => Patron.currentCustomer({ clientId })";
    private static final String SEND =
            "([url, clientId]) => Patron.send(url, { clientId })" + ".then(answer => answer && answer.status)";

    private final Sandbox sandbox;

    BrowserScriptTest(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    /** A page of the store that has the script, and what it asks the endpoint. */
    private Page page(BrowserContext visitor, List<String> requests) {
        Page page = visitor.newPage();
        page.onRequest(request -> {
            if (request.url().contains("/customer/current.jwt")) {
                requests.add(request.url());
            }
        });
        page.navigate(sandbox.url("/kitchen/"));
        page.waitForFunction("() => document.readyState === 'complete'");
        page.addScriptTag(new Page.AddScriptTagOptions().setUrl("/patron.js"));
        requests.clear();
        return page;
    }

    private void signIn(BrowserContext visitor) {
        Page page = visitor.newPage();
        page.navigate(sandbox.url("/login.php"));
        page.fill("[name=login_email]", "john.doe@gmail.com");
        page.fill("[name=login_pass]", "patron-sandbox");
        page.locator("form[action*=check_login] button").click();
        page.waitForURL("**/account.php");
        page.close();
    }

    @Test
    void nobodySignedIn_isNull() {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = page(visitor, new ArrayList<>());
            assertThat(page.evaluate(ASK, Sandbox.CLIENT_ID)).isNull();
            assertThat(page.evaluate(SEND, List.of(APP, Sandbox.CLIENT_ID))).isNull();
        }
    }

    @Test
    void manyAtOnce_askOnce_andTheTokenIsUsedFor25Seconds() {
        try (BrowserContext visitor = sandbox.visitor()) {
            signIn(visitor);
            List<String> requests = new ArrayList<>();
            Page page = visitor.newPage();
            page.clock().install();
            page.close();
            page = page(visitor, requests);
            Object tokens = page.evaluate(
                    "clientId => Promise.all(Array.from({ length: 10 }, () => Patron.currentCustomer({ clientId })))"
                            + ".then(all => new Set(all.map(customer => customer.token)).size)",
                    Sandbox.CLIENT_ID);
            assertThat(tokens).isEqualTo(1);
            assertThat(requests).hasSize(1);

            page.clock().fastForward(24_000);
            page.evaluate(ASK, Sandbox.CLIENT_ID);
            assertThat(requests).hasSize(1);
            page.clock().fastForward(2_000);
            page.evaluate(ASK, Sandbox.CLIENT_ID);
            assertThat(requests).hasSize(2);
            assertThat(page.evaluate("() => JSON.stringify([localStorage, sessionStorage, location.href])"))
                    .asString()
                    .doesNotContain("eyJ");
        }
    }

    @Test
    void signingOutInAnotherTab_forgets() {
        try (BrowserContext visitor = sandbox.visitor()) {
            signIn(visitor);
            List<String> requests = new ArrayList<>();
            Page page = page(visitor, requests);
            assertThat(page.evaluate(ASK, Sandbox.CLIENT_ID)).isNotNull();

            Page other = visitor.newPage();
            other.navigate(sandbox.url("/"));
            other.locator("header form[action*=logout] button").click();
            other.waitForURL("**/login.php*");

            page.waitForCondition(() -> page.evaluate(ASK, Sandbox.CLIENT_ID) == null);
            assertThat(requests).hasSizeGreaterThan(1);
        }
    }

    @Test
    void pageFromTheBrowsersMemory_forgets() {
        try (BrowserContext visitor = sandbox.visitor()) {
            signIn(visitor);
            List<String> requests = new ArrayList<>();
            Page page = page(visitor, requests);
            page.evaluate(ASK, Sandbox.CLIENT_ID);
            page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))");
            page.evaluate(ASK, Sandbox.CLIENT_ID);
            assertThat(requests).hasSize(1);
            page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
            page.evaluate(ASK, Sandbox.CLIENT_ID);
            assertThat(requests).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "429, rate_limited, 7",
        "503, unavailable, 1",
        "403, unknown_app, ",
        "404, no_such_store, ",
    })
    void refusals_areTyped(int status, String id, String retryAfter) {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = page(visitor, new ArrayList<>());
            page.route(
                    ENDPOINT,
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setStatus(status)
                            .setContentType("application/json")
                            .setHeaders(retryAfter == null ? Map.of() : Map.of("Retry-After", retryAfter))
                            .setBody("{\"errors\":[{\"status\":" + status + ",\"id\":\"" + id + "\"}]}")));

            Object error = page.evaluate(
                    "clientId => Patron.currentCustomer({ clientId }).catch(error => [error instanceof Patron.PatronError,"
                            + " error.id, error.status, String(error.retryAfter)])",
                    Sandbox.CLIENT_ID);

            assertThat(error)
                    .isEqualTo(
                            List.of(true, id, status, String.valueOf(retryAfter).replace("null", "undefined")));
            page.unroute(ENDPOINT);
            assertThat(page.evaluate(ASK, Sandbox.CLIENT_ID))
                    .as("it is asked again")
                    .isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"too_old, 2, 200", "bad_signature, 1, 401"})
    void appThatFindsTheTokenTooOld_getsAFreshOneOnce(String id, int calls, int outcome) {
        try (BrowserContext visitor = sandbox.visitor()) {
            signIn(visitor);
            List<String> requests = new ArrayList<>();
            Page page = page(visitor, requests);
            List<String> posted = new ArrayList<>();
            page.route(APP, route -> {
                posted.add(route.request().method() + " "
                        + route.request().headers().get("authorization"));
                boolean refuse = posted.size() == 1;
                route.fulfill(new Route.FulfillOptions()
                        .setStatus(refuse ? 401 : 200)
                        .setHeaders(Map.of("Access-Control-Allow-Origin", "*", "Access-Control-Allow-Headers", "*"))
                        .setContentType("application/problem+json")
                        .setBody("{\"id\":\"" + id + "\"}"));
            });

            assertThat(page.evaluate(SEND, List.of(APP, Sandbox.CLIENT_ID))).isEqualTo(outcome);

            assertThat(posted).hasSize(calls).allMatch(call -> call.startsWith("POST Bearer eyJ"));
            assertThat(requests).hasSize(calls);
        }
    }

    @Test
    void appThatAlwaysFindsItTooOld_isAskedTwice_notForever() {
        try (BrowserContext visitor = sandbox.visitor()) {
            signIn(visitor);
            Page page = page(visitor, new ArrayList<>());
            List<String> posted = new ArrayList<>();
            page.route(APP, route -> {
                posted.add(route.request().method());
                route.fulfill(new Route.FulfillOptions()
                        .setStatus(401)
                        .setHeaders(Map.of("Access-Control-Allow-Origin", "*", "Access-Control-Allow-Headers", "*"))
                        .setContentType("application/problem+json")
                        .setBody("{\"id\":\"too_old\"}"));
            });
            assertThat(page.evaluate(SEND, List.of(APP, Sandbox.CLIENT_ID))).isEqualTo(401);
            assertThat(posted).hasSize(2);
        }
    }

    @Test
    void module_knowsTheSameTokens() {
        try (BrowserContext visitor = sandbox.visitor()) {
            signIn(visitor);
            List<String> requests = new ArrayList<>();
            Page page = page(visitor, requests);
            page.evaluate(ASK, Sandbox.CLIENT_ID);
            Object same = page.evaluate(
                    "clientId => import('/patron.mjs').then(module => module.currentCustomer({ clientId }))"
                            + ".then(customer => typeof customer.token)",
                    Sandbox.CLIENT_ID);
            assertThat(same).isEqualTo("string");
        }
    }

    @Test
    void snippetsScript_loadsWithItsIntegrity_andNotWithAnotherByte() {
        try (BrowserContext developer = sandbox.visitor();
                BrowserContext visitor = sandbox.visitor();
                BrowserContext stranger = sandbox.visitor()) {
            Page portal = sandbox.operator(developer);
            portal.navigate(sandbox.console()
                    .resolve("/developers/apps/" + Sandbox.CLIENT_ID + "/try")
                    .toString());
            String snippet = portal.locator("#snippet-patron").textContent();
            assertThat(snippet)
                    .contains("Patron.send(")
                    .containsPattern("src=\"/patron-[0-9a-f]{12}\\.js\" integrity=\"sha384-");
            String element = snippet.lines().findFirst().orElseThrow();

            String load = "element => new Promise(done => { const made = document.createRange()"
                    + ".createContextualFragment(element).firstChild; made.onload = () => done(typeof Patron);"
                    + " made.onerror = () => done('refused'); document.head.append(made); })";
            Page page = visitor.newPage();
            page.navigate(sandbox.url("/kitchen/"));
            assertThat(page.evaluate(load, element)).isEqualTo("object");

            Page altered = stranger.newPage();
            altered.route("**/patron-*.js", route -> {
                var answer = route.fetch();
                route.fulfill(new Route.FulfillOptions().setResponse(answer).setBody(answer.text() + " "));
            });
            altered.navigate(sandbox.url("/kitchen/"));
            assertThat(altered.evaluate(load, element)).isEqualTo("refused");
        }
    }

    /** The blocks of the README, with a client id and an app that answers. */
    @Test
    void readmesExamples_work() throws IOException {
        String readme = Files.readString(Root.PATH.resolve("apps/browser/README.md"));
        Matcher html = Pattern.compile("```html\\n(.*?)```", Pattern.DOTALL).matcher(readme);
        Matcher js = Pattern.compile("```js\\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(html.find()).isTrue();
        assertThat(js.find()).isTrue();
        try (BrowserContext visitor = sandbox.visitor()) {
            signIn(visitor);
            sandbox.withFooter(
                    "<script>const clientId = '" + Sandbox.CLIENT_ID
                            + "'; const show = points => { window.shown = points; };" + "</script>" + html.group(1),
                    () -> {
                        Page page = visitor.newPage();
                        page.route(
                                "https://your-app.example/points",
                                route -> route.fulfill(new Route.FulfillOptions()
                                        .setHeaders(Map.of(
                                                "Access-Control-Allow-Origin",
                                                "*",
                                                "Access-Control-Allow-Headers",
                                                "*"))
                                        .setContentType("application/json")
                                        .setBody("{\"points\":120}")));
                        page.navigate(sandbox.url("/kitchen/"));
                        page.waitForFunction("() => window.shown?.points === 120");
                        assertThat(page.evaluate("async () => { " + js.group(1) + " return typeof customer.token; }"))
                                .isEqualTo("string");
                    });
        }
    }

    @Test
    void script_isSmall() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(Files.readString(Root.PATH.resolve("apps/browser/patron.js"))
                    .getBytes(StandardCharsets.UTF_8));
        }
        assertThat(compressed.size()).isLessThan(2048);
    }
}
