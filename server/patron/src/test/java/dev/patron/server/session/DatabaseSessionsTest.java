package dev.patron.server.session;

import static dev.patron.server.TestRooms.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestRooms;
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
    private TestRooms rooms;
    private Customer ada;

    DatabaseSessionsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        rooms = TestRooms.open(engine, folder);
        ada = rooms.customer(STORE_A, "ada@example.com");
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @Test
    void find_sameKeyButAnotherHash_isEmpty() {
        BearerSecret id = rooms.session(ada);
        assertThat(rooms.sessions.find(STORE_A, id)).isPresent();

        byte[] other = id.hash().toBytes();
        other[31] ^= 1;
        rooms.database.with(handle -> handle.execute(
                "update session set session_hash = ? where session_key = ?",
                other,
                id.hash().key()));

        assertThat(rooms.rows("session")).isEqualTo(1);
        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
        rooms.sessions.end(STORE_A, id);
        assertThat(rooms.rows("session")).isEqualTo(1);
    }

    @Test
    void lastSeen_thatCannotBeWritten_isWrittenAfterTheNextSighting() {
        BearerSecret id = rooms.session(ada);
        Instant began = rooms.clock.instant();
        rooms.clock.advance(Duration.ofMinutes(2));
        rooms.lastSeen.note(id.hash(), began, rooms.clock.instant());
        rooms.database.with(handle -> handle.execute("alter table session rename to session_away"));
        assertThatExceptionOfType(StatementRefusedException.class).isThrownBy(rooms.lastSeen::write);
        rooms.database.with(handle -> handle.execute("alter table session_away rename to session"));

        rooms.lastSeen.note(id.hash(), began, rooms.clock.instant());
        rooms.lastSeen.write();

        assertThat(rooms.sessions.find(STORE_A, id).orElseThrow().lastSeenAt()).isEqualTo(rooms.clock.instant());
    }

    @Test
    void databaseFiles_afterASession_holdItsHashAndNotItsId() {
        BearerSecret id = rooms.session(ada);
        String hash = new String(id.hash().toBytes(), StandardCharsets.ISO_8859_1);

        assertThat(rooms.filesContain(id.reveal())).isFalse();
        assertThat(rooms.filesContain(hash)).isTrue();
    }
}
