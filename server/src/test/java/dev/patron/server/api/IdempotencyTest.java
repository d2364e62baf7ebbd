package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.Together;
import dev.patron.server.http.Answer;
import dev.patron.server.http.Call;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests that are repeated with their {@code Idempotency-Key}. */
class IdempotencyTest {

    private static final String BODY = "{\"name\":\"Repeated\"}";
    private static final TestServer SERVER = TestServer.start();

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void repeated_getsTheFirstAnswer_andMakesNothing() {
        Answer first = create("again", BODY);
        assertThat(first.status()).isEqualTo(201);
        logs.watch(first.json().path("client_secret").asString());

        Answer second = create("again", BODY);

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(second.header("Idempotency-Replayed")).contains("true");
        assertThat(create("another", BODY).body()).isNotEqualTo(first.body());
    }

    @Test
    void anotherBody_isRefused() {
        assertThat(create("reused", BODY).status()).isEqualTo(201);

        Answer answer = create("reused", "{\"name\":\"Other\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("id").asString()).isEqualTo("idempotency_key_reused");
    }

    @Test
    void refused_mayBeTriedAgain() {
        assertThat(create("refused", "{}").status()).isEqualTo(422);

        assertThat(create("refused", BODY).status()).isEqualTo(201);
    }

    @Test
    void atOnce_oneIsMade() throws Exception {
        Callable<Answer> request = () -> create("at-once", BODY);

        List<Answer> answers = Together.run(Collections.nCopies(8, request));

        assertThat(answers).allMatch(answer -> answer.status() == 201);
        assertThat(answers.stream().map(Answer::body).distinct()).hasSize(1);
    }

    @Test
    void dayLater_itIsANewRequest() {
        Answer first = create("late", BODY);
        SERVER.clock().advance(Idempotency.KEPT.minus(Duration.ofSeconds(1)));
        assertThat(create("late", BODY).body()).isEqualTo(first.body());

        SERVER.clock().advance(Duration.ofSeconds(1));

        assertThat(create("late", BODY).body()).isNotEqualTo(first.body());
    }

    @Test
    void malformedKey_isRefused() {
        assertThat(create("k".repeat(200), BODY).status()).isEqualTo(201);

        Answer answer = create("k".repeat(201), BODY);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("detail").asString()).startsWith("Idempotency-Key must be");
    }

    @Test
    void storage_hasNoAnswerInClear_andARequestThatWasCutOffIsNotMadeAgain() throws Exception {
        Answer first = create("stored", BODY);
        String secret = first.json().path("client_secret").asString();
        logs.watch(secret);

        try (Connection connection = SERVER.database();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows =
                    statement.executeQuery("select answer from idempotent_request where answer is not null")) {
                while (rows.next()) {
                    assertThat(new String(rows.getBytes(1), java.nio.charset.StandardCharsets.ISO_8859_1))
                            .doesNotContain(secret, "client_secret", "client_id");
                }
            }
            assertThat(create("stored", BODY).status()).isEqualTo(201);
            statement.execute("update idempotent_request set answer = null");
        }
        Answer cutOff = create("stored", BODY);
        assertThat(cutOff.status()).isEqualTo(409);
        assertThat(cutOff.json().path("id").asString()).isEqualTo("idempotency_unknown");
    }

    private static Answer create(String key, String body) {
        Call call = SERVER.operator("POST", "/api/v1/apps").body("application/json", body);
        return call.with("Idempotency-Key", key).send();
    }
}
