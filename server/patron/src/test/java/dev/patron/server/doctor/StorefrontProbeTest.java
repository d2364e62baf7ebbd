package dev.patron.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy that does one thing wrong stands before a real server; the doctor names just that. */
class StorefrontProbeTest {

    private static final TestServer SERVER = TestServer.start();
    private static final Set<String> BETWEEN_TWO =
            Set.of("connection", "content-length", "transfer-encoding", "host", "date", "upgrade", "http2-settings");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private HttpServer proxy = proxy();
    private Fault fault = new Fault();
    private InstantSource clock = InstantSource.system();

    /** What the proxy does to what passes through it; nothing, unless a test says otherwise. */
    @SuppressWarnings("UnusedVariable") // Each test reads the ones that it is about.
    private static class Fault {
        String host(String host) {
            return host;
        }

        String path(String path) {
            return path;
        }

        boolean passesToServer(String header) {
            return true;
        }

        boolean passesToClient(String header) {
            return true;
        }

        String value(String header, String value) {
            return value;
        }

        void answered(HttpExchange exchange) {}
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void startProxy() {
        proxy.start();
    }

    @AfterEach
    void stopProxy() {
        proxy.stop(0);
        client.close();
    }

    @Test
    void examine_throughAFaithfulProxy_hasNoProblem() throws Exception {
        assertThat(problems()).isEmpty();
        assertThat(findings()).extracting(Finding::id).contains("endpoint", "cookie", "cached", "clock", "paths");
        assertThat(findings())
                .filteredOn(finding -> finding.level() == Finding.Level.NOTE)
                .extracting(Finding::id)
                .containsExactly("https");
    }

    @Test
    void examine_nobodyAnswers_saysSo() throws Exception {
        assertThat(problems()).isEmpty();
        proxy.stop(0);

        assertThat(problems()).containsExactly("reachable");
    }

    @Test
    void examine_headerTakenAway_isNamed() throws Exception {
        for (String header : List.of("Vary", "X-Content-Type-Options", "Referrer-Policy")) {
            fault = new Fault() {
                @Override
                boolean passesToClient(String name) {
                    return !name.equalsIgnoreCase(header);
                }
            };
            assertThat(problems()).as(header).containsExactly("isolation-headers");
        }
    }

    @Test
    void examine_cache_isNamed() throws Exception {
        fault = new Fault() {
            @Override
            void answered(HttpExchange exchange) {
                exchange.getResponseHeaders().set("Age", "7");
            }
        };
        assertThat(problems()).containsExactly("cached");
    }

    @Test
    void examine_sitePutAway_isNamed() throws Exception {
        fault = new Fault() {
            @Override
            boolean passesToServer(String name) {
                return !name.equalsIgnoreCase("Sec-Fetch-Site");
            }
        };
        assertThat(problems()).containsExactly("cross-site");
    }

    @Test
    void examine_originsShared_isNamed() throws Exception {
        fault = new Fault() {
            @Override
            void answered(HttpExchange exchange) {
                exchange.getResponseHeaders().set("Access-Control-Allow-Origin", "*");
            }
        };
        assertThat(problems()).containsExactly("origins");
    }

    @Test
    void examine_cookieChanged_isNamed() throws Exception {
        fault = new Fault() {
            @Override
            String value(String name, String value) {
                return name.equalsIgnoreCase("Set-Cookie") ? value.replace("; HttpOnly", "") : value;
            }
        };
        assertThat(problems()).containsExactly("cookie");
    }

    @Test
    void examine_pathsRewritten_isNamed() throws Exception {
        fault = new Fault() {
            @Override
            String path(String path) {
                return path.startsWith("/customer/current.jwt/x.css") ? TestServer.CURRENT_JWT : path;
            }
        };
        assertThat(problems()).containsExactly("paths");
    }

    @Test
    void examine_otherHost_isNamed() throws Exception {
        fault = new Fault() {
            @Override
            String host(String host) {
                return "backend.internal";
            }
        };
        assertThat(problems()).contains("endpoint");
        assertThat(findings().getFirst().found()).contains("knows no store at the host localhost");
    }

    @Test
    void examine_clocksApart_saysByHowMuch() throws Exception {
        assertThat(problems()).isEmpty();
        clock = InstantSource.offset(InstantSource.system(), Duration.ofSeconds(90));

        assertThat(findings())
                .filteredOn(finding -> finding.level() == Finding.Level.PROBLEM)
                .singleElement()
                .satisfies(finding -> assertThat(finding.found()).containsPattern("differ by (89|90|91|92) s"));
    }

    @Test
    void examine_consoleAtTheStoresOrigin_isNamed() throws Exception {
        fault = new Fault() {
            @Override
            String path(String path) {
                return path.equals("/health/ready") ? "console " + path : path;
            }
        };
        assertThat(problems()).containsExactly("console");
    }

    private List<String> problems() throws InterruptedException {
        List<Finding> problems = findings().stream()
                .filter(finding -> finding.level() == Finding.Level.PROBLEM)
                .toList();
        assertThat(problems).allSatisfy(problem -> assertThat(problem.cure()).isNotEmpty());
        return problems.stream().map(Finding::id).toList();
    }

    private List<Finding> findings() throws InterruptedException {
        return new StorefrontProbe(
                        URI.create("http://localhost:" + proxy.getAddress().getPort()), client, clock)
                .examine();
    }

    private HttpServer proxy() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::forward);
            return server;
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private void forward(HttpExchange exchange) throws IOException {
        String path = fault.path(exchange.getRequestURI().toString());
        String method = exchange.getRequestMethod();
        String authority = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
        Call call = path.startsWith("console ")
                ? SERVER.console(method, path.substring("console ".length()))
                : SERVER.call(method, path);
        call = call.with("Host", fault.host(authority)).with("Content-Length", "0");
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            if (!isBetweenTwo(header.getKey()) && fault.passesToServer(header.getKey())) {
                call = call.with(header.getKey(), header.getValue().getFirst());
            }
        }
        Answer answer = call.send();
        for (Map.Entry<String, String> header : answer.headers()) {
            if (!isBetweenTwo(header.getKey()) && fault.passesToClient(header.getKey())) {
                exchange.getResponseHeaders().add(header.getKey(), fault.value(header.getKey(), header.getValue()));
            }
        }
        fault.answered(exchange);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static boolean isBetweenTwo(String header) {
        return BETWEEN_TWO.contains(header.toLowerCase(Locale.ROOT));
    }
}
