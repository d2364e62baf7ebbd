package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.page.BrowserScript;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The recipe for nginx, run by nginx: in front of a server, of a shop that wants everything kept, and of a second node
 * that is not there.
 */
@Timeout(120)
class NginxTest {

    private static final String ADDRESS = "127.0.0.2";
    private static final String SPOOFED = "203.0.113.77";

    @TempDir
    private static Path folder;

    private static Backstage backstage;
    private static BrokenNode absent;
    private static Nginx nginx;

    private Visitor visitor;

    @BeforeAll
    static void startAll() throws IOException {
        backstage = Backstage.open(folder);
        absent = BrokenNode.absent();
        nginx = nginx("nginx", absent.port(), backstage.storefrontPort());
    }

    @AfterAll
    static void stopAll() {
        nginx.close();
        absent.close();
        backstage.close();
    }

    @BeforeEach
    void come() {
        visitor = visitor(nginx.https());
    }

    @AfterEach
    void leave() {
        visitor.close();
    }

    @Test
    void twoCustomers_getTheirOwnTokens_thoughNginxKeepsWhatItCan() throws Exception {
        assertThat(visitor.get("/robots.txt").body()).isEqualTo("A page of the shop");
        assertThat(visitor.get("/robots.txt").body()).isEqualTo("A page of the shop");
        assertThat(backstage.shop().asked()).as("kept by nginx").containsOnlyOnce("/robots.txt");

        visitor.signUp("first@example.com");
        HttpResponse<String> token = visitor.get(backstage.currentJwt());
        assertThat(backstage.customer(token).email()).isEqualTo("first@example.com");
        assertThat(token.headers().allValues("Cache-Control")).containsExactly("no-store, private");
        assertThat(token.headers().allValues("Vary")).containsExactly("Cookie, Accept, Origin, Sec-Fetch-Site");
        assertThat(token.headers().firstValue("Expires")).isEmpty();
        assertThat(token.headers().firstValue("X-Of-The-Shop")).isEmpty();
        try (Visitor second = visitor(nginx.https());
                Visitor guest = visitor(nginx.https())) {
            second.signUp("second@example.com");
            assertThat(backstage.customer(second.get(backstage.currentJwt())).email())
                    .isEqualTo("second@example.com");
            assertThat(backstage.customer(visitor.get(backstage.currentJwt())).email())
                    .isEqualTo("first@example.com");
            assertThat(visitor.get("/account.php").body()).contains("first@example.com");
            assertThat(second.get("/account.php").body()).contains("second@example.com");
            assertThat(Backstage.problem(guest.get(backstage.currentJwt()))).isEqualTo("404 not_signed_in");
        }
        assertThat(nginx.files()).doesNotContain(token.body(), "example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/customer/current.jwt/x.css",
                "/customer/current.jwt;x.css",
                "/customer/current.jwt.css",
                "/customer/%63urrent.jwt",
                "//customer/current.jwt",
                "/x/../customer/current.jwt"
            })
    void otherSpelling_isNoTokenAndNotTheShop(String path) throws Exception {
        visitor.signUp("spelling" + Math.floorMod(path.hashCode(), 100_000) + "@example.com");
        assertThat(backstage.customer(visitor.get(backstage.currentJwt())).id()).isPositive();

        String spelt = backstage.currentJwt().replace("/customer/current.jwt", path);
        HttpResponse<String> answer = visitor.get(spelt);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("A page of the shop").doesNotContain("eyJ");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store, private");
        try (Visitor other = visitor(nginx.https())) {
            assertThat(other.get(spelt).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void addressThatTheClientClaims_doesNotComeThrough() throws IOException {
        visitor.signUp("honest@example.com");
        assertThat(backstage.addressOf("honest@example.com"))
                .as("as nginx has seen it")
                .isEqualTo(ADDRESS);

        try (Visitor spoofing = visitor(nginx.https())) {
            spoofing.signUp(
                    "spoofing@example.com",
                    "X-Forwarded-For",
                    SPOOFED,
                    "X-Real-IP",
                    SPOOFED,
                    "Forwarded",
                    "for=" + SPOOFED + ";host=evil.example",
                    "X-Forwarded-Host",
                    "evil.example");
        }

        assertThat(backstage.addressOf("spoofing@example.com")).isEqualTo(ADDRESS);
    }

    @Test
    void nodeThatIsNotThere_isPassedOver() throws Exception {
        visitor.signUp("steady@example.com");
        for (int i = 0; i < 20; i++) {
            assertThat(backstage.customer(visitor.get(backstage.currentJwt())).email())
                    .isEqualTo("steady@example.com");
        }
    }

    @Test
    void noNode_isAnOutageAndNoSignOut() {
        try (Nginx alone = nginx("alone", absent.port(), absent.port());
                Visitor outside = visitor(alone.https())) {
            assertThat(Backstage.problem(visitor.get(backstage.currentJwt()))).isEqualTo("404 not_signed_in");

            HttpResponse<String> answer = outside.get(backstage.currentJwt());

            assertThat(Backstage.problem(answer)).isEqualTo("503 unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store, private");
            assertThat(outside.get("/").body()).isEqualTo("A page of the shop");
        }
    }

    @Test
    void requestThatBreaks_isSentAgainOnlyWhereThatDoesNothingTwice() {
        try (BrokenNode one = BrokenNode.hangingUp();
                BrokenNode other = BrokenNode.hangingUp();
                Nginx breaking = nginx("breaking", one.port(), other.port());
                Visitor outside = visitor(breaking.https())) {
            assertThat(Backstage.problem(outside.get(backstage.currentJwt()))).isEqualTo("503 unavailable");
            assertThat(one.taken() + other.taken()).as("sent again").isEqualTo(2);

            HttpResponse<String> form = outside.post("/login.php?action=check_login", Map.of("login_email", "x"));

            assertThat(form.statusCode()).isEqualTo(502);
            assertThat(one.taken() + other.taken()).as("not sent again").isEqualTo(3);
        }
    }

    @Test
    void secretsInPathsAndQueries_areNotLogged() {
        try (Nginx alone = nginx("logging", absent.port(), absent.port());
                Visitor outside = visitor(alone.https())) {
            assertThat(visitor.get("/login/token/eyJhbGciOi.login.token")
                            .headers()
                            .firstValue("Location"))
                    .hasValue("/login.php?invalid_login=1");
            assertThat(visitor.get("/login.php?action=reset_password&token=one-time")
                            .statusCode())
                    .isLessThan(500);
            assertThat(outside.get("/login/token/eyJhbGciOi.login.token").statusCode())
                    .isEqualTo(502);
            assertThat(outside.get("/login.php?action=reset_password&token=one-time")
                            .statusCode())
                    .isEqualTo(502);

            for (Nginx one : List.of(nginx, alone)) {
                assertThat(one.filesWith("\"GET /login.php\""))
                        .contains("\"GET /login/token/...\"", "\"GET /login.php\"")
                        .doesNotContain("login.token", "one-time");
            }
        }
    }

    @Test
    void pathsThatOnlyBeginLikePatrons_areTheShops() {
        HttpResponse<String> script = visitor.get("/patron.js");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/javascript");
        assertThat(visitor.get("/patron.mjs").statusCode()).isEqualTo(200);
        assertThat(visitor.get(BrowserScript.versionedPath()).body()).isEqualTo(script.body());
        // What the pages of accounts load.
        Matcher loaded = Pattern.compile("(?:src|href)=\"(/patron[^\"]*)\"")
                .matcher(visitor.get("/login.php").body());
        int count = 0;
        while (loaded.find()) {
            count++;
            HttpResponse<String> file = visitor.get(loaded.group(1));
            assertThat(file.statusCode()).as(loaded.group(1)).isEqualTo(200);
            assertThat(file.body()).isNotEqualTo("A page of the shop");
        }
        assertThat(count).isPositive();

        for (String path : List.of("/patron-silver-750ml.html", "/patrons/", "/customer/orders", "/login", "/patron")) {
            assertThat(visitor.get(path).body()).as(path).isEqualTo("A page of the shop");
        }
    }

    @Test
    void http_isLedToHttps() {
        try (Visitor plain = visitor(nginx.http())) {
            HttpResponse<String> answer = plain.get("/account.php");

            assertThat(answer.statusCode()).isEqualTo(301);
            assertThat(answer.headers().firstValue("Location")).hasValue("https://localhost/account.php");
        }
    }

    private static Nginx nginx(String name, int node, int otherNode) {
        try {
            return Nginx.start(
                    Files.createDirectory(folder.resolve(name)),
                    backstage.certificate(),
                    backstage.shop().port(),
                    node,
                    otherNode);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static Visitor visitor(URI shop) {
        return new Visitor(shop, backstage.certificate(), ADDRESS);
    }
}
