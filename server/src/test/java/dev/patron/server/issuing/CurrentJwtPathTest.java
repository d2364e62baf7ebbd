package dev.patron.server.issuing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestServer;
import dev.patron.server.http.Answer;
import dev.patron.server.http.Call;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only one spelling of the path has a token, and only hosts of a store. */
final class CurrentJwtPathTest {

    private static final TestServer SERVER = TestServer.start();
    private static final Call CALL = SERVER.call("GET", TestServer.CURRENT_JWT).with("Cookie", SERVER.signIn());

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//customer/current.jwt",
                "/customer//current.jwt",
                "/customer/current.jwt/",
                "/customer/current.jwt//",
                "/customer/current.jwt/x.css",
                "/customer/current.jwt/.css",
                "/customer/current.jwt;x",
                "/customer/current.jwt;x=1",
                "/customer/current.jwt;.css",
                "/customer;x/current.jwt",
                "/customer/current%2ejwt",
                "/customer/current.jwt%2f",
                "/customer/current.jwt%2fx.css",
                "/customer%2fcurrent.jwt",
                "/customer/current.jwt%00",
                "/customer/current.jwt%00.css",
                "/customer/current.jwt%0a.css",
                "/customer/current.jwt%20",
                "/customer/current.jwt%3b.css",
                "/customer/current.jwt%3fx",
                "/customer/current.jwt%23.css",
                "/%63ustomer/current.jwt",
                "/customer/./current.jwt",
                "/./customer/current.jwt",
                "/a/../customer/current.jwt",
                "/customer/a/../current.jwt",
                "/customer/current.jwt/../current.jwt",
                "/customer/current.jwt/.",
                "/customer/current.jwt/..",
                "/a/%2e%2e/customer/current.jwt",
                "/a%2f..%2fcustomer/current.jwt",
                "/../customer/current.jwt",
                "/CUSTOMER/current.jwt",
                "/customer/current.JWT",
                "/customer/current.jwt.css",
                "/customer/current",
                "/customer/current.jw",
                "/customer/current.jwt~",
                "/customer/current.jwt:",
                "/customer/current.jwt\\x.css",
                "\\customer\\current.jwt",
                "/customer\\current.jwt",
                "customer/current.jwt",
                "*",
                "http://localhost/customer/current.jwt",
                "http://evil.example/customer/current.jwt",
                "HTTP://localhost/customer/current.jwt",
                "//localhost/customer/current.jwt",
                "/http://localhost/customer/current.jwt",
            })
    void otherSpelling_isNoSuchPage(String path) {
        assertThat(CALL.send().outcome()).isEqualTo("200");

        String target = path + "?app_client_id=" + TestServer.CLIENT_ID;
        for (Call call : java.util.List.of(CALL, CALL.method("POST"))) {
            assertNoToken(call.target(target).send());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#frag", "#.css", "#"})
    void fragment_isNoSuchPage(String fragment) {
        assertNoToken(CALL.target(TestServer.CURRENT_JWT + fragment).send());
        assertNoToken(CALL.target("/customer/current.jwt" + fragment + "?app_client_id=" + TestServer.CLIENT_ID)
                .send());
    }

    @Test
    void otherSpelling_forWhoOpensPages_isAPage() {
        Answer answer = CALL.target("/customer/current.jwt/x.css?app_client_id=" + TestServer.CLIENT_ID)
                .with("Accept", "text/html,*/*;q=0.8")
                .send();

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(answer.header("Cache-Control")).contains("no-store, private");
        assertThat(answer.body()).doesNotContain("eyJ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nowhere.example", "localhost.", "abc123", "localhost.nowhere", "[::1]", "127.0.0.1", "-", "_"})
    void unknownHost_isNoSuchStore(String host) {
        assertThat(CALL.send().outcome()).isEqualTo("200");

        for (Call call : java.util.List.of(CALL, CALL.without("Cookie"), CALL.with("Accept", "text/html"))) {
            Answer answer = call.with("Host", host).send();
            assertThat(answer.outcome()).isEqualTo("404 no_such_store");
            assertThat(answer.header("Content-Type")).contains("application/json");
        }
        Answer page = CALL.target("/login.php")
                .with("Accept", "text/html")
                .with("Host", host)
                .send();
        assertThat(page.status()).isEqualTo(404);
        assertThat(page.body()).contains("data-problem=\"no_such_store\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "localhost:80", "localhost:8080", "LOCALHOST", "LocalHost:1", "localhost:65535"})
    void host_withAnyPortAndCase_isTheStore(String host) {
        assertThat(CALL.with("Host", host).send().outcome()).isEqualTo("200");
    }

    private static void assertNoToken(Answer answer) {
        assertThat(answer.status()).isIn(404, 400);
        assertThat(answer.errorId()).isIn("no_such_page", "malformed_request");
        assertThat(answer.header("Cache-Control")).contains("no-store, private");
        assertThat(answer.body()).doesNotContain("eyJ");
    }
}
