package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.token.JwsAlgorithm;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many statements the API takes for an answer, and what it answers when one of them fails. */
class ApiQueriesTest {

    private static final String APP = "/api/v1/apps/" + TestServer.CLIENT_ID;

    @RegisterExtension
    private final LogSecrecy log = new LogSecrecy();

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void app_isReadOnce() {
        assertThat(statements(server.operator("GET", APP))).isEqualTo(4);
        // Who may not see it is told so after one look at whose it is.
        assertThat(statements(server.operator("GET", APP + "/activity"))).isLessThanOrEqualTo(3);
    }

    @Test
    void lists_takeAsManyStatementsForManyAsForFew() {
        long apps = statements(server.operator("GET", "/api/v1/apps"));
        long stores = statements(server.operator("GET", "/api/v1/stores"));
        long findings = statements(server.operator("GET", "/api/v1/diagnostics"));
        for (int i = 0; i < 15; i++) {
            server.addApp("many" + "%027d".formatted(i), JwsAlgorithm.HS256, Set.of(), Set.of("https://a.example"));
            server.patron().services().stores.create("store" + i, "Store " + i, false, List.of("s" + i + ".example"));
        }

        assertThat(statements(server.operator("GET", "/api/v1/apps"))).isEqualTo(apps);
        assertThat(statements(server.operator("GET", "/api/v1/stores"))).isEqualTo(stores);
        assertThat(statements(server.operator("GET", "/api/v1/diagnostics"))).isEqualTo(findings);
        assertThat(server.operator("GET", "/api/v1/stores").send().body()).contains("s7.example");
    }

    @Test
    void tokenForANamedOrigin_takesOneStatement_asOneWithoutDoes() {
        Call call = server.call("GET", TestServer.CURRENT_JWT).with("Cookie", server.signIn());

        assertThat(statements(call)).isEqualTo(1);
        assertThat(statements(call.with("Origin", "http://localhost:" + server.port())))
                .isEqualTo(1);
    }

    @Test
    void statementThatCannotBeRun_isAFault_loggedEachTime() throws SQLException {
        TestServer.assumeEmbedded();
        assertThat(server.operator("GET", APP).send().status()).isEqualTo(200);
        try (Connection connection = server.database();
                Statement statement = connection.createStatement()) {
            statement.execute("alter table app_origin rename to gone");

            List<Answer> answers = List.of(
                    server.operator("GET", APP).send(),
                    server.operator("GET", APP).send());

            assertThat(answers).allSatisfy(answer -> {
                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.body()).contains("internal_error");
                assertThat(answer.header("Retry-After")).isEmpty();
            });
            assertThat(answers.stream()
                            .map(answer -> answer.header("X-Request-Id").orElseThrow())
                            .distinct())
                    .hasSize(2);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("A request failed") && line.contains("(SQLSTATE 42"))
                    .hasSize(2);
            statement.execute("alter table gone rename to app_origin");
        }
        assertThat(server.operator("GET", APP).send().status()).isEqualTo(200);
    }

    private long statements(Call call) {
        long before = server.patron().services().database.statements();
        assertThat(call.send().status()).isEqualTo(200);
        return server.patron().services().database.statements() - before;
    }
}
