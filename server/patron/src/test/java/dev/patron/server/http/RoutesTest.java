package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.TestServer;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths with segments that are {@code *}. */
final class RoutesTest {

    private static final TestServer SERVER = TestServer.start(patron -> patron.storefront()
            .routes()
            .on("GET", "/a/*", exchange -> exchange.sendText(200, "one " + exchange.segment(1)))
            .on("GET", "/a/*/b", exchange -> exchange.sendText(200, "inner " + exchange.segment(1)))
            .on("GET", "/a/*/b/*", RoutesTest::tellBoth)
            .on("POST", "/a/*/b/*", RoutesTest::tellBoth)
            .on("GET", "/long/*300", exchange -> exchange.sendText(200, "long " + exchange.segment(1)))
            .on("GET", "/a/known", exchange -> exchange.sendText(200, "exact")));

    private static void tellBoth(Exchange exchange) {
        exchange.sendText(200, exchange.method() + " " + exchange.segment(1) + " " + exchange.segment(3));
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void segments_areTold() {
        assertThat(body("GET", "/a/x")).isEqualTo("one x");
        assertThat(body("GET", "/a/x/b")).isEqualTo("inner x");
        assertThat(body("GET", "/a/x-1/b/Y_2.z?q=/c/d")).isEqualTo("GET x-1 Y_2.z");
        assertThat(body("POST", "/a/x/b/y")).isEqualTo("POST x y");
    }

    @Test
    void pathWithoutWildcards_comesFirst() {
        assertThat(body("GET", "/a/known")).isEqualTo("exact");
        assertThat(body("GET", "/a/known/b")).isEqualTo("inner known");
    }

    @Test
    void methods_areThoseOfThePath() {
        Answer answer = SERVER.call("POST", "/a/x/b").send();

        assertThat(answer.outcome()).isEqualTo("405 method_not_allowed");
        assertThat(answer.header("Allow")).contains("GET, HEAD");
        assertThat(SERVER.call("HEAD", "/a/x/b/y").send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/*",
                "/a/*/b",
                "/a//b",
                "/a/x/b/",
                "/a/x//y",
                "//a/x/b/y",
                "/a/x/b/y/",
                "/a/x/b/y/z",
                "/a/x/B/y",
                "/a/x/%62/y",
                "/a/x;p/b/y",
                "/a/%78/b/y",
                "/a/x/b/y%2fz",
                "/a/x/b/é",
                "/a/x/b/y#z"
            })
    void otherSpellings_areNoSuchPage(String path) {
        assertThat(body("GET", "/a/x/b/y")).isEqualTo("GET x y");

        assertThat(SERVER.call("GET", path).send().status()).isIn(400, 404);
    }

    @Test
    void segment_hasAtMost128Characters() {
        assertThat(body("GET", "/a/" + "x".repeat(128) + "/b")).isEqualTo("inner " + "x".repeat(128));
        assertThat(SERVER.call("GET", "/a/" + "x".repeat(129) + "/b").send().outcome())
                .isEqualTo("404 no_such_page");
    }

    @Test
    void segment_mayHaveAnotherMost() {
        assertThat(body("GET", "/long/" + "x".repeat(300))).isEqualTo("long " + "x".repeat(300));
        assertThat(SERVER.call("GET", "/long/" + "x".repeat(301)).send().outcome())
                .isEqualTo("404 no_such_page");
        assertThat(SERVER.call("GET", "/long/a;b").send().outcome()).isEqualTo("404 no_such_page");
    }

    @Test
    void pathsOfWhichARequestCouldMatchBoth_areRefused() {
        Handler handler = exchange -> exchange.send(204);
        Routes routes = new Routes(Set.of("GET", "POST"))
                .on("GET", "/a/*/b", handler)
                .on("POST", "/a/*/b", handler)
                .on("GET", "/a/*/c", handler);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> routes.on("GET", "/a/x/*", handler))
                .withMessageContaining("/a/x/*");
        assertThatIllegalArgumentException().isThrownBy(() -> routes.on("GET", "/*/*/b", handler));
        assertThatIllegalArgumentException().isThrownBy(() -> routes.on("GET", "/a/*300/b", handler));
        routes.on("GET", "/x/*/*", handler).on("GET", "/a/*/b/*", handler);
    }

    private static String body(String method, String path) {
        Answer answer = SERVER.call(method, path).send();
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.body();
    }
}
