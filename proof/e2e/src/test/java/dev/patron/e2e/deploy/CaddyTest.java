package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.page.BrowserScript;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The recipe for Caddy, run by Caddy where it is installed: in front of a server, a shop, and a node that is not there. */
@Timeout(120)
class CaddyTest {

    private static final String ADDRESS = "127.0.0.2";
    private static final String SPOOFED = "203.0.113.77";

    @TempDir
    private static Path folder;

    /** An address of this machine where nobody listens: neither a storefront nor a console. */
    private static final String ABSENT = "127.0.0.3:8080";

    private static Backstage backstage;
    private static Caddy caddy;

    private Visitor visitor;

    @BeforeAll
    static void startAll() throws IOException {
        backstage = Backstage.open(folder);
        caddy = caddy("caddy", ABSENT, "127.0.0.1:" + backstage.storefrontPort());
    }

    @AfterAll
    static void stopAll() {
        if (caddy != null) {
            caddy.close();
        }
        if (backstage != null) {
            backstage.close();
        }
    }

    @BeforeEach
    void come() {
        visitor = visitor(caddy);
        // Waits until Caddy has found out who is well.
        assertThat(visitor.get("/patron.js").statusCode()).isEqualTo(200);
    }

    @AfterEach
    void leave() {
        visitor.close();
    }

    @Test
    void customers_getTheirOwnTokens_pastANodeThatIsNotThere() throws Exception {
        visitor.signUp("first@example.com");
        try (Visitor second = visitor(caddy);
                Visitor guest = visitor(caddy)) {
            second.signUp("second@example.com");
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> token = visitor.get(backstage.currentJwt());
                assertThat(backstage.customer(token).email()).isEqualTo("first@example.com");
                assertThat(token.headers().allValues("Cache-Control")).containsExactly("no-store, private");
                assertThat(backstage
                                .customer(second.get(backstage.currentJwt()))
                                .email())
                        .isEqualTo("second@example.com");
                assertThat(Backstage.problem(guest.get(backstage.currentJwt()))).isEqualTo("404 not_signed_in");
            }
        }
    }

    @Test
    void pathsArePatronsOrTheShops() throws Exception {
        visitor.signUp("paths@example.com");
        assertThat(backstage.customer(visitor.get(backstage.currentJwt())).id()).isPositive();
        for (String path : List.of(
                "/customer/current.jwt/x.css",
                "/customer/current.jwt;x.css",
                "/customer/%63urrent.jwt",
                "//customer/current.jwt")) {
            HttpResponse<String> answer = visitor.get(backstage.currentJwt().replace("/customer/current.jwt", path));
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).doesNotContain("eyJ").doesNotContain("A page of the shop");
        }
        for (String path : List.of(
                "/patron.js", "/patron.mjs", "/patron/storefront.css", "/patron/visitor-changed.js", "/account.php")) {
            HttpResponse<String> answer = visitor.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).doesNotContain("A page of the shop");
        }
        assertThat(visitor.get(BrowserScript.versionedPath()).body())
                .isEqualTo(visitor.get("/patron.js").body());
        for (String path : List.of("/", "/patron-silver-750ml.html", "/patron-silver.js", "/patrons/", "/login")) {
            assertThat(visitor.get(path).body()).as(path).isEqualTo("A page of the shop");
        }
    }

    @Test
    void addressThatTheClientClaims_doesNotComeThrough() throws IOException {
        visitor.signUp(
                "spoofing@example.com",
                "X-Forwarded-For",
                SPOOFED,
                "Forwarded",
                "for=" + SPOOFED,
                "X-Forwarded-Host",
                "evil.example");

        assertThat(backstage.addressOf("spoofing@example.com")).isEqualTo(ADDRESS);
    }

    @Test
    void noNode_isAnOutage_andNoSecretIsLogged() {
        try (Caddy alone = caddy("alone", ABSENT, ABSENT);
                Visitor outside = visitor(alone)) {
            HttpResponse<String> answer = outside.get(backstage.currentJwt());

            assertThat(Backstage.problem(answer)).isEqualTo("503 unavailable");
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store, private");
            assertThat(outside.get("/").body()).isEqualTo("A page of the shop");
            assertThat(outside.get("/login/token/eyJhbGciOi.login.token", "Referer", "https://localhost/?one-time")
                            .statusCode())
                    .isBetween(502, 503);
            assertThat(outside.get("/login.php?action=reset_password&token=one-time")
                            .statusCode())
                    .isBetween(502, 503);
            assertThat(alone.log())
                    .contains("/login/token/...", "/login.php?...")
                    .doesNotContain("login.token", "one-time");
        }
    }

    @Test
    void formThatBreaks_isNotSentAgain() {
        try (BrokenNode one = BrokenNode.hangingUp();
                BrokenNode other = BrokenNode.hangingUp();
                Caddy breaking = caddy("breaking", "127.0.0.1:" + one.port(), "127.0.0.1:" + other.port());
                Visitor outside = visitor(breaking)) {
            awaitNodes(outside);
            int taken = one.taken() + other.taken();

            HttpResponse<String> form = outside.post("/login.php?action=check_login", Map.of("login_email", "x"));

            assertThat(form.statusCode()).isEqualTo(502);
            assertThat(one.taken() + other.taken()).isEqualTo(taken + 1);
        }
    }

    /** Waits until Caddy takes the nodes for well: before, they get nothing. */
    private static void awaitNodes(Visitor visitor) {
        for (int i = 0; i < 20; i++) {
            if (visitor.get("/account.php").statusCode() == 502) {
                return;
            }
        }
        throw new AssertionError("Caddy sends nothing to the nodes");
    }

    private static Caddy caddy(String name, String node, String otherNode) {
        try {
            return Caddy.start(Files.createDirectory(folder.resolve(name)), backstage, node, otherNode);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static Visitor visitor(Caddy shop) {
        return new Visitor(shop.https(), backstage.certificate(), ADDRESS);
    }
}
