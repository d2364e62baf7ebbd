package dev.patron.endpoint.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask: pages of the store, and pages of origins that are approved for the app. */
public abstract class OriginContract extends EndpointContract {

    @Test
    void ownOrigin_isAnswered() {
        assertThat(signedIn().with("Origin", "http://" + authority()).send().outcome())
                .isEqualTo("200");
        assertThat(signedIn()
                        .with("Origin", "HTTP://LocalHost:" + storefront().port())
                        .send()
                        .outcome())
                .isEqualTo("200");
    }

    List<String> foreignOrigins() {
        return List.of(
                "null",
                "",
                "https://evil.example",
                "http://localhost",
                "http://localhost:1",
                "http://localhost.evil.example:" + storefront().port(),
                "http://evil.localhost:" + storefront().port(),
                "http://other.localhost:" + storefront().port(),
                "http://127.0.0.1:" + storefront().port(),
                "http://" + authority() + ".evil.example",
                "http://evil.example@" + authority(),
                "http://" + authority() + "/",
                "http://" + authority() + " https://evil.example",
                "file://",
                "chrome-extension://abcdefghijklmnop",
                "ws://" + authority(),
                authority(),
                storefront().listedOrigin());
    }

    @ParameterizedTest
    @MethodSource("foreignOrigins")
    void foreignOrigin_isCrossSiteAndNeverReflected(String origin) {
        assertThat(signedIn().with("Origin", "http://" + authority()).send().outcome())
                .isEqualTo("200");

        for (Call call :
                List.of(signedIn(), signedIn().method("POST"), signedIn().with("Sec-Fetch-Site", "same-origin"))) {
            Answer answer = call.with("Origin", origin).send();

            assertThat(answer.outcome()).isEqualTo("403 cross_site");
            assertNoCors(answer);
        }
    }

    @Test
    void httpsOrigin_atAnHttpStore_isCrossSite() {
        assertThat(signedIn().with("Origin", "https://" + authority()).send().outcome())
                .isEqualTo("403 cross_site");
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "same-site", "none", "SAME-ORIGIN"})
    void fetchSite_thatIsNotCross_isAnswered(String site) {
        Answer answer = signedIn().with("Sec-Fetch-Site", site).send();

        assertThat(answer.outcome()).isEqualTo("200");
        assertNoCors(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "Cross-Site"})
    void fetchSite_cross_isRefusedWithoutAndWithOwnOrigin(String site) {
        assertThat(signedIn().with("Sec-Fetch-Site", site).send().outcome()).isEqualTo("403 cross_site");
        assertThat(signedIn()
                        .with("Sec-Fetch-Site", site)
                        .with("Origin", "http://" + authority())
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
        assertThat(signedIn().with("Sec-Fetch-Site", site).method("POST").send().outcome())
                .isEqualTo("403 cross_site");
    }

    @Test
    void listedOrigin_getsCorsForItselfOnly() {
        for (String site : List.of("cross-site", "same-site")) {
            Answer answer = listing()
                    .with("Origin", storefront().listedOrigin())
                    .with("Sec-Fetch-Site", site)
                    .send();

            assertThat(answer.outcome()).isEqualTo("200");
            assertThat(answer.header("Access-Control-Allow-Origin"))
                    .contains(storefront().listedOrigin());
            assertThat(answer.header("Access-Control-Allow-Credentials")).contains("true");
            assertThat(answer.header("Vary").orElse("")).contains("Origin");
            assertThat(answer.headers().stream()
                            .filter(header ->
                                    header.getKey().toLowerCase(Locale.ROOT).startsWith("access-control-")))
                    .hasSize(2);
        }
    }

    @Test
    void listedOrigin_mayReadWhyThereIsNoToken() {
        Answer answer = listing()
                .with("Origin", storefront().listedOrigin())
                .without("Cookie")
                .send();

        assertThat(answer.outcome()).isEqualTo("404 not_signed_in");
        assertThat(answer.header("Access-Control-Allow-Origin"))
                .contains(storefront().listedOrigin());
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
        assertThat(listing().with("Origin", storefront().listedOrigin()).send().outcome())
                .isEqualTo("200");

        Answer answer = listing().with("Origin", origin).send();

        assertThat(answer.outcome()).isEqualTo("403 cross_site");
        assertNoCors(answer);
    }

    @Test
    void listedOrigin_forAnotherApp_isCrossSite() {
        assertThat(signedIn().with("Origin", storefront().listedOrigin()).send().outcome())
                .isEqualTo("403 cross_site");
    }

    @Test
    void twoOrigins_areCrossSite() {
        assertThat(signedIn()
                        .with("Origin", "http://" + authority())
                        .with("origin", "http://" + authority())
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
        assertThat(signedIn()
                        .with("Origin", "http://" + authority())
                        .with("origin", "https://evil.example")
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
    }

    @Test
    void twoFetchSites_oneOfThemCross_areCrossSite() {
        assertThat(signedIn()
                        .with("Sec-Fetch-Site", "same-origin")
                        .with("sec-fetch-site", "cross-site")
                        .send()
                        .outcome())
                .isEqualTo("403 cross_site");
    }

    @Test
    void preflight_isNotAllowed() {
        Answer answer = listing()
                .method("OPTIONS")
                .with("Origin", storefront().listedOrigin())
                .with("Access-Control-Request-Method", "GET")
                .send();

        assertThat(answer.outcome()).isEqualTo("405 method_not_allowed");
        assertNoCors(answer);
    }

    private static void assertNoCors(Answer answer) {
        assertThat(answer.headers())
                .noneMatch(header -> header.getKey().toLowerCase(Locale.ROOT).startsWith("access-control-"));
    }

    private Call listing() {
        return forApp(signedIn(), storefront().listingClientId());
    }
}
