package dev.patron.server.session;

import static dev.patron.server.TestRooms.PASSWORD;
import static dev.patron.server.TestRooms.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.server.OnEachSessionEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestRooms;
import dev.patron.server.customer.Customer;
import dev.patron.server.customer.SignIn.Refused;
import dev.patron.server.customer.SignIn.SignedIn;
import dev.patron.server.secret.BearerSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachSessionEngine
class SessionsTest {

    private static final Duration IDLE = Duration.ofHours(2);
    private static final Duration ABSOLUTE = Duration.ofHours(5);
    private static final Duration TICK = Duration.ofNanos(1000);

    private final StorageEngine engine;
    private TestRooms rooms;
    private Customer ada;

    SessionsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        rooms = TestRooms.open(engine, folder, "patron.sessions.idle-limit=2h", "patron.sessions.absolute-limit=5h");
        ada = rooms.customer(STORE_A, "ada@example.com");
    }

    @AfterEach
    void close() {
        rooms.close();
    }

    @Test
    void begin_newSession_isFound() {
        BearerSecret id = rooms.session(ada);

        assertThat(rooms.sessions.find(STORE_A, id))
                .contains(new Session(ada.key(), rooms.clock.instant(), rooms.clock.instant(), true));
    }

    @Test
    void begin_rolledBack_leavesNothing() {
        long before = rooms.sessions.count();

        List<BearerSecret> begun = new ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> rooms.sessions.beginning(ada.key(), TestRooms.ORIGIN, (_, begin) -> {
                    begun.add(begin.get());
                    throw new IllegalStateException("Something else of the transaction failed");
                }));

        assertThat(rooms.sessions.count()).isEqualTo(before);
        assertThat(begun).hasSize(1);
        assertThat(rooms.sessions.find(STORE_A, begun.getFirst())).isEmpty();
    }

    @Test
    void beginning_withoutBeginning_leavesNothing() {
        long before = rooms.sessions.count();

        assertThat(rooms.sessions.<String>beginning(ada.key(), TestRooms.ORIGIN, (_, _) -> "refused"))
                .isEqualTo("refused");

        assertThat(rooms.sessions.count()).isEqualTo(before);
    }

    @Test
    void renewing_endsTheOthers() {
        BearerSecret before = rooms.session(ada);

        BearerSecret renewed = rooms.sessions.renewing(ada.key(), TestRooms.ORIGIN, (_, begin) -> begin.get());

        assertThat(rooms.sessions.find(STORE_A, before)).isEmpty();
        assertThat(rooms.sessions.find(STORE_A, renewed)).isPresent();
        assertThat(rooms.sessions.count()).isEqualTo(1);
    }

    @Test
    void session_ofACustomerWhoIsGone_doesNotBegin() {
        rooms.customers.erase(STORE_A, ada.id());

        assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> rooms.session(ada));
        assertThat(rooms.sessions.count()).isZero();
    }

    @Test
    void begin_manyTimes_neverGivesTheSameIdAgain() {
        Set<BearerSecret> ids = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            ids.add(rooms.session(ada));
        }

        assertThat(ids).hasSize(200);
        assertThat(ids).allSatisfy(id -> assertThat(id.reveal()).matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void find_unknownId_isEmpty() {
        rooms.session(ada);

        assertThat(rooms.sessions.find(STORE_A, BearerSecret.create())).isEmpty();
    }

    @Test
    void find_idleLimit_endsTheSessionAtItsExactEdge() {
        BearerSecret id = rooms.session(ada);

        rooms.clock.advance(IDLE.minus(TICK));
        assertThat(rooms.sessions.find(STORE_A, id)).isPresent();
        assertThat(rooms.sessions.list(ada.key(), id)).hasSize(1);

        rooms.clock.advance(TICK);
        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
        assertThat(rooms.sessions.list(ada.key(), id)).isEmpty();
    }

    @Test
    void find_absoluteLimit_endsABusySessionAtItsExactEdge() {
        BearerSecret id = rooms.session(ada);
        Instant began = rooms.clock.instant();
        for (Duration at = Duration.ofHours(1); at.compareTo(ABSOLUTE) < 0; at = at.plusHours(1)) {
            rooms.clock.set(began.plus(at));
            see(id);
        }

        rooms.clock.set(began.plus(ABSOLUTE).minus(TICK));
        assertThat(rooms.sessions.find(STORE_A, id)).isPresent();

        rooms.clock.advance(TICK);
        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
    }

    @Test
    void end_once_endsOnlyThisSession() {
        BearerSecret ended = rooms.session(ada);
        BearerSecret other = rooms.session(ada);

        rooms.sessions.end(STORE_A, ended);

        assertThat(rooms.sessions.find(STORE_A, ended)).isEmpty();
        assertThat(rooms.sessions.find(STORE_A, other)).isPresent();
    }

    @Test
    void end_twice_changesNothing() {
        BearerSecret id = rooms.session(ada);
        rooms.session(ada);
        rooms.sessions.end(STORE_A, id);

        rooms.sessions.end(STORE_A, id);

        assertThat(rooms.sessions.count()).isEqualTo(1);
    }

    @Test
    void endAll_ofOneCustomer_leavesTheOthers() {
        Customer grace = rooms.customer(STORE_A, "grace@example.com");
        BearerSecret one = rooms.session(ada);
        BearerSecret two = rooms.session(ada);
        BearerSecret hers = rooms.session(grace);

        rooms.sessions.endAll(ada.key());

        assertThat(rooms.sessions.find(STORE_A, one)).isEmpty();
        assertThat(rooms.sessions.find(STORE_A, two)).isEmpty();
        assertThat(rooms.sessions.find(STORE_A, hers)).isPresent();
    }

    @Test
    void list_severalSessions_isNewestFirstAndMarksTheCurrentOne() {
        BearerSecret older = rooms.session(ada);
        Instant first = rooms.clock.instant();
        rooms.clock.advance(Duration.ofMinutes(3));
        rooms.session(ada);
        Instant second = rooms.clock.instant();

        assertThat(rooms.sessions.list(ada.key(), older))
                .containsExactly(
                        new Session(ada.key(), second, second, false), new Session(ada.key(), first, first, true));
    }

    @Test
    void sweep_sessionsPastALimit_removesTheirRowsAndNoOther() {
        BearerSecret idle = rooms.session(ada);
        rooms.clock.advance(TICK);
        BearerSecret inUse = rooms.session(ada);
        rooms.clock.advance(IDLE.minus(TICK));

        assertThat(rooms.sessions.sweep()).isEqualTo(1);

        assertThat(rooms.sessions.find(STORE_A, idle)).isEmpty();
        assertThat(rooms.sessions.find(STORE_A, inUse)).isPresent();
        assertThat(rooms.sessions.count()).isEqualTo(1);
        assertThat(rooms.sessions.sweep()).isZero();
    }

    @Test
    void sweep_busySessionPastTheAbsoluteLimit_isRemoved() {
        BearerSecret id = rooms.session(ada);
        Instant began = rooms.clock.instant();
        for (Duration at = Duration.ofHours(1); at.compareTo(ABSOLUTE) < 0; at = at.plusHours(1)) {
            rooms.clock.set(began.plus(at));
            see(id);
        }
        rooms.clock.set(began.plus(ABSOLUTE));

        assertThat(rooms.sessions.sweep()).isEqualTo(1);
    }

    @Test
    void lastSeen_withinAMinute_isNotWritten() {
        BearerSecret id = rooms.session(ada);
        Instant began = rooms.clock.instant();

        rooms.clock.advance(Duration.ofMinutes(1).minus(TICK));
        see(id);
        assertThat(lastSeen(id)).isEqualTo(began);

        rooms.clock.advance(TICK);
        see(id);
        assertThat(lastSeen(id)).isEqualTo(began.plus(Duration.ofMinutes(1)));
    }

    @Test
    void lastSeen_notedButNotWrittenYet_isOnlyInMemory() {
        BearerSecret id = rooms.session(ada);
        Instant began = rooms.clock.instant();
        rooms.clock.advance(Duration.ofMinutes(2));

        rooms.lastSeen.note(id.hash(), began, rooms.clock.instant());

        assertThat(lastSeen(id)).isEqualTo(began);
        rooms.lastSeen.write();
        assertThat(lastSeen(id)).isEqualTo(rooms.clock.instant());
    }

    @Test
    void lastSeen_ofASessionEndedMeanwhile_doesNotReviveIt() {
        BearerSecret id = rooms.session(ada);
        Instant began = rooms.clock.instant();
        rooms.clock.advance(Duration.ofMinutes(2));
        rooms.lastSeen.note(id.hash(), began, rooms.clock.instant());

        rooms.sessions.end(STORE_A, id);
        rooms.lastSeen.write();

        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
        assertThat(rooms.sessions.count()).isZero();
    }

    @Test
    void lastSeen_ofOneSession_doesNotTouchAnother() {
        BearerSecret seen = rooms.session(ada);
        BearerSecret unseen = rooms.session(ada);
        Instant began = rooms.clock.instant();
        rooms.clock.advance(Duration.ofMinutes(2));

        see(seen);

        assertThat(lastSeen(seen)).isEqualTo(rooms.clock.instant());
        assertThat(lastSeen(unseen)).isEqualTo(began);
    }

    @Test
    void signIn_again_givesANewSessionAndKeepsTheOther() {
        SignedIn first = (SignedIn) rooms.signIn(STORE_A, ada.email(), PASSWORD);
        SignedIn second = (SignedIn) rooms.signIn(STORE_A, ada.email(), PASSWORD);

        assertThat(second.session()).isNotEqualTo(first.session());
        assertThat(rooms.sessions.find(STORE_A, first.session())).isPresent();
        assertThat(rooms.sessions.find(STORE_A, second.session())).isPresent();
    }

    @Test
    void changePassword_right_endsEverySessionAndBeginsANewOne() {
        BearerSecret one = rooms.session(ada);
        BearerSecret two = rooms.session(ada);

        SignedIn changed =
                (SignedIn) rooms.customers.changePassword(ada, PASSWORD, "another password", TestRooms.ORIGIN);

        assertThat(rooms.sessions.find(STORE_A, one)).isEmpty();
        assertThat(rooms.sessions.find(STORE_A, two)).isEmpty();
        assertThat(rooms.sessions.find(STORE_A, changed.session())).isPresent();
    }

    @Test
    void changePassword_wrongCurrentPassword_leavesSessionsAndPassword() {
        BearerSecret one = rooms.session(ada);

        assertThat(rooms.customers.changePassword(ada, "wrong password", "another password", TestRooms.ORIGIN))
                .isEqualTo(new Refused());

        assertThat(rooms.sessions.find(STORE_A, one)).isPresent();
        assertThat(rooms.signIn(STORE_A, ada.email(), PASSWORD)).isInstanceOf(SignedIn.class);
    }

    @Test
    void setDisabled_true_endsEverySessionForGood() {
        BearerSecret id = rooms.session(ada);

        rooms.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), true);
        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();

        rooms.customers.setDisabled(STORE_A, ada.id(), OptionalLong.empty(), false);
        assertThat(rooms.sessions.find(STORE_A, id)).isEmpty();
        assertThat(rooms.sessions.count()).isZero();
    }

    @Test
    void sessions_afterReopening_areThere(@TempDir Path folder) {
        BearerSecret begun;
        BearerSecret ended;
        TestRooms first = TestRooms.open(engine, folder);
        try (first) {
            Customer customer = first.customer(STORE_A, "ada@example.com");
            begun = first.session(customer);
            ended = first.session(customer);
            first.sessions.end(STORE_A, ended);
        }

        try (TestRooms second = TestRooms.reopen(first)) {
            assertThat(second.sessions.find(STORE_A, begun)).isPresent();
            assertThat(second.sessions.find(STORE_A, ended)).isEmpty();
        }
    }

    private void see(BearerSecret id) {
        Session session = rooms.sessions.find(STORE_A, id).orElseThrow();
        rooms.lastSeen.note(id.hash(), session.lastSeenAt(), rooms.clock.instant());
        rooms.lastSeen.write();
    }

    private Instant lastSeen(BearerSecret id) {
        return rooms.sessions.find(STORE_A, id).orElseThrow().lastSeenAt();
    }
}
