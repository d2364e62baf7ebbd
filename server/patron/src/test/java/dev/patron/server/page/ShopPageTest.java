package dev.patron.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.PatronServer;
import dev.patron.server.TestServer;
import dev.patron.server.script.PageKind;
import dev.patron.server.script.Place;
import dev.patron.server.script.Script;
import dev.patron.server.script.ScriptDetails;
import dev.patron.server.script.Scripts;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which pages have a merchant's scripts, and where in them. */
final class ShopPageTest {

    private static final String MARK = "<script>/* the merchant's */ 1 < 2 && \"'\"</script>";

    private static final TestServer SERVER = TestServer.start(ShopPageTest::addShop);

    private static void addShop(PatronServer patron) {
        for (PageKind kind : PageKind.values()) {
            patron.storefront()
                    .routes()
                    .on(
                            "GET",
                            "/shop/" + kind,
                            patron.storefront()
                                    .pages()
                                    .page(request -> patron.storefront()
                                            .pages()
                                            .sendShopPage(
                                                    request,
                                                    kind,
                                                    kind + "",
                                                    output -> output.writeContent("<h1>Shop</h1>"))));
        }
    }

    private final Scripts scripts = SERVER.patron().services().scripts;

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @AfterEach
    void removeAll() {
        for (String store : List.of(TestServer.STORE, TestServer.OTHER_STORE)) {
            scripts.list(store).forEach(script -> scripts.remove(store, script.id(), OptionalLong.empty()));
        }
    }

    @Test
    void script_standsWhereItsPlaceIs_asItWasPasted() {
        add(Place.HEAD, MARK);
        String head = page(PageKind.FRONT).body();
        assertThat(head).containsOnlyOnce(MARK);
        assertThat(head.indexOf(MARK)).isBetween(head.indexOf("<link"), head.indexOf("</head>"));

        removeAll();
        add(Place.FOOTER, MARK);
        String footer = page(PageKind.FRONT).body();
        assertThat(footer).containsOnlyOnce(MARK);
        assertThat(footer.indexOf(MARK)).isBetween(footer.lastIndexOf("</footer>"), footer.indexOf("</body>"));
    }

    @Test
    void scripts_standInTheirOrder() {
        add(Place.FOOTER, "<i>2</i>");
        scripts.create(TestServer.STORE, new ScriptDetails("n", Place.FOOTER, Set.of(), "<i>1</i>", true, 0));
        add(Place.FOOTER, "<i>3</i>");

        assertThat(page(PageKind.FRONT).body()).contains("<i>1</i>\n<i>2</i>\n<i>3</i>\n");
    }

    @Test
    void script_isOnPagesOfItsKindOnly() {
        scripts.create(TestServer.STORE, new ScriptDetails("n", Place.FOOTER, Set.of(PageKind.PRODUCT), MARK, true, 0));

        assertThat(page(PageKind.PRODUCT).body()).contains(MARK);
        assertThat(page(PageKind.FRONT).body()).doesNotContain(MARK);
        assertThat(page(PageKind.CATEGORY).body()).doesNotContain(MARK);
    }

    @Test
    void disabledOrRemoved_isGoneFromTheNextView() {
        Script script = add(Place.FOOTER, MARK);
        assertThat(page(PageKind.FRONT).body()).contains(MARK);

        scripts.update(TestServer.STORE, script.id(), OptionalLong.empty(), details -> details.withEnabled(false));
        assertThat(page(PageKind.FRONT).body()).doesNotContain(MARK);

        scripts.update(TestServer.STORE, script.id(), OptionalLong.empty(), details -> details.withEnabled(true));
        assertThat(page(PageKind.FRONT).body()).contains(MARK);
        scripts.remove(TestServer.STORE, script.id(), OptionalLong.empty());
        assertThat(page(PageKind.FRONT).body()).doesNotContain(MARK);
    }

    @Test
    void script_ofOneStore_isNotOnPagesOfTheOther() {
        add(Place.FOOTER, MARK);

        assertThat(page(PageKind.FRONT).body()).contains(MARK);
        assertThat(SERVER.call("GET", "/shop/FRONT")
                        .host(TestServer.OTHER_HOST)
                        .send()
                        .body())
                .contains("<h1>Shop</h1>")
                .doesNotContain(MARK);
    }

    @Test
    void pagesThatTakePasswordsOrTellOfErrors_haveNoScripts_andWouldRunNone() {
        add(Place.HEAD, MARK);
        add(Place.FOOTER, MARK);
        Answer shop = page(PageKind.FRONT);
        assertThat(shop.body()).contains(MARK);
        assertThat(shop.header("Content-Security-Policy")).contains(ContentSecurity.MERCHANT.policy());

        String cookie = SERVER.signIn();
        for (String path : List.of(
                "/login.php", "/login.php?action=create_account", "/account.php", "/no-such-page", "/shop/FRONT/")) {
            Answer answer = SERVER.call("GET", path)
                    .with("Accept", "text/html")
                    .with("Cookie", path.equals("/account.php") ? cookie : "")
                    .send();

            assertThat(answer.body()).as(path).contains("</html>").doesNotContain("merchant");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains(ContentSecurity.STRICT.policy())
                    .hasValueSatisfying(policy -> assertThat(policy).contains("script-src 'self'"));
        }
    }

    private Script add(Place place, String contents) {
        return scripts.create(
                        TestServer.STORE,
                        new ScriptDetails("n", place, Set.of(), contents, true, ScriptDetails.DEFAULT_ORDER))
                .orElseThrow();
    }

    private static Answer page(PageKind kind) {
        Answer answer = SERVER.call("GET", "/shop/" + kind).send();
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }
}
