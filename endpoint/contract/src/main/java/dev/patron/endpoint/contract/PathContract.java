package dev.patron.endpoint.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only one spelling of the path has a token. */
public abstract class PathContract extends EndpointContract {

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
        assertThat(signedIn().send().outcome()).isEqualTo("200");

        String target = path + "?app_client_id=" + storefront().clientId();
        for (Call call : List.of(signedIn(), signedIn().method("POST"))) {
            assertNoToken(call.target(target).send());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#frag", "#.css", "#"})
    void fragment_isNoSuchPage(String fragment) {
        assertNoToken(signedIn()
                .target(PATH + "?app_client_id=" + storefront().clientId() + fragment)
                .send());
        assertNoToken(signedIn()
                .target(PATH + fragment + "?app_client_id=" + storefront().clientId())
                .send());
    }

    private void assertNoToken(Answer answer) {
        assertThat(answer.status()).isIn(404, 400);
        assertThat(answer.body()).doesNotContain("eyJ");
        boolean ofTheEndpoint = answer.body().startsWith("{\"errors\":[");
        if (ofTheEndpoint || !storefront().refusesMalformedAddresses()) {
            assertThat(answer.errorId()).isIn("no_such_page", "malformed_request");
            assertThat(answer.header("Content-Type")).contains("application/json");
            assertThat(answer.header("Cache-Control")).contains("no-store, private");
        }
    }
}
