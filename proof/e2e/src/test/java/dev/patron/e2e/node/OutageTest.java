package dev.patron.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.engines.PostgreSql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * Two nodes on one PostgreSQL under steady load while something breaks. Whatever it is: nothing acknowledged is lost,
 * nobody gets a token for a session that has ended, and nobody who is signed in is told otherwise.
 */
@Timeout(180)
class OutageTest {

    private static final long OUTAGE_MILLIS = 10_000;

    private static Engines engines;
    private static PostgreSql postgreSql;
    private static Relay relay;
    private static TwoNodes nodes;
    private static String clientId;

    private Load load;

    @BeforeAll
    static void startNodes() throws IOException {
        engines = Engines.start(Engines.Kind.POSTGRESQL);
        postgreSql = engines.postgreSql();
        relay = Relay.to(postgreSql.port());
        Map<String, String> overTheRelay = new HashMap<>(engines.environment());
        overTheRelay.computeIfPresent(
                "PATRON_DATABASE_URL", (_, url) -> url.replace(":" + postgreSql.port(), ":" + relay.port()));
        nodes = TwoNodes.start("load1", engines.environment(), overTheRelay);
        clientId = nodes.createApp().clientId();
    }

    @AfterAll
    static void stopNodes() {
        nodes.close();
        relay.close();
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
    void nodeKilled(TestInfo test) throws IOException {
        Node killed = nodes.b();
        killed.server().kill();
        load.awaitTokens();
        nodes.replaceB(Node.start(engines.environment()));
        load.replace(killed, nodes.b());

        TwoNodes.settle(load, test);

        assertThat(load.broken()).isPositive();
        killed.close();
    }

    @Test
    void databaseRestarted(TestInfo test) throws IOException {
        postgreSql.stop();
        load.awaitUnavailable();
        assertThat(nodes.a().health()).isEqualTo(503);
        postgreSql.startAgain();

        TwoNodes.settle(load, test);

        assertThat(load.broken()).as("an outage is 503").isZero();
        assertThat(nodes.a().health()).isEqualTo(200);
    }

    @Test
    void databaseStandsStill(TestInfo test) throws IOException {
        postgreSql.freeze();
        try {
            Load.pause(OUTAGE_MILLIS);
            load.awaitUnavailable();
        } finally {
            postgreSql.thaw();
        }

        TwoNodes.settle(load, test);

        assertThat(load.broken()).as("an outage is 503").isZero();
    }

    @Test
    void networkCutBetweenNodeAndDatabase(TestInfo test) throws IOException {
        relay.cut();
        try {
            Load.pause(OUTAGE_MILLIS);
            load.awaitUnavailable();
            // The other node goes on.
            load.awaitTokens();
        } finally {
            relay.mend();
        }

        TwoNodes.settle(load, test);

        assertThat(load.broken()).as("an outage is 503").isZero();
    }

    @Test
    void everyConnectionWaitsForALock(TestInfo test) throws IOException, SQLException {
        try (Connection other = DriverManager.getConnection(
                        engines.environment().get("PATRON_DATABASE_URL"), PostgreSql.USER, postgreSql.password());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table session in access exclusive mode");
            load.awaitUnavailable();
            other.rollback();
        }

        TwoNodes.settle(load, test);

        assertThat(load.broken()).as("an outage is 503").isZero();
    }
}
