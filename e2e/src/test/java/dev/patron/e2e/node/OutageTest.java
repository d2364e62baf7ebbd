package dev.patron.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.ShopClient;
import dev.patron.engines.PostgreSql;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
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

    private static PostgreSql postgreSql;
    private static Relay relay;
    private static Map<String, String> database;
    private static Node a;
    private static Node b;
    private static String clientId;

    private Load load;

    @BeforeAll
    static void startNodes() throws IOException {
        postgreSql = PostgreSql.start();
        relay = Relay.to(postgreSql.port());
        database = Map.of(
                "PATRON_DATABASE_URL", postgreSql.url(postgreSql.createDatabase("template1")),
                "PATRON_DATABASE_USER", PostgreSql.USER,
                "PATRON_DATABASE_PASSWORD", postgreSql.password());
        Map<String, String> overTheRelay = new HashMap<>(database);
        overTheRelay.computeIfPresent(
                "PATRON_DATABASE_URL", (_, url) -> url.replace(":" + postgreSql.port(), ":" + relay.port()));
        a = Node.start(database);
        b = Node.start(overTheRelay);
        HttpResponse<String> store = a.client()
                .console(
                        "POST",
                        "/api/v1/stores",
                        Map.of("store_hash", "load1", "name", "Load", "https", false, "hosts", List.of("localhost")));
        assertThat(store.statusCode()).as(store.body()).isEqualTo(201);
        HttpResponse<String> app = a.client().console("POST", "/api/v1/apps", Map.of("name", "Witness"));
        assertThat(app.statusCode()).as(app.body()).isEqualTo(201);
        clientId = ShopClient.json(app).get("client_id").asString();
    }

    @AfterAll
    static void stopNodes() {
        a.close();
        b.close();
        relay.close();
        postgreSql.close();
    }

    @BeforeEach
    void startLoad() throws IOException {
        load = Load.start(List.of(a, b), clientId);
    }

    @AfterEach
    void stopLoad() {
        load.close();
    }

    @Test
    void nodeKilled(TestInfo test) throws IOException {
        Node killed = b;
        killed.server().kill();
        load.awaitTokens();
        b = Node.start(database);
        load.replace(killed, b);

        settle(test);

        assertThat(load.broken()).isPositive();
        killed.close();
    }

    @Test
    void databaseRestarted(TestInfo test) throws IOException {
        postgreSql.stop();
        load.awaitUnavailable();
        assertThat(health(a)).isEqualTo(503);
        postgreSql.startAgain();

        settle(test);

        assertThat(load.broken()).as("an outage is 503").isZero();
        assertThat(health(a)).isEqualTo(200);
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

        settle(test);

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

        settle(test);

        assertThat(load.broken()).as("an outage is 503").isZero();
    }

    @Test
    void everyConnectionWaitsForALock(TestInfo test) throws IOException, SQLException {
        try (Connection other = DriverManager.getConnection(
                        database.get("PATRON_DATABASE_URL"), PostgreSql.USER, postgreSql.password());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table session in access exclusive mode");
            load.awaitUnavailable();
            other.rollback();
        }

        settle(test);

        assertThat(load.broken()).as("an outage is 503").isZero();
    }

    private void settle(TestInfo test) throws IOException {
        long millis = load.millisUntilNormal();
        load.awaitTokens();
        List<String> violations = load.violations();
        System.out.printf("%s: back to normal after %d ms; %s.%n", test.getDisplayName(), millis, load.toString());
        assertThat(violations).isEmpty();
    }

    private static int health(Node node) throws IOException {
        return node.client().console("GET", "/health/ready", Map.of()).statusCode();
    }
}
