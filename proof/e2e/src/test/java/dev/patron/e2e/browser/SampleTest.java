package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import dev.patron.engines.FreePort;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.CurrentCustomerSigner;
import dev.patron.token.JwsAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The sample app beside the sandbox, as {@code ./run} starts them: installed by OAuth, its script in the script manager. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(180)
class SampleTest {

    private static final String BLOCK = "#patron-sample-purchases";
    private static final String SUBSCRIPTIONS = "#patron-sample-subscriptions";

    @TempDir
    private static Path data;

    private static ServerProcess store;
    private static URI app;

    private final Sandbox browser;

    SampleTest(Sandbox browser) {
        this.browser = browser;
    }

    @BeforeAll
    static void start() throws IOException {
        int port = FreePort.find();
        app = URI.create("http://localhost:" + port);
        store = ServerProcess.start(
                Root.sandboxJar(),
                data,
                Map.of(
                        "PATRON_SANDBOX_SECRET", Sandbox.SECRET,
                        "PATRON_SAMPLE_JAR", Root.sampleJar().toAbsolutePath().toString(),
                        "PATRON_SAMPLE_PORT", Integer.toString(port)));
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    /** The front page, once the app, a server that starts beside the store, has put its script there. */
    private Page frontPage(BrowserContext visitor) {
        Page page = visitor.newPage();
        page.navigate(store.storefront().toString());
        page.waitForCondition(
                () -> {
                    boolean there = page.locator("script[src*='storefront.js']").count() == 1;
                    if (!there) {
                        page.waitForTimeout(200);
                        page.reload();
                    }
                    return there;
                },
                new Page.WaitForConditionOptions().setTimeout(90_000));
        return page;
    }

    private Page signedIn(BrowserContext visitor, String email) {
        Page page = frontPage(visitor);
        page.navigate(store.storefront().resolve("/login.php").toString());
        page.fill("[name=login_email]", email);
        page.fill("[name=login_pass]", "patron-sandbox");
        page.locator("form[action*=check_login] button").click();
        page.waitForURL("**/account.php");
        page.navigate(store.storefront().toString());
        return page;
    }

    private static List<String> names(Page page) {
        page.locator(BLOCK + " h2").waitFor();
        return page.locator(BLOCK + " .patron-sample-name").allInnerTexts();
    }

    @Test
    void eachCustomer_seesTheirOwn_andNobodyElse() {
        try (BrowserContext john = browser.visitor();
                BrowserContext jane = browser.visitor();
                BrowserContext noah = browser.visitor()) {
            Page johns = signedIn(john, "john.doe@gmail.com");
            assertThat(names(johns))
                    .containsExactly(
                            "Stoneware mug", "Desk lamp", "Enamel kettle", "Cloth-bound notebook", "Bird house");
            assertThat(johns.locator(BLOCK + " .patron-sample-price").allInnerTexts())
                    .containsExactly("$22.00", "€118.68", "£50.96", "£14.62", "$37.50");

            assertThat(names(signedIn(jane, "jane.roe@example.com"))).hasSize(5).doesNotContain("Stoneware mug");

            Page noahs = signedIn(noah, "guest.without.group@example.com");
            assertThat(names(noahs)).isEmpty();
            assertThat(noahs.locator(BLOCK).innerText()).contains("Nothing yet.");
            assertThat(ForEveryone.violations(johns)).isEmpty();

            johns.locator("header form[action*=logout] button").click();
            johns.navigate(store.storefront().toString());
            johns.waitForResponse(answer -> answer.url().contains("/customer/current.jwt"), johns::reload);
            assertThat(johns.locator(BLOCK).innerText()).isEmpty();
            assertThat(johns.locator(SUBSCRIPTIONS).innerText()).isEmpty();
        }
    }

    /** At the widths of a telephone, a tablet and a desk, with the blocks of the app and without. */
    @Test
    void frontPage_standsInOrder_forGuestsAndForCustomers() {
        List<String> faults = new ArrayList<>();
        try (BrowserContext guest = browser.visitor();
                BrowserContext john = browser.visitor()) {
            Page guests = frontPage(guest);
            guests.waitForResponse(answer -> answer.url().contains("/customer/current.jwt"), guests::reload);
            addFaults(faults, "a guest", guests);

            Page johns = signedIn(john, "john.doe@gmail.com");
            johns.locator(BLOCK + " h2").waitFor();
            johns.locator(SUBSCRIPTIONS + " h2").waitFor();
            assertThat(johns.locator(BLOCK + " li").count()).isEqualTo(5);
            addFaults(faults, "John", johns);

            // The stylesheet holds for what other apps put into its cards, too.
            johns.evaluate(
                    "document.querySelectorAll('[aria-labelledby=favourites] .card').forEach(card =>"
                            + " card.insertAdjacentHTML('beforeend', '<p><a class=\"button\" href=\"/cart.php\">Buy</a></p>'))");
            addFaults(faults, "John, with buttons in the cards", johns);
        }
        assertThat(faults).isEmpty();
    }

    private static void addFaults(List<String> faults, String who, Page page) {
        for (int width : List.of(360, 768, 1280)) {
            page.setViewportSize(width, 900);
            Arrangement.faults(page).forEach(fault -> faults.add(who + ", " + width + " px: " + fault));
            assertThat(ForEveryone.overflow(page)).as("%s, %s px", who, width).isZero();
        }
    }

    @Test
    void product_getsIntoTheCart_andASubscriptionIsCancelled() {
        try (BrowserContext visitor = browser.visitor()) {
            Page page = signedIn(visitor, "john.doe@gmail.com");
            Locator cancel = page.locator(SUBSCRIPTIONS + " button").first();
            cancel.waitFor();
            assertThat(page.locator(SUBSCRIPTIONS + " li").count()).isEqualTo(2);
            cancel.click();
            page.locator(SUBSCRIPTIONS + " li:has-text('Cancelled')").waitFor();
            assertThat(page.locator(SUBSCRIPTIONS + " button").count()).isEqualTo(1);

            page.locator(BLOCK + " a:has-text('Add to cart')").first().click();
            page.waitForURL("**/cart.php");
            assertThat(page.locator("table.cart").innerText()).contains("Stoneware mug", "$22.00");
        }
    }

    @Test
    void tokenOfAnotherShop_isRefusedWithItsReason_andNoData() throws IOException, InterruptedException {
        HttpResponse<String> own = ask(token("abc123"));
        assertThat(own.statusCode()).isEqualTo(200);

        HttpResponse<String> foreign = ask(token("other1"));
        assertThat(foreign.statusCode()).isEqualTo(401);
        assertThat(foreign.body()).contains("\"id\":\"wrong_store\"").doesNotContain("mug", "other1");
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void secretThatVerifies_isReportedToThePortal() throws IOException, InterruptedException {
        assertThat(ask(token("abc123")).statusCode()).isEqualTo(200);

        try (BrowserContext visitor = browser.visitor();
                ShopClient operator = new ShopClient(
                        store.storefront(),
                        store.console(),
                        Files.readString(data.resolve("operator-token")).strip())) {
            visitor.newPage().waitForCondition(() -> lastVerified(operator).matches("20\\d\\d-.*Z"));
        }
    }

    private static String lastVerified(ShopClient operator) {
        try {
            return ShopClient.json(operator.console("GET", "/api/v1/apps/" + Sandbox.CLIENT_ID, Map.of()))
                    .at("/secrets/0/last_verified_at")
                    .asString("");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String token(String storeHash) {
        return CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(Sandbox.SECRET))
                .sign(CurrentCustomerClaims.of(
                        Sandbox.CLIENT_ID,
                        storeHash,
                        4929,
                        "guest.without.group@example.com",
                        0,
                        InstantSource.system().instant()));
    }

    private HttpResponse<String> ask(String token) throws IOException, InterruptedException {
        try (BrowserContext visitor = browser.visitor()) {
            // It is installed by the time its script is there.
            frontPage(visitor);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(app.resolve("/recently-purchased"))
                            .header("Authorization", "Bearer " + token)
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }
    }
}
