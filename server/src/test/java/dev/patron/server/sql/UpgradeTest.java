package dev.patron.server.sql;

import static dev.patron.server.TestRooms.HOST_A;
import static dev.patron.server.TestRooms.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.StorageEngine;
import dev.patron.server.TestRooms;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.NewApp;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of apps when a database of an earlier version is opened. */
class UpgradeTest {

    private static final String ORIGIN = "https://headless.example";

    @Test
    void upgrade_keepsWhatOperatorsDecided_andHasTheRestApproved(@TempDir Path folder) throws Exception {
        String ours;
        String theirs;
        String off;
        TestRooms closed = TestRooms.open(StorageEngine.H2, folder);
        try (TestRooms rooms = closed) {
            long ada = developer(rooms);
            ours = app(rooms, Optional.empty());
            theirs = app(rooms, Optional.of(ada));
            off = app(rooms, Optional.of(ada));
            rooms.apps.setDisabled(off, OptionalLong.empty(), true);
        }
        undoMigrations(folder);

        try (TestRooms rooms = TestRooms.reopen(closed)) {
            assertThat(rooms.mayAsk(ours, ORIGIN, HOST_A)).isTrue();
            assertThat(rooms.mayAsk(theirs, ORIGIN, HOST_A)).isFalse();
            assertThat(rooms.apps.origins().decide(STORE_A, theirs, ORIGIN, true, Optional.empty()))
                    .isTrue();
            assertThat(rooms.mayAsk(theirs, ORIGIN, HOST_A)).isTrue();
            assertThat(rooms.apps.find(theirs).orElseThrow().isActive()).isTrue();
            assertThat(rooms.apps.find(off).orElseThrow().disabled()).isTrue();
            assertThat(rooms.apps.find(off).orElseThrow().blocked()).isTrue();
        }
    }

    /** Makes the database what it was before the two migrations. */
    private static void undoMigrations(Path folder) throws SQLException {
        String url = "jdbc:h2:file:" + folder.resolve("patron").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("drop table deleted_app_bar");
            statement.execute("drop table deleted_app");
            statement.execute("drop table app_origin_approval");
            statement.execute("alter table app drop column blocked");
            for (String column : new String[] {"every_store", "decided_by", "decided_at"}) {
                statement.execute("alter table app_origin drop column " + column);
            }
            statement.execute("delete from \"flyway_schema_history\" where \"version\" in ('17', '18')");
        }
    }

    private static long developer(TestRooms rooms) throws MemberExistsException {
        return rooms.members
                .create(NewMember.developer("ada@example.com", "Ada"), TestRooms.PASSWORD)
                .id();
    }

    private static String app(TestRooms rooms, Optional<Long> owner) {
        AppDetails plain = NewApp.named("App").details();
        return rooms.apps
                .create(new NewApp(
                        new AppDetails(
                                plain.name(),
                                plain.description(),
                                plain.algorithm(),
                                plain.extraClaims(),
                                plain.needs(),
                                Set.of(ORIGIN)),
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(),
                        owner))
                .app()
                .clientId();
    }
}
