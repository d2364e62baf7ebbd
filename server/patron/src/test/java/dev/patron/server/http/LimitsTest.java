package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.endpoint.contract.RawConnection;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much at once, and how the server stops. */
final class LimitsTest {

    @RegisterExtension
    final LogSecrecy log = new LogSecrecy();

    /** A handler that answers when it is told to. */
    private static final class Slow implements Handler {
        private final CountDownLatch entered;
        private final CountDownLatch released = new CountDownLatch(1);

        Slow() {
            this(1);
        }

        /** One that is to be asked so many times. */
        Slow(int requests) {
            this.entered = new CountDownLatch(requests);
        }

        @Override
        public void handle(Exchange exchange) {
            entered.countDown();
            await(released);
            exchange.sendText(200, "done");
        }

        void awaitEntered() {
            await(entered);
        }

        void release() {
            released.countDown();
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(60, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Nothing happened for a minute");
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stopping);
            }
        }
    }

    @Test
    void requestsInFlight_beyondTheLimit_areUnavailableAtOnce() {
        Slow slow = new Slow();
        try (TestServer server = TestServer.start(
                patron -> patron.storefront().routes().on("GET", "/slow", slow),
                "patron.http.max-in-flight=1",
                "patron.http.max-in-flight-per-address=10")) {
            Call call = server.call("GET", TestServer.CURRENT_JWT).with("Cookie", server.signIn());
            assertThat(whenFree(call).outcome()).isEqualTo("200");
            CompletableFuture<Answer> first = async(() -> whenFree(server.call("GET", "/slow")));
            slow.awaitEntered();

            Answer answer = call.send();

            assertThat(answer.outcome()).isEqualTo("503 unavailable");
            assertThat(answer.header("Retry-After")).contains("1");
            assertThat(answer.header("Cache-Control")).contains("no-store, private");
            Answer page = call.with("Accept", "text/html").target("/login.php").send();
            assertThat(page.status()).isEqualTo(503);
            assertThat(page.body()).contains("data-problem=\"unavailable\"");
            assertThat(server.console("GET", "/health/live").send().status()).isEqualTo(200);
            slow.release();
            assertThat(first.join().body()).isEqualTo("done");
            assertThat(whenFree(call).outcome()).isEqualTo("200");
        }
    }

    @Test
    void requestOfAnotherAddress_beyondTheLimit_waitsForAPlace() throws IOException {
        Slow slow = new Slow();
        try (TestServer server = TestServer.start(
                        patron -> patron.storefront().routes().on("GET", "/slow", slow),
                        "patron.http.max-in-flight=1");
                RawConnection busy = RawConnection.from("127.0.0.2", server.port());
                RawConnection newcomer = RawConnection.to(server.port())) {
            busy.send(server.call("GET", "/slow").text());
            slow.awaitEntered();

            newcomer.send(server.call("GET", TestServer.CURRENT_JWT).text());
            assertThat(newcomer.isSilent()).isTrue();
            slow.release();

            assertThat(newcomer.read().outcome()).isEqualTo("404 not_signed_in");
        }
    }

    @Test
    void requestThatFails_frees_itsPlaceInFlight() {
        try (TestServer server = TestServer.start(
                patron -> patron.storefront().routes().on("GET", "/broken", _ -> {
                    throw new IllegalStateException("secret detail");
                }),
                "patron.http.max-in-flight=1")) {
            for (int i = 0; i < 3; i++) {
                Answer answer = whenFree(server.call("GET", "/broken"));

                assertThat(answer.outcome()).isEqualTo("500 internal_error");
                assertThat(answer.header("X-Request-Id"))
                        .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f]{16}"));
                assertThat(answer.body()).doesNotContain("secret detail", "Exception");
                assertThat(answer.header("Cache-Control")).contains("no-store, private");
            }
        }
    }

    @Test
    void connections_beyondTheLimit_makeAnIdleOneGiveWay() throws IOException {
        try (TestServer server =
                TestServer.start("patron.http.max-connections=2", "patron.http.max-connections-per-address=10")) {
            String request = server.call("GET", TestServer.CURRENT_JWT).text();
            try (RawConnection silent = RawConnection.to(server.port());
                    RawConnection idle = RawConnection.to(server.port())) {
                assertThat(idle.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                assertThat(silent.isSilent()).isTrue();

                try (RawConnection third = RawConnection.to(server.port())) {
                    assertThat(third.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                    assertThat(silent.isClosed()).isTrue();
                    assertThat(idle.send(request).read().outcome()).isEqualTo("404 not_signed_in");

                    try (RawConnection fourth = RawConnection.to(server.port())) {
                        assertThat(fourth.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                    }
                }
            }
        }
    }

    @Test
    void connectionThatIsBeingAnswered_givesWayToNobody() throws IOException {
        Slow slow = new Slow();
        try (TestServer server = TestServer.start(
                        patron -> patron.storefront().routes().on("GET", "/slow", slow),
                        "patron.http.max-connections=1");
                RawConnection first = RawConnection.to(server.port())) {
            first.send(server.call("GET", "/slow").text());
            slow.awaitEntered();

            try (RawConnection second = RawConnection.to(server.port())) {
                assertThat(second.isClosed()).isTrue();
            }

            slow.release();
            assertThat(first.read().body()).isEqualTo("done");
        }
    }

    @Test
    void silentConnection_doesNotGiveWay_toAnAddressThatHasAsMany() throws IOException {
        try (TestServer server =
                TestServer.start("patron.http.max-connections=2", "patron.http.max-connections-per-address=10")) {
            String request = server.call("GET", TestServer.CURRENT_JWT).text();
            try (RawConnection newcomer = RawConnection.to(server.port());
                    RawConnection incomplete = RawConnection.from("127.0.0.2", server.port())) {
                incomplete.send("GET / HTTP/1.1\r\n");
                assertThat(incomplete.isSilent()).isTrue();

                try (RawConnection further = RawConnection.from("127.0.0.2", server.port())) {
                    assertThat(further.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                }

                assertThat(incomplete.isClosed()).isTrue();
                assertThat(newcomer.send(request).read().outcome()).isEqualTo("404 not_signed_in");
            }
        }
    }

    @Test
    void listenerThatIsFullOfRequestsBeingAnswered_hasRoomForAnotherAddress() throws IOException {
        Slow slow = new Slow(7);
        try (TestServer server = TestServer.start(
                patron -> patron.storefront().routes().on("GET", "/slow", slow),
                "patron.http.max-connections=8",
                "patron.http.max-connections-per-address=8")) {
            for (int i = 0; i < 7; i++) {
                RawConnection.from("127.0.0.2", server.port())
                        .send(server.call("GET", "/slow").text());
            }
            slow.awaitEntered();

            try (RawConnection eighth = RawConnection.from("127.0.0.2", server.port());
                    RawConnection newcomer = RawConnection.to(server.port())) {
                eighth.sendWhileOpen(server.call("GET", "/slow").text());
                assertThat(eighth.isClosed()).isTrue();
                newcomer.send(server.call("GET", TestServer.CURRENT_JWT).text());
                assertThat(newcomer.read().outcome()).isEqualTo("404 not_signed_in");
            }

            slow.release();
        }
    }

    @Test
    void connectionsOfOneAddress_beyondTheLimit_giveWayToItsOwn() throws IOException {
        try (TestServer server =
                TestServer.start("patron.http.max-connections=10", "patron.http.max-connections-per-address=1")) {
            String request = server.call("GET", TestServer.CURRENT_JWT).text();
            try (RawConnection first = RawConnection.to(server.port());
                    RawConnection other = RawConnection.from("127.0.0.2", server.port())) {
                assertThat(first.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                assertThat(other.send(request).read().outcome()).isEqualTo("404 not_signed_in");

                try (RawConnection second = RawConnection.to(server.port())) {
                    assertThat(second.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                }

                assertThat(first.isClosed()).isTrue();
                assertThat(other.send(request).read().outcome()).isEqualTo("404 not_signed_in");
            }
        }
    }

    @Test
    void connectionsOfATrustedProxy_areNotCountedForIt() throws IOException {
        try (TestServer server =
                TestServer.start("patron.trusted-proxies=127.0.0.0/8", "patron.http.max-connections-per-address=1")) {
            String request = server.call("GET", TestServer.CURRENT_JWT).text();
            try (RawConnection first = RawConnection.to(server.port());
                    RawConnection second = RawConnection.to(server.port())) {
                assertThat(first.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                assertThat(second.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                assertThat(first.send(request).read().outcome()).isEqualTo("404 not_signed_in");
            }
        }
    }

    @Test
    void requestsOfOneAddressInFlight_beyondTheLimit_areTooMany() throws IOException {
        Slow slow = new Slow();
        try (TestServer server = TestServer.start(
                        patron -> patron.storefront().routes().on("GET", "/slow", slow),
                        "patron.trusted-proxies=127.0.0.1",
                        "patron.http.max-in-flight-per-address=1");
                RawConnection proxy = RawConnection.to(server.port())) {
            Call fromOne = server.call("GET", TestServer.CURRENT_JWT).with("X-Forwarded-For", "192.0.2.1");
            Call fromAnother = server.call("GET", TestServer.CURRENT_JWT).with("X-Forwarded-For", "192.0.2.2");
            proxy.send(server.call("GET", "/slow")
                    .with("X-Forwarded-For", "192.0.2.1")
                    .text());
            slow.awaitEntered();

            Answer answer = fromOne.send();

            assertThat(answer.outcome()).isEqualTo("429 rate_limited");
            assertThat(answer.header("Retry-After")).contains("1");
            assertThat(fromAnother.send().outcome()).isEqualTo("404 not_signed_in");
            slow.release();
            assertThat(proxy.read().body()).isEqualTo("done");
            assertThat(whenFree(fromOne).outcome()).isEqualTo("404 not_signed_in");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab", "GET / HTTP/1.1\r\nHost:"})
    void incompleteRequests_beyondTheLimit_closeTheOldest(String incomplete) throws IOException {
        try (TestServer server = TestServer.start("patron.http.max-incomplete=1");
                RawConnection first = RawConnection.to(server.port());
                RawConnection second = RawConnection.to(server.port())) {
            first.send(incomplete);
            assertThat(first.isSilent()).isTrue();

            second.send(incomplete);

            assertThat(first.isClosed()).isTrue();
            assertThat(second.isSilent()).isTrue();
        }
    }

    @Test
    void silentConnection_isClosed_whenItsTimeIsUp() throws IOException {
        try (TestServer server = TestServer.start("patron.http.request-timeout=500ms", "patron.http.idle-timeout=1h");
                RawConnection silent = RawConnection.to(server.port());
                RawConnection idle = RawConnection.to(server.port())) {
            String request = server.call("GET", TestServer.CURRENT_JWT).text();
            assertThat(idle.send(request).read().outcome()).isEqualTo("404 not_signed_in");

            assertThat(silent.isClosed()).isTrue();

            assertThat(idle.send(request).read().outcome()).isEqualTo("404 not_signed_in");
        }
    }

    @Test
    void bodies_beyondTheirMemory_areUnavailable_untilOneThatIsIncompleteGaveWay() throws IOException {
        String half = "x".repeat(1000);
        try (TestServer server = TestServer.start(
                        "patron.http.max-body=16KiB",
                        "patron.console.max-body=16KiB",
                        "patron.http.body-memory=65536");
                RawConnection first = RawConnection.to(server.port())) {
            // As much as was received, not as was announced.
            first.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16000\r\n\r\n" + half.repeat(9));
            assertThat(first.isSilent()).isTrue();

            try (RawConnection other = RawConnection.from("127.0.0.2", server.port())) {
                other.send(server.call("POST", TestServer.CURRENT_JWT)
                        .body("text/plain", half.repeat(5))
                        .text());

                assertThat(other.read().outcome()).isEqualTo("404 not_signed_in");
            }
            assertThat(first.isClosed()).isTrue();
        }
    }

    @Test
    void bodiesOfOneAddress_beyondItsShareOfTheMemory_areTooMany() throws IOException {
        // A network has at least the memory of one body that is as large as any.
        try (TestServer server = TestServer.start("patron.http.max-body=16KiB", "patron.console.max-body=16KiB");
                RawConnection first = RawConnection.to(server.port())) {
            String start =
                    "POST " + TestServer.CURRENT_JWT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16384\r\n\r\n";
            assertThat(first.send(start + "x".repeat(16_384)).read().outcome()).isEqualTo("404 not_signed_in");
        }
        try (TestServer server = TestServer.start(
                        "patron.http.max-body=16KiB",
                        "patron.console.max-body=16KiB",
                        "patron.http.body-memory=200000");
                RawConnection first = RawConnection.to(server.port());
                RawConnection second = RawConnection.to(server.port());
                RawConnection other = RawConnection.from("127.0.0.2", server.port())) {
            String start =
                    "POST " + TestServer.CURRENT_JWT + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16384\r\n\r\n";
            first.send(start + "x".repeat(16_000));
            assertThat(first.isSilent()).isTrue();

            assertThat(second.send(start + "x".repeat(16_384)).read().outcome()).isEqualTo("429 rate_limited");

            assertThat(other.send(start + "x".repeat(16_384)).read().outcome()).isEqualTo("404 not_signed_in");
            assertThat(first.send("x".repeat(384)).read().outcome()).isEqualTo("404 not_signed_in");
        }
    }

    @Test
    void refusal_thatIsHeldBack_takesNoPlaceInFlight() {
        AtomicReference<TestServer> started = new AtomicReference<>();
        AtomicReference<String> metrics = new AtomicReference<>("");
        try (TestServer server =
                TestServer.start(patron -> patron.storefront().routes().on("GET", "/refused", exchange -> {
                    exchange.sendText(429, "Later.");
                    metrics.set(Objects.requireNonNull(started.get())
                            .operator("GET", "/api/v1/metrics")
                            .send()
                            .body());
                }))) {
            started.set(server);

            assertThat(server.call("GET", "/refused").send().status()).isEqualTo(429);

            while (metrics.get().isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(metrics.get()).contains("patron_storefront_in_flight 0.0");
        }
    }

    @Test
    void clientThatIsGone_isNoFault() throws IOException {
        String unread = "x".repeat(30_000_000);
        try (TestServer server = TestServer.start(
                        patron -> patron.storefront()
                                .routes()
                                .on("GET", "/long", exchange -> exchange.sendText(200, unread))
                                .on("GET", "/address", exchange -> {
                                    awaitClosed(exchange);
                                    exchange.sendText(200, exchange.remoteAddress() + unread);
                                }),
                        "patron.http.request-timeout=500ms");
                RawConnection takesNothing = RawConnection.to(server.port());
                RawConnection takesNothingLater = RawConnection.to(server.port())) {
            takesNothing.send(server.call("GET", "/long").text());
            takesNothingLater.send(server.call("GET", "/address").text());

            String metric = "patron_http_connections_closed_total{listener=\"storefront\",reason=\"too_slow\"} 2.0";
            while (!server.operator("GET", "/api/v1/metrics").send().body().contains(metric)) {
                Thread.onSpinWait();
            }
            while (!server.operator("GET", "/api/v1/metrics")
                    .send()
                    .body()
                    .contains("patron_storefront_in_flight 0.0")) {
                Thread.onSpinWait();
            }
        }
        assertThat(log.lines()).noneMatch(line -> line.startsWith("SEVERE") || line.startsWith("WARNING"));
    }

    /** Waits until the deadline has closed the connection. */
    private static void awaitClosed(Exchange exchange) {
        while (ClientConnection.current().phase() != ClientConnection.Phase.CLOSED) {
            Thread.onSpinWait();
        }
        assertThat(exchange.method()).isEqualTo("GET");
    }

    @Test
    void requestInFlight_whenTheServerCloses_isAnswered() {
        Slow slow = new Slow();
        TestServer server =
                TestServer.start(patron -> patron.storefront().routes().on("GET", "/slow", slow));
        CompletableFuture<Answer> answer = async(server.call("GET", "/slow")::send);
        slow.awaitEntered();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close, Thread::startVirtualThread);
        awaitRefused(server.port());
        slow.release();

        assertThat(answer.join().body()).isEqualTo("done");
        closed.join();
    }

    @Test
    void requestInFlight_beyondTheGrace_doesNotKeepTheServer() {
        Slow slow = new Slow();
        TestServer server = TestServer.start(
                patron -> patron.storefront().routes().on("GET", "/slow", slow), "patron.http.shutdown-grace=100ms");
        CompletableFuture<Answer> answer = async(server.call("GET", "/slow")::send);
        slow.awaitEntered();

        server.close();

        assertThat(answer.handle((_, failure) -> failure != null).join()).isTrue();
        slow.release();
    }

    private static CompletableFuture<Answer> async(Supplier<Answer> call) {
        return CompletableFuture.supplyAsync(call, Thread::startVirtualThread);
    }

    /** The place of an answered request becomes free just after its answer has been read. */
    private static Answer whenFree(Call call) {
        return Stream.generate(call::send)
                .limit(1000)
                .filter(answer -> answer.status() != 503 && answer.status() != 429)
                .findFirst()
                .orElseThrow();
    }

    /** Waits until nobody listens at a port any more. */
    private static void awaitRefused(int port) {
        boolean open = true;
        while (open) {
            try (RawConnection _ = RawConnection.to(port)) {
                Thread.onSpinWait();
            } catch (IOException refused) {
                open = false;
            }
        }
    }
}
