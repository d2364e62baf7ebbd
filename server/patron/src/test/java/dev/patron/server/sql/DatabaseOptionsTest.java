package dev.patron.server.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.engines.FreePort;
import dev.patron.engines.PostgreSql;
import dev.patron.server.TestServices;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator is told when the database that the options name is not there, or not for them. */
class DatabaseOptionsTest {

    private static PostgreSql server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        server = PostgreSql.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void server_thatIsRight_isOpenedAndMigrated() {
        try (Database database = Database.open(options(url(), PostgreSql.USER, server.password()))) {
            assertThat(database.isMigrated()).isTrue();
            assertThat(database.answers()).isTrue();
        }
        assertThat(folder).as("nothing is kept there").isEmptyDirectory();
    }

    @Test
    void commits_areDurable_whateverTheRoleSays() {
        String url = url();
        server.execute("postgres", "alter role " + PostgreSql.USER + " set synchronous_commit = off");

        try (Database database = Database.open(options(url, PostgreSql.USER, server.password()))) {
            assertThat(database.<String>with(handle -> handle.createQuery("show synchronous_commit")
                            .mapTo(String.class)
                            .one()))
                    .isEqualTo("on");
        }
    }

    @Test
    void password_thatIsWrong_isSaidWithoutIt() {
        refused(options(url(), PostgreSql.USER, "not-the-password"), "patron.database.user: ")
                .doesNotContain("not-the-password")
                .doesNotContain("127.0.0.1");
    }

    @Test
    void role_thatIsUnknown_isSaid() {
        refused(options(url(), "nobody-here", server.password()), "patron.database.user: ")
                .doesNotContain(server.password());
    }

    @Test
    void database_thatIsNotThere_isSaid() {
        refused(options(server.url("not_there"), PostgreSql.USER, server.password()), "patron.database.url: ")
                .contains("no such database");
    }

    @Test
    void server_thatIsNotThere_isSaid() throws IOException {
        refused(
                        options(
                                "jdbc:postgresql://127.0.0.1:" + FreePort.find() + "/patron",
                                PostgreSql.USER,
                                server.password()),
                        "patron.database.url: ")
                .contains("cannot be reached");
    }

    private static String url() {
        return server.url(server.createDatabase("template1"));
    }

    private Options options(String url, String user, String password) {
        return TestServices.options(
                folder,
                "patron.database.url=" + url,
                "patron.database.user=" + user,
                "patron.database.password=" + password,
                "patron.database.wait=2s");
    }

    private static AbstractStringAssert<?> refused(Options options, String beginning) {
        String[] message = new String[1];
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() -> Database.open(options).close())
                .satisfies(refused -> message[0] = String.valueOf(refused.getMessage()));
        return assertThat(message[0]).startsWith(beginning);
    }
}
