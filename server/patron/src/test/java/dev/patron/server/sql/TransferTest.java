package dev.patron.server.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.engines.PostgreSql;
import dev.patron.server.PatronServer;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.app.NewApp;
import dev.patron.server.customer.Customer;
import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.page.Theme;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.Transfer.RefusedTransferException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the embedded database to PostgreSQL: everything, or nothing that anybody would take for everything. */
class TransferTest {

    private static PostgreSql server;

    @TempDir
    private Path folder;

    private TestServices services;
    private Options target;
    private Customer customer;
    private BearerSecret session;
    private String clientId;

    @BeforeAll
    static void startServer() {
        server = PostgreSql.start("fsync=off");
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void fill() {
        services = TestServices.open(StorageEngine.H2, folder);
        customer = services.customer(TestServices.STORE_A, "ada@example.com");
        session = services.session(customer);
        clientId = services.apps
                .create(NewApp.named("An app, with – an \u00fcmlaut"))
                .app()
                .clientId();
        // App and secret refer to each other.
        var _ = services.rotation.makeSecret(clientId, OptionalLong.empty(), Optional.empty());
        assertThat(TestServices.name(services.issue(TestServices.HOST_A, session, clientId)))
                .isEqualTo("issued");
        services.auditLog.write();
        target = services.options
                .with(Options.DATABASE_URL, server.url(server.createDatabase("template1")))
                .with(Options.DATABASE_USER, PostgreSql.USER)
                .with(Options.DATABASE_PASSWORD, server.password());
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void everything_isThere_andGoesOn() {
        Map<String, Long> copied = new TreeMap<>();
        try (Database to = Database.open(target)) {
            new Transfer(services.database, to).run(false, copied::put);
        }

        assertThat(copied)
                .containsEntry("app", 1L)
                .containsEntry("app_secret", 2L)
                .containsEntry("session", 1L);
        try (TestServices there = TestServices.reopen(services, target)) {
            copied.forEach(
                    (table, rows) -> assertThat(there.rows(table)).as(table).isEqualTo(rows));
            assertThat(TestServices.name(there.issue(TestServices.HOST_A, session, clientId)))
                    .isEqualTo("issued");
            assertThat(there.signIn(TestServices.STORE_A, "ada@example.com", TestServices.PASSWORD))
                    .isNotNull();
            // No id is given out twice.
            Customer next = there.customer(TestServices.STORE_A, "bda@example.com");
            assertThat(next.id()).isGreaterThan(customer.id());
            assertThat(next.key()).isGreaterThan(customer.key());
            Transfer.requireFinished(there.database);
        }
    }

    @Test
    void transfer_thatIsCutOff_goesOnWhereItWas_andNoServerStartsMeanwhile() {
        List<String> first = new ArrayList<>();
        try (Database to = Database.open(target)) {
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> new Transfer(services.database, to).run(false, (table, _) -> {
                        first.add(table);
                        if (first.size() == 5) {
                            throw new IllegalStateException("cut off");
                        }
                    }));
        }
        assertThatExceptionOfType(InvalidOptionException.class)
                .isThrownBy(() ->
                        PatronServer.open(target, services.clock, Theme.PLAIN).close())
                .withMessageContaining("./patron migrate again");

        List<String> second = new ArrayList<>();
        try (Database to = Database.open(target)) {
            new Transfer(services.database, to).run(false, (table, _) -> second.add(table));
        }

        assertThat(second).isNotEmpty().doesNotContainAnyElementsOf(first);
        PatronServer.open(target, services.clock, Theme.PLAIN).close();
    }

    @Test
    void copyThatDiffers_isNotKept() {
        String url = target.get(Options.DATABASE_URL);
        String name = url.substring(url.lastIndexOf('/') + 1);
        try (Database to = Database.open(target)) {
            server.execute(
                    name,
                    "create function meddle() returns trigger language plpgsql as"
                            + " 'begin new.name = upper(new.name); return new; end'");
            server.execute(name, "create trigger meddle before insert on store for each row execute function meddle()");

            assertThatExceptionOfType(RefusedTransferException.class)
                    .isThrownBy(() -> new Transfer(services.database, to).run(false, (_, _) -> {}))
                    .withMessageContaining("The copy of the table store differs");
            assertThat(to.<Long>with(handle -> handle.createQuery("select count(*) from store")
                            .mapTo(Long.class)
                            .one()))
                    .isZero();

            server.execute(name, "drop trigger meddle on store");
            new Transfer(services.database, to).run(false, (_, _) -> {});
        }
    }

    @Test
    void target_thatIsInUse_isLeftAlone() {
        PatronServer.open(target, services.clock, Theme.PLAIN).close();

        try (Database to = Database.open(target)) {
            assertThatExceptionOfType(RefusedTransferException.class)
                    .isThrownBy(() -> new Transfer(services.database, to).run(false, (_, _) -> {}))
                    .withMessageContaining("not empty");
        }
    }

    @Test
    void tableOfSomebodyElse_isLeftBehind_whenThatIsWanted() {
        services.database.transaction(handle -> handle.execute("create table elsewhere (id bigint primary key)"));
        services.database.transaction(handle -> handle.execute("insert into elsewhere values (1)"));

        try (Database to = Database.open(target)) {
            assertThatExceptionOfType(RefusedTransferException.class)
                    .isThrownBy(() -> new Transfer(services.database, to).run(false, (_, _) -> {}))
                    .withMessageContaining("elsewhere")
                    .withMessageContaining("--leave-unknown");
            new Transfer(services.database, to).run(true, (_, _) -> {});
        }
    }

    @Test
    void groups_haveNoReferenceToALaterOne() {
        assertThat(Transfer.groups(
                        new TreeSet<>(Set.of("a", "b", "c", "d")),
                        Map.of("a", Set.of("b", "d"), "b", Set.of("c"), "c", Set.of("b"), "d", Set.of("d"))))
                .containsExactly(Set.of("b", "c"), Set.of("d"), Set.of("a"));
    }
}
