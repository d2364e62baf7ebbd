package dev.patron.server.issuing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestServer;
import dev.patron.server.http.Answer;
import dev.patron.server.http.Call;
import dev.patron.token.JwsAlgorithm;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask: pages of the store, and pages of origins that the app lists. */
final class CurrentJwtOriginTest {

    private static final String LISTING_APP = "listing000000000000000000000000";
    private static final String LISTED = "https://headless.example:8443";

    private static final TestServer SERVER = TestServer.start();
    private static final String AUTHORITY = "localhost:" + SERVER.port();
    private static final Call CALL = SERVER.call("GET", TestServer.CURRENT_JWT).with("Cookie", SERVER.signIn());
    private static final Call LISTING_CALL = CALL.target("/customer/current.jwt?app_client_id=" + LISTING_APP);

    static {
        SERVER.addApp(LISTING_APP, JwsAlgorithm.HS256, Set.of(), Set.of(LISTED));
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void ownOrigin_isAnswered() {
        assertThat(CALL.with("Origin", "http://" + AUTHORITY).send().outcome()).isEqualTo("200");
        assertThat(CALL.with("Origin", "HTTP://LocalHost:" + SERVER.port())
                        .send()
                        .outcome())
                .isEqualTo("200");
    }

    static List<String> foreignOrigins() {
        return List.of(
                "null",
                "",
                "https://evil.example",
                "http://localhost",
                "http://localhost:1",
                "http://localhost.evil.example:" + SERVER.port(),
                "http://evil.localhost:" + SERVER.port(),
                "http://other.localhost:" + SERVER.port(),
                "http://127.0.0.1:" + SERVER.port(),
                "http://" + AUTHORITY + ".evil.example",
                "http://evil.example@" + AUTHORITY,
                "http://" + AUTHORITY + "/",
                "http://" + AUTHORITY + " https://evil.example",
                "file://",
                "chrome-extension://abcdefghijklmnop",
                "ws://" + AUTHORITY,
                AUTHORITY,
                LISTED);
    }

    @ParameterizedTest
    @MethodSource("foreignOrigins")
    void foreignOrigin_isCrossSiteAndNeverReflected(String origin) {
        assertThat(CALL.with("Origin", "http://" + AUTHORITY).send().outcome()).isEqualTo("200");

        for (Call call : List.of(CALL, CALL.method("POST"), CALL.with("Sec-Fetch-Site", "same-origin"))) {
            Answer answer = call.with("Origin", origin).send();

            assertThat(answer.outcome()).isEqualTo("403 cross_site");
            assertNoCors(answer);
        }
    }

    @Test
    void httpsOrigin_atAnHttpStore_isCrossSite() {
        assertThat(CALL.with("Origin", "https://" + AUTHORITY).send().outcome()).isEqualTo("403 cross_site");
    }

    @Test
    void httpOrigin_atAnHttpsStore_isCrossSite() {
        Call call =
                CALL.host(TestServer.OTHER_HOST).with("Cookie", SERVER.signIn(TestServer.OTHER_HOST, TestServer.EMAIL));
        String authority = TestServer.OTHER_HOST + ":" + SERVER.port();
        assertThat(call.with("Origin", "https://" + authority).send().outcome()).isEqualTo("200");

        assertThat(call.with("Origin", "http://" + authority).send().outcome()).isEqualTo("403 cross_site");
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "same-site", "none", "SAME-ORIGIN"})
    void fetchSite_thatIsNotCross_isAnswered(String site) {
        Answer answer = CALL.with("Sec-Fetch-Site", site).send();

        assertThat(answer.outcome()).isEqualTo("200");
        assertNoCors(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "Cross-Site"})
    void fetchSite_cross_isRefusedWithoutAndWithOwnOrigin(String site) {
        assertThat(CALL.with("Sec-Fetch-Site", site).send().outcome()).isEqualTo("403 cross_site");
        assertThat(CALL.with("Sec-Fetch-Site", site)
                        .with("Origin", "http://" + AUTHORITY)
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
        assertThat(CALL.with("Sec-Fetch-Site", site).method("POST").send().outcome())
                .isEqualTo("403 cross_site");
    }

    @Test
    void listedOrigin_getsCorsForItselfOnly() {
        for (String site : List.of("cross-site", "same-site")) {
            Answer answer = LISTING_CALL
                    .with("Origin", LISTED)
                    .with("Sec-Fetch-Site", site)
                    .send();

            assertThat(answer.outcome()).isEqualTo("200");
            assertThat(answer.header("Access-Control-Allow-Origin")).contains(LISTED);
            assertThat(answer.header("Access-Control-Allow-Credentials")).contains("true");
            assertThat(answer.header("Vary").orElse("")).contains("Origin");
            assertThat(answer.headers().stream()
                            .filter(header -> header.getKey().startsWith("Access-Control-")))
                    .hasSize(2);
        }
    }

    @Test
    void listedOrigin_mayReadWhyThereIsNoToken() {
        Answer answer = LISTING_CALL.with("Origin", LISTED).without("Cookie").send();

        assertThat(answer.outcome()).isEqualTo("404 not_signed_in");
        assertThat(answer.header("Access-Control-Allow-Origin")).contains(LISTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://headless.example",
                "http://headless.example:8443",
                "https://headless.example:8443.evil.example",
                "https://headless.example:84433",
                "https://sub.headless.example:8443",
                "https://headless.example:8443/",
                "https://headless.example:8443 ,https://evil.example",
                "null",
                "*"
            })
    void unlistedOrigin_ofAnAppThatListsAnother_isCrossSite(String origin) {
        assertThat(LISTING_CALL.with("Origin", LISTED).send().outcome()).isEqualTo("200");

        Answer answer = LISTING_CALL.with("Origin", origin).send();

        assertThat(answer.outcome()).isEqualTo("403 cross_site");
        assertNoCors(answer);
    }

    @Test
    void listedOrigin_forAnotherApp_isCrossSite() {
        assertThat(CALL.with("Origin", LISTED).send().outcome()).isEqualTo("403 cross_site");
    }

    @Test
    void listedOrigin_ofAnAppThatIsBarredHere_isCrossSite() {
        String clientId = "listingbarred000000000000000000";
        SERVER.addApp(clientId, JwsAlgorithm.HS256, Set.of(), Set.of(LISTED));
        Call call =
                CALL.target("/customer/current.jwt?app_client_id=" + clientId).with("Origin", LISTED);
        Call elsewhere = call.host(TestServer.OTHER_HOST).without("Cookie");
        assertThat(call.send().outcome()).isEqualTo("200");

        SERVER.patron().apps().setAllowedAt(TestServer.STORE, clientId, false);

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

        SERVER.patron().apps().setDisabled(clientId, OptionalLong.empty(), true);

        assertThat(call.send().outcome()).isEqualTo("403 cross_site");
        assertNoCors(call.send());
    }

    @Test
    void twoOrigins_areCrossSite() {
        assertThat(CALL.with("Origin", "http://" + AUTHORITY)
                        .with("origin", "http://" + AUTHORITY)
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
        assertThat(CALL.with("Origin", "http://" + AUTHORITY)
                        .with("origin", "https://evil.example")
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
    }

    @Test
    void twoFetchSites_oneOfThemCross_areCrossSite() {
        assertThat(CALL.with("Sec-Fetch-Site", "same-origin")
                        .with("sec-fetch-site", "cross-site")
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
    }

    @Test
    void preflight_isNotAllowed() {
        Answer answer = LISTING_CALL
                .method("OPTIONS")
                .with("Origin", LISTED)
                .with("Access-Control-Request-Method", "GET")
                .send();

        assertThat(answer.outcome()).isEqualTo("405 method_not_allowed");
        assertNoCors(answer);
    }

    private static void assertNoCors(Answer answer) {
        assertThat(answer.headers())
                .noneMatch(header ->
                        header.getKey().toLowerCase(java.util.Locale.ROOT).startsWith("access-control-"));
    }
}
