package dev.patron.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.catalogue.Product;
import dev.patron.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Adding to the cart by a link, as a browser follows it from different places. */
class CartTest {

    private static final Catalogue CATALOGUE = new Catalogue();
    private static final Product PRODUCT = CATALOGUE.products().getFirst();
    private static final String ADD = "/cart.php?action=add&product_id=" + PRODUCT.id();
    private static final TestServer SERVER =
            TestServer.start(patron -> new Shop(patron.storefront().pages(), CATALOGUE)
                    .addTo(patron.storefront().routes()));

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void add_fromAPageOfTheStore_isDoneAtOnce() {
        Answer added = get().with("Sec-Fetch-Site", "same-origin").send();

        assertThat(added.status()).isEqualTo(302);
        assertThat(added.all("Location")).containsExactly("/cart.php");
        assertThat(added.all("Set-Cookie"))
                .containsExactly("SANDBOX_CART=" + PRODUCT.id() + "x1; Path=/cart.php; HttpOnly; SameSite=Lax");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "cross-site", "same-site"})
    void add_fromElsewhere_asksFirst_andTheButtonAdds(String site) {
        Answer question = get().with("Sec-Fetch-Site", site).send();

        assertThat(question.status()).isEqualTo(200);
        assertThat(question.all("Set-Cookie")).isEmpty();
        assertThat(question.body())
                .contains("Add to cart?", "<form method=\"post\" action=\"" + ADD.replace("&", "&amp;") + "\"");

        assertThat(post().send().all("Set-Cookie")).anyMatch(cookie -> cookie.startsWith("SANDBOX_CART="));
    }

    @Test
    void add_byAFormOfAnotherSite_isRefused() {
        assertThat(post().send().status()).isEqualTo(302);

        Answer refused = post().with("Origin", "https://elsewhere.example")
                .with("Sec-Fetch-Site", "cross-site")
                .send();

        assertThat(refused.outcome()).isEqualTo("403 cross_site");
        assertThat(refused.all("Set-Cookie")).isEmpty();
    }

    private static Call get() {
        return SERVER.call("GET", ADD).host(TestServer.HOST).with("Accept", "text/html");
    }

    private static Call post() {
        return SERVER.call("POST", ADD)
                .host(TestServer.HOST)
                .with("Origin", "http://" + TestServer.HOST + ":" + SERVER.port())
                .with("Sec-Fetch-Site", "same-origin")
                .body("application/x-www-form-urlencoded", "");
    }
}
