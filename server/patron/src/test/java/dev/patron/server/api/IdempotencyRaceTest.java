package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.endpoint.contract.Call;
import dev.patron.server.OnEachEngine;
import dev.patron.server.PatronServer;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.page.Theme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database that get requests with the same {@code Idempotency-Key} at the same moment. */
@OnEachEngine
class IdempotencyRaceTest {

    private static final int ROUNDS = 20;

    private final StorageEngine engine;
    private TestServices services;
    private PatronServer one;
    private PatronServer other;
    private String operatorToken;

    IdempotencyRaceTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        services = TestServices.open(engine, folder);
        one = PatronServer.open(services.options, services.clock, Theme.PLAIN);
        other = PatronServer.open(services.options, services.clock, Theme.PLAIN);
        one.start();
        other.start();
        operatorToken = Files.readString(folder.resolve("operator-token")).strip();
    }

    @AfterEach
    void stop() {
        other.close();
        one.close();
        services.close();
    }

    @Test
    void sameKeyAtOnce_makesOneThing_andIsAnsweredTheSameOrToWait() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String key = "round-" + round;
            List<Callable<Answer>> requests = new ArrayList<>();
            for (PatronServer server : List.of(one, other, one, other)) {
                requests.add(() -> create(server, key));
            }

            List<Answer> answers = Together.run(requests);

            List<Answer> made =
                    answers.stream().filter(answer -> answer.status() == 201).toList();
            assertThat(made).isNotEmpty();
            assertThat(made.stream().map(Answer::body).distinct()).hasSize(1);
            assertThat(answers).filteredOn(answer -> answer.status() != 201).allSatisfy(answer -> {
                assertThat(answer.status()).as(answer.body()).isEqualTo(409);
                assertThat(answer.json().path("id").asString()).isEqualTo("idempotency_in_progress");
                assertThat(answer.header("Retry-After")).contains("1");
            });
            assertThat(services.apps.list()).hasSize(round + 1);
            for (PatronServer server : List.of(one, other)) {
                Answer again = create(server, key);
                assertThat(again.status()).isEqualTo(201);
                assertThat(again.body()).isEqualTo(made.getFirst().body());
                assertThat(again.header("Idempotency-Replayed")).contains("true");
            }
            assertThat(services.apps.list()).hasSize(round + 1);
        }
    }

    private Answer create(PatronServer server, String key) {
        return Call.to(server.consolePort(), "POST", "/api/v1/apps")
                .with("Authorization", "Bearer " + operatorToken)
                .body("application/json", "{\"name\":\"Raced\"}")
                .with("Idempotency-Key", key)
                .send();
    }
}
