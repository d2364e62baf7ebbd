package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the bytes are cut: what passes is what was sent, and what does not pass is refused at the same place. */
final class RequestFramingTest {

    private static final RequestFraming.Bounds BOUNDS = new RequestFraming.Bounds(256, 1024, 10, 100);
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab\r\nc";
    private static final String CHUNKS =
            "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n00A\r\n0123456789\r\n0\r\n\r\n";
    private static final String LARGE =
            "GET /" + "a".repeat(242) + " HTTP/1.1\r\nHost: " + "a".repeat(1014) + "\r\n\r\n";

    @Test
    void requests_passAsTheyAre_howeverTheyAreCut() {
        String all = GET + POST + CHUNKS + LARGE + POST + GET;
        for (int seed = 0; seed < 500; seed++) {
            Received received = new Received(all, new Random(seed));

            assertThat(received.all()).as("seed %d", seed).isEqualTo(all);
            assertThat(received.framing.isBetweenRequests()).isTrue();
        }
    }

    @Test
    void head_isHeldBack_untilItIsComplete() {
        RequestFraming framing = new RequestFraming(BOUNDS);
        framing.receive(bytes("GET /a HTTP/1.1\r\nHost: a\r\n\r"));
        assertThat(framing.next()).isNull();
        assertThat(framing.isBetweenRequests()).isFalse();
        assertThat(framing.isComplete()).isFalse();

        framing.receive(bytes("\n"));

        assertThat(framing.next()).asString(StandardCharsets.US_ASCII).isEqualTo(GET);
        assertThat(framing.isComplete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "x, close", "keep-alive,CLOSE"})
    void request_thatIsTheLast_endsWhatIsHandedOn(String options) {
        RequestFraming framing = new RequestFraming(BOUNDS);
        framing.receive(bytes(GET.replace("\r\n\r\n", "\r\nConnection: closed\r\n\r\n")));
        assertThat(framing.next()).isNotNull();
        assertThat(framing.isOver()).isFalse();

        framing.receive(bytes(POST.replace("Host: a", "Connection: " + options) + GET));

        assertThat(framing.next()).isNotNull();
        assertThat(framing.isOver()).as("before its body").isFalse();
        assertThat(framing.next()).isNotNull();
        assertThat(framing.isOver()).isTrue();
    }

    @Test
    void request_isComplete_withTheLastByteOfItsBody() {
        RequestFraming framing = new RequestFraming(BOUNDS);
        framing.receive(bytes(POST.substring(0, POST.length() - 1)));
        assertThat(framing.next()).isNotNull();
        assertThat(framing.next()).isNotNull();
        assertThat(framing.isComplete()).isFalse();
        assertThat(framing.next()).isNull();

        framing.receive(bytes(POST.substring(POST.length() - 1) + "G"));

        assertThat(framing.next()).asString(StandardCharsets.US_ASCII).isEqualTo("c");
        assertThat(framing.isComplete()).isTrue();
        assertThat(framing.isBetweenRequests()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get /a HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a HTTP/1.1\nHost: a\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost: a\r\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost : a\r\n\r\n",
                "GET /a HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET /a HTTP/1.1\r\n: a\r\n\r\n",
                "GET /a HTTP/1.1\r\nHost\r\n\r\n",
                "GET /a HTTP/1.1\r\n\u00c4: a\r\n\r\n",
                "\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n",
                " GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcXY0\r\n\r\n",
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n+3\r\nabc\r\n0\r\n\r\n",
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n000000003\r\nabc\r\n0\r\n\r\n",
                "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n"
            })
    void malformedRequest_isRefused_howeverItIsCut(String request) {
        for (int seed = 0; seed < 50; seed++) {
            Received received = new Received(request, new Random(seed));

            assertThatThrownBy(received::all)
                    .as("seed %d", seed)
                    .isInstanceOfSatisfying(RequestException.class, refused -> {
                        assertThat(refused.status().code()).isEqualTo(400);
                        assertThat(refused.keepAlive()).isFalse();
                    });
        }
    }

    /** The HTTP library says what is wrong with the head; what follows it is never read as another request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 1\r\nContent-Length: 1",
                "Content-Length: +1",
                "Content-Length: 1, 1",
                "Content-Length: ",
                "Content-Length: 101",
                "Content-Length: 1\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: "
            })
    void unclearLength_letsNothingFollow(String headers) {
        String head = "POST /a HTTP/1.1\r\n" + headers + "\r\n\r\n";
        RequestFraming framing = new RequestFraming(BOUNDS);
        framing.receive(bytes(head + GET));
        assertThat(framing.next()).asString(StandardCharsets.US_ASCII).isEqualTo(head);
        assertThat(framing.isComplete()).isTrue();

        assertThatThrownBy(framing::next).isInstanceOf(CloseConnectionException.class);
    }

    @Test
    void bodyOfChunks_isRefused_whereItGetsTooLong() {
        String start = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + "a".repeat(100) + "\r\n";
        assertThat(new Received(start + "0\r\n\r\n", new Random(1)).all()).endsWith("0\r\n\r\n");

        assertThatThrownBy(() -> new Received(start + "1\r\na\r\n0\r\n\r\n", new Random(1)).all())
                .isInstanceOf(CloseConnectionException.class);
    }

    @Test
    void bounds_areKept_toTheByte() {
        assertThat(new Received(LARGE, new Random(1)).all()).isEqualTo(LARGE);
        List.of(
                        LARGE.replace("/a", "/aa") + "/414",
                        LARGE.replace(": a", ": aa") + "/431",
                        "GET / HTTP/1.1\r\n" + "a:\r\n".repeat(11) + "\r\n/431")
                .forEach(wrong -> {
                    int slash = wrong.lastIndexOf('/');
                    assertThatThrownBy(() -> new Received(wrong.substring(0, slash), new Random(1)).all())
                            .isInstanceOfSatisfying(
                                    RequestException.class,
                                    refused -> assertThat(refused.status().codeText())
                                            .isEqualTo(wrong.substring(slash + 1)));
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What passes of a text that arrives in parts of random lengths. */
    private static final class Received {

        private final RequestFraming framing = new RequestFraming(BOUNDS);
        private final Queue<byte[]> parts = new ArrayDeque<>();

        Received(String text, Random random) {
            for (int start = 0; start < text.length(); ) {
                int end = Math.min(text.length(), start + 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
                parts.add(bytes(text.substring(start, end)));
                start = end;
            }
        }

        String all() {
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            while (true) {
                byte[] next = framing.next();
                if (next != null) {
                    passed.writeBytes(next);
                } else if (parts.isEmpty()) {
                    return passed.toString(StandardCharsets.ISO_8859_1);
                } else {
                    framing.receive(parts.remove());
                }
            }
        }
    }
}
