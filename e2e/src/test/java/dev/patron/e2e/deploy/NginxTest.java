package dev.patron.e2e.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import java.io.IOException;
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
import tools.jackson.databind.JsonNode;

/**
 * The recipe for nginx, run by nginx: in front of a server, of a shop that wants everything kept, and of a second node
 * that is not there.
 */
@Timeout(120)
class NginxTest {

    private static final String STORE = "nginx1";
    private static final String ADDRESS = "127.0.0.2";
    private static final String SPOOFED = "203.0.113.77";

    @TempDir
    private static Path folder;

    private static Certificate certificate;
    private static ServerProcess server;
    private static ShopClient operator;
    private static Shop shop;
    private static BrokenNode absent;
    private static Nginx nginx;
    private static String clientId;
    private static CurrentCustomerVerifier verifier;

    private Visitor visitor;

    @BeforeAll
    static void startAll() throws IOException {
        certificate = Certificate.create(folder);
        Path data = Files.createDirectory(folder.resolve("data"));
        server = ServerProcess.start(
                Root.serverJar(),
                data,
                Map.of(
                        "PATRON_TRUSTED_PROXIES", "127.0.0.1",
                        "PATRON_PASSWORDS_MEMORY", "1MiB",
                        "PATRON_PASSWORDS_ITERATIONS", "1"));
        operator = new ShopClient(
                server.storefront(),
                server.console(),
                Files.readString(data.resolve("operator-token")).strip());
        call(
                201,
                "POST",
                "/api/v1/stores",
                Map.of("store_hash", STORE, "name", "Behind nginx", "https", true, "hosts", List.of("localhost")));
        JsonNode app = call(201, "POST", "/api/v1/apps", Map.of("name", "Witness"));
        clientId = app.get("client_id").asString();
        verifier = CurrentCustomerVerifier.builder(
                        clientId, app.get("client_secret").asString())
                .expectStore(STORE)
                .build();
        shop = Shop.open();
        absent = BrokenNode.absent();
        nginx = nginx("nginx", absent.port(), server.storefront().getPort());
    }

    @AfterAll
    static void stopAll() {
        nginx.close();
        absent.close();
        shop.close();
        operator.close();
        server.close();
    }

    @BeforeEach
    void come() {
        visitor = new Visitor(nginx.https(), certificate, ADDRESS);
    }

    @AfterEach
    void leave() {
        visitor.close();
    }

    @Test
    void twoCustomers_getTheirOwnTokens_thoughNginxKeepsWhatItCan() throws Exception {
        assertThat(visitor.get("/robots.txt").body()).isEqualTo("A page of the shop");
        assertThat(visitor.get("/robots.txt").body()).isEqualTo("A page of the shop");
        assertThat(shop.asked()).as("kept by nginx").containsOnlyOnce("/robots.txt");

        visitor.signUp("first@example.com");
        HttpResponse<String> token = visitor.get(currentJwt());
        assertThat(customer(token).email()).isEqualTo("first@example.com");
        assertThat(token.headers().allValues("Cache-Control")).containsExactly("no-store, private");
        assertThat(token.headers().allValues("Vary")).containsExactly("Cookie, Accept, Origin, Sec-Fetch-Site");
        assertThat(token.headers().firstValue("Expires")).isEmpty();
        assertThat(token.headers().firstValue("X-Of-The-Shop")).isEmpty();
        try (Visitor second = new Visitor(nginx.https(), certificate, ADDRESS);
                Visitor guest = new Visitor(nginx.https(), certificate, ADDRESS)) {
            second.signUp("second@example.com");
            assertThat(customer(second.get(currentJwt())).email()).isEqualTo("second@example.com");
            assertThat(customer(visitor.get(currentJwt())).email()).isEqualTo("first@example.com");
            assertThat(visitor.get("/account.php").body()).contains("first@example.com");
            assertThat(second.get("/account.php").body()).contains("second@example.com");
            assertThat(problem(guest.get(currentJwt()))).isEqualTo("404 not_signed_in");
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
        String query = "?app_client_id=" + clientId;
        assertThat(customer(visitor.get("/customer/current.jwt" + query)).id()).isPositive();

        HttpResponse<String> answer = visitor.get(path + query);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("A page of the shop").doesNotContain("eyJ");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store, private");
        try (Visitor other = new Visitor(nginx.https(), certificate, ADDRESS)) {
            assertThat(other.get(path + query).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void addressThatTheClientClaims_doesNotComeThrough() throws IOException {
        visitor.signUp("honest@example.com");
        assertThat(addressOf("honest@example.com")).as("as nginx has seen it").isEqualTo(ADDRESS);

        try (Visitor spoofing = new Visitor(nginx.https(), certificate, ADDRESS)) {
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

        assertThat(addressOf("spoofing@example.com")).isEqualTo(ADDRESS);
    }

    @Test
    void nodeThatIsNotThere_isPassedOver() throws Exception {
        visitor.signUp("steady@example.com");
        for (int i = 0; i < 20; i++) {
            assertThat(customer(visitor.get(currentJwt())).email()).isEqualTo("steady@example.com");
        }
    }

    @Test
    void noNode_isAnOutageAndNoSignOut() {
        try (Nginx alone = nginx("alone", absent.port(), absent.port());
                Visitor outside = new Visitor(alone.https(), certificate, ADDRESS)) {
            assertThat(problem(visitor.get(currentJwt()))).isEqualTo("404 not_signed_in");

            HttpResponse<String> answer = outside.get(currentJwt());

            assertThat(problem(answer)).isEqualTo("503 unavailable");
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
                Visitor outside = new Visitor(breaking.https(), certificate, ADDRESS)) {
            assertThat(problem(outside.get(currentJwt()))).isEqualTo("503 unavailable");
            assertThat(one.taken() + other.taken()).as("sent again").isEqualTo(2);

            HttpResponse<String> form = outside.post("/login.php?action=check_login", Map.of("login_email", "x"));

            assertThat(form.statusCode()).isEqualTo(502);
            assertThat(one.taken() + other.taken()).as("not sent again").isEqualTo(3);
        }
    }

    @Test
    void secretsInPathsAndQueries_areNotLogged() {
        try (Nginx alone = nginx("logging", absent.port(), absent.port());
                Visitor outside = new Visitor(alone.https(), certificate, ADDRESS)) {
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
                assertThat(one.files())
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
        try (Visitor plain = new Visitor(nginx.http(), certificate, ADDRESS)) {
            HttpResponse<String> answer = plain.get("/account.php");

            assertThat(answer.statusCode()).isEqualTo(301);
            assertThat(answer.headers().firstValue("Location")).hasValue("https://localhost/account.php");
        }
    }

    private static Nginx nginx(String name, int node, int otherNode) {
        try {
            return Nginx.start(Files.createDirectory(folder.resolve(name)), certificate, shop.port(), node, otherNode);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static String currentJwt() {
        return "/customer/current.jwt?app_client_id=" + clientId;
    }

    private static CurrentCustomer customer(HttpResponse<String> answer) throws InvalidTokenException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return verifier.verify(answer.body());
    }

    private static String problem(HttpResponse<String> answer) {
        return answer.statusCode() + " "
                + ShopClient.json(answer).get("errors").get(0).get("id").asString();
    }

    private static String addressOf(String email) throws IOException {
        for (JsonNode session : call(200, "GET", "/api/v1/stores/" + STORE + "/sessions", Map.of())
                .get("sessions")) {
            if (session.get("email").asString().equals(email)) {
                return session.get("address").asString();
            }
        }
        throw new AssertionError("No session of " + email);
    }

    private static JsonNode call(int status, String method, String path, Map<String, Object> body) throws IOException {
        HttpResponse<String> answer = operator.console(method, path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return ShopClient.json(answer);
    }
}
