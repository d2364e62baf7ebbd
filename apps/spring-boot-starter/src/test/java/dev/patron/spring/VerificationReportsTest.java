package dev.patron.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the console is told, by a console that only listens. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class VerificationReportsTest {

    private static final String ACCESS_TOKEN = "patron_0123456789";
    private static final String NEWER_SECRET = TestTokens.CLIENT_SECRET.replace('0', '9');
    private static final List<String> SECRETS = List.of(NEWER_SECRET, TestTokens.CLIENT_SECRET);

    /** {@code printf %s SECRET | sha256sum | cut -c 1-16}, for {@link TestTokens#CLIENT_SECRET}. */
    private static final String FINGERPRINT = "a8ae6e6ee929abea";

    private final TestTokens.Clock clock = new TestTokens.Clock();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private HttpServer console;
    private VerificationReports reports;
    private volatile int status = 204;

    @BeforeEach
    void listen() throws IOException {
        console = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        console.createContext("/", exchange -> {
            told.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            if (status == 302) {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        console.start();
        reports = new VerificationReports(
                URI.create("http://localhost:" + console.getAddress().getPort()),
                ACCESS_TOKEN,
                TestTokens.CLIENT_ID,
                SECRETS,
                clock);
    }

    @AfterEach
    void stop() {
        console.stop(0);
    }

    @Test
    void token_thatIsAccepted_isReportedByTheFingerprintOfItsSecret() throws Exception {
        reports.accepted(customer(TestTokens.valid()));

        assertThat(next())
                .isEqualTo("POST /api/v1/apps/" + TestTokens.CLIENT_ID + "/verifications Bearer " + ACCESS_TOKEN
                        + " {\"fingerprint\":\"" + FINGERPRINT + "\"}");
    }

    @Test
    void secret_isReportedOnceAMinute_eachByItself() throws Exception {
        reports.accepted(customer(TestTokens.valid()));
        String older = next();
        reports.accepted(customer(TestTokens.valid()));
        clock.set(TestTokens.NOW.plusSeconds(20));
        reports.accepted(customer(TestTokens.valid()));
        reports.accepted(customer(TestTokens.forged()));
        String newer = next();
        assertThat(newer).contains("fingerprint").isNotEqualTo(older);

        CurrentCustomer late = customer(TestTokens.valid());
        clock.set(TestTokens.NOW.plusSeconds(60));
        reports.accepted(late);
        assertThat(next()).isEqualTo(older);
        // A clock that was set back silences it for no longer than a minute.
        clock.set(TestTokens.NOW.minus(Duration.ofDays(1)));
        reports.accepted(late);
        assertThat(next()).isEqualTo(older);
        assertThat(told).isEmpty();
    }

    @Test
    void console_thatRefuses_isSaidOnce_withoutTheAccessToken(CapturedOutput output) throws Exception {
        CurrentCustomer customer = customer(TestTokens.valid());
        status = 403;
        reports.accepted(customer);
        assertThat(next()).startsWith("POST /api/v1/apps/");
        await().untilAsserted(() -> assertThat(output.getAll()).contains("cannot be told", "status 403"));

        for (int failure : new int[] {302, 503}) {
            status = failure;
            clock.set(clock.instant().plusSeconds(60));
            reports.accepted(customer);
            assertThat(next()).as("a redirect is not followed").startsWith("POST /api/v1/apps/");
        }

        assertThat(output.getAll().split("cannot be told", -1)).hasSize(2);
        assertThat(output.getAll()).doesNotContain(ACCESS_TOKEN, TestTokens.CLIENT_SECRET, FINGERPRINT);
    }

    @Test
    void properties_tellNoAccessToken() {
        assertThat(new PatronProperties.Report("https://console.example", ACCESS_TOKEN).toString())
                .contains("console.example")
                .doesNotContain(ACCESS_TOKEN);
    }

    private CurrentCustomer customer(String token) throws InvalidTokenException {
        return CurrentCustomerVerifier.builder(TestTokens.CLIENT_ID, SECRETS)
                .expectStore(TestTokens.STORE)
                .clock(clock)
                .build()
                .verify(token);
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(20, SECONDS), "nothing was told");
    }
}
