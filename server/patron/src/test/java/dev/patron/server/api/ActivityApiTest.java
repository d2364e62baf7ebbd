package dev.patron.server.api;

import static dev.patron.server.TestServer.CURRENT_JWT;
import static dev.patron.server.TestServer.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.account.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** An app's activity over the API. Who may see it is {@code ApiAccessTest}'s. */
class ActivityApiTest {

    private static final String ACTIVITY = "/api/v1/apps/" + TestServer.CLIENT_ID + "/activity";
    private static final TestServer SERVER = TestServer.start();

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void tokensAndRefusals_areCounted_inTheTimeThatIsAskedForOnly() {
        assertThat(Browser.at(SERVER, logs).get(CURRENT_JWT).status()).isEqualTo(404);
        assertThat(Browser.at(SERVER, logs).get(CURRENT_JWT).status()).isEqualTo(404);
        SERVER.patron().services().auditLog.write();

        JsonNode activity = SERVER.operator("GET", ACTIVITY).send().json();

        assertThat(activity.path("client_id").asString()).isEqualTo(TestServer.CLIENT_ID);
        assertThat(activity.path("issued").asLong()).isZero();
        assertThat(activity.path("refusals").path(0).path("reason").asString()).isEqualTo("not_signed_in");
        assertThat(activity.path("refusals").path(0).path("times").asLong()).isEqualTo(2);
        assertThat(activity.path("hours").path(0).path("store_hash").asString()).isEqualTo(STORE);
        assertThat(activity.path("hours").path(0).path("outcome").asString()).isEqualTo("not_signed_in");

        JsonNode before = SERVER.operator("GET", ACTIVITY + "?from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z")
                .send()
                .json();
        assertThat(before.path("from").asString()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(before.path("hours").size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "?from=yesterday, from must be a moment such as 2026-11-23T09:00:00Z.",
        "?to=1, to must be a moment such as 2026-11-23T09:00:00Z.",
        "?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z, to must not be before from.",
        "?from=2026-01-01T00:00:00Z&to=2026-02-03T00:00:00Z, "
                + "from and to must be at most 32 days apart: ask for a longer time in parts."
    })
    void wrongTime_isNamed(String query, String detail) {
        assertThat(SERVER.operator("GET", ACTIVITY + "?from=2026-01-01T00:00:00Z&to=2026-02-02T00:00:00Z")
                        .send()
                        .status())
                .isEqualTo(200);

        Answer answer = SERVER.operator("GET", ACTIVITY + query).send();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("detail").asString()).isEqualTo(detail);
    }
}
