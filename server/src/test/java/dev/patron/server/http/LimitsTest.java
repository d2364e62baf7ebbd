package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestServer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How much at once, and how the server stops. */
final class LimitsTest {

    /** A handler that answers when it is told to. */
    private static final class Slow implements Handler {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

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
                latch.await();
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
                patron -> patron.storefront().on("GET", "/slow", slow), "patron.http.max-in-flight=1")) {
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
    void requestThatFails_frees_itsPlaceInFlight() {
        try (TestServer server = TestServer.start(
                patron -> patron.storefront().on("GET", "/broken", _ -> {
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
    void connections_beyondTheLimit_waitUntilOneIsClosed() throws IOException {
        try (TestServer server = TestServer.start("patron.http.max-connections=1")) {
            String request = server.call("GET", TestServer.CURRENT_JWT).text();
            try (RawConnection first = RawConnection.to(server.port());
                    RawConnection second = RawConnection.to(server.port())) {
                assertThat(first.send(request).read().outcome()).isEqualTo("404 not_signed_in");
                second.send(request);
                assertThat(second.isSilent()).isTrue();

                first.finish();

                assertThat(second.read().outcome()).isEqualTo("404 not_signed_in");
            }
        }
    }

    @Test
    void requestInFlight_whenTheServerCloses_isAnswered() {
        Slow slow = new Slow();
        TestServer server = TestServer.start(patron -> patron.storefront().on("GET", "/slow", slow));
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
                patron -> patron.storefront().on("GET", "/slow", slow), "patron.http.shutdown-grace=100ms");
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
                .filter(answer -> answer.status() != 503)
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
