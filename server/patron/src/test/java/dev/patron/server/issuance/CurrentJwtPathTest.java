package dev.patron.server.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only hosts of a store have a token; another spelling of the path is a page for people. */
final class CurrentJwtPathTest {

    private static final TestServer SERVER = TestServer.start();
    private static final Call CALL = SERVER.call("GET", TestServer.CURRENT_JWT).with("Cookie", SERVER.signIn());

    @AfterAll
    static void stop() {
        SERVER.close();
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
}
