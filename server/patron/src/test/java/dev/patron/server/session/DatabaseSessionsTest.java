package dev.patron.server.session;

import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.customer.Customer;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.StatementRefusedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of sessions in a database cannot be seen without looking at its tables. */
@OnEachEngine
class DatabaseSessionsTest {

    private final StorageEngine engine;
    private TestServices services;
    private Customer ada;

    DatabaseSessionsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder);
        ada = services.customer(STORE_A, "ada@example.com");
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void find_sameKeyButAnotherHash_isEmpty() {
        BearerSecret id = services.session(ada);
        assertThat(services.sessions.find(STORE_A, id)).isPresent();

        byte[] other = id.hash().toBytes();
        other[31] ^= 1;
        services.database.with(handle -> handle.execute(
                "update session set session_hash = ? where session_key = ?",
                other,
                id.hash().key()));

        assertThat(services.rows("session")).isEqualTo(1);
        assertThat(services.sessions.find(STORE_A, id)).isEmpty();
        services.sessions.end(STORE_A, id);
        assertThat(services.rows("session")).isEqualTo(1);
    }

    @Test
    void lastSeen_thatCannotBeWritten_isWrittenAfterTheNextSighting() {
        BearerSecret id = services.session(ada);
        Instant began = services.clock.instant();
        services.clock.advance(Duration.ofMinutes(2));
        services.lastSeen.note(id.hash(), began, services.clock.instant());
        services.database.with(handle -> handle.execute("alter table session rename to session_away"));
        assertThatExceptionOfType(StatementRefusedException.class).isThrownBy(services.lastSeen::write);
        services.database.with(handle -> handle.execute("alter table session_away rename to session"));

        services.lastSeen.note(id.hash(), began, services.clock.instant());
        services.lastSeen.write();

        assertThat(services.sessions.find(STORE_A, id).orElseThrow().lastSeenAt())
                .isEqualTo(services.clock.instant());
    }

    @Test
    void databaseFiles_afterASession_holdItsHashAndNotItsId() {
        BearerSecret id = services.session(ada);
        String hash = new String(id.hash().toBytes(), StandardCharsets.ISO_8859_1);

        assertThat(services.filesContain(id.reveal())).isFalse();
        assertThat(services.filesContain(hash)).isTrue();
    }
}
