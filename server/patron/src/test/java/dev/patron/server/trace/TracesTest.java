package dev.patron.server.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.TestServer;
import dev.patron.server.log.JsonFormatter;
import dev.patron.server.options.InvalidOptionException;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Traces, as a collector is sent them. What is left is sent when the server stops. */
class TracesTest {

    private static final String TOKEN = "GET /customer/current.jwt";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String TRACE_PARENT = "00-" + TRACE + "-" + CALLER + "-01";

    private Collector collector;

    @BeforeEach
    void start() {
        collector = Collector.start();
    }

    @AfterEach
    void stop() {
        collector.close();
    }

    @Test
    void token_isASpanOfTheRequestWithOneForEachPart() {
        try (TestServer server = TestServer.start(collector.variable())) {
            assertThat(token(server, server.signIn()).send().status()).isEqualTo(200);
        }

        Span request = collector.span(TOKEN);
        assertThat(request.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(request.getParentSpanId().isEmpty()).isTrue();
        assertThat(Collector.attributes(request))
                .isEqualTo(Map.of(
                        "http.request.method", "GET",
                        "http.route", "/customer/current.jwt",
                        "http.response.status_code", "200",
                        "patron.listener", "storefront"));
        assertThat(request.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        Span whole = collector.span("token.whole");
        Span storage = collector.span("token.storage");
        assertThat(whole.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(storage.getParentSpanId()).isEqualTo(whole.getSpanId());
        assertThat(collector.span("token.signing").getParentSpanId()).isEqualTo(whole.getSpanId());
        assertThat(collector.spans())
                .filteredOn(span -> span.getParentSpanId().equals(storage.getSpanId()))
                .extracting(Span::getName)
                .contains("database");
        assertThat(collector.services()).containsExactly("patron");
    }

    @Test
    void nothingThatIsSent_tellsWhoAskedOrAnySecret() {
        String session;
        String token;
        try (TestServer server = TestServer.start(collector.variable())) {
            session = server.signIn();
            token = token(server, session).send().body();
            server.call("GET", "/reset.php?code=" + TestServer.EMAIL).send();
            server.call("GET", "/" + TestServer.EMAIL + "?" + session).send();
            server.operator("GET", "/api/v1/stores/" + TestServer.STORE).send();
            server.call("PASSWORD", "/").send();
            collected(server);
        }

        String everything = collector.everything();
        assertThat(everything).contains("/customer/current.jwt").contains("/api/v1/stores/*");
        assertThat(everything)
                .doesNotContain(session.substring(session.indexOf('=') + 1))
                .doesNotContain(token)
                .doesNotContain(TestServer.EMAIL)
                .doesNotContain(TestServer.PASSWORD)
                .doesNotContain(TestServer.CLIENT_ID)
                .doesNotContain(TestServer.CLIENT_SECRET)
                .doesNotContain(TestServer.STORE)
                .doesNotContain("127.0.0.1")
                .doesNotContain("PASSWORD");
    }

    private static void collected(TestServer server) {
        assertThat(server.console("GET", "/health/live").send().status()).isEqualTo(200);
    }

    @Test
    void refusalsAndFaults_areToldApart() {
        try (TestServer server = TestServer.start(
                patron -> patron.storefront().routes().on("GET", "/fault", _ -> {
                    throw new IllegalStateException("what a customer sent");
                }),
                collector.variable())) {
            assertThat(token(server, "SHOP_SESSION_TOKEN=none").send().status()).isEqualTo(404);
            assertThat(server.call("GET", "/fault").send().status()).isEqualTo(500);
            assertThat(server.call("GET", "/nothing-is-here").send().status()).isEqualTo(404);
        }

        Span refused = collector.span(TOKEN);
        assertThat(Collector.attributes(refused)).containsEntry("patron.problem", "not_signed_in");
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
        Span fault = collector.span("GET /fault");
        assertThat(Collector.attributes(fault))
                .containsEntry("patron.problem", "internal_error")
                .containsEntry("error.type", "500");
        assertThat(fault.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(Collector.attributes(collector.span("GET")))
                .containsEntry("http.response.status_code", "404")
                .doesNotContainKey("http.route");
        assertThat(collector.everything()).doesNotContain("what a customer sent");
    }

    @Test
    void log_saysWhichTraceALineIsAbout() {
        Answer line;
        try (TestServer server = TestServer.start(
                patron -> patron.storefront()
                        .routes()
                        .on(
                                "GET",
                                "/line",
                                exchange -> exchange.sendText(
                                        200, new JsonFormatter().format(new LogRecord(Level.INFO, "said")))),
                collector.variable())) {
            line = server.call("GET", "/line").send();
        }

        Span request = collector.span("GET /line");
        assertThat(line.body())
                .contains("\"trace_id\":\"" + hex(request.getTraceId().toByteArray()) + "\"")
                .contains("\"span_id\":\"" + hex(request.getSpanId().toByteArray()) + "\"");
    }

    @Test
    void trace_isGoneOnWith_whenATrustedProxySaysSo() {
        try (TestServer server = TestServer.start(collector.variable(), "patron.trusted-proxies=127.0.0.1")) {
            assertThat(token(server, server.signIn())
                            .with("traceparent", TRACE_PARENT)
                            .send()
                            .status())
                    .isEqualTo(200);
        }

        Span request = collector.span(TOKEN);
        assertThat(hex(request.getTraceId().toByteArray())).isEqualTo(TRACE);
        assertThat(hex(request.getParentSpanId().toByteArray())).isEqualTo(CALLER);
    }

    @ParameterizedTest
    @CsvSource({"01", "00"})
    void trace_isOurOwn_whenAnybodyElseSaysSo(String sampled) {
        try (TestServer server = TestServer.start(collector.variable())) {
            assertThat(token(server, server.signIn())
                            .with("traceparent", TRACE_PARENT.replaceAll("01$", sampled))
                            .send()
                            .status())
                    .isEqualTo(200);
        }

        Span request = collector.span(TOKEN);
        assertThat(hex(request.getTraceId().toByteArray())).isNotEqualTo(TRACE);
        assertThat(request.getParentSpanId().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"OTEL_SDK_DISABLED, true", "OTEL_TRACES_EXPORTER, none", "OTEL_TRACES_SAMPLER, always_off"})
    void nothingIsSent_whenItIsTurnedOff(String variable, String value) {
        try (TestServer server = TestServer.start(collector.variable(), variable + "=" + value)) {
            assertThat(token(server, server.signIn()).send().status()).isEqualTo(200);
        }

        assertThat(collector.spans()).isEmpty();
    }

    @Test
    void nothingIsTraced_unlessACollectorIsNamed() {
        assertThat(Traces.of(Map.of())).isSameAs(Traces.OFF);
        assertThat(Traces.of(Map.of("OTEL_SERVICE_NAME", "shop"))).isSameAs(Traces.OFF);
        try (Traces named = Traces.of(Map.of("OTEL_TRACES_EXPORTER", "otlp"))) {
            assertThat(named).isNotSameAs(Traces.OFF);
        }
        assertThat(Traces.part("outside of any request")).isNotNull();
        assertThat(Traces.current()).isEmpty();
    }

    @Test
    void service_isCalledAsTheVariableSays() {
        try (TestServer server = TestServer.start(collector.variable(), "OTEL_SERVICE_NAME=shop-patron")) {
            assertThat(server.call("GET", "/login.php").send().status()).isEqualTo(200);
        }

        assertThat(collector.services()).containsExactly("shop-patron");
    }

    @ParameterizedTest
    @CsvSource({
        "OTEL_TRACES_EXPORTER, otlp, zipkin-secret",
        "OTEL_EXPORTER_OTLP_PROTOCOL, http/protobuf, pigeon-secret",
        "OTEL_EXPORTER_OTLP_PROTOCOL, http/protobuf, grpc",
        "OTEL_EXPORTER_OTLP_TIMEOUT, 5000, a-secret-while",
        "OTEL_TRACES_SAMPLER, always_on, sometimes-secret"
    })
    void valueThatIsNotTaken_isNamedByItsVariable_andNotQuoted(String variable, String good, String bad) {
        Map<String, String> accepted = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", variable, good);
        Traces.of(accepted).close();

        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> Traces.of(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1", variable, bad)))
                .withMessageContaining(variable)
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain(bad));
    }

    @Test
    void collectorThatIsAway_disturbsNobody() {
        collector.close();
        try (TestServer server = TestServer.start(collector.variable())) {
            String cookie = server.signIn();
            List<Integer> statuses = List.of(
                    token(server, cookie).send().status(),
                    token(server, cookie).send().status());
            assertThat(statuses).containsOnly(200);
        }
    }

    private static Call token(TestServer server, String cookie) {
        return server.call("GET", TestServer.CURRENT_JWT).with("Cookie", cookie);
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }
}
