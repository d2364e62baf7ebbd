package dev.patron.server.sql;

import static dev.patron.server.TestServices.HOST_A;
import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.TestServices;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of apps when a database of an earlier version is opened. */
class UpgradeTest {

    private static final String ORIGIN = "https://headless.example";
    private static final String OURS = "operators0app000000000000000000";
    private static final String THEIRS = "developers0app00000000000000000";
    private static final String OFF = "disabled0app0000000000000000000";

    @Test
    void upgrade_keepsWhatOperatorsDecided_andHasTheRestApproved(@TempDir Path folder) throws SQLException {
        makeEarlierDatabase(folder);

        try (TestServices services = TestServices.existing(folder)) {
            assertThat(services.mayAsk(OURS, ORIGIN, HOST_A)).isTrue();
            assertThat(services.mayAsk(THEIRS, ORIGIN, HOST_A)).isFalse();
            assertThat(services.apps.origins().decide(STORE_A, THEIRS, ORIGIN, true, Optional.empty()))
                    .isTrue();
            assertThat(services.mayAsk(THEIRS, ORIGIN, HOST_A)).isTrue();
            assertThat(services.apps.find(THEIRS).orElseThrow().isActive()).isTrue();
            assertThat(services.apps.find(OFF).orElseThrow().disabled()).isTrue();
            assertThat(services.apps.find(OFF).orElseThrow().blocked()).isTrue();
        }
    }

    /** A database as it was before operators and stores approved origins, with an app of theirs and two of a developer's. */
    private static void makeEarlierDatabase(Path folder) throws SQLException {
        String url = "jdbc:h2:file:" + folder.resolve("patron").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";
        Flyway.configure(Database.class.getClassLoader())
                .dataSource(url, null, null)
                .locations("classpath:db/migration")
                .target("16")
                .load()
                .migrate();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("insert into store (store_hash, name, https, next_customer_id, created_at)" + " values ('"
                    + STORE_A + "', 'Store A', false, 1, now())");
            statement.execute("insert into store_host (host, store_hash) values ('" + HOST_A + "', '" + STORE_A + "')");
            statement.execute("insert into member (member_id, email, email_key, name, password_hash, role, disabled,"
                    + " factor_step, created_at) values (7, 'ada@example.com', 'ada@example.com', 'Ada', '', 'DEVELOPER',"
                    + " false, 0, now())");
            insertApp(statement, OURS, "null", false);
            insertApp(statement, THEIRS, "7", false);
            insertApp(statement, OFF, "7", true);
        }
    }

    private static void insertApp(Statement statement, String clientId, String owner, boolean disabled)
            throws SQLException {
        statement.execute(
                "insert into app (client_id, owner_id, name, description, algorithm, every_store, claim_jwt_id,"
                        + " claim_channel_id, disabled, revision, created_at) values ('" + clientId + "', " + owner
                        + ", 'App', '', 'HS256', true, false, false, " + disabled + ", 1, now())");
        statement.execute("insert into app_origin (client_id, origin) values ('" + clientId + "', '" + ORIGIN + "')");
    }
}
