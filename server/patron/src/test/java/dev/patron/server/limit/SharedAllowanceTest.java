package dev.patron.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.engines.RedisServer;
import dev.patron.server.TestRooms;
import dev.patron.server.app.MasterKey;
import dev.patron.server.options.Options;
import dev.patron.server.sql.Database;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.valkey.Valkey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One allowance of two nodes. */
class SharedAllowanceTest {

    private static final Duration WINDOW = Duration.ofDays(1);

    private RedisServer server;
    private Database database;
    private MasterKey masterKey;
    private Optional<Valkey> valkey;
    private Allowance atA;
    private Allowance atB;

    @BeforeEach
    void open(@TempDir Path folder) {
        server = RedisServer.start();
        Options options = TestRooms.options(folder, "patron.sessions.url=" + server.url());
        database = Database.open(options);
        masterKey = MasterKey.of(options);
        valkey = Valkey.open(options, database, masterKey);
        atA = allowance("things", 2);
        atB = allowance("things", 2);
    }

    @AfterEach
    void close() {
        valkey.orElseThrow().close();
        database.close();
        server.close();
    }

    @Test
    void take_atOneNode_countsAtTheOther() {
        assertThat(atA.take("ada")).isZero();
        assertThat(atB.take("ada")).isZero();

        assertThat(atA.take("ada")).isPositive().isLessThanOrEqualTo(WINDOW.dividedBy(2));
        assertThat(atB.take("ada")).isPositive();
        assertThat(atA.take("bob")).isZero();
        assertThat(allowance("other things", 2).take("ada")).isZero();
    }

    @Test
    void turn_thatCounts_countsAtTheOtherNode() {
        turn(atA, true);
        turn(atA, false);
        turn(atA, false);
        turn(atB, true);

        assertThat(atA.begin("ada").toWait()).isPositive();
        assertThat(atB.begin("ada").toWait()).isPositive();
        assertThat(atB.begin("bob").toWait()).isZero();
    }

    @Test
    void turns_thatGoOnAtOnce_areNoMoreThanANodeAllows() {
        assertThat(atA.begin("ada").toWait()).isZero();
        assertThat(atA.begin("ada").toWait()).isZero();

        assertThat(atA.begin("ada").toWait()).isPositive();
        assertThat(atB.begin("ada").toWait()).isZero();
    }

    @Test
    void turns_thatWentOnAtSeveralNodesAtOnce_haveToBeMadeUpFor_butOneWindowOfThemAtMost() {
        List<Allowance.Turn> turns = Stream.generate(() -> allowance("things", 2))
                .limit(5)
                .flatMap(node -> Stream.of(node.begin("ada"), node.begin("ada")))
                .toList();
        assertThat(turns).allMatch(turn -> turn.toWait().isZero());

        turns.subList(0, 3).forEach(turn -> turn.end(true));
        assertThat(allowance("things", 2).begin("ada").toWait())
                .isBetween(WINDOW.multipliedBy(9).dividedBy(10), WINDOW);

        turns.subList(3, 10).forEach(turn -> turn.end(true));
        assertThat(allowance("things", 2).begin("ada").toWait())
                .isBetween(
                        WINDOW.multipliedBy(14).dividedBy(10),
                        WINDOW.multipliedBy(15).dividedBy(10));
    }

    @Test
    void failureThatIsNotOfTheServer_doesNotMakeItCountAsAway() {
        for (int i = 0; i < 5; i++) {
            assertThatExceptionOfType(StorageUnavailableException.class)
                    .isThrownBy(() -> valkey.orElseThrow().during("key", () -> {
                        throw new IllegalStateException();
                    }));
        }

        // If it did, only one at a time would be let in.
        valkey.orElseThrow()
                .during("key", () -> valkey.orElseThrow().ask("key", commands -> commands.set("key", new byte[1])));
    }

    @Test
    void valkeyAway_aNodesOwnAllowanceCounts() {
        assertThat(atA.take("ada")).isZero();

        server.kill();

        assertThat(atA.take("ada")).isZero();
        assertThat(atA.take("ada")).isPositive();
        turn(atB, false);
        turn(atB, true);
        turn(atB, true);
        assertThat(atB.begin("ada").toWait()).isPositive();
    }

    @Test
    void otherAmount_countsAnew() {
        assertThat(atA.take("ada")).isZero();
        assertThat(atA.take("ada")).isZero();
        assertThat(atB.take("ada")).isPositive();

        assertThat(allowance("things", 3).take("ada")).isZero();
    }

    @Test
    void keys_whoReadsThem_cannotTryOutWhoseTheyAre() throws Exception {
        assertThat(atA.take("ada@example.com")).isZero();

        List<String> keys = valkey.orElseThrow().commands().keys("*").get();

        assertThat(keys).singleElement().asString().endsWith(":" + masterKey.pseudonym("ada@example.com"));
    }

    private static void turn(Allowance allowance, boolean counts) {
        Allowance.Turn turn = allowance.begin("ada");
        assertThat(turn.toWait()).isZero();
        turn.end(counts);
    }

    private Allowance allowance(String kind, int amount) {
        return Allowance.of(valkey, kind, amount, WINDOW);
    }
}
