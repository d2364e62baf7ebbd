package dev.patron.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.engines.RedisServer;
import dev.patron.server.TestServices;
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

/** One rate limiter of two nodes. */
class SharedRateLimiterTest {

    private static final Duration WINDOW = Duration.ofDays(1);

    private RedisServer server;
    private Database database;
    private MasterKey masterKey;
    private Optional<Valkey> valkey;
    private RateLimiter atA;
    private RateLimiter atB;

    @BeforeEach
    void open(@TempDir Path folder) {
        server = RedisServer.start();
        Options options = TestServices.options(folder, "patron.sessions.url=" + server.url());
        database = Database.open(options);
        masterKey = MasterKey.of(options);
        valkey = Valkey.open(options, database, masterKey);
        atA = limiter("things", 2);
        atB = limiter("things", 2);
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
        assertThat(limiter("other things", 2).take("ada")).isZero();
    }

    @Test
    void turn_thatCounts_countsAtTheOtherNode() {
        permit(atA, true);
        permit(atA, false);
        permit(atA, false);
        permit(atB, true);

        assertThat(atA.begin("ada").retryAfter()).isPositive();
        assertThat(atB.begin("ada").retryAfter()).isPositive();
        assertThat(atB.begin("bob").retryAfter()).isZero();
    }

    @Test
    void turns_thatGoOnAtOnce_areNoMoreThanANodeAllows() {
        assertThat(atA.begin("ada").retryAfter()).isZero();
        assertThat(atA.begin("ada").retryAfter()).isZero();

        assertThat(atA.begin("ada").retryAfter()).isPositive();
        assertThat(atB.begin("ada").retryAfter()).isZero();
    }

    @Test
    void turns_thatWentOnAtSeveralNodesAtOnce_haveToBeMadeUpFor_butOneWindowOfThemAtMost() {
        List<RateLimiter.Permit> turns = Stream.generate(() -> limiter("things", 2))
                .limit(5)
                .flatMap(node -> Stream.of(node.begin("ada"), node.begin("ada")))
                .toList();
        assertThat(turns).allMatch(permit -> permit.retryAfter().isZero());

        turns.subList(0, 3).forEach(permit -> permit.end(true));
        assertThat(limiter("things", 2).begin("ada").retryAfter())
                .isBetween(WINDOW.multipliedBy(9).dividedBy(10), WINDOW);

        turns.subList(3, 10).forEach(permit -> permit.end(true));
        assertThat(limiter("things", 2).begin("ada").retryAfter())
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
        permit(atB, false);
        permit(atB, true);
        permit(atB, true);
        assertThat(atB.begin("ada").retryAfter()).isPositive();
    }

    @Test
    void otherAmount_countsAnew() {
        assertThat(atA.take("ada")).isZero();
        assertThat(atA.take("ada")).isZero();
        assertThat(atB.take("ada")).isPositive();

        assertThat(limiter("things", 3).take("ada")).isZero();
    }

    @Test
    void keys_whoReadsThem_cannotTryOutWhoseTheyAre() throws Exception {
        assertThat(atA.take("ada@example.com")).isZero();

        List<String> keys = valkey.orElseThrow().commands().keys("*").get();

        assertThat(keys).singleElement().asString().endsWith(":" + masterKey.pseudonym("ada@example.com"));
    }

    private static void permit(RateLimiter limiter, boolean counts) {
        RateLimiter.Permit permit = limiter.begin("ada");
        assertThat(permit.retryAfter()).isZero();
        permit.end(counts);
    }

    private RateLimiter limiter(String kind, int amount) {
        return RateLimiter.of(valkey, kind, amount, WINDOW);
    }
}
