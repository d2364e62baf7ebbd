package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.RawConnection;
import dev.patron.server.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever arrives gets the right status or a clean close, and the server goes on. */
final class MalformedRequestTest {

    private static final TestServer SERVER = TestServer.start(
            "patron.http.max-body=1KiB", "patron.http.idle-timeout=1s", "patron.http.request-timeout=2s");
    private static final String COOKIE = SERVER.signIn();
    private static final String START = "GET " + TestServer.CURRENT_JWT + " HTTP/1.1\r\n";
    private static final String HOST = "Host: localhost\r\n";
    private static final String SESSION = "Cookie: " + COOKIE + "\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n\r\n";
    private static final String GOOD = START + HOST + SESSION + "\r\n";

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @AfterEach
    void serverStillAnswers() throws IOException {
        try (RawConnection connection = connect()) {
            assertThat(connection.send(GOOD).read().outcome()).isEqualTo("200");
        }
    }

    static List<Arguments> malformed() {
        String post = "POST " + TestServer.CURRENT_JWT + " HTTP/1.1\r\n" + HOST + SESSION;
        return List.of(
                Arguments.of(
                        "a request line over the limit",
                        GOOD.replace(" HTTP/1.1", "&" + "x".repeat(5000) + " HTTP/1.1"),
                        414),
                Arguments.of(
                        "a header over the limit",
                        START + HOST + SESSION + "X: " + "x".repeat(9_000) + "\r\n\r\n",
                        431),
                Arguments.of(
                        "headers over the limit together",
                        START + HOST + SESSION + ("X: " + "x".repeat(100) + "\r\n").repeat(80) + "\r\n",
                        431),
                Arguments.of("more headers than allowed", START + HOST + SESSION + "X:1\r\n".repeat(99) + "\r\n", 431),
                Arguments.of("a header without a name", START + HOST + SESSION + ": a\r\n\r\n", 400),
                Arguments.of("a lower-case method", GOOD.replace("GET", "get"), 400),
                Arguments.of("an empty line first", "\r\n" + GOOD, 400),
                Arguments.of(
                        "more query parameters than allowed",
                        GOOD.replace("?app_client_id", "?" + "a=1&".repeat(100) + "app_client_id"),
                        400),
                Arguments.of("no host", START + SESSION + "\r\n", 400),
                Arguments.of("two hosts", START + HOST + HOST + SESSION + "\r\n", 400),
                Arguments.of("an empty host", START + "Host:\r\n" + SESSION + "\r\n", 400),
                Arguments.of("a host with a path", START + "Host: localhost/x\r\n" + SESSION + "\r\n", 400),
                Arguments.of("a host with user information", START + "Host: me@localhost\r\n" + SESSION + "\r\n", 400),
                Arguments.of("a host with a wrong port", START + "Host: localhost:x\r\n" + SESSION + "\r\n", 400),
                Arguments.of("a host list", START + "Host: localhost, evil.example\r\n" + SESSION + "\r\n", 400),
                Arguments.of(
                        "both lengths", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
                Arguments.of("two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
                Arguments.of("a list of lengths", post + "Content-Length: 3, 4\r\n\r\nabcd", 400),
                Arguments.of("a negative length", post + "Content-Length: -3\r\n\r\n", 400),
                Arguments.of("a length with a sign", post + "Content-Length: +3\r\n\r\nabc", 400),
                Arguments.of("a length that is no number", post + "Content-Length: three\r\n\r\nabc", 400),
                Arguments.of("a length beyond all numbers", post + "Content-Length: 99999999999999999999\r\n\r\n", 400),
                Arguments.of(
                        "an unknown transfer encoding",
                        post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                        501),
                Arguments.of(
                        "a transfer encoding that is not chunked",
                        post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                        400),
                Arguments.of("a body over the limit", post + "Content-Length: 1025\r\n\r\n" + "x".repeat(1025), 413),
                Arguments.of("a body over the limit, not sent", post + "Content-Length: 1025\r\n\r\n", 413),
                Arguments.of(
                        "a chunked body over the limit",
                        post + "Transfer-Encoding: chunked\r\n\r\n401\r\n" + "x".repeat(1025) + "\r\n0\r\n\r\n",
                        413),
                Arguments.of("a chunk without its end", post + CHUNKED + "3\r\nabcXX0\r\n\r\n", 400),
                Arguments.of("a chunk with a bare line feed", post + CHUNKED + "3\nabc\r\n0\r\n\r\n", 400),
                Arguments.of("a chunk's size with a sign", post + CHUNKED + "+3\r\nabc\r\n0\r\n\r\n", 400),
                Arguments.of("a chunk's size with a space", post + CHUNKED + " 3\r\nabc\r\n0\r\n\r\n", 400),
                Arguments.of("a chunk's size in C's way", post + CHUNKED + "0x3\r\nabc\r\n0\r\n\r\n", 400),
                Arguments.of("a chunk's size of nine digits", post + CHUNKED + "000000003\r\nabc\r\n0\r\n\r\n", 400),
                Arguments.of("a chunk without a size", post + CHUNKED + "\r\nabc\r\n0\r\n\r\n", 400),
                Arguments.of("a chunk's extension", post + CHUNKED + "3;a=b\r\nabc\r\n0\r\n\r\n", 400),
                Arguments.of("a trailer", post + CHUNKED + "3\r\nabc\r\n0\r\nX: y\r\n\r\n", 400),
                Arguments.of("a bad percent-encoding in the path", GOOD.replace("/customer", "/%zz"), 400),
                Arguments.of("a cut percent-encoding in the path", GOOD.replace("/customer/current.jwt", "/%4"), 400),
                Arguments.of(
                        "a bad percent-encoding in the query",
                        GOOD.replace("?app_client_id=", "?app_client_id=%zz"),
                        400),
                Arguments.of("a cut percent-encoding in the query", GOOD.replace(TestServer.CLIENT_ID, "%"), 400),
                Arguments.of("NUL in the path", GOOD.replace("/current", "/\0current"), 400),
                Arguments.of("NUL in the query", GOOD.replace("?app", "?\0app"), 400),
                Arguments.of("NUL in a header's value", START + HOST + SESSION + "X: a\0b\r\n\r\n", 400),
                Arguments.of("NUL in a header's name", START + HOST + SESSION + "X\0: a\r\n\r\n", 400),
                Arguments.of("a control character in a header", START + HOST + SESSION + "X: a\u0001b\r\n\r\n", 400),
                Arguments.of("a bare CR in a header", START + HOST + SESSION + "X: a\rY: b\r\n\r\n", 400),
                Arguments.of("a folded header", START + HOST + SESSION + "X: a\r\n b\r\n\r\n", 400),
                Arguments.of("a space before the colon", START + HOST + SESSION + "X : a\r\n\r\n", 400),
                Arguments.of("a header without a colon", START + HOST + SESSION + "nonsense\r\n\r\n", 400),
                Arguments.of("a header before the first", START + " " + HOST + SESSION + "\r\n", 400),
                Arguments.of("bare line feeds", GOOD.replace("\r\n", "\n"), 400),
                Arguments.of("an unknown method", GOOD.replace("GET", "BREW"), 405),
                Arguments.of("a malformed method", GOOD.replace("GET", "G(T"), 400),
                Arguments.of("a very long method", GOOD.replace("GET", "G".repeat(3000)), 405),
                Arguments.of("HTTP/1.0", GOOD.replace("HTTP/1.1", "HTTP/1.0"), 505),
                Arguments.of("HTTP/2.0", GOOD.replace("HTTP/1.1", "HTTP/2.0"), 400),
                Arguments.of("HTTP/0.9", "GET /\r\n\r\n", 400),
                Arguments.of("no version", GOOD.replace(" HTTP/1.1", ""), 400),
                Arguments.of("no target", GOOD.replace(TestServer.CURRENT_JWT, ""), 400),
                Arguments.of("two spaces", GOOD.replace("GET ", "GET  "), 400),
                Arguments.of(
                        "an authority as target",
                        GOOD.replace("GET " + TestServer.CURRENT_JWT, "CONNECT localhost:443"),
                        405),
                Arguments.of(
                        "garbage", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n", 400),
                Arguments.of("letters", "x".repeat(100) + "\r\n\r\n", 400),
                Arguments.of("HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void malformedRequest_isRefused(String what, String request, int status) throws IOException {
        try (RawConnection connection = connect()) {
            Answer answer = connection.sendWhileOpen(request).read();

            assertThat(answer.status()).as(what).isEqualTo(status);
            assertThat(answer.header("Cache-Control")).contains("no-store, private");
            assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.header("Content-Type")).contains("application/json");
            assertThat(answer.errorId()).isNotBlank();
            assertThat(answer.body()).doesNotContain(COOKIE, TestServer.CLIENT_ID);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "G",
                "GET /",
                "GET / HTTP/1.1\r\nHost: loc",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab"
            })
    void requestThatIsCutShort_isClosed(String start) throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(start).finish();

            assertThat(isRefusedOrClosed(connection)).isTrue();
        }
    }

    @Test
    void endlessHeader_isRefused() throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(START + HOST + "X: ");
            for (int sent = 0; sent < 100; sent++) {
                connection.sendWhileOpen("x".repeat(1000));
            }

            assertThat(isRefusedOrClosed(connection)).isTrue();
        }
    }

    @Test
    void endlessRequestLine_isRefused() throws IOException {
        try (RawConnection connection = connect()) {
            for (int sent = 0; sent < 100; sent++) {
                connection.sendWhileOpen("x".repeat(1000));
            }

            assertThat(isRefusedOrClosed(connection)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: slo",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"
            })
    void slowRequest_isClosed(String start) throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(start);
            while (connection.isSilent()) {
                SERVER.clock().advance(Duration.ofSeconds(11));
            }

            assertThat(isRefusedOrClosed(connection)).isTrue();
        }
    }

    @Test
    void slowRequestLine_isClosed() throws IOException {
        try (RawConnection connection = connect()) {
            connection.send("GE");
            while (connection.isSilent()) {
                connection.sendWhileOpen("E");
                SERVER.clock().advance(Duration.ofSeconds(11));
            }

            assertThat(isRefusedOrClosed(connection)).isTrue();
        }
    }

    @Test
    void idleConnection_isClosed() throws IOException {
        try (RawConnection connection = connect()) {
            assertThat(connection.send(GOOD).read().outcome()).isEqualTo("200");

            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void pipelinedRequests_areAnsweredInOrder() throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(GOOD + START + HOST + "\r\n"
                    + GOOD.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\nabc")
                    + GOOD.replace("/current", "/other") + GOOD);

            assertThat(connection.read().outcome()).isEqualTo("200");
            assertThat(connection.read().outcome()).isEqualTo("404 not_signed_in");
            assertThat(connection.read().outcome()).isEqualTo("200");
            assertThat(connection.read().outcome()).isEqualTo("404 no_such_page");
            assertThat(connection.read().outcome()).isEqualTo("200");
        }
    }

    /** What the refused requests are altered from. */
    @Test
    void largestRequest_isAnswered() throws IOException {
        String chunked = START.replace("GET", "POST") + HOST + SESSION + "Transfer-Encoding: CHUNKED\r\n\r\n"
                + "3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n";
        try (RawConnection connection = connect()) {
            assertThat(connection
                            .send(START + HOST + SESSION + "X:1\r\n".repeat(98) + "\r\n")
                            .read()
                            .outcome())
                    .isEqualTo("200");
            assertThat(connection
                            .send(GOOD.replace("?app_client_id", "?" + "a=1&".repeat(99) + "app_client_id"))
                            .read()
                            .outcome())
                    .isEqualTo("200");
            for (char next : (chunked + GOOD).toCharArray()) {
                connection.send(String.valueOf(next));
            }
            assertThat(connection.read().outcome()).isEqualTo("200");
            assertThat(connection.read().outcome()).isEqualTo("200");
        }
    }

    @Test
    void requestBehindAMalformedOne_isNotAnswered() throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(START + HOST + HOST + "\r\n" + GOOD);

            assertThat(connection.read().status()).isEqualTo(400);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void requestInsideARefusedBody_isNotAnswered() throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(GOOD.replace("GET", "POST")
                            .replace("\r\n\r\n", "\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                    + GOOD);

            assertThat(connection.read().status()).isEqualTo(400);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void connectionClose_isObeyed() throws IOException {
        try (RawConnection connection = connect()) {
            Answer answer = connection
                    .send(START + HOST + SESSION + "Connection: close\r\n\r\n")
                    .read();

            assertThat(answer.outcome()).isEqualTo("200");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void requestBehindTheLastOne_isNotAnswered() throws IOException {
        try (RawConnection connection = connect()) {
            connection.send(START + HOST + SESSION + "Connection: close\r\n\r\n" + GOOD);

            assertThat(connection.read().outcome()).isEqualTo("200");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void bodyOfTooLongChunks_isAnsweredOnce() throws IOException {
        try (RawConnection connection = connect()) {
            connection.sendWhileOpen(START.replace("GET", "POST") + HOST + SESSION + CHUNKED + "401\r\n"
                    + "x".repeat(1025) + "\r\n0\r\n\r\n");

            assertThat(connection.read().status()).isEqualTo(413);
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void upgradeToHttp2_isIgnored() throws IOException {
        try (RawConnection connection = connect()) {
            Answer answer = connection
                    .send(
                            START + HOST + SESSION
                                    + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n")
                    .read();

            assertThat(answer.outcome()).isEqualTo("200");
        }
    }

    @Test
    void manyRequestsOverOneConnection_areAllAnswered() throws IOException {
        try (RawConnection connection = connect()) {
            for (int i = 0; i < 200; i++) {
                assertThat(connection.send(GOOD).read().outcome()).isEqualTo("200");
            }
        }
    }

    private static boolean isRefusedOrClosed(RawConnection connection) throws IOException {
        try {
            return connection.read().status() >= 400;
        } catch (IOException closed) {
            return connection.isClosed();
        }
    }

    private static RawConnection connect() throws IOException {
        return RawConnection.to(SERVER.port());
    }
}
