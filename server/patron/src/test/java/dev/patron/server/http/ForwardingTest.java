package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.TestServer;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who asks which host, as proxies say: believed of those that are trusted, and only as far back as they reach. */
class ForwardingTest {

    private static final TestServer NOBODY = start("patron.trusted-proxies=192.0.2.1, 2001:db8::/32");
    private static final TestServer X_FORWARDED =
            start("patron.trusted-proxies=127.0.0.0/8, 10.0.0.0/8, 2001:db8::/32");
    private static final TestServer FORWARDED =
            start("patron.trusted-proxies=127.0.0.1,10.0.0.0/8", "patron.forwarded-header=forwarded");

    @AfterAll
    static void stop() {
        NOBODY.close();
        X_FORWARDED.close();
        FORWARDED.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "198.51.100.7                           | 198.51.100.7",
                "198.51.100.7:4711                      | 198.51.100.7",
                "2001:db9::7                            | 2001:db9:0:0:0:0:0:7",
                "[2001:db9::7]:4711                     | 2001:db9:0:0:0:0:0:7",
                "198.51.100.7, 10.1.2.3                 | 198.51.100.7",
                "198.51.100.7, 10.1.2.3, 2001:db8::1    | 198.51.100.7",
                // What was there before the first trusted proxy was written by the client.
                "203.0.113.9, 198.51.100.7, 10.1.2.3    | 198.51.100.7",
                "127.0.0.1, 198.51.100.7                | 198.51.100.7",
                // A name, or nonsense: the last one who is known.
                "shop.example, 10.1.2.3                 | 10.1.2.3",
                "203.0.113.9, unknown                   | 127.0.0.1",
                "203.0.113.9, 3221226219                | 127.0.0.1",
                ",,                                     | 127.0.0.1",
                "10.1.2.3                               | 10.1.2.3",
            })
    void xForwardedFor_isReadFromItsEnd(String header, String sender) {
        assertThat(sender(X_FORWARDED, "X-Forwarded-For", header)).isEqualTo(sender);
        assertThat(sender(NOBODY, "X-Forwarded-For", header)).isEqualTo("127.0.0.1");
        assertThat(sender(FORWARDED, "X-Forwarded-For", header)).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=198.51.100.7                                           | 198.51.100.7",
                "For=198.51.100.7;proto=https;by=10.0.0.1                   | 198.51.100.7",
                "for=\"198.51.100.7:4711\"                                  | 198.51.100.7",
                "for=\"[2001:db9::7]:4711\"                                 | 2001:db9:0:0:0:0:0:7",
                "for=198.51.100.7, for=10.1.2.3                             | 198.51.100.7",
                "for=203.0.113.9, for=198.51.100.7;host=shop.example        | 198.51.100.7",
                "for=203.0.113.9, for=_hidden                               | 127.0.0.1",
                "for=203.0.113.9, proto=https                               | 127.0.0.1",
                "for=\"203.0.113.9, for=198.51.100.7\"                      | 127.0.0.1",
            })
    void forwarded_isReadFromItsEnd(String header, String sender) {
        assertThat(sender(FORWARDED, "Forwarded", header)).isEqualTo(sender);
        assertThat(sender(NOBODY, "Forwarded", header)).isEqualTo("127.0.0.1");
        assertThat(sender(X_FORWARDED, "Forwarded", header)).isEqualTo("127.0.0.1");
    }

    @Test
    void host_ofTheNextProxy_isTheOneThatWasAsked() {
        assertThat(host(X_FORWARDED, "X-Forwarded-Host", "spoofed.example, shop.example:8443"))
                .isEqualTo("shop.example:8443");
        assertThat(host(X_FORWARDED, "X-Forwarded-Host", "")).startsWith("upstream.example:");
        assertThat(host(NOBODY, "X-Forwarded-Host", "shop.example")).startsWith("upstream.example:");
        assertThat(host(FORWARDED, "Forwarded", "host=spoofed.example, for=198.51.100.7;host=\"shop.example:8443\""))
                .isEqualTo("shop.example:8443");
        assertThat(host(FORWARDED, "X-Forwarded-Host", "shop.example")).startsWith("upstream.example:");
    }

    @Test
    void attempts_areCountedForWhoeverAskedTheProxy() {
        try (TestServer server =
                TestServer.start("patron.trusted-proxies=127.0.0.1", "patron.sign-in.attempts-per-address=1")) {
            assertThat(List.of(
                            attempt(server, "198.51.100.7"),
                            attempt(server, "198.51.100.8"),
                            attempt(server, "198.51.100.7")))
                    .containsExactly(422, 422, 429);
        }
    }

    private static int attempt(TestServer server, String from) {
        return server.call("POST", "/login.php?action=check_login")
                .with("X-Forwarded-For", from)
                .body("application/x-www-form-urlencoded", "login_email=somebody@example.com&login_pass=wrong")
                .send()
                .status();
    }

    private static String sender(TestServer server, String header, String value) {
        return told(server, header, value).split(" ", -1)[0];
    }

    private static String host(TestServer server, String header, String value) {
        return told(server, header, value).split(" ", -1)[1];
    }

    private static String told(TestServer server, String header, String value) {
        Answer answer = server.call("GET", "/told")
                .host("upstream.example")
                .with(header, value)
                .send();
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    private static TestServer start(String... options) {
        return TestServer.start(
                patron -> patron.storefront()
                        .routes()
                        .on(
                                "GET",
                                "/told",
                                exchange -> exchange.sendText(
                                        200, exchange.remoteAddress().getHostAddress() + " " + exchange.authority())),
                options);
    }
}
