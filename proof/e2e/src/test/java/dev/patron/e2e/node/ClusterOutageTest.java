package dev.patron.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.engines.RedisServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Two nodes on one PostgreSQL, with sessions in a cluster of three masters that write each command to disk, under steady
 * load while something breaks: nothing acknowledged is lost, nobody gets a token for a session that has ended, and nobody
 * who is signed in is told otherwise.
 */
@Timeout(180)
class ClusterOutageTest {

    private static final long OUTAGE_MILLIS = 10_000;

    private static Engines engines;
    private static TwoNodes nodes;
    private static String clientId;

    private Load load;

    @BeforeAll
    static void start() throws IOException {
        engines = Engines.start(Engines.Kind.POSTGRESQL_AND_CLUSTER);
        nodes = TwoNodes.start("load2", engines.environment(), engines.environment());
        clientId = nodes.createApp().clientId();
    }

    @AfterAll
    static void stop() {
        nodes.close();
        engines.close();
    }

    @BeforeEach
    void startLoad() throws IOException {
        load = Load.start(nodes.both(), clientId);
    }

    @AfterEach
    void stopLoad() {
        load.close();
    }

    @Test
    void masterKilled(TestInfo test) throws IOException {
        RedisServer master = master();
        master.kill();
        load.awaitUnavailable();
        // Sessions at the other two go on.
        load.awaitTokens();
        assertThat(nodes.a().health()).isEqualTo(200);
        master.startAgain();

        TwoNodes.settle(load, test);

        assertThat(load.broken()).as("an outage is 503").isZero();
    }

    @Test
    void masterStandsStill(TestInfo test) throws IOException {
        RedisServer master = master();
        master.freeze();
        try {
            Load.pause(OUTAGE_MILLIS);
            load.awaitUnavailable();
            load.awaitTokens();
        } finally {
            master.thaw();
        }

        TwoNodes.settle(load, test);

        assertThat(load.broken()).as("an outage is 503").isZero();
    }

    @Test
    void everyMasterKilled(TestInfo test) throws IOException {
        engines.cluster().orElseThrow().servers().forEach(RedisServer::kill);
        load.awaitUnavailable();
        assertThat(nodes.a().health()).isEqualTo(503);
        engines.cluster().orElseThrow().servers().forEach(RedisServer::startAgain);
        engines.cluster().orElseThrow().awaitWhole();

        TwoNodes.settle(load, test);

        assertThat(load.broken()).as("an outage is 503").isZero();
        assertThat(nodes.a().health()).isEqualTo(200);
    }

    private static RedisServer master() {
        return engines.cluster().orElseThrow().servers().get(1);
    }
}
