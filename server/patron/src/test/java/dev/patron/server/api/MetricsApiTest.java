package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.TestServer;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Prometheus is told. */
class MetricsApiTest {

    private final TestServer server = TestServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tokensAndRefusals_areCounted_byReason() {
        assertThat(value("patron_tokens_issued_total")).isEqualTo("0.0");
        String cookie = server.signIn();
        String jwt = TestServer.CURRENT_JWT;
        assertThat(server.call("GET", jwt).with("Cookie", cookie).send().status())
                .isEqualTo(200);
        assertThat(server.call("HEAD", jwt).with("Cookie", cookie).send().status())
                .isEqualTo(200);
        assertThat(server.call("GET", jwt).send().status()).isEqualTo(404);
        assertThat(server.call("GET", "/customer/current.jwt").send().status()).isEqualTo(400);

        assertThat(value("patron_tokens_issued_total")).isEqualTo("1.0");
        assertThat(value("patron_tokens_refused_total{reason=\"not_signed_in\"}"))
                .isEqualTo("1.0");
        assertThat(value("patron_tokens_refused_total{reason=\"missing_client_id\"}"))
                .isEqualTo("1.0");
        assertThat(value("patron_http_responses_total{listener=\"storefront\",status=\"400\"}"))
                .isEqualTo("1.0");
        assertThat(value("patron_token_seconds_count{stage=\"whole\"}")).isEqualTo("4");
        assertThat(value("patron_token_seconds_count{stage=\"storage\"}")).isEqualTo("2");
        assertThat(value("patron_token_seconds_count{stage=\"signing\"}")).isEqualTo("2");
    }

    @Test
    void state_isTold() {
        assertThat(value("patron_console_in_flight")).as("this very request").isEqualTo("1.0");
        assertThat(value("patron_storefront_in_flight")).isEqualTo("0.0");
        assertThat(value("patron_database_connections_most")).isEqualTo("16.0");
        assertThat(value("patron_database_connections_used")).isEqualTo("0.0");
        assertThat(value("patron_database_waiting")).isEqualTo("0.0");
        assertThat(value("patron_ledger_waiting")).isEqualTo("0.0");
        assertThat(value("patron_ledger_lag_seconds")).isEqualTo("0.0");
        assertThat(value("patron_sessions")).isEqualTo("0.0");
        assertThat(scrape()).contains("jvm_memory_used_bytes");
    }

    @Test
    void nothing_namesAnybody() {
        String cookie = server.signIn();
        server.call("GET", TestServer.CURRENT_JWT).with("Cookie", cookie).send();
        server.call("GET", "/customer/current.jwt?app_client_id=" + "x".repeat(31))
                .with("Cookie", cookie)
                .send();

        assertThat(scrape())
                .contains("patron_tokens_issued_total 1.0", "unknown_app")
                .doesNotContain(
                        TestServer.EMAIL,
                        TestServer.CLIENT_ID,
                        TestServer.CLIENT_SECRET,
                        TestServer.STORE,
                        "xxxx",
                        cookie.substring(cookie.indexOf('=') + 1),
                        server.operatorToken());
    }

    @Test
    void withoutAToken_nothingIsTold() {
        assertThat(server.operator("GET", "/api/v1/metrics").send().status()).isEqualTo(200);

        Answer answer = server.console("GET", "/api/v1/metrics").send();

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("\"unauthorized\"").doesNotContain("patron_tokens");
    }

    private String value(String name) {
        List<String> lines = Arrays.stream(scrape().split("\n", -1))
                .filter(line -> line.startsWith(name + " "))
                .toList();
        assertThat(lines).as(name).hasSize(1);
        return lines.getFirst().replaceFirst(Pattern.quote(name + " "), "");
    }

    private String scrape() {
        Answer answer = server.operator("GET", "/api/v1/metrics").send();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        return answer.body();
    }
}
