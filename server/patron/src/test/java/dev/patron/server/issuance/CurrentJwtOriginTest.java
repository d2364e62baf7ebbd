package dev.patron.server.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import dev.patron.token.JwsAlgorithm;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Which origins may ask, where it depends on what the server knows of a store and an app. */
final class CurrentJwtOriginTest {

    private static final String LISTED = "https://headless.example:8443";

    private static final TestServer SERVER = TestServer.start();
    private static final Call CALL = SERVER.call("GET", TestServer.CURRENT_JWT).with("Cookie", SERVER.signIn());

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void httpOrigin_atAnHttpsStore_isCrossSite() {
        Call call =
                CALL.host(TestServer.OTHER_HOST).with("Cookie", SERVER.signIn(TestServer.OTHER_HOST, TestServer.EMAIL));
        String authority = TestServer.OTHER_HOST + ":" + SERVER.port();
        assertThat(call.with("Origin", "https://" + authority).send().outcome()).isEqualTo("200");

        assertThat(call.with("Origin", "http://" + authority).send().outcome()).isEqualTo("403 cross_site");
    }

    @Test
    void listedOrigin_ofAnAppThatIsBarredHere_isCrossSite() {
        String clientId = "listingbarred000000000000000000";
        SERVER.addApp(clientId, JwsAlgorithm.HS256, Set.of(), Set.of(LISTED));
        Call call =
                CALL.target("/customer/current.jwt?app_client_id=" + clientId).with("Origin", LISTED);
        Call elsewhere = call.host(TestServer.OTHER_HOST).without("Cookie");
        assertThat(call.send().outcome()).isEqualTo("200");

        SERVER.patron().services().apps.setAllowedAt(TestServer.STORE, clientId, false);

        assertThat(call.send().outcome()).isEqualTo("403 cross_site");
        assertNoCors(call.send());
        assertThat(call.without("Origin").send().outcome()).isEqualTo("403 unknown_app");
        assertThat(elsewhere.send().header("Access-Control-Allow-Origin")).contains(LISTED);
    }

    @Test
    void listedOrigin_ofADisabledApp_isCrossSite() {
        String clientId = "listingdisabled0000000000000000";
        SERVER.addApp(clientId, JwsAlgorithm.HS256, Set.of(), Set.of(LISTED));
        Call call =
                CALL.target("/customer/current.jwt?app_client_id=" + clientId).with("Origin", LISTED);
        assertThat(call.send().outcome()).isEqualTo("200");

        SERVER.patron().services().apps.setDisabled(clientId, OptionalLong.empty(), true);

        assertThat(call.send().outcome()).isEqualTo("403 cross_site");
        assertNoCors(call.send());
    }

    @Test
    void listedOrigin_mayReadThatThereWereTooManyTokens() {
        String clientId = "listingbusy00000000000000000000";
        try (TestServer server = TestServer.start("patron.issuing.tokens-per-minute=1")) {
            server.addApp(clientId, JwsAlgorithm.HS256, Set.of(), Set.of(LISTED));
            Call call = server.call("GET", "/customer/current.jwt?app_client_id=" + clientId)
                    .with("Cookie", server.signIn())
                    .with("Origin", LISTED);
            assertThat(call.send().outcome()).isEqualTo("200");

            Answer answer = call.send();

            assertThat(answer.outcome()).isEqualTo("429 rate_limited");
            assertThat(answer.header("Access-Control-Allow-Origin")).contains(LISTED);
            assertThat(answer.header("Access-Control-Allow-Credentials")).contains("true");
        }
    }

    private static void assertNoCors(Answer answer) {
        assertThat(answer.headers())
                .noneMatch(header ->
                        header.getKey().toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"));
    }
}
