package dev.patron.server.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.storage.StorageUnavailableException;
import dev.patron.server.storage.UnstorableTextException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What faults of real databases mean. */
@OnEachEngine
class SqlFaultTest {

    private final StorageEngine engine;
    private TestServices services;

    SqlFaultTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder, "patron.database.wait=500ms", "patron.database.connections=2");
        execute("create table thing (id integer primary key, name varchar(5) not null, email varchar(50),"
                + " constraint positive check (id > 0), constraint email_once unique (email))");
        execute("create table part (a varchar(5) not null, b varchar(5) not null, thing_id integer not null references"
                + " thing, code varchar(5) unique, primary key (a, b))");
        execute("insert into thing values (1, 'one', 'ada@example.com')");
        execute("insert into part values ('a', 'b', 1, 'code')");
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void ourOwnMistakes_areNoOutage() {
        for (String statement : List.of("selec 1", "select * from nowhere", "select nothing from thing")) {
            assertThatExceptionOfType(StatementRefusedException.class)
                    .as(statement)
                    .isThrownBy(() -> execute(statement))
                    .matches(refused -> !refused.isOfData());
        }
        assertThatExceptionOfType(JdbiException.class)
                .isThrownBy(() -> services.database.with(handle -> handle.createQuery("select :missing")
                        .mapTo(Integer.class)
                        .one()));
        assertThat(services.database.answers()).isTrue();
    }

    @Test
    void refusedValues_areNoOutage() {
        Map<String, String> statements = Map.of(
                "insert into thing values (2, 'too long', null)",
                "22001",
                "insert into thing values (2, null, null)",
                "23502",
                "insert into thing values (0, 'zero', null)",
                engine == StorageEngine.H2 ? "23513" : "23514",
                "insert into part values ('c', 'd', 9, null)",
                engine == StorageEngine.H2 ? "23506" : "23503",
                "select cast(name as integer) from thing",
                engine == StorageEngine.H2 ? "22018" : "22P02",
                "select 1 / (id - 1) from thing",
                "22012");
        statements.forEach((statement, state) -> assertThatExceptionOfType(StatementRefusedException.class)
                .as(statement)
                .isThrownBy(() -> execute(statement))
                .matches(StatementRefusedException::isOfData)
                .returns(state, StatementRefusedException::state));
    }

    @Test
    void brokenUniqueConstraint_tellsWhichOne_andNoValue() {
        UniqueKey primary = UniqueKey.primary("thing", "id");
        UniqueKey email = UniqueKey.named("email_once", "thing", "email");
        UniqueKey pair = UniqueKey.primary("part", "a", "b");
        UniqueKey code = UniqueKey.column("part", "code");
        Map<String, UniqueKey> statements = Map.of(
                "insert into thing values (1, 'two', null)", primary,
                "insert into thing values (2, 'two', 'ada@example.com')", email,
                "insert into part values ('a', 'b', 1, null)", pair,
                "insert into part values ('a', 'c', 1, 'code')", code);
        statements.forEach((statement, broken) -> {
            assertThatExceptionOfType(UniqueViolationException.class)
                    .as(statement)
                    .isThrownBy(() -> execute(statement))
                    .satisfies(violation -> assertThat(List.of(primary, email, pair, code))
                            .filteredOn(violation::isOf)
                            .containsExactly(broken))
                    .withMessageNotContaining("example");
        });
        // Of a batch, it is one statement of several.
        assertThatExceptionOfType(UniqueViolationException.class)
                .isThrownBy(() -> services.database.transaction(
                        handle -> handle.prepareBatch("insert into thing values (?, ?, ?)")
                                .add(2, "two", "bob@example.com")
                                .add(3, "three", "ada@example.com")
                                .execute()))
                .matches(violation -> violation.isOf(email));
        // A value that looks like the end of a message changes nothing.
        execute("insert into thing values (7, 'x', '\" ON public.thing(id) VALUES (')");
        assertThatExceptionOfType(UniqueViolationException.class)
                .isThrownBy(() -> execute("insert into thing values (8, 'x', '\" ON public.thing(id) VALUES (')"))
                .matches(violation -> violation.isOf(email) && !violation.isOf(primary));
    }

    @Test
    void rowThatStaysLocked_isUnavailable() {
        // Not by a transaction: on H2 the other one would wait for its turn.
        services.database.with(holder -> {
            holder.begin();
            holder.execute("update thing set name = 'x' where id = 1");
            assertThat(elsewhere("update thing set name = 'y' where id = 1"))
                    .isInstanceOf(StorageUnavailableException.class);
            return holder.rollback();
        });
        execute("update thing set name = 'y' where id = 1");
    }

    @Test
    void poolWithoutAConnection_isUnavailable() {
        services.database.query(one -> services.database.query(two -> {
            assertThat(elsewhere("select 1")).isInstanceOf(StorageUnavailableException.class);
            return true;
        }));
        execute("select 1");
    }

    @Test
    void closedDatabase_isUnavailable() {
        services.database.close();

        assertThatExceptionOfType(StorageUnavailableException.class).isThrownBy(() -> execute("select 1"));
    }

    @Test
    void h2ThatShutItselfDown_isUnavailable() {
        if (engine != StorageEngine.H2) {
            return;
        }
        Throwable failure = catchThrowable(() -> services.database.with(handle -> {
            handle.execute("shutdown immediately");
            return handle.execute("select 1");
        }));
        assertThat(failure).isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void postgreSqlThatStopsOrHesitates_isUnavailable() {
        if (engine == StorageEngine.H2) {
            return;
        }
        for (String statement : List.of(
                "select pg_sleep(30)",
                "select pg_terminate_backend(pg_backend_pid())",
                "do $$ begin set transaction read only; create table q (i int); end $$",
                "do $$ begin raise sqlstate '40001'; end $$",
                "do $$ begin raise sqlstate '40P01'; end $$",
                "do $$ begin raise sqlstate '53100'; end $$",
                "do $$ begin raise sqlstate '53300'; end $$",
                "do $$ begin raise sqlstate '57P03'; end $$",
                "do $$ begin raise sqlstate '58030'; end $$")) {
            assertThat(catchThrowable(() -> execute(statement)))
                    .as(statement)
                    .isInstanceOf(StorageUnavailableException.class);
        }
        assertThat(services.database.answers()).isTrue();
    }

    @Test
    void characterThatPostgreSqlCannotStore_isOfTheText() {
        if (engine == StorageEngine.H2) {
            return;
        }
        assertThatExceptionOfType(UnstorableTextException.class)
                .isThrownBy(
                        () -> services.database.with(handle -> handle.createQuery("select 1 from thing where name = ?")
                                .bind(0, "\0")
                                .mapTo(Integer.class)
                                .list()));
    }

    @Test
    void statesThatNoTestBringsAbout_areSortedByTheirClass() {
        for (String state : List.of("08001", "08006", "57P01", "57P02", "53200", "55P03", "25006", "XX001", "HYT00")) {
            assertThat(SqlFault.of(new SQLException("", state))).as(state).isEqualTo(SqlFault.UNAVAILABLE);
        }
        assertThat(SqlFault.of(new SQLException("", "28P01"))).isEqualTo(SqlFault.MISTAKE);
        assertThat(SqlFault.of(new SQLTransientConnectionException("", "28P01")))
                .isEqualTo(SqlFault.UNAVAILABLE);
        assertThat(SqlFault.of(new SQLException("closed"))).isEqualTo(SqlFault.UNAVAILABLE);
        assertThat(SqlFault.of(new SQLException("", "XX000"))).isEqualTo(SqlFault.MISTAKE);
    }

    /** What comes of a statement on another connection, which another thread has. */
    private @Nullable Throwable elsewhere(String statement) {
        return CompletableFuture.supplyAsync(
                        () -> Optional.ofNullable(catchThrowable(() -> execute(statement))), Thread::startVirtualThread)
                .join()
                .orElse(null);
    }

    private void execute(String statement) {
        services.database.with(handle -> handle.execute(statement));
    }
}
