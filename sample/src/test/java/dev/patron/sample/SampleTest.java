package dev.patron.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import dev.patron.spring.CustomerKey;
import dev.patron.token.ClientSecret;
import dev.patron.token.CurrentCustomerClaims;
import dev.patron.token.CurrentCustomerSigner;
import dev.patron.token.JwsAlgorithm;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** The sample app against a platform that does as it is told. */
@SpringBootTest(
        properties = {
            "patron.client-secrets=" + SampleTest.SECRET,
            "patron.stores=abc123,other1",
            "spring.datasource.url=jdbc:h2:mem:sample",
            "sample.platform.app=http://localhost:8090",
            "sample.platform.timeout=5s",
            "sample.platform.patience=1s",
            "sample.platform.cached-for=1h"
        })
@AutoConfigureMockMvc
class SampleTest {

    static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    private static final Platform PLATFORM = new Platform();

    /** No two tests have a customer in common: what one has seen is kept for a while. */
    private static long nextCustomer = 10_000;

    @Autowired
    private MockMvcTester app;

    @Autowired
    private Installations installations;

    @Autowired
    private Subscriptions subscriptions;

    private final long customer = nextCustomer++;

    @DynamicPropertySource
    static void platform(DynamicPropertyRegistry registry) {
        registry.add("sample.platform.address", PLATFORM::address);
    }

    @BeforeEach
    void install() {
        PLATFORM.reset();
        installations.save("abc123", "token-of-abc123");
        installations.save("other1", "token-of-other1");
    }

    @AfterAll
    static void stop() {
        PLATFORM.close();
    }

    private static String token(String store, long customer) {
        return CurrentCustomerSigner.create(JwsAlgorithm.HS256, ClientSecret.of(SECRET))
                .sign(CurrentCustomerClaims.of(
                        CLIENT_ID,
                        store,
                        customer,
                        "john.doe@gmail.com",
                        6,
                        InstantSource.system().instant()));
    }

    private MvcTestResult post(String path, String store, long customer) {
        return app.post()
                .uri(path)
                .header("Authorization", "Bearer " + token(store, customer))
                .exchange();
    }

    private String orders(String store) {
        return "/stores/" + store + "/v2/orders?customer_id=" + customer + "&sort=date_created:desc&limit=25";
    }

    private String order(long id, int status, String currency) {
        return "{\"id\":" + id + ",\"customer_id\":" + customer + ",\"status_id\":" + status + ",\"currency_code\":\""
                + currency + "\"}";
    }

    private static void lines(String store, long order, String... productsAndPrices) {
        StringBuilder lines = new StringBuilder("[");
        for (int i = 0; i < productsAndPrices.length; i += 2) {
            lines.append(i == 0 ? "" : ",")
                    .append("{\"product_id\":")
                    .append(productsAndPrices[i])
                    .append(",\"price_inc_tax\":\"")
                    .append(productsAndPrices[i + 1])
                    .append("\"}");
        }
        PLATFORM.always("/stores/" + store + "/v2/orders/" + order + "/products?limit=50", 200, lines + "]");
    }

    private static void product(String store, long id, String name, String path) {
        PLATFORM.always(
                "/stores/" + store + "/v2/products/" + id,
                200,
                "{\"id\":" + id + ",\"name\":\"" + name + "\",\"custom_url\":\"" + path
                        + "\",\"primary_image\":{\"thumbnail_url\":\"http://shop.example/" + id + ".svg\"}}");
    }

    @Test
    void newestFive_eachOnce_withoutWhatWasDeletedOrNotBought() {
        PLATFORM.always(
                orders("abc123"),
                200,
                "[" + order(9, 11, "USD") + "," + order(8, 5, "USD") + "," + order(7, 10, "EUR") + ","
                        + order(6, 10, "GBP") + "]");
        lines("abc123", 9, "1", "10.0000", "99", "1.0000");
        lines("abc123", 8, "8", "8.0000");
        lines("abc123", 7, "2", "20.5000", "1", "9.0000");
        lines("abc123", 6, "3", "3.0000", "4", "4.0000", "5", "5.0000", "6", "6.0000");
        for (long id = 1; id <= 8; id++) {
            product("abc123", id, "Product " + id, "/p/" + id + "/");
        }

        MvcTestResult json = app.post()
                .uri("/recently-purchased")
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token("abc123", customer))
                .exchange();
        assertThat(json)
                .bodyJson()
                .extractingPath("$.products[*].productId")
                .asArray()
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(json)
                .bodyJson()
                .extractingPath("$.products[*].price")
                .asArray()
                .containsExactly("$10.00", "€20.50", "£3.00", "£4.00", "£5.00");
        assertThat(json).headers().hasValue("Cache-Control", "no-store");

        PLATFORM.calls.clear();
        assertThat(post("/recently-purchased", "abc123", customer))
                .hasStatusOk()
                .bodyText()
                .contains("<bdi class=\"patron-sample-name\">Product 1</bdi>", "action=add&amp;product_id=1");
        assertThat(PLATFORM.calls).as("it is kept for a while").isEmpty();
    }

    @Test
    void hostileProducts_areNotShown_andTextsAreEncoded() {
        PLATFORM.always(orders("abc123"), 200, "[" + order(1, 10, "USD") + "]");
        lines("abc123", 1, "1", "1.0000", "2", "2.0000", "3", "3.0000");
        product("abc123", 1, "<img src=x onerror=alert(1)>", "/fine/");
        product("abc123", 2, "Away", "//evil.example/");
        product("abc123", 3, "Script", "javascript:alert(1)");

        assertThat(post("/recently-purchased", "abc123", customer))
                .bodyText()
                .contains("&lt;img src=x onerror=alert(1)&gt;")
                .doesNotContain("<img src=x", "evil.example", "javascript:");
    }

    @Test
    void nobodysOrders_areAFriendlyLine() {
        PLATFORM.always(orders("abc123"), 204, "");

        assertThat(post("/recently-purchased", "abc123", customer))
                .hasStatusOk()
                .bodyText()
                .contains("Nothing yet.");
    }

    @Test
    void ordersOfOthers_areNotBelieved() {
        PLATFORM.always(orders("abc123"), 200, "[" + order(1, 10, "USD").replace(Long.toString(customer), "1") + "]");
        lines("abc123", 1, "1", "1.0000");
        product("abc123", 1, "Somebody else's", "/p/");

        assertThat(post("/recently-purchased", "abc123", customer)).bodyText().contains("Nothing yet.");
    }

    @Test
    void sameIdAtTwoStores_isTwoCustomers() {
        for (String store : new String[] {"abc123", "other1"}) {
            PLATFORM.always(orders(store), 200, "[" + order(1, 10, "USD") + "]");
            lines(store, 1, "1", "1.0000");
            product(store, 1, "Bought at " + store, "/p/");
        }

        assertThat(post("/recently-purchased", "abc123", customer))
                .bodyText()
                .contains("Bought at abc123")
                .doesNotContain("Bought at other1");
        assertThat(post("/recently-purchased", "other1", customer))
                .bodyText()
                .contains("Bought at other1")
                .doesNotContain("Bought at abc123");
        assertThat(PLATFORM.calls)
                .allMatch(call -> call.contains("/stores/abc123/") == call.endsWith("token-of-abc123"));
    }

    @Test
    void tokenOfAnotherShop_isRefused_beforeAnythingIsAsked() {
        MvcTestResult answer = post("/recently-purchased", "third1", customer);

        assertThat(answer).hasStatus(401).bodyJson().extractingPath("$.id").isEqualTo("wrong_store");
        assertThat(answer).bodyText().doesNotContain("third1", "abc123");
        assertThat(PLATFORM.calls).isEmpty();
    }

    @Test
    void storeThatIsBusy_isAskedAgain_butNotForLong() {
        PLATFORM.always(orders("abc123"), 204, "");
        PLATFORM.once(orders("abc123"), 429, Map.of("X-Retry-After", "1"));
        assertThat(post("/recently-purchased", "abc123", customer)).hasStatusOk();
        assertThat(PLATFORM.calls).hasSize(2);

        PLATFORM.once(orders("other1"), 429, Map.of("X-Retry-After", "30"));
        assertThat(post("/recently-purchased", "other1", customer)).hasStatus(503);
        assertThat(PLATFORM.calls).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"500, x", "403, x", "200, not json"})
    void storeThatFails_showsNothing(int status, String body) {
        PLATFORM.always(orders("abc123"), status, body);

        assertThat(post("/recently-purchased", "abc123", customer))
                .hasStatus(503)
                .bodyText()
                .contains("The store cannot be asked now")
                .doesNotContain(body.equals("x") ? "token-of" : body);
    }

    @Test
    void subscriptions_areOnesOwn_toSeeAndToCancel() {
        assertThat(post("/subscriptions", "abc123", 4927))
                .hasStatusOk()
                .bodyText()
                .contains("Linseed oil for your boards", "data-cancel=\"1\"")
                .doesNotContain("Coffee", "tea");
        assertThat(post("/subscriptions", "abc123", customer)).bodyText().contains("You have none.");

        // Another customer's, and the same id's at another store.
        assertThat(post("/subscriptions/3/cancel", "abc123", 4927)).hasStatus(404);
        assertThat(post("/subscriptions/4/cancel", "abc123", 4927)).hasStatus(404);
        assertThat(subscriptions.of(new CustomerKey("abc123", 4928)))
                .singleElement()
                .matches(Subscriptions.Subscription::active);
        assertThat(subscriptions.of(new CustomerKey("other1", 4927)))
                .singleElement()
                .matches(Subscriptions.Subscription::active);

        assertThat(post("/subscriptions/2/cancel", "abc123", 4927)).hasStatus(204);
        assertThat(post("/subscriptions", "abc123", 4927))
                .bodyText()
                .containsSubsequence("Candles, a dozen", "Comes every month", "Cancelled")
                .doesNotContain("data-cancel=\"2\"");
    }

    @Test
    void installing_believesThePlatform_notTheAddress() {
        String callback = "/auth/callback?code=c&scope=store_v2_content&context=stores/abc123";
        PLATFORM.always("/oauth2/token", 200, "{\"access_token\":\"fresh\",\"context\":\"stores/fresh1\"}");
        PLATFORM.always("/stores/fresh1/v3/content/scripts?limit=250", 200, "{\"data\":[]}");
        PLATFORM.always("/stores/fresh1/v3/content/scripts", 200, "{\"data\":{}}");

        assertThat(app.get().uri(callback)).hasStatusOk();
        assertThat(installations.accessToken("fresh1")).contains("fresh");
        assertThat(installations.accessToken("abc123")).contains("token-of-abc123");
        assertThat(PLATFORM.calls).anyMatch(call -> call.startsWith("POST /stores/fresh1/v3/content/scripts"));

        PLATFORM.always("/oauth2/token", 200, "{\"access_token\":\"fresh\"}");
        assertThat(app.get().uri(callback)).hasStatus(502);
        PLATFORM.always("/oauth2/token", 400, "{\"error\":\"Invalid code.\"}");
        assertThat(app.get().uri(callback)).hasStatus(502);
        assertThat(installations.accessToken("abc123")).contains("token-of-abc123");
    }

    @Test
    void uninstalling_takesThePlatformsSignature() {
        String payload = payload(SECRET, CLIENT_ID);
        assertThat(app.get().uri("/uninstall?signed_payload_jwt=" + payload(SECRET.replace('0', '9'), CLIENT_ID)))
                .hasStatus(401);
        assertThat(app.get().uri("/uninstall?signed_payload_jwt=" + payload(SECRET, "another-app")))
                .hasStatus(401);
        assertThat(installations.accessToken("other1")).isPresent();

        assertThat(app.get().uri("/uninstall?signed_payload_jwt=" + payload)).hasStatus(204);
        assertThat(installations.accessToken("other1")).isEmpty();
        assertThat(post("/recently-purchased", "other1", customer)).hasStatus(503);
    }

    private static String payload(String secret, String audience) {
        Instant now = InstantSource.system().instant();
        return JWT.create()
                .withAudience(audience)
                .withIssuer("bc")
                .withSubject("stores/other1")
                .withIssuedAt(now)
                .withExpiresAt(now.plusSeconds(60))
                .sign(Algorithm.HMAC256(secret));
    }
}
