package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.Together;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.member.Member;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import dev.patron.server.sql.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    void failed_isNotMadeAgain_sinceNobodyKnowsWhetherItWas() throws Exception {
        TestServer.assumeEmbedded();
        try (Connection connection = SERVER.database();
                Statement statement = connection.createStatement()) {
            statement.execute("alter table app_origin rename to gone");
            assertThat(create("failed", BODY).status()).isEqualTo(500);
            statement.execute("alter table gone rename to app_origin");
        }

        Answer soon = create("failed", BODY);
        SERVER.clock().advance(Idempotency.AT_WORK);
        Answer later = create("failed", BODY);
        SERVER.clock().advance(Idempotency.KEPT.minus(Idempotency.AT_WORK).minus(Duration.ofSeconds(1)));
        Answer sameDay = create("failed", BODY);
        SERVER.clock().advance(Duration.ofSeconds(1));

        assertThat(soon.status()).isEqualTo(409);
        assertThat(soon.json().path("id").asString()).isEqualTo("idempotency_in_progress");
        for (Answer unknown : List.of(later, sameDay)) {
            assertThat(unknown.status()).isEqualTo(409);
            assertThat(unknown.json().path("id").asString()).isEqualTo("idempotency_unknown");
            assertThat(unknown.json().path("detail").asString()).contains("Look for it", "new key");
        }
        assertThat(create("failed", BODY).status()).isEqualTo(201);
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
        Answer atWork = create("stored", BODY);
        assertThat(atWork.status()).isEqualTo(409);
        assertThat(atWork.json().path("id").asString()).isEqualTo("idempotency_in_progress");
        assertThat(atWork.header("Retry-After")).contains("1");
        SERVER.clock().advance(Idempotency.AT_WORK);
        Answer cutOff = create("stored", BODY);
        assertThat(cutOff.status()).isEqualTo(409);
        assertThat(cutOff.json().path("id").asString()).isEqualTo("idempotency_unknown");
    }

    @Test
    void member_hasSoManyKeptAtMost() throws Exception {
        Member member = SERVER.patron()
                .services()
                .members
                .create(
                        new NewMember("keys@example.com", "Ada", Role.DEVELOPER, Optional.empty()),
                        TestServer.PASSWORD);
        String token = AccessTokens.PREFIX
                + SERVER.patron()
                        .services()
                        .accessTokens
                        .create(member.id(), new NewAccessToken("test", Set.of(Scope.APPS_WRITE), Optional.empty()))
                        .reveal();
        assertThat(createAs(token, "below").status()).isEqualTo(201);
        try (Connection connection = SERVER.database();
                PreparedStatement add = connection.prepareStatement(
                        "insert into idempotent_request (request, began_at, member_id) values (?, ?, ?)")) {
            for (int number = 1; number < Idempotency.MOST_PER_MEMBER; number++) {
                add.setString(1, "full-" + number);
                add.setObject(2, Database.moment(SERVER.clock().instant()));
                add.setLong(3, member.id());
                add.addBatch();
            }
            add.executeBatch();
        }

        Answer beyond = createAs(token, "beyond");

        assertThat(beyond.status()).isEqualTo(409);
        assertThat(beyond.json().path("id").asString()).isEqualTo("too_many_idempotency_keys");
        assertThat(createAs(token, "below").status()).isEqualTo(201);
        assertThat(create("operators-own", BODY).status()).isEqualTo(201);
        assertThat(createAs(token, "later").status()).isEqualTo(409);
        SERVER.clock().advance(Idempotency.KEPT);
        assertThat(createAs(token, "later").status()).isEqualTo(201);
    }

    private static Answer createAs(String token, String key) {
        return SERVER.console("POST", "/api/v1/apps")
                .with("Authorization", "Bearer " + token)
                .body("application/json", BODY)
                .with("Idempotency-Key", key)
                .send();
    }

    private static Answer create(String key, String body) {
        Call call = SERVER.operator("POST", "/api/v1/apps").body("application/json", body);
        return call.with("Idempotency-Key", key).send();
    }
}
